import assert from 'node:assert/strict';
import { incidentClocks } from '../../../src/core/clocks.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { isOpenIncident } from '../../../src/core/item.ts';
import { minute } from '../../../src/core/time.ts';
import { changeItem } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { cancelIncident, mergeIncident } from '../../../src/services/closeWrongIncident.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { type Clone, openClone } from './clone.ts';

const refuses = (code: Parameters<typeof FirebreakError.is>[1]) => (error: unknown) => FirebreakError.is(error, code);
const declare = (clone: Clone, title: string, secret = false) =>
  declareIncident(clone.context, { title, severity: 'P0', criteria: secret ? ['security-breach'] : [] });

describe('cancelIncident', () => {
  it('keeps the incident and its words, and stops its clocks', async () => {
    const clone = await openClone();
    const incident = await declare(clone, 'API down');
    await recordEvent(clone.context, incident, 'note', 'The probe was wrong.');
    clone.pass(4 * minute);
    const cancelled = await cancelIncident(clone.context, incident, 'a broken\nprobe');
    assert.deepEqual([cancelled.status, cancelled.incident.phase], ['declined', 'closed']);
    const events = (await clone.index.events(incident.uid)).map(({ event }) => event);
    assert.ok(events.some((event) => event.body === 'The probe was wrong.'));
    assert.ok(events.some((event) => event.body === 'Cancelled as a false alarm: a broken probe'));
    const clocks = incidentClocks(events, clone.index.policy().severities.P0, isOpenIncident(cancelled));
    assert.deepEqual(
      clocks.filter((clock) => clock.stoppedAt === null),
      [],
    );
    await assert.rejects(cancelIncident(clone.context, cancelled, 'again'), refuses('alreadyClosed'));
    await assert.rejects(mergeIncident(clone.context, cancelled, cancelled), refuses('alreadyClosed'));
  });

  it('asks why', async () => {
    const clone = await openClone();
    const incident = await declare(clone, 'API down');
    await assert.rejects(cancelIncident(clone.context, incident, ' '), refuses('invalidInput'));
    assert.ok(isOpenIncident(requireIncident(clone.index, incident.uid)));
  });

  it('can be taken back by choosing a phase', async () => {
    const clone = await openClone();
    const cancelled = await cancelIncident(clone.context, await declare(clone, 'API down'), 'no');
    const open = await changePhase(clone.context, cancelled, 'respond', 'It was real.');
    assert.deepEqual([open.status, open.incident.phase], ['doing', 'respond']);
    assert.ok(isOpenIncident(open));
  });
});

describe('mergeIncident', () => {
  it('shows the events of the duplicate in the one that goes on, and moves no file', async () => {
    const clone = await openClone();
    const first = await declare(clone, 'API down');
    const second = await declare(clone, 'Website down');
    await recordEvent(clone.context, second, 'note', 'Seen from the website.');
    const paths = clone.tree.paths();
    const target = await mergeIncident(clone.context, second, first);
    assert.equal(target.uid, first.uid);
    const closed = requireIncident(clone.index, second.uid);
    assert.deepEqual([closed.status, closed.incident.phase, closed.duplicateOf], ['duplicate', 'closed', first.id]);
    for (const path of paths) assert.ok(clone.tree.text(path) !== undefined, path);
    const bodies = (await clone.index.timeline(first.uid)).map(({ event }) => event.body);
    assert.ok(bodies.includes('Seen from the website.'));
    assert.ok(bodies.some((body) => body.includes(`${second.id} (Website down) is the same trouble`)));
    const state = (await clone.index.events(first.uid)).map(({ event }) => event);
    assert.equal(state.filter((event) => event.kind === 'phase').length, 1, 'its own state is its own');
  });

  it('follows an incident that is itself merged to the one that goes on', async () => {
    const clone = await openClone();
    const first = await declare(clone, 'one');
    const second = await declare(clone, 'two');
    const third = await declare(clone, 'three');
    await mergeIncident(clone.context, second, first);
    const target = await mergeIncident(clone.context, third, requireIncident(clone.index, second.uid));
    assert.equal(target.uid, first.uid);
    assert.equal(requireIncident(clone.index, third.uid).duplicateOf, first.id);
    const titles = (await clone.index.timeline(first.uid)).map(({ event }) => event.body);
    for (const title of ['one', 'two', 'three']) assert.ok(titles.includes(title), title);
  });

  it('merges nothing into itself, not even through others', async () => {
    const clone = await openClone();
    const first = await declare(clone, 'one');
    const second = await declare(clone, 'two');
    await assert.rejects(mergeIncident(clone.context, first, first), refuses('invalidInput'));
    await mergeIncident(clone.context, second, first);
    await assert.rejects(
      mergeIncident(clone.context, first, requireIncident(clone.index, second.uid)),
      refuses('invalidInput'),
    );
  });

  it('keeps what is private apart from what is not', async () => {
    const clone = await openClone();
    const open = await declare(clone, 'API down');
    const secret = await declare(clone, 'Keys leaked', true);
    const before = clone.tree.snapshot();
    await assert.rejects(mergeIncident(clone.context, secret, open), refuses('privateItem'));
    await assert.rejects(mergeIncident(clone.context, open, secret), refuses('privateItem'));
    assert.deepEqual(clone.tree.snapshot(), before);
  });

  for (const [name, reopen] of [
    [
      'a phase',
      (clone: Clone, uid: string) => changePhase(clone.context, requireIncident(clone.index, uid), 'respond'),
    ],
    [
      'a status',
      (clone: Clone, uid: string) => changeItem(clone.context, requireIncident(clone.index, uid), { status: 'doing' }),
    ],
  ] as const) {
    it(`is taken back by ${name}: the timelines part again`, async () => {
      const clone = await openClone();
      const first = await declare(clone, 'one');
      const second = await declare(clone, 'two');
      await mergeIncident(clone.context, second, first);
      await reopen(clone, second.uid);
      const open = requireIncident(clone.index, second.uid);
      assert.equal(open.duplicateOf, undefined);
      assert.equal(open.status, 'doing');
      assert.ok((await clone.index.timeline(first.uid)).every(({ event }) => event.incident === first.uid));
      await clone.reopen(3);
      assert.equal(requireIncident(clone.index, second.uid).duplicateOf, undefined);
    });
  }
});
