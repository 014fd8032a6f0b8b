import assert from 'node:assert/strict';
import { type Incident, isIncident } from '../../../../src/core/item.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const aDay = 86_400;

describe('Sync: comments that were deleted on GitHub', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let incident: Incident;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    bob = await world.clone('bob').load();
    incident = await declare(alice);
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  const records = () => {
    const repository = world.gitHub.state.repository('acme/shop');
    return repository.commentsOf(world.issue());
  };
  const fromGitHub = async (clone: TestClone) =>
    (await clone.events(incident.id)).filter((event) => event.origin === 'github');
  const codes = async (clone: TestClone) => (await clone.sync.sync()).problems.map(({ code }) => code);

  it('that people wrote are taken back within a day, byte for byte the same in every clone; the note stays', async () => {
    const { id } = world.manager.comment(1, 'It is Bob');
    world.manager.comment(1, 'Or the pool');
    await alice.syncClean();
    await bob.syncClean();
    world.manager.deleteComment(id);
    world.clock.advance(aDay / 2);
    await alice.syncClean();
    assert.equal((await fromGitHub(alice)).length, 2);
    world.clock.advance(aDay / 2);
    for (const clone of [alice, bob]) {
      const report = await clone.syncClean();
      assert.equal(report.pulled, 1);
      const [note, , retraction] = [...(await fromGitHub(clone))].sort((left, right) => (left.id < right.id ? -1 : 1));
      assert.equal(note?.body, 'It is Bob');
      assert.ok(retraction?.kind === 'retraction', 'nothing was taken back');
      assert.deepEqual([retraction.replaces, retraction.body], [note?.id, 'Deleted on GitHub.']);
      assert.match(retraction.id, new RegExp(`^gh-\\d+-d${id}$`));
      await clone.assertSilent();
    }
    assert.deepEqual(alice.tree.snapshot(), bob.tree.snapshot());
    world.clock.advance(aDay);
    await alice.assertSilent();
  });

  it('that were edited before one of the clones saw them are taken back alike in all', async () => {
    const { id } = world.manager.comment(1, 'It is Bob');
    await alice.syncClean();
    world.clock.advance(60);
    world.manager.editComment(id, 'It is the pool');
    await alice.syncClean();
    await bob.syncClean();
    world.manager.deleteComment(id);
    world.clock.advance(aDay);
    await alice.syncClean();
    await bob.syncClean();
    const retractions = await Promise.all(
      [alice, bob].map(async (clone) => (await fromGitHub(clone)).filter(({ kind }) => kind === 'retraction')),
    );
    assert.equal(retractions[0]?.length, 1);
    assert.deepEqual(retractions[0], retractions[1]);
  });

  it('that came by git are not looked for again', async () => {
    const { id } = world.manager.comment(1, 'It is Bob');
    await alice.syncClean();
    await bob.syncClean();
    world.manager.deleteComment(id);
    world.clock.advance(aDay);
    await alice.syncClean();
    await bob.pullFrom(alice);
    world.takeRequests();
    const report = await bob.syncClean();
    assert.equal(report.pulled, 0);
    assert.equal(world.takeRequests().filter((line) => line.includes(`comments/${id}`)).length, 0);
  });

  it('that are ours are said where they came from, and not posted again', async () => {
    await recordEvent(alice.context, incident, 'note', 'one');
    await alice.syncClean();
    world.manager.deleteComment(records().at(-1)?.id ?? 0);
    world.clock.advance(aDay);
    assert.deepEqual(await codes(alice), ['commentDeleted']);
    assert.deepEqual(await codes(bob), []);
    assert.equal(records().length, 1);
    await alice.assertSilent();
    world.clock.advance(aDay);
    assert.deepEqual(await codes(alice), []);
  });

  it('are not seen in a list that lags behind: GitHub is asked for the comment itself', async () => {
    const { id } = world.manager.comment(1, 'one');
    await alice.syncClean();
    world.clock.advance(aDay - 180);
    world.manager.comment(1, 'two');
    await alice.syncClean();
    world.clock.advance(180);
    world.manager.deleteComment(id);
    world.gitHub.behaviour.listLagMs = 8 * 60_000;
    world.takeRequests();
    await alice.syncClean();
    assert.equal(world.takeRequests().filter((line) => /issues\/comments\/\d+ 200/.test(line)).length, 1);
    assert.deepEqual(
      (await fromGitHub(alice)).map(({ kind }) => kind),
      ['note', 'note'],
    );
    world.gitHub.behaviour.listLagMs = 0;
    world.clock.advance(aDay);
    await alice.syncClean();
    assert.equal((await fromGitHub(alice)).filter(({ kind }) => kind === 'retraction').length, 1);
  });

  it('cost one request for each incident while they are few, and ten for each thousand issues at most', async () => {
    for (let number = 0; number < 3; number++) await declare(alice, `Another ${number}`);
    await alice.syncClean();
    await alice.syncClean();
    await alice.syncClean();
    world.clock.advance(aDay);
    const cost = async (clone: TestClone) => {
      world.takeRequests();
      await clone.syncClean();
      // Once a day, or an hour, who may write and what the repository is called are asked as well.
      const polls = /issues(\/comments)?\?\S*since=| \/repos\/acme\/shop 200|\/permission 200/;
      return world.takeRequests().filter((line) => !polls.test(line)).length;
    };
    assert.equal(await cost(alice), 1);
    // One incident among many issues.
    const [only] = alice.context.index.items().filter(isIncident);
    const carol = await world.clone('alice').load();
    await carol.receive(
      Object.fromEntries(
        Object.entries(alice.tree.snapshot()).filter(([path]) => path.startsWith(`${only?.incident.folder}/`)),
      ),
    );
    await carol.syncClean();
    for (let number = 0; number < 250; number++) world.manager.openIssue({ title: `Issue ${number}` });
    await carol.syncClean();
    world.clock.advance(aDay);
    assert.equal(await cost(carol), 1);
    // All of a list of 254.
    assert.equal(await cost(alice), 3);
  });

  it('survive a crash between finding and remembering', async () => {
    const { id } = world.manager.comment(1, 'It is Bob');
    await alice.syncClean();
    world.manager.deleteComment(id);
    world.clock.advance(aDay);
    const write = alice.privateFiles.write.bind(alice.privateFiles);
    alice.privateFiles.write = async (path, text) => {
      if (text.includes('"deleted"')) throw new Error('the machine stops');
      await write(path, text);
    };
    await assert.rejects(alice.sync.sync(), /the machine stops/);
    alice.privateFiles.write = write;
    await alice.newSync().sync();
    assert.equal((await fromGitHub(alice)).filter(({ kind }) => kind === 'retraction').length, 1);
    await alice.assertSilent();
  });

  it('and a clock that is set back a day only lead to another look', async () => {
    world.manager.comment(1, 'one');
    await alice.syncClean();
    world.clock.advance(-aDay);
    await alice.syncClean();
    assert.deepEqual((await fromGitHub(alice)).length, 1);
    await alice.assertSilent();
  });
});
