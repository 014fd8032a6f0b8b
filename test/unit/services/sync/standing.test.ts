import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, repositoryName, SyncWorld, type TestClone } from './syncWorld.ts';

/** What a view shows, also in a window that was just opened: from the disk, and without a request. */
async function standing(clone: TestClone) {
  const { steps, reasons, problems } = await clone.newSync().pendingWork();
  return {
    steps: steps.map(({ step }) => step),
    reasons: reasons.map(({ reason }) => reason),
    problems: problems.map(({ code }) => code),
  };
}

describe('Sync: how it stands', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  beforeEach(async () => {
    world = await SyncWorld.start();
  });
  afterEach(() => world.stop());

  it('is told before the first sync, while the network is down, and when all is in step', async () => {
    const alice = await world.clone('alice').load();
    const { id } = await declare(alice);
    assert.deepEqual(await standing(alice), { steps: ['create', 'comment'], reasons: [], problems: [] });
    await alice.syncClean();
    assert.deepEqual(await standing(alice), { steps: [], reasons: [], problems: [] });
    await world.gitHub.goOffline();
    await recordEvent(alice.context, alice.incident(id), 'note', 'The disk is full.');
    await alice.sync.sync();
    world.takeRequests();
    assert.deepEqual(await standing(alice), { steps: ['comment'], reasons: ['offline'], problems: [] });
    assert.deepEqual(world.takeRequests(), []);
    await world.gitHub.goOnline();
    await alice.syncClean();
    assert.deepEqual(await standing(alice), { steps: [], reasons: [], problems: [] });
  });

  it('is what a dry run says: why it waits and what needs a person, too', async () => {
    const alice = await world.clone('alice').load();
    const { id } = await declare(alice);
    await alice.syncClean();
    world.gitHub.state.repository(repositoryName).deleteIssue(world.issue());
    await changePhase(alice.context, alice.incident(id), 'mitigate');
    await alice.sync.sync();
    await declare(alice, 'Search down');
    await world.gitHub.goOffline();
    await alice.sync.sync();
    const { plan, waiting, problems, created } = await alice.sync.sync({ dryRun: true });
    assert.deepEqual(
      [plan.map(({ step }) => step), waiting.map(({ reason }) => reason), problems.map(({ code }) => code), created],
      [['create', 'comment'], ['offline'], ['gone'], 0],
    );
    await world.gitHub.goOnline();
  });

  it('tells of a deleted issue for as long as the file names it', async () => {
    const alice = await world.clone('alice').load();
    const { id } = await declare(alice);
    await alice.syncClean();
    world.gitHub.state.repository(repositoryName).deleteIssue(world.issue());
    await changePhase(alice.context, alice.incident(id), 'mitigate');
    await alice.sync.sync();
    assert.deepEqual((await standing(alice)).problems, ['gone']);
    world.clock.advance(60);
    await alice.sync.sync();
    const { problems } = await alice.newSync().pendingWork();
    assert.match(problems[0]?.message ?? '', /#1 is not on GitHub any more.*Take `github` out/);
    const { path } = alice.item(id);
    await alice.receive({ [path]: (alice.tree.text(path) ?? '').replace(/^github: .*\n/m, '') });
    await alice.sync.sync();
    assert.deepEqual(await standing(alice), { steps: [], reasons: [], problems: [] });
    assert.equal(world.issues.length, 0);
  });

  it('tells of labels that GitHub left out until it takes them', async () => {
    const mallory = await world.clone('mallory').load();
    const { id } = await declare(mallory);
    await mallory.sync.sync();
    assert.ok((await standing(mallory)).problems.includes('labelsDropped'));
    // Nothing new is tried in between, and nothing is mended.
    world.clock.advance(60);
    await mallory.sync.sync();
    assert.ok((await standing(mallory)).problems.includes('labelsDropped'));
    const { state } = world.gitHub;
    state.repository(repositoryName).permissions.set(state.user('mallory').id, 'write');
    world.clock.advance(2 * 24 * 3_600);
    await changePhase(mallory.context, mallory.incident(id), 'mitigate');
    await mallory.sync.sync();
    assert.ok(!(await standing(mallory)).problems.includes('labelsDropped'));
  });

  it('keeps what an earlier sync found while one could not look at everything', async () => {
    const alice = await world.clone('alice').load();
    const { id } = await declare(alice);
    await alice.syncClean();
    const { path } = alice.item(id);
    const text = alice.tree.text(path) ?? '';
    await alice.receive({ [path]: `${text}\n${'long '.repeat(20_000)}` });
    await alice.sync.sync();
    assert.deepEqual((await standing(alice)).problems, ['tooLong']);
    await world.gitHub.goOffline();
    await alice.sync.sync();
    assert.deepEqual((await standing(alice)).problems, ['tooLong']);
    await world.gitHub.goOnline();
    await alice.receive({ [path]: text });
    await alice.syncClean();
    assert.deepEqual((await standing(alice)).problems, []);
  });

  it('asks GitHub nothing where nothing is linked, or to be', async () => {
    const alice = await world.clone('alice').load();
    await addItem(alice.context, { type: 'bug', title: 'Login times out', severity: 'P2' });
    await alice.syncClean();
    assert.deepEqual(await standing(alice), { steps: [], reasons: [], problems: [] });
    assert.deepEqual(world.takeRequests(), []);
  });

  it('writes nothing to the disk when nothing changed', async () => {
    const alice = await world.clone('alice').load();
    await declare(alice);
    await alice.syncClean();
    await alice.syncClean();
    alice.privateFiles.writes.length = 0;
    await alice.syncClean();
    await standing(alice);
    assert.deepEqual(alice.privateFiles.writes, []);
  });
});
