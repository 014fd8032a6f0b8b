import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { changeSeverity } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: when events go out', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let incident: Incident;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    incident = await declare(alice);
  });
  afterEach(() => world.stop());

  const bySelf = () => alice.sync.sync({ gather: true });
  const note = (text: string) => recordEvent(alice.context, alice.incident(incident.id), 'note', text);

  it('a declaration, with all that belongs to it, at once', async () => {
    const report = await bySelf();
    assert.deepEqual([report.created, report.commented, report.gatheringUntil], [1, 1, undefined]);
  });

  it('small ones 45 seconds after the first of them, as one comment', async () => {
    await alice.syncClean();
    const first = alice.now();
    await note('one');
    world.clock.advance(30);
    await note('two');
    const report = await bySelf();
    assert.deepEqual([report.commented, report.gatheringUntil, report.waiting], [0, first + 45_000, []]);
    assert.equal(world.comments().length, 1);
    assert.equal((await alice.sync.pendingWork()).count, 1);
    world.clock.advance(15);
    assert.equal((await bySelf()).commented, 1);
    assert.match(world.comments()[1] ?? '', /: one\n- .*: two\n/);
    await alice.assertSilent();
  });

  it('a status update, a phase and a severity at once, and what was gathered with them', async () => {
    await alice.syncClean();
    for (const act of [
      () => postStatusUpdate(alice.context, incident, { ...emptyStatusUpdate, currentState: 'degraded' }),
      () => changePhase(alice.context, alice.incident(incident.id), 'mitigate'),
      () => changeSeverity(alice.context, alice.incident(incident.id), 'P1'),
    ]) {
      world.clock.advance(60);
      await note('small');
      await act();
      const before = world.comments().length;
      const report = await bySelf();
      assert.equal(report.gatheringUntil, undefined);
      assert.equal(world.comments().length - before, report.commented);
      await alice.assertSilent();
    }
    assert.equal(world.comments().join('\n').split('small').length - 1, 3);
  });

  it('all of them at once when somebody asks, and after a restart when their time has come', async () => {
    await alice.syncClean();
    await note('one');
    assert.equal((await bySelf()).commented, 0);
    assert.equal((await alice.sync.sync()).commented, 1);
    await note('two');
    assert.equal((await bySelf()).commented, 0);
    // Nothing but the disk is remembered of a window that was closed.
    alice.newSync();
    world.clock.advance(45);
    assert.equal((await bySelf()).commented, 1);
  });

  it('what a clock that is wrong now would keep for a day goes out', async () => {
    await alice.syncClean();
    await note('from the future');
    world.clock.advance(-86_400);
    assert.equal((await bySelf()).commented, 1);
  });
});
