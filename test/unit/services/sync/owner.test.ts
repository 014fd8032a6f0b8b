import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { enterpriseServer } from '../../../github/fakeGitHub.ts';
import { declare, repositoryName, SyncWorld, type TestClone, tokenOf } from './syncWorld.ts';

describe('Sync: the owner is an assignee', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    const { state } = world.gitHub;
    for (const login of ['carol', 'dave']) {
      state.addToken(tokenOf(login), login);
      state.repository(repositoryName).permissions.set(state.user(login).id, 'write');
    }
    alice = await world.clone('alice').load();
    ({ id } = await declare(alice));
  });
  afterEach(() => world.stop());

  const assignees = (number = 1) =>
    world
      .issue(number)
      .assigneeIds.map((user) => world.gitHub.state.users.get(user)?.login)
      .sort();
  const assignOneByOne = (...steps: string[][]) => {
    for (const logins of steps) world.manager.assign(1, ...logins);
  };
  const own = async (owner: string, clone = alice) => {
    world.clock.advance(60);
    await changeItem(clone.context, clone.item(id), { owner });
  };
  const ownerRecords = (clone: TestClone) =>
    clone.context.index.records(clone.item(id).uid).filter((record) => record.set.owner !== undefined);

  describe('of an item here', () => {
    it('is assigned with the issue, at no further request', async () => {
      await alice.syncClean();
      assert.deepEqual(assignees(), ['alice']);
      assert.equal(world.takeWrites().filter((line) => /assignees/.test(line)).length, 0);
      await alice.assertSilent();
    });

    it('that changes is assigned, the one before is not any more, and nobody else is touched', async () => {
      await alice.syncClean();
      world.manager.assign(1, 'alice', 'dave');
      await alice.syncClean();
      assert.equal(alice.item(id).owner, '@alice');
      await own('@bob');
      world.takeRequests();
      await alice.syncClean();
      assert.deepEqual(assignees(), ['bob', 'dave']);
      assert.deepEqual(world.takeWrites(), [
        'PATCH /repos/acme/shop/issues/1 200',
        'POST /repos/acme/shop/issues/1/assignees 201',
        'POST /graphql 200',
      ]);
      await alice.assertSilent();
    });

    it('that is taken away is not assigned any more', async () => {
      await alice.syncClean();
      await own('');
      await alice.syncClean();
      assert.deepEqual(assignees(), []);
      await alice.assertSilent();
      assert.equal(alice.item(id).owner, undefined);
    });

    it('without a login stays here, is no difference, and is not reported', async () => {
      await alice.syncClean();
      await own('Robert Smith');
      await alice.syncClean();
      assert.deepEqual(assignees(), []);
      assert.equal(alice.item(id).owner, 'Robert Smith');
      await alice.assertSilent();
      await own('Roberta Smith');
      world.takeRequests();
      await alice.syncClean();
      assert.deepEqual(world.takeWrites(), []);
    });

    it('is a person of the policy by any name, and a login in any case', async () => {
      await alice.receive({
        'incident-policy.yml':
          'people:\n  - name: Bob Smith\n    email: bob@example.org\n    github: Bob\n    chat: "@bobby.s"\n',
      });
      await alice.syncClean();
      for (const name of ['Bob Smith', 'BOB@example.org', '@bobby.s', '@BOB']) {
        await own('@alice');
        await alice.syncClean();
        await own(name);
        await alice.syncClean();
        assert.deepEqual(assignees(), ['bob'], name);
        assert.equal(alice.item(id).owner, name);
        await alice.assertSilent();
      }
    });

    it('that GitHub does not know keeps no incident from its issue, and is reported once', async () => {
      await own('@nobody-there');
      const report = await alice.sync.sync();
      assert.deepEqual([report.created, report.waiting], [1, []]);
      assert.deepEqual(
        report.problems.map(({ code, message }) => [code, message]),
        [
          [
            'ownerDropped',
            'Its owner @nobody-there is not assigned: GitHub knows nobody of that login who may be assigned in acme/shop.',
          ],
        ],
      );
      assert.deepEqual(assignees(), []);
      assert.equal(alice.item(id).owner, '@nobody-there');
      await alice.assertSilent();
      await own('@bob');
      await alice.syncClean();
      assert.deepEqual(assignees(), ['bob']);
      await own('@nobody-there');
      assert.equal((await alice.sync.sync()).problems.length, 1);
      assert.deepEqual(assignees(), ['bob']);
      assert.equal(alice.item(id).owner, '@nobody-there');
      await alice.assertSilent();
    });

    it('is reported once by a token that may not assign, and people’s changes come in all the same', async () => {
      const mallory = await world.clone('mallory').load();
      const { id: other } = await declare(mallory, 'From outside');
      const report = await mallory.sync.sync();
      assert.equal(report.problems.filter(({ code }) => code === 'ownerDropped').length, 1);
      await mallory.assertSilent();
      world.manager.assign(1, 'carol');
      await mallory.syncClean();
      assert.equal(mallory.item(other).owner, '@carol');
      await mallory.assertSilent();
      assert.ok((await mallory.sync.pendingWork()).problems.every(({ code }) => code !== 'ownerDropped'));
    });

    it('is assigned once the token may', async () => {
      const mallory = await world.clone('mallory').load();
      const { id: other } = await declare(mallory, 'From outside');
      await mallory.sync.sync();
      const { state } = world.gitHub;
      state.repository(repositoryName).permissions.set(state.user('mallory').id, 'write');
      world.clock.advance(25 * 3600);
      await mallory.syncClean();
      assert.deepEqual(assignees(), ['alice']);
      assert.equal(mallory.item(other).owner, '@alice');
      await mallory.assertSilent();
      const { problems } = await mallory.sync.pendingWork();
      assert.ok(problems.every(({ code }) => code !== 'ownerDropped' && code !== 'sprintDropped'));
    });

    it('of an item of the backlog too', async () => {
      await alice.syncClean();
      world.clock.advance(60);
      alice.newSync({ publish: 'all' });
      await addItem(alice.context, { type: 'task', title: 'Tidy up', severity: 'P3', owner: '@bob' });
      await alice.syncClean();
      assert.deepEqual(assignees(2), ['bob']);
      await alice.assertSilent();
    });
  });

  describe('of an issue on GitHub', () => {
    beforeEach(async () => {
      await alice.syncClean();
      world.clock.advance(60);
    });

    for (const [order, act] of [
      ['at once', () => world.manager.assign(1, 'carol')],
      ['in two steps', () => assignOneByOne(['alice', 'carol'], ['carol'])],
      ['the other way round', () => assignOneByOne([], ['carol'])],
    ] as const) {
      it(`that is another one, exchanged ${order}, is the owner, by a record of that person`, async () => {
        act();
        await alice.syncClean();
        assert.equal(alice.item(id).owner, '@carol');
        assert.match(alice.tree.text(alice.item(id).path) ?? '', /^owner: "@carol"$/m);
        const record = ownerRecords(alice).at(-1);
        assert.deepEqual([record?.by, record?.origin], ['@manager', 'github']);
        assert.match(record?.id ?? '', /^gh-\d+-e\d+/);
        assert.deepEqual(assignees(), ['carol']);
        await alice.assertSilent();
      });
    }

    it('that is gone takes the owner away, and the line with it', async () => {
      world.manager.assign(1);
      await alice.syncClean();
      assert.equal(alice.item(id).owner, undefined);
      assert.doesNotMatch(alice.tree.text(alice.item(id).path) ?? '', /^owner:/m);
      await alice.assertSilent();
      world.clock.advance(60);
      world.manager.assign(1, 'dave');
      await alice.syncClean();
      assert.equal(alice.item(id).owner, '@dave');
      await alice.assertSilent();
    });

    it('beside whom a second one is put stays the owner; who is left of both is it then', async () => {
      world.manager.assign(1, 'alice', 'carol');
      await alice.assertSilent();
      assert.equal(alice.item(id).owner, '@alice');
      world.manager.assign(1, 'carol');
      await alice.syncClean();
      assert.equal(alice.item(id).owner, '@carol');
      await alice.assertSilent();
    });

    it('whom nobody follows here, though others are assigned, is followed by one of them', async () => {
      world.manager.assign(1, 'alice', 'carol');
      await alice.syncClean();
      await own('');
      await alice.sync.sync();
      await alice.syncClean();
      assert.deepEqual(assignees(), ['carol']);
      assert.equal(alice.item(id).owner, '@carol');
      await alice.assertSilent();
    });

    it('that changed on both sides: GitHub’s stands, and it is said', async () => {
      await own('@bob');
      world.manager.assign(1);
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code, message }) => [code, message]),
        [
          [
            'overruled',
            'The owner was changed here to "@bob" and on GitHub to nothing at the same time; GitHub\'s stands.',
          ],
        ],
      );
      assert.equal(alice.item(id).owner, undefined);
      await alice.assertSilent();
      await own('@bob');
      world.manager.assign(1, 'carol');
      await alice.sync.sync();
      assert.equal(alice.item(id).owner, '@carol');
      assert.deepEqual(assignees(), ['carol']);
      await alice.assertSilent();
    });

    it('that changed to the same on both sides is no difference', async () => {
      await own('@carol');
      world.manager.assign(1, 'carol');
      await alice.syncClean();
      assert.deepEqual(assignees(), ['carol']);
      assert.equal(ownerRecords(alice).length, 1);
      await alice.assertSilent();
    });

    it('step by step the same in a clone that sees each and in one that sees the end, byte for byte', async () => {
      const bob = await world.clone('bob').load();
      await bob.pullFrom(alice);
      await bob.syncClean();
      for (const logins of [['carol'], ['carol', 'dave'], ['dave'], [], ['bob']]) {
        world.clock.advance(60);
        world.manager.assign(1, ...logins);
        await alice.syncClean();
      }
      await bob.syncClean();
      const made = (clone: TestClone) =>
        Object.entries(clone.tree.snapshot()).filter(([path]) => path.startsWith('.firebreak/'));
      assert.deepEqual(
        ownerRecords(alice).map((record) => record.set.owner),
        ['@carol', '@dave', '', '@bob'],
      );
      assert.deepEqual(made(bob), made(alice));
      await bob.pullFrom(alice);
      await bob.assertSilent();
      await alice.assertSilent();
    });

    it('is told from what another clone sent, while its records are under way by git', async () => {
      const bob = await world.clone('bob').load();
      await bob.pullFrom(alice);
      await bob.syncClean();
      world.manager.assign(1, 'alice', 'dave');
      for (const owner of ['@carol', '@bob', '@carol']) {
        await own(owner);
        await alice.syncClean();
        const fresh = await world.clone('bob').load();
        await fresh.pullFrom(bob);
        for (const clone of [bob, fresh]) {
          await clone.assertSilent();
          assert.equal(clone.item(id).owner, '@alice', owner);
        }
      }
    });

    it('is followed by who was assigned after another clone’s owner, whoever of both is seen first', async () => {
      const bob = await world.clone('bob').load();
      await bob.pullFrom(alice);
      await bob.syncClean();
      await own('@bob');
      await alice.syncClean();
      world.clock.advance(60);
      world.manager.assign(1, 'dave');
      await bob.syncClean();
      assert.equal(bob.item(id).owner, '@dave');
      await alice.syncClean();
      await bob.pullFrom(alice);
      const chain = ownerRecords(bob);
      assert.deepEqual(
        chain.map((record) => record.set.owner),
        ['@bob', '@dave'],
      );
      assert.equal(chain[1]?.prev.owner, chain[0]?.id);
      for (const clone of [alice, bob]) await clone.assertSilent();
    });
  });

  describe('on bad days', () => {
    beforeEach(async () => {
      await alice.syncClean();
      world.manager.assign(1, 'alice', 'dave');
      await alice.syncClean();
    });

    for (const method of ['PATCH', 'POST', 'DELETE'] as const) {
      for (const name of ['commit-then-502', '502-before', 'offline'] as const) {
        it(`whose ${method} meets ${name} is assigned by the next sync, and nobody is taken for a person’s choice`, async () => {
          await own('@bob');
          world.gitHub.inject({ name, method, path: /\/issues\/1(\/assignees)?$/ });
          // REST's way is the second one.
          if (method === 'DELETE') world.gitHub.inject({ name: '502-before', path: /^\/graphql$/ });
          assert.equal((await alice.sync.sync()).waiting.length, 1);
          const bob = await world.clone('bob').load();
          await bob.pullFrom(alice);
          await bob.sync.sync();
          assert.ok(ownerRecords(bob).every((record) => record.origin !== 'github'));
          alice.newSync();
          await alice.syncClean();
          assert.deepEqual(assignees(), ['bob', 'dave']);
          assert.ok(ownerRecords(alice).every((record) => record.origin !== 'github'));
          await alice.assertSilent();
          await bob.assertSilent();
        });
      }
    }

    it('whom GitHub drops is reported, and stays the owner in every clone', async () => {
      world.gitHub.state.repository(repositoryName).permissions.set(world.gitHub.state.user('bob').id, 'read');
      const fresh = await world.clone('carol').load();
      await fresh.pullFrom(alice);
      await own('@bob');
      assert.deepEqual(
        (await alice.sync.sync()).problems.map(({ code }) => code),
        ['ownerDropped'],
      );
      assert.deepEqual(assignees(), ['alice', 'dave']);
      await alice.assertSilent();
      await fresh.assertSilent();
      await fresh.pullFrom(alice);
      await fresh.assertSilent();
      for (const clone of [alice, fresh]) assert.equal(clone.item(id).owner, '@bob');
      world.clock.advance(60);
      world.manager.assign(1, 'dave');
      assert.deepEqual(
        (await alice.sync.sync()).problems.map(({ code }) => code),
        ['overruled'],
      );
      assert.equal(alice.item(id).owner, '@dave');
      await alice.assertSilent();
    });

    it('of an old branch is not sent, and one’s own is, from any branch', async () => {
      const { path } = alice.item(id);
      const old = alice.tree.text(path) ?? '';
      await own('@bob');
      await alice.syncClean();
      alice.onConfiguredBranch = false;
      await alice.receive({ [path]: old });
      world.takeRequests();
      await alice.sync.sync();
      assert.deepEqual(world.takeWrites(), []);
      await own('@carol');
      await alice.sync.sync();
      assert.deepEqual(assignees(), ['carol', 'dave']);
    });
  });

  it('on an Enterprise Server too, with the sprint beside', async () => {
    const server = await SyncWorld.start(enterpriseServer);
    try {
      const bob = await server.clone('bob', { apiUrl: server.gitHub.enterpriseUrl }).load();
      const { id: other } = await declare(bob);
      await bob.syncClean();
      server.manager.assign(1, 'manager');
      server.manager.setMilestone(1, '2025-W44');
      server.clock.advance(60);
      await bob.syncClean();
      assert.deepEqual([bob.item(other).owner, bob.item(other).sprint], ['@manager', '2025-W44']);
      await changeItem(bob.context, bob.item(other), { owner: '@alice', sprint: '2025-W45' });
      server.clock.advance(60);
      await bob.syncClean();
      assert.deepEqual(
        server.issue().assigneeIds.map((user) => server.gitHub.state.users.get(user)?.login),
        ['alice'],
      );
      await bob.assertSilent();
    } finally {
      await server.stop();
    }
  });

  it('changed by hand in the file counts on the configured branch', async () => {
    await alice.syncClean();
    const { path } = alice.item(id);
    const edit = async (from: RegExp, to: string) =>
      alice.receive({ [path]: (alice.tree.text(path) ?? '').replace(from, to) });
    await edit(/^owner: .*$/m, 'owner: "@bob"');
    await alice.syncClean();
    assert.deepEqual(assignees(), ['bob']);
    await alice.assertSilent();
    await edit(/^owner: .*$/m, 'owner: "@carol"');
    await alice.syncClean();
    assert.deepEqual(assignees(), ['carol']);
    await alice.assertSilent();
  });
});
