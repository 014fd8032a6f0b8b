import assert from 'node:assert/strict';
import { formatInstant, minute } from '../../../src/core/time.ts';
import type { RunEvent, TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { formatStatusUpdate, parseStatusUpdate, type StatusUpdate } from '../../../src/documents/statusUpdate.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { draftUpdate, updateSince } from '../../../src/services/draftUpdate.ts';
import { postStatusUpdate } from '../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { anEvent, declaredAt, type EventChanges } from '../support/documents.ts';
import { openClone } from './clone.ts';

const at = (minutes: number, kind: EventChanges['kind'], body: string, changes: Partial<RunEvent> = {}) => {
  const instant = formatInstant(declaredAt + minutes * minute);
  const { kind: _, ...run } = changes;
  return { ...anEvent({ kind, body, at: instant, recorded: instant }), ...run } as TimelineEvent;
};

const first: StatusUpdate = {
  currentState: 'down',
  impact: 'all users',
  rootCause: 'Under investigation',
  actionsTaken: 'Paged the database team',
  nextSteps: 'Look at the deploy',
  eta: 'TBD',
};
const update = at(10, 'status', formatStatusUpdate(first));

describe('the draft of the next status update', () => {
  it('is the last one where nothing happened since, and empty before the first', () => {
    assert.deepEqual(updateSince([at(1, 'action', 'Scaled up'), update, at(11, 'note', 'Hm.')]), first);
    assert.ok(Object.values(updateSince([at(1, 'note', 'Hm.')])).every((field) => field === ''));
  });

  it('tells what was run, checked and committed since, and how it ended', () => {
    const { actionsTaken, nextSteps } = updateSince([
      at(1, 'action', 'Before it'),
      update,
      at(11, 'action', 'Roll back to 811.', { exit: 0, duration: 95 }),
      at(12, 'check', 'Smoke tests', { exit: 2 }),
      at(13, 'commit', 'Fix the pool size\n\nIt was 5.'),
      at(14, 'command', 'kubectl get pods'),
    ]);
    assert.equal(
      actionsTaken,
      'Roll back to 811 (done after 1m);\nSmoke tests (failed with 2);\nFix the pool size;\nkubectl get pods',
    );
    assert.equal(nextSteps, first.nextSteps);
  });

  it('names what was recorded and run as a person would, and says once how it ended', () => {
    const { actionsTaken } = updateSince([
      update,
      at(11, 'action', '**Roll back**: succeeded.\n\n```sh\nmake rollback\n```', {
        exit: 0,
        duration: 1,
        action: 'rollback',
      }),
      at(12, 'check', 'The error rate is back to normal: yes', { exit: 0, checklist: 'errors' }),
      at(13, 'command', '```console\n$ make health-check\nall ok\n```', { exit: 0, duration: 4 }),
      at(14, 'command', '````console\n$ echo ```\n````', { exit: 1, duration: 61 }),
    ]);
    assert.equal(
      actionsTaken,
      [
        'Roll back: succeeded',
        'The error rate is back to normal: yes',
        '`make health-check` (done)',
        'echo ``` (failed with 1 after 1m)',
      ].join(';\n'),
    );
  });

  it('has a decision among the next steps until something was run after it', () => {
    const decision = at(11, 'decision', 'Roll back to build 811.');
    const open = updateSince([update, decision, at(12, 'task', '@bob drain the queue')]);
    assert.deepEqual(
      [open.actionsTaken, open.nextSteps],
      [first.actionsTaken, 'Roll back to build 811;\n@bob drain the queue'],
    );
    const acted = updateSince([update, decision, at(13, 'action', 'Rolled back')]);
    assert.deepEqual([acted.actionsTaken, acted.nextSteps], ['Roll back to build 811;\nRolled back', first.nextSteps]);
  });

  it('has the newest impact and hypothesis', () => {
    const news = [at(11, 'impact', 'web only'), at(12, 'impact', 'web in the EU'), at(13, 'hypothesis', 'The pool.')];
    const { impact, rootCause } = updateSince([update, ...news]);
    assert.deepEqual([impact, rootCause], ['web in the EU', 'Under investigation: The pool']);
  });

  it('counts what was written down since, corrections, and nothing that was taken back', () => {
    const late = { ...at(5, 'action', 'Restarted'), recorded: formatInstant(declaredAt + 11 * minute) };
    const wrong = at(12, 'action', 'Scaled to 3');
    const mistake = at(13, 'action', 'Nothing of the kind');
    const events = [
      late,
      update,
      wrong,
      mistake,
      { ...at(14, 'correction', 'Scaled to 30'), replaces: wrong.id } as TimelineEvent,
      { ...at(15, 'retraction', ''), replaces: mistake.id } as TimelineEvent,
    ];
    assert.equal(updateSince(events).actionsTaken, 'Restarted;\nScaled to 30');
  });

  it('stays readable, and comes back from the template as it is', () => {
    const news = [at(11, 'action', 'x'.repeat(900)), at(12, 'action', 'two\nlines'), at(13, 'action', '  ')];
    const draft = updateSince([update, ...news]);
    assert.ok(draft.actionsTaken.length < 250);
    assert.deepEqual(parseStatusUpdate(formatStatusUpdate(draft)), draft);
  });

  it('is made of the files', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, {
      title: 'Down',
      severity: 'P0',
      criteria: [],
      impact: 'all',
    });
    await postStatusUpdate(clone.context, incident, first);
    clone.pass(5 * minute);
    await recordEvent(clone.context, incident, 'decision', 'Fail over');
    const draft = await draftUpdate(clone.context, incident);
    assert.deepEqual(draft, { ...first, nextSteps: 'Fail over' });
  });
});
