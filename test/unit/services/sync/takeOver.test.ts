import assert from 'node:assert/strict';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { PublishItems } from '../../../../src/services/sync/publishItems.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: taking over from a clone that is lost', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    bob = await world.clone('bob').load();
    ({ id } = await declare(alice));
    await recordEvent(alice.context, alice.incident(id), 'note', 'said by the lost clone');
    await bob.pullFrom(alice);
    world.clock.advance(3600);
  });
  afterEach(() => world.stop());

  const publishing = (clone: TestClone) =>
    new PublishItems({
      services: clone.context,
      privateFiles: clone.privateFiles,
      pace: clone.pace,
      lock: async () => ({ dispose: async () => {} }),
    });
  const takeOver = async (clone: TestClone) => {
    const preview = await publishing(clone).preview([clone.item(id)]);
    await publishing(clone).choose(preview.items);
    return preview;
  };
  const times = (words: string, number = 1) => world.comments(number).join('\n').split(words).length - 1;

  it('nobody does it without being told', async () => {
    await bob.syncClean();
    assert.deepEqual(world.issues, []);
  });

  it('whoever was told makes the issue and posts what the lost clone recorded, once, with one’s own', async () => {
    await recordEvent(bob.context, bob.incident(id), 'note', 'said by Bob');
    assert.ok((await takeOver(bob)).takenOver > 0);
    await bob.syncClean();
    world.clock.advance(60);
    await bob.syncClean();
    assert.equal(world.issues.length, 1);
    assert.equal(bob.item(id).github?.number, 1);
    for (const words of ['said by the lost clone', 'said by Bob', 'All checkouts fail']) assert.equal(times(words), 1);
    await bob.assertSilent();
    for (const lost of bob.privateFiles.paths()) if (/sync\/items/.test(lost)) bob.privateFiles.remove(lost);
    await bob.newSync().sync();
    assert.equal(times('said by the lost clone'), 1);
  });

  it('where the clone was not lost, and lists lag, both have posted: the first stands, the other says so', async () => {
    await takeOver(bob);
    await bob.syncClean();
    assert.equal(times('said by the lost clone'), 1);
    await recordEvent(alice.context, alice.incident(id), 'note', 'said since');
    const lag = world.gitHub.inject({ name: 'list-lag', seconds: 200, count: 20, path: /comments/ });
    await alice.sync.sync();
    lag.remove();
    assert.equal(times('said by the lost clone'), 2, 'nobody could know');
    world.clock.advance(300);
    await alice.sync.sync();
    assert.equal(times('said by the lost clone'), 1);
    assert.equal(times('said since'), 1);
    for (const clone of [alice, bob, alice]) await clone.sync.sync();
    world.takeWrites();
    for (const clone of [alice, bob]) await clone.sync.sync();
    assert.deepEqual(world.takeWrites(), [], 'and that is all');
  });

  it('fields that the lost clone changed and did not send go out too', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    await changeItem(alice.context, alice.item(id), { title: 'Changed last' });
    await changePhase(alice.context, alice.incident(id), 'fix', 'Rolling back');
    await bob.pullFrom(alice);
    await bob.syncClean();
    assert.equal(world.issue().title, 'Production API down');
    await takeOver(bob);
    await bob.syncClean();
    world.clock.advance(60);
    await bob.syncClean();
    assert.equal(world.issue().title, 'Changed last');
    assert.ok(world.labels().includes('phase: fix'));
    assert.equal(times('Rolling back'), 1);
    assert.equal(times('said by the lost clone'), 1);
    await bob.assertSilent();
  });

  it('what a lost clone recorded that did not declare the incident goes out too, once it has waited for an hour', async () => {
    await alice.syncClean();
    world.clock.advance(60);
    await alice.syncClean();
    const carol = await world.clone('bob').load();
    await carol.pullFrom(alice);
    await carol.syncClean();
    await recordEvent(carol.context, carol.incident(id), 'note', 'said by Carol');
    await changeItem(carol.context, carol.item(id), { title: 'As Carol calls it' });
    await bob.pullFrom(carol);
    await bob.syncClean();
    assert.equal(times('said by Carol'), 0);
    assert.equal((await publishing(bob).preview([bob.item(id)])).takenOver, 0);
    world.clock.advance(3600);
    assert.ok((await takeOver(bob)).takenOver > 0);
    await bob.syncClean();
    world.clock.advance(60);
    await bob.syncClean();
    assert.equal(times('said by Carol'), 1);
    assert.equal(world.issue().title, 'As Carol calls it');
    await bob.assertSilent();
    await carol.syncClean();
    await carol.assertSilent();
    assert.equal(times('said by Carol'), 1);
  });

  it('there is nothing to take over where all was sent, or nothing was another’s', async () => {
    await alice.syncClean();
    world.clock.advance(60);
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    for (const clone of [alice, bob]) {
      const { items, leftOut, takenOver } = await publishing(clone).preview([clone.item(id)]);
      assert.deepEqual([items, leftOut, takenOver], [[], { linked: 1 }, 0]);
    }
  });

  it('a clone that comes back after all finds its issue and comments, doubles nothing, and sends what it does then', async () => {
    await takeOver(bob);
    await bob.syncClean();
    world.clock.advance(60);
    await bob.syncClean();
    await recordEvent(alice.context, alice.incident(id), 'note', 'back again');
    await alice.sync.sync();
    world.clock.advance(60);
    await alice.syncClean();
    await bob.pullFrom(alice);
    world.clock.advance(60);
    await bob.syncClean();
    assert.equal(world.issues.length, 1);
    for (const words of ['said by the lost clone', 'back again', 'All checkouts fail']) assert.equal(times(words), 1);
    for (const clone of [alice, bob]) await clone.assertSilent();
  });

  it('two that take over at once end up with one issue', async () => {
    const carol = await world.clone('bob').load();
    await carol.pullFrom(alice);
    await takeOver(bob);
    await takeOver(carol);
    world.gitHub.behaviour.listLagMs = 10 * 60_000;
    await bob.syncClean();
    await carol.syncClean();
    world.gitHub.behaviour.listLagMs = 0;
    assert.equal(world.issues.length, 2);
    for (let round = 0; round < 3; round++) {
      world.clock.advance(60);
      for (const clone of [carol, bob]) await clone.syncClean();
    }
    assert.deepEqual([world.issue(1).state, world.issue(2).stateReason], ['open', 'duplicate']);
    for (const clone of [bob, carol]) {
      assert.equal(clone.item(id).github?.number, 1);
      await clone.assertSilent();
    }
    assert.equal(times('said by the lost clone'), 1);
  });
});
