import assert from 'node:assert/strict';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: the sprint is a milestone', function () {
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

  const milestones = () =>
    [...world.gitHub.state.repository('acme/shop').milestones.values()].map(({ title }) => title).sort();
  const milestone = (number = 1) => {
    const { milestoneNumber } = world.issue(number);
    return world.gitHub.state.repository('acme/shop').milestones.get(milestoneNumber ?? -1)?.title ?? null;
  };
  const plan = async (sprint: string, clone = alice) => {
    world.clock.advance(60);
    await changeItem(clone.context, clone.item(id), { sprint });
  };
  const sprintRecords = (clone: TestClone) =>
    clone.context.index.records(clone.item(id).uid).filter((record) => record.set.sprint !== undefined);

  it('that an incident interrupts is made once, and costs later issues of the week no request', async () => {
    await alice.syncClean();
    assert.deepEqual([milestones(), milestone()], [['2025-W39'], '2025-W39']);
    await alice.assertSilent();
    world.clock.advance(3600);
    await declare(alice, 'Another one');
    await alice.syncClean();
    assert.equal(milestone(2), '2025-W39');
    assert.deepEqual(world.takeWrites(), [
      'POST /repos/acme/shop/issues 201',
      'POST /repos/acme/shop/issues/2/comments 201',
    ]);
  });

  it('that is there already is found, closed or on the second page', async () => {
    const repository = world.gitHub.state.repository('acme/shop');
    const manager = world.gitHub.state.user('manager');
    for (let week = 1; week <= 120; week++) repository.createMilestone(manager, `Old ${week}`, null, null);
    const closed = repository.createMilestone(manager, '2025-W39', null, '2025-09-28T00:00:00Z');
    repository.editMilestone(closed, { state: 'closed' });
    await alice.syncClean();
    assert.equal(milestone(), '2025-W39');
    assert.equal(milestones().length, 121);
    assert.equal(closed.state, 'closed');
    await alice.assertSilent();
  });

  it('goes along as it changes here, and as it is taken away', async () => {
    await alice.syncClean();
    await plan('2025-W40');
    await alice.syncClean();
    assert.equal(milestone(), '2025-W40');
    await plan('');
    world.takeRequests();
    await alice.syncClean();
    assert.equal(milestone(), null);
    assert.deepEqual(world.takeWrites(), ['PATCH /repos/acme/shop/issues/1 200']);
    await alice.assertSilent();
    await plan('2025-W39');
    await alice.syncClean();
    assert.deepEqual([milestone(), milestones()], ['2025-W39', ['2025-W39', '2025-W40']]);
    await alice.assertSilent();
  });

  it('comes from GitHub as it changes there, step by step the same in every clone', async () => {
    await alice.syncClean();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.syncClean();
    for (const title of ['2025-W40', null, '2025-W41', 'v2.0', '2025-W42']) {
      world.clock.advance(60);
      world.manager.setMilestone(1, title);
      await alice.syncClean();
      assert.equal(alice.item(id).sprint ?? null, title === 'v2.0' ? null : title);
      await alice.assertSilent();
    }
    await bob.syncClean();
    const made = (clone: TestClone) =>
      Object.entries(clone.tree.snapshot()).filter(([path]) => path.startsWith('.firebreak/'));
    assert.deepEqual(
      sprintRecords(alice).map((record) => record.set.sprint),
      ['2025-W40', '', '2025-W41', '', '2025-W42'],
    );
    assert.deepEqual([...new Set(sprintRecords(alice).map((record) => record.by))], ['@manager']);
    assert.deepEqual(made(bob), made(alice));
    assert.match(alice.tree.text(alice.item(id).path) ?? '', /^sprint: 2025-W42$/m);
    await bob.assertSilent();
  });

  it('comes from GitHub though no event tells, as when a milestone is renamed', async () => {
    await alice.syncClean();
    const repository = world.gitHub.state.repository('acme/shop');
    for (const found of repository.milestones.values()) repository.editMilestone(found, { title: '2025-W45' });
    world.manager.comment(1, 'Moved all to November');
    await alice.syncClean();
    assert.equal(alice.item(id).sprint, '2025-W45');
    await alice.assertSilent();
  });

  it('takes no issue out of a milestone of another name, and says so once', async () => {
    await alice.syncClean();
    world.manager.setMilestone(1, 'v2.0');
    await alice.syncClean();
    assert.equal(alice.item(id).sprint, undefined);
    await plan('2025-W40');
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code, message }) => [code, message]),
      [['sprintDropped', 'Its sprint 2025-W40 is not shown on GitHub: issue #1 is in milestone "v2.0".']],
    );
    assert.equal(milestone(), 'v2.0');
    assert.equal(alice.item(id).sprint, '2025-W40');
    assert.ok(!milestones().includes('2025-W40'));
    await alice.assertSilent();
    world.manager.setMilestone(1, null);
    await alice.syncClean();
    assert.equal(milestone(), '2025-W40', 'what stayed back goes out once the place is free');
    await plan('2025-W41');
    await alice.syncClean();
    assert.equal(milestone(), '2025-W41');
  });

  it('that is no week stays here and is no difference', async () => {
    await alice.syncClean();
    const { path } = alice.item(id);
    await alice.receive({ [path]: (alice.tree.text(path) ?? '').replace('sprint: 2025-W39', 'sprint: Sprint 12') });
    await alice.syncClean();
    assert.deepEqual([alice.item(id).sprint, milestone(), milestones()], ['Sprint 12', null, ['2025-W39']]);
    await alice.assertSilent();
  });

  it('that a token may not set is reported once', async () => {
    const mallory = await world.clone('mallory').load();
    await declare(mallory, 'From outside');
    assert.equal((await mallory.sync.sync()).problems.filter(({ code }) => code === 'sprintDropped').length, 1);
    await mallory.assertSilent();
    assert.deepEqual(milestones(), []);
  });

  it('that GitHub drops or refuses is reported once, and sent again when it changes', async () => {
    await alice.syncClean();
    world.gitHub.inject({ name: 'dropped-labels', method: 'PATCH' });
    await plan('2025-W40');
    assert.deepEqual(
      (await alice.sync.sync()).problems.map(({ code }) => code),
      ['notTaken'],
    );
    assert.equal(milestone(), '2025-W39');
    await alice.assertSilent();
    assert.equal(alice.item(id).sprint, '2025-W40');
    world.gitHub.inject({ name: '422', method: 'POST', path: /\/milestones$/ });
    await plan('2025-W41');
    assert.deepEqual(
      (await alice.sync.sync()).problems.map(({ code }) => code),
      ['sprintDropped'],
    );
    await alice.assertSilent();
    await plan('2025-W42');
    await alice.syncClean();
    assert.equal(milestone(), '2025-W42');
  });

  for (const name of ['commit-then-502', '502-before', 'commit-then-truncated', 'offline'] as const) {
    it(`whose making meets ${name} is one milestone`, async () => {
      world.gitHub.inject({ name, method: 'POST', path: /\/milestones$/ });
      const { waiting, created } = await alice.sync.sync();
      assert.deepEqual([created, waiting], [1, []]);
      assert.deepEqual([milestones(), milestone()], [['2025-W39'], '2025-W39']);
      await alice.assertSilent();
    });

    it(`whose setting meets ${name} is set by the next sync, and no person’s act`, async () => {
      await alice.syncClean();
      await plan('2025-W40');
      world.gitHub.inject({ name, method: 'PATCH' });
      assert.equal((await alice.sync.sync()).waiting.length, 1);
      const bob = await world.clone('bob').load();
      await bob.pullFrom(alice);
      await bob.sync.sync();
      await alice.newSync().sync();
      assert.equal(milestone(), '2025-W40');
      for (const clone of [alice, bob]) {
        assert.ok(sprintRecords(clone).every((record) => record.origin !== 'github'));
        await clone.assertSilent();
      }
    });
  }

  it('whose milestone was deleted is made anew, and keeps no incident from its issue', async () => {
    await alice.syncClean();
    const repository = world.gitHub.state.repository('acme/shop');
    for (const found of [...repository.milestones.values()]) repository.deleteMilestone(found);
    world.clock.advance(3600);
    await declare(alice, 'Another one');
    const report = await alice.sync.sync();
    assert.deepEqual([report.created, report.problems], [1, []]);
    await alice.newSync().sync();
    assert.equal(milestone(2), '2025-W39');
    assert.deepEqual(milestones(), ['2025-W39']);
  });

  it('of another clone is no person’s act while its records are under way by git', async () => {
    await alice.syncClean();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.syncClean();
    for (const sprint of ['2025-W40', '', '2025-W41']) {
      await plan(sprint);
      await alice.syncClean();
      const fresh = await world.clone('bob').load();
      await fresh.pullFrom(bob);
      for (const clone of [bob, fresh]) {
        await clone.assertSilent();
        assert.equal(clone.item(id).sprint, '2025-W39');
      }
    }
    world.clock.advance(60);
    world.manager.setMilestone(1, '2025-W50');
    await bob.syncClean();
    assert.equal(bob.item(id).sprint, '2025-W50');
    await alice.syncClean();
    await bob.pullFrom(alice);
    assert.equal(bob.item(id).sprint, '2025-W50');
    await bob.assertSilent();
  });
});
