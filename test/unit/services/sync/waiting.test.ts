import assert from 'node:assert/strict';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import type { WaitingReason } from '../../../../src/services/sync/syncReport.ts';
import { testToken } from '../../../support/testTokens.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: bad days', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    ({ id } = await declare(alice));
  });
  afterEach(() => world.stop());

  const waits = async (options?: Parameters<typeof alice.sync.sync>[0]): Promise<(WaitingReason | number)[]> => {
    const { waiting } = await alice.sync.sync(options);
    return waiting.flatMap(({ reason, until }) => (until === undefined ? [reason] : [reason, until - alice.now()]));
  };

  it('offline: everything waits, and is sent once the network is back', async () => {
    await world.gitHub.goOffline();
    assert.deepEqual(await waits(), ['offline']);
    const { count, reasons } = await alice.sync.pendingWork();
    assert.equal(count, 2);
    assert.deepEqual(
      reasons.map(({ reason }) => reason),
      ['offline'],
    );
    await world.gitHub.goOnline();
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
    assert.deepEqual(await alice.sync.pendingWork(), { count: 0, steps: [], reasons: [], problems: [] });
  });

  it('a refused token: sign in', async () => {
    world.gitHub.state.revokeToken(testToken('alice'));
    assert.deepEqual(await waits(), ['unauthorized']);
  });

  it('a limit: nothing is sent before its time, not even after a restart', async () => {
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(id), 'triage');
    world.gitHub.inject({ name: '429', retryAfter: 120 });
    assert.deepEqual(await waits(), ['rateLimited', 120_000]);
    world.clock.advance(60);
    world.takeRequests();
    alice.newSync();
    assert.deepEqual(await waits(), ['rateLimited', 60_000]);
    assert.deepEqual(world.takeRequests(), []);
    world.clock.advance(61);
    await alice.syncClean();
    assert.ok(world.gitHub.requests.every((request) => !request.tooEarly));
    assert.ok(world.labels().includes('phase: triage'));
  });

  it('the hourly quota is used up: until its reset', async () => {
    world.gitHub.inject({ name: 'primary-limit-403', resetIn: 600 });
    assert.deepEqual(await waits(), ['rateLimited', 601_000]);
  });

  it('a limit that was written before the clocks were set back is waited for once more, not for a month', async () => {
    world.gitHub.inject({ name: '429', retryAfter: 120 });
    await waits();
    world.clock.advance(-30 * 86_400);
    assert.deepEqual(await waits(), ['rateLimited', 120_000]);
    world.clock.advance(121);
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
  });

  it('GitHub has trouble: later', async () => {
    await alice.syncClean();
    world.gitHub.inject({ name: '500-before' });
    assert.deepEqual(await waits(), ['server']);
    await alice.assertSilent();
  });

  it('git is in the middle of something: nothing moves', async () => {
    alice.gitOperation = 'rebase';
    assert.deepEqual(await waits(), ['gitBusy']);
    assert.deepEqual(world.takeRequests(), []);
    alice.gitOperation = undefined;
    await alice.syncClean();
  });

  it('another window syncs: this one leaves it to that', async () => {
    alice.locked = true;
    assert.deepEqual(await waits(), ['busy']);
    assert.deepEqual(world.takeRequests(), []);
  });

  it('two calls at once are one sync', async () => {
    const [first, second] = await Promise.all([alice.sync.sync(), alice.sync.sync()]);
    assert.equal(first, second);
    assert.equal(world.issues.length, 1);
  });

  it('cancelled: stops before the next write', async () => {
    const abort = new AbortController();
    abort.abort();
    assert.deepEqual(await waits({ signal: abort.signal }), ['cancelled']);
    assert.deepEqual(world.takeRequests(), []);
  });

  it('a dry run says what would be done, and asks and writes nothing', async () => {
    const before = alice.privateFiles.snapshot();
    const { plan, created } = await alice.sync.sync({ dryRun: true });
    assert.equal(created, 0);
    assert.deepEqual(
      plan.map(({ item, step, detail }) => [item === id, step, detail]),
      [
        [true, 'create', 'make an issue: Production API down'],
        [true, 'comment', 'post 5 events'],
      ],
    );
    assert.deepEqual(world.takeRequests(), []);
    assert.deepEqual(alice.privateFiles.snapshot(), before);
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(id), 'closed');
    assert.deepEqual(
      (await alice.sync.sync({ dryRun: true })).plan.map(({ step, detail }) => [step, detail]),
      [
        ['update', 'change phase, closed'],
        ['comment', 'post an event'],
      ],
    );
  });

  it('a public repository gets nothing until somebody says so, once', async () => {
    const open = await SyncWorld.start({}, { private: false });
    try {
      const bob = await open.clone('bob').load();
      await declare(bob);
      const { waiting } = await bob.sync.sync();
      assert.deepEqual(
        waiting.map(({ reason }) => reason),
        ['notConfirmed'],
      );
      assert.deepEqual(open.takeWrites(), []);
      await bob.sync.sync({ publicConfirmed: true });
      assert.equal(open.issues.length, 1);
      await declare(bob, 'Another');
      await bob.newSync().sync();
      assert.equal(open.issues.length, 2);
    } finally {
      await open.stop();
    }
  });

  it('an archived repository, or one without issues, is told', async () => {
    const repository = world.gitHub.state.repository('acme/shop');
    for (const change of [{ archived: true }, { archived: false, hasIssues: false }]) {
      Object.assign(repository, change);
      assert.deepEqual(await waits(), ['repository']);
    }
    Object.assign(repository, { hasIssues: true });
    await alice.syncClean();
    // And when it happens between two syncs.
    await changePhase(alice.context, alice.incident(id), 'triage');
    repository.hasIssues = false;
    assert.deepEqual(await waits(), ['repository']);
    repository.hasIssues = true;
    await alice.syncClean();
    assert.ok(world.labels().includes('phase: triage'));
  });

  it('a repository that was renamed is followed, before and in the middle', async () => {
    await alice.syncClean();
    world.gitHub.state.renameRepository('acme/shop', 'acme/store');
    await changePhase(alice.context, alice.incident(id), 'triage');
    await alice.syncClean();
    const repository = world.gitHub.state.repository('acme/store');
    assert.equal(repository.issues.size, 1);
    await declare(alice, 'Under the new name');
    await alice.newSync().sync();
    assert.equal(repository.issues.size, 2);
    assert.equal(alice.context.index.item('acme/store#2')?.title, 'Under the new name');
  });

  it('a repository of the same name that is another one gets nothing', async () => {
    await alice.syncClean();
    world.gitHub.state.renameRepository('acme/shop', 'acme/old');
    world.gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write' } });
    await declare(alice, 'Another');
    world.clock.advance(25 * 3600);
    assert.deepEqual(await waits(), ['repository']);
    assert.equal(world.gitHub.state.repository('acme/shop').issues.size, 0);
  });

  it('an issue that was deleted is not made again', async () => {
    await alice.syncClean();
    world.manager.deleteIssue(1);
    await changePhase(alice.context, alice.incident(id), 'triage');
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['gone'],
    );
    assert.ok(alice.tree.text(alice.item(id).path));
    await alice.sync.sync();
    await alice.newSync().sync();
    assert.equal(world.issues.length, 0);
  });

  it('an issue that was transferred is left where it went', async () => {
    await alice.syncClean();
    world.gitHub.state.addRepository('acme/other', {
      private: true,
      permissions: { alice: 'write', manager: 'write' },
    });
    world.manager.transfer(1, 'acme/other');
    await changePhase(alice.context, alice.incident(id), 'triage');
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['moved'],
    );
    assert.equal(world.issues.length, 0);
    assert.equal(world.gitHub.state.repository('acme/other').issues.size, 1);
  });

  it('a locked issue keeps its words back, says so, and goes on when it is open again', async () => {
    await alice.syncClean();
    await recordEvent(alice.context, alice.incident(id), 'note', 'a word');
    world.gitHub.inject({ name: 'locked-403', method: 'POST' });
    for (const _ of [1, 2]) {
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['locked'],
      );
    }
    assert.equal(world.takeRequests().filter((line) => line.endsWith('403')).length, 1);
    world.clock.advance(3601);
    await alice.syncClean();
    assert.equal(world.comments().length, 2);
  });

  it('a create that is refused says why, and is not tried at every poll', async () => {
    world.gitHub.inject({ name: '422', method: 'POST', path: /\/issues$/, count: 2 });
    for (const _ of [1, 2, 3]) {
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code, message }) => [code, message]),
        [['refused', 'GitHub refused: Validation Failed (title is not acceptable).']],
      );
    }
    // The second without assignee and milestone, for whose sake it might have been refused.
    assert.equal(world.takeRequests().filter((line) => line.endsWith('422')).length, 2);
    world.clock.advance(3601);
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
  });

  it('what goes wrong with one item keeps no other waiting, and the gravest comes first', async () => {
    await declare(alice, 'Less bad', { severity: 'P2', criteria: [] });
    await declare(alice, 'Very bad');
    world.gitHub.inject({ name: '422', method: 'POST', path: /\/issues$/, count: 2 });
    const report = await alice.sync.sync();
    assert.equal(report.created, 2);
    assert.equal(world.issue(2).title, 'Less bad');
  });

  it('without push access labels are dropped: that is said once, and not looped on', async () => {
    const open = await SyncWorld.start({}, { private: false });
    try {
      const mallory = await open.clone('mallory').load();
      const incident = await declare(mallory);
      const first = await mallory.sync.sync({ publicConfirmed: true });
      assert.deepEqual(
        first.problems.map(({ code }) => code),
        ['labelsDropped', 'sprintDropped', 'ownerDropped'],
      );
      assert.deepEqual(open.labels(), []);
      await mallory.assertSilent();
      await changePhase(mallory.context, mallory.incident(incident.id), 'triage');
      await mallory.sync.sync();
      await mallory.assertSilent();
      assert.equal(open.comments().length, 2);
      assert.equal((await mallory.events(incident.id)).filter((event) => event.origin === 'github').length, 0);
      // And without its state, since its own marked comments are its own.
      for (const path of mallory.privateFiles.paths()) if (path.startsWith('sync/')) mallory.privateFiles.remove(path);
      await mallory.newSync().sync({ publicConfirmed: true });
      assert.equal(open.comments().length, 2);
      assert.equal((await mallory.events(incident.id)).filter((event) => event.origin === 'github').length, 0);
    } finally {
      await open.stop();
    }
  });

  it('labels that GitHub drops though it should not are said, and not looped on', async () => {
    world.gitHub.inject({ name: 'dropped-labels', method: 'POST', path: /\/issues$/ });
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['labelsDropped'],
    );
    await alice.assertSilent();
  });

  it('a file that can’t be written is told, and what GitHub had comes in when it can', async () => {
    await alice.syncClean();
    world.manager.editTitle(1, 'New title');
    world.manager.comment(1, 'a comment');
    alice.tree.failWrites('', 'readOnly');
    const report = await alice.sync.sync();
    assert.deepEqual([...new Set(report.problems.map(({ code }) => code))], ['file']);
    alice.tree.mend('');
    // As *Restore* does with what the journal kept.
    await alice.context.writer.restore(alice.context.index.missing());
    await alice.sync.sync();
    assert.equal(alice.item(id).title, 'New title');
    assert.equal((await alice.events(id)).filter((event) => event.body === 'a comment').length, 1);
    await alice.assertSilent();
  });

  it('a clock that is a day wrong changes nothing', async () => {
    for (const skew of [-86_400_000, 86_400_000]) {
      const skewed = await SyncWorld.start();
      try {
        const bob = await skewed.clone('bob', { skew }).load();
        const incident = await declare(bob);
        await bob.syncClean();
        skewed.clock.advance(60);
        skewed.manager.comment(1, 'hello');
        skewed.manager.addLabels(1, 'phase: triage');
        await bob.syncClean();
        assert.equal(bob.incident(incident.id).incident.phase, 'triage');
        assert.ok((await bob.events(incident.id)).some((event) => event.body === 'hello'));
        await changePhase(bob.context, bob.incident(incident.id), 'fix');
        await bob.syncClean();
        assert.equal(bob.incident(incident.id).incident.phase, 'fix');
        assert.ok(skewed.labels().includes('phase: fix'));
        await bob.assertSilent();
      } finally {
        await skewed.stop();
      }
    }
  });
});
