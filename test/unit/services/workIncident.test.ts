import assert from 'node:assert/strict';
import path from 'node:path';
import { type ClockKind, incidentClocks } from '../../../src/core/clocks.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { type Incident, isIncident, isOpenIncident } from '../../../src/core/item.ts';
import { hour, minute } from '../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../src/documents/statusUpdate.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { nextStatusUpdate, postStatusUpdate } from '../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { assertGolden, treeText } from '../support/goldenText.ts';
import { type Clone, openClone, start } from './clone.ts';

const refuses = (code: Parameters<typeof FirebreakError.is>[1]) => (error: unknown) => FirebreakError.is(error, code);

async function declared(): Promise<{ clone: Clone; incident: Incident }> {
  const clone = await openClone();
  const incident = await declareIncident(clone.context, { title: 'API down', severity: 'P0', criteria: [] });
  return { clone, incident };
}

function current(clone: Clone, incident: Incident): Incident {
  return requireIncident(clone.index, incident.uid);
}

async function clockTimes(clone: Clone, incident: Incident): Promise<Partial<Record<ClockKind, string>>> {
  const events = (await clone.index.events(incident.uid)).map(({ event }) => event);
  const now = current(clone, incident);
  const times: Partial<Record<ClockKind, string>> = {};
  const minutes = (at: number | null) => (at === null ? '-' : String((at - start) / minute));
  for (const clock of incidentClocks(events, clone.index.policy().severities[now.severity], isOpenIncident(now))) {
    times[clock.kind] = [clock.startedAt, clock.dueAt, clock.stoppedAt].map(minutes).join(' ');
  }
  return times;
}

describe('working an incident', () => {
  it('leaves the files of the design, from declaration to closing', async () => {
    const { clone, incident } = await declared();
    const { context } = clone;
    clone.pass(2 * minute);
    await recordEvent(context, incident, 'acknowledge', '');
    await assignRole(context, incident, 'commander', '@alice');
    clone.pass(3 * minute);
    await changePhase(context, current(clone, incident), 'triage');
    await recordEvent(context, incident, 'hypothesis', 'The pool is exhausted.');
    await recordEvent(context, incident, 'decision', 'Roll back 812.\n\n- no new deploys');
    clone.pass(5 * minute);
    await changePhase(context, current(clone, incident), 'mitigate', 'Rolling back.');
    await postStatusUpdate(context, incident, {
      ...emptyStatusUpdate,
      currentState: 'degraded',
      impact: '50% of orders',
      nextSteps: 'roll back',
      eta: '15:00 UTC',
    });
    clone.pass(10 * minute);
    await changeSeverity(context, current(clone, incident), 'P1', 'Half of the users are back.');
    await assignRole(context, current(clone, incident), 'scribe', 'Carol');
    await assignRole(context, current(clone, incident), 'commander', '', 'Hand-over to the day shift.');
    for (const phase of ['verify', 'rca', 'closed'] as const) {
      clone.pass(hour);
      await changePhase(context, current(clone, incident), phase);
    }
    const closed = current(clone, incident);
    assert.deepEqual(
      [closed.incident.phase, closed.status, closed.severity, closed.incident.roles],
      ['closed', 'done', 'P1', { scribe: 'Carol' }],
    );
    assertGolden(path.join(import.meta.dirname, 'golden', 'whole-course.txt'), treeText(clone.tree.snapshot()));
    await clone.reopen(7);
    assert.deepEqual(current(clone, incident), { ...closed });
    assert.deepEqual(clone.index.problems(), []);
    assert.deepEqual(clone.index.missing(), []);
  });

  it('stops and restarts the clocks as the design says', async () => {
    const { clone, incident } = await declared();
    const { context } = clone;
    clone.pass(5 * minute);
    await assignRole(context, incident, 'scribe', 'Carol');
    assert.equal((await clockTimes(clone, incident)).acknowledge, '0 15 -', 'a scribe acknowledges nothing');
    await assignRole(context, current(clone, incident), 'commander', '@bob');
    assert.equal((await clockTimes(clone, incident)).acknowledge, '0 15 5', 'the first commander does');
    clone.pass(15 * minute);
    await postStatusUpdate(context, incident, { ...emptyStatusUpdate, currentState: 'down' });
    await changePhase(context, current(clone, incident), 'mitigate');
    clone.pass(20 * minute);
    await changePhase(context, current(clone, incident), 'investigate');
    assert.deepEqual(await clockTimes(clone, incident), {
      acknowledge: '0 15 5',
      update: '20 50 -',
      mitigate: '0 30 40',
      resolve: '0 240 -',
    });
    await changePhase(context, current(clone, incident), 'mitigate', 'It is back.');
    assert.equal((await clockTimes(clone, incident)).mitigate, '0 30 -', 'going back takes the stop away');
    await changeSeverity(context, current(clone, incident), 'P1');
    assert.deepEqual(await clockTimes(clone, incident), {
      acknowledge: '0 240 5',
      update: '20 - -',
      mitigate: '0 - -',
      resolve: '0 1440 -',
    });
    clone.pass(20 * minute);
    await changePhase(context, current(clone, incident), 'rca');
    assert.deepEqual(await clockTimes(clone, incident), {
      acknowledge: '0 240 5',
      update: '20 - 60',
      mitigate: '0 - 60',
      resolve: '0 1440 60',
      draft: '60 1500 -',
      rca: '60 2940 -',
    });
  });

  it('lets a clock that was set back change no state', async () => {
    const { clone, incident } = await declared();
    await changePhase(clone.context, incident, 'triage');
    clone.pass(-24 * hour);
    await changePhase(clone.context, current(clone, incident), 'respond');
    await changeSeverity(clone.context, current(clone, incident), 'P2');
    await clone.reopen(4);
    clone.pass(-24 * hour);
    await changePhase(clone.context, current(clone, incident), 'mitigate');
    await changeSeverity(clone.context, current(clone, incident), 'P1');
    await clone.reopen(5);
    assert.equal(current(clone, incident).incident.phase, 'mitigate');
    assert.equal(current(clone, incident).severity, 'P1');
  });

  it('records when something happened apart from when it was written down', async () => {
    const { clone, incident } = await declared();
    clone.pass(10 * minute);
    const event = await recordEvent(clone.context, incident, 'note', 'First alert', start - 5 * minute);
    assert.equal(event.at, '2025-09-23T14:25:00Z');
    assert.equal(event.recorded, '2025-09-23T14:40:00Z');
    const [first] = await clone.index.events(incident.uid);
    assert.equal(first?.event.id, event.id, 'it is shown where it happened');
  });

  it('does nothing when nothing would change', async () => {
    const { clone, incident } = await declared();
    await assignRole(clone.context, incident, 'commander', '@bob');
    const before = clone.tree.snapshot();
    await changePhase(clone.context, current(clone, incident), 'declared');
    await changeSeverity(clone.context, current(clone, incident), 'P0');
    await assignRole(clone.context, current(clone, incident), 'commander', ' @bob ');
    await changeItem(clone.context, current(clone, incident), {
      status: 'doing',
      title: 'API   down',
      sprint: '2025-W39',
    });
    assert.deepEqual(clone.tree.snapshot(), before);
  });

  it('refuses words that say nothing, and a sprint that is none', async () => {
    const { clone, incident } = await declared();
    const before = clone.tree.snapshot();
    await assert.rejects(recordEvent(clone.context, incident, 'note', ' \n'), refuses('invalidInput'));
    await assert.rejects(postStatusUpdate(clone.context, incident, emptyStatusUpdate), refuses('invalidInput'));
    await assert.rejects(changeItem(clone.context, incident, { title: '' }), refuses('invalidInput'));
    await assert.rejects(changeItem(clone.context, incident, { sprint: 'next week' }), refuses('invalidInput'));
    assert.deepEqual(clone.tree.snapshot(), before);
  });

  it('keeps any words: fences, front matter, CRLF', async () => {
    const { clone, incident } = await declared();
    const words = '---\r\nkind: phase\r\nto: closed\r\n---\r\n\r\n```\r\n---\r\n```  \r\n<!-- x -->';
    const event = await recordEvent(clone.context, incident, 'note', words);
    await clone.reopen(4);
    const [kept] = (await clone.index.events(incident.uid)).filter(({ event: { id } }) => id === event.id);
    assert.equal(kept?.event.body, words.replaceAll('\r\n', '\n'));
    assert.equal(kept?.event.kind, 'note');
    assert.equal(current(clone, incident).incident.phase, 'declared');
  });

  it('stays workable while git has incident.md in conflict', async () => {
    const { clone, incident } = await declared();
    const source = clone.tree.text(incident.path) ?? '';
    const conflict = source.replace(
      'severity: P0',
      '<<<<<<< ours\nseverity: P0\n=======\nseverity: P1\n>>>>>>> theirs',
    );
    assert.notEqual(conflict, source);
    clone.tree.put(incident.path, conflict);
    await clone.index.refresh([incident.path]);
    assert.equal((await changePhase(clone.context, current(clone, incident), 'triage')).incident.phase, 'triage');
    assert.equal((await changeSeverity(clone.context, current(clone, incident), 'P1')).severity, 'P1');
    assert.deepEqual((await assignRole(clone.context, current(clone, incident), 'commander', '@bob')).incident.roles, {
      commander: '@bob',
    });
    assert.equal(clone.tree.text(incident.path), conflict, 'the conflict is left to the person');
    await clone.reopen(3);
    const again = current(clone, incident);
    assert.deepEqual(
      [again.incident.phase, again.severity, again.incident.roles],
      ['triage', 'P1', { commander: '@bob' }],
    );
  });
});

describe('status updates', () => {
  it('start from the fields of the last one', async () => {
    const { clone, incident } = await declared();
    assert.deepEqual(await nextStatusUpdate(clone.context, incident), emptyStatusUpdate);
    const update = {
      currentState: 'degraded',
      impact: '50% of orders\n- EU\n- US',
      rootCause: 'under investigation',
      actionsTaken: '- rolled back\n- scaled out',
      nextSteps: 'watch',
      eta: 'TBD',
    };
    await postStatusUpdate(clone.context, incident, update);
    clone.pass(minute);
    await recordEvent(clone.context, incident, 'note', 'Not an update');
    assert.deepEqual(await nextStatusUpdate(clone.context, incident), update);
  });
});

describe('changeItem', () => {
  it('records each change once, each after the other, and shows it in the file', async () => {
    const clone = await openClone();
    clone.tree.put(
      'backlog/a.md',
      '---\ntitle: A   # the first\nid: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA\nseverity: P2\nstatus: inbox\n---\nBody\n',
    );
    await clone.load();
    const [item] = clone.index.items();
    assert.ok(item);
    const ready = await changeItem(clone.context, item, { status: 'ready', owner: '@bob', sprint: '2025-W40' });
    const done = await changeItem(clone.context, ready, { status: 'done', owner: '' });
    assert.deepEqual([done.status, done.owner, done.sprint], ['done', undefined, '2025-W40']);
    assert.equal(
      clone.tree.text('backlog/a.md'),
      '---\ntitle: A   # the first\nid: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA\nseverity: P2\nstatus: done\nsprint: 2025-W40\n---\nBody\n',
    );
    const [first, second] = clone.index.records(item.uid);
    assert.deepEqual(first?.was, { status: 'inbox', owner: '', sprint: '' });
    assert.deepEqual(second?.prev, { status: first?.id, owner: first?.id });
    await clone.reopen(2);
    assert.equal(clone.index.item(item.uid)?.status, 'done');
    assert.deepEqual(clone.index.problems(), []);
  });

  it('leaves a value that a person set back by hand, unless it is the one that is changed', async () => {
    const clone = await openClone();
    clone.tree.put('backlog/a.md', '---\ntitle: A\nid: BUG-P2-20250923-1015\nseverity: P2\nstatus: inbox\n---\n');
    await clone.load();
    const [item] = clone.index.items();
    assert.ok(item);
    await changeItem(clone.context, item, { title: 'B', status: 'ready' });
    const stale = (clone.tree.text('backlog/a.md') ?? '').replace('title: B', 'title: A');
    clone.tree.put('backlog/a.md', stale.replace('status: ready', 'status: inbox'));
    await clone.load();
    const again = await changeItem(clone.context, clone.index.item(item.uid) ?? item, {
      status: 'ready',
      owner: '@bob',
    });
    assert.match(clone.tree.text('backlog/a.md') ?? '', /^title: A$/m);
    assert.match(clone.tree.text('backlog/a.md') ?? '', /^status: ready$/m);
    assert.deepEqual(
      clone.index.problems().map(({ code, field }) => [code, field]),
      [['stale', 'title']],
    );
    assert.equal(again.title, 'B');
  });

  it('declares an item that becomes P0', async () => {
    const clone = await openClone({});
    clone.tree.put('backlog/a.md', '---\ntitle: A\nid: BUG-P2-20250923-1015\nseverity: P2\n---\n');
    await clone.load();
    const [item] = clone.index.items();
    assert.ok(item);
    const incident = await changeSeverity(clone.context, item, 'P0', 'It spread.');
    assert.ok(isIncident(incident));
    assert.equal(incident.severity, 'P0');
    const impact = (await clone.index.events(incident.uid)).find(({ event }) => event.kind === 'impact');
    assert.equal(impact?.event.body, 'It spread.');
  });

  it('leaves an incident where it is when its severity falls', async () => {
    const { clone, incident } = await declared();
    const lower = await changeSeverity(clone.context, incident, 'P4');
    assert.equal(lower.path, incident.path);
    assert.ok(isIncident(lower));
  });
});
