import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { type CloneOptions, SyncWorld, type TestClone } from './syncWorld.ts';

/** Somebody at the web page, between two requests of a sync. */
function meanwhile(world: SyncWorld, before: (request: string) => boolean, act: () => void): CloneOptions['fetch'] {
  let done = false;
  return async (input, init) => {
    const request = `${init?.method ?? 'GET'} ${String(input).slice(world.gitHub.url.length)}`;
    if (!done && before(request)) {
      done = true;
      act();
    }
    return fetch(input, init);
  };
}

describe('Sync: what is written on GitHub between our reading and our writing', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  beforeEach(async () => {
    world = await SyncWorld.start();
  });
  afterEach(() => world.stop());

  const isPatch = (request: string) => request.startsWith('PATCH /repos/acme/shop/issues/1');
  let first: TestClone;
  let id: string;

  /** A linked item, and a clone in whose way `act` comes right before its first PATCH. */
  async function cloneWith(act: () => void): Promise<TestClone> {
    first = await world.clone('alice', { publish: 'all' }).load();
    ({ id } = await addItem(first.context, {
      type: 'bug',
      title: 'Slow search',
      severity: 'P2',
      description: 'One\n\nTwo\n\nThree',
    }));
    await first.syncClean();
    world.clock.advance(60);
    const { tree, privateFiles, origin } = first;
    const fetch = meanwhile(world, isPatch, act);
    return world.clone('alice', { publish: 'all', tree, privateFiles, origin, fetch }).load();
  }

  it('a text: both end up in the file and on GitHub', async () => {
    const clone = await cloneWith(() =>
      world.manager.editBody(1, (world.issue().body ?? '').replace('Three', 'THREE')),
    );
    const { path } = clone.item(id);
    await clone.receive({ [path]: (clone.tree.text(path) ?? '').replace('One', 'ONE') });
    await clone.sync.sync();
    assert.equal(clone.item(id).body.trim(), 'ONE\n\nTwo\n\nTHREE');
    world.clock.advance(60);
    await clone.syncClean();
    assert.match(world.issue().body ?? '', /^ONE\n\nTwo\n\nTHREE\n/);
    await clone.assertSilent();
  });

  for (const sprint of ['2025-W40', '']) {
    it(`a milestone, while the sprint becomes ${sprint || 'none'}: it is on record, stands, and that is said`, async () => {
      const clone = await cloneWith(() => world.manager.setMilestone(1, '2025-W50'));
      await changeItem(clone.context, clone.item(id), { sprint: '2025-W39' });
      world.manager.setMilestone(1, '2025-W39');
      await clone.syncClean();
      world.clock.advance(60);
      await changeItem(clone.context, clone.item(id), { sprint });
      const report = await clone.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['overruled'],
      );
      assert.equal(clone.item(id).sprint, '2025-W50');
      world.clock.advance(60);
      await clone.syncClean();
      const { milestones } = world.gitHub.state.repository('acme/shop');
      assert.equal(milestones.get(world.issue().milestoneNumber ?? -1)?.title, '2025-W50');
      await clone.assertSilent();
    });
  }

  it('an assignee, while the owner changes: both are assigned', async () => {
    const clone = await cloneWith(() => world.manager.assign(1, 'manager'));
    await changeItem(clone.context, clone.item(id), { owner: '@bob' });
    await clone.sync.sync();
    world.clock.advance(60);
    await clone.syncClean();
    const logins = world.issue().assigneeIds.map((user) => world.gitHub.state.users.get(user)?.login);
    assert.deepEqual([clone.item(id).owner, logins.sort()], ['@bob', ['bob', 'manager']]);
    await clone.assertSilent();
  });

  it('a text, while only the marker is rewritten: nothing of it is lost', async () => {
    const clone = await cloneWith(() => world.manager.editBody(1, `Most urgent\n\n${world.issue().body}`));
    await changeItem(clone.context, clone.item(id), { status: 'doing' });
    await clone.sync.sync();
    world.clock.advance(60);
    await clone.syncClean();
    assert.match(clone.item(id).body, /^Most urgent\n/);
    assert.match(world.issue().body ?? '', /^Most urgent\n/);
    await clone.assertSilent();
  });

  it('a text, though GitHub has trouble telling of it at first: it is found as soon as it does', async () => {
    const clone = await cloneWith(() => world.manager.editBody(1, `Most urgent\n\n${world.issue().body}`));
    world.gitHub.inject({ name: 'commit-then-503', path: /^\/graphql$/, count: 2 });
    await changeItem(clone.context, clone.item(id), { title: 'Search is slow' });
    await clone.syncClean();
    world.clock.advance(60);
    await clone.syncClean();
    assert.doesNotMatch(world.issue().body ?? '', /Most urgent/);
    world.clock.advance(60);
    await clone.syncClean();
    assert.match(clone.item(id).body, /^Most urgent\n/);
    assert.match(world.issue().body ?? '', /^Most urgent\n/);
    await clone.assertSilent();
  });

  it('a text of the same place: GitHub’s stands, ours is kept as a conflict', async () => {
    const clone = await cloneWith(() => world.manager.editBody(1, (world.issue().body ?? '').replace('Two', '2')));
    const { path } = clone.item(id);
    await clone.receive({ [path]: (clone.tree.text(path) ?? '').replace('Two', 'II') });
    const report = await clone.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['conflict'],
    );
    assert.equal(clone.item(id).body.trim(), 'One\n\n2\n\nThree');
    const kept = clone.tree
      .paths()
      .filter((name) => name.includes('conflicts') && /\bII\b/.test(clone.tree.text(name) ?? ''));
    assert.equal(kept.length, 1);
  });

  it('a title: it is on record in front of ours, and stands', async () => {
    const clone = await cloneWith(() => world.manager.editTitle(1, 'Search is dead'));
    await changeItem(clone.context, clone.item(id), { title: 'Search is slow' });
    const report = await clone.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['overruled'],
    );
    world.clock.advance(60);
    await clone.sync.sync();
    assert.equal(clone.item(id).title, 'Search is dead');
    assert.equal(world.issue().title, 'Search is dead');
    const titles = clone.context.index.records(clone.item(id).uid).map(({ set, by }) => [set.title, by]);
    assert.ok(titles.some(([title, by]) => title === 'Search is dead' && by === '@manager'));
    assert.ok(titles.some(([title, by]) => title === 'Search is slow' && by === '@alice'));
  });

  for (const fault of ['404', '401', 'commit-then-502', 'commit-then-html', 'commit-then-truncated'] as const) {
    it(`labels and assignees go one by one where GraphQL takes none off for certain (${fault})`, async () => {
      const clone = await cloneWith(() => undefined);
      for (const change of [{ status: 'doing', owner: '@alice' }, { owner: '@bob' }] as const) {
        world.clock.advance(60);
        await changeItem(clone.context, clone.item(id), change);
        world.gitHub.inject({ name: fault, path: /^\/graphql$/ });
        await clone.syncClean();
      }
      assert.deepEqual(world.labels(), ['severity: P2', 'status: doing', 'type: bug']);
      const logins = world.issue().assigneeIds.map((user) => world.gitHub.state.users.get(user)?.login);
      assert.deepEqual(logins, ['bob']);
      await clone.assertSilent();
    });
  }

  it('a label that is another by now is taken off by its name', async () => {
    const clone = await cloneWith(() => undefined);
    await changeItem(clone.context, clone.item(id), { status: 'doing' });
    await clone.syncClean();
    world.clock.advance(60);
    // Between our reading and our taking off, somebody makes the label anew.
    let done = false;
    const { tree, privateFiles, origin } = clone;
    const again = await world
      .clone('alice', {
        publish: 'all',
        tree,
        privateFiles,
        origin,
        fetch: async (input, init) => {
          if (!done && String(input).endsWith('/graphql')) {
            done = true;
            world.manager.deleteLabel('status: doing');
            world.manager.addLabels(1, 'status: doing');
          }
          return fetch(input, init);
        },
      })
      .load();
    await changeItem(again.context, again.item(id), { status: 'review' });
    await again.sync.sync();
    assert.ok(done);
    assert.deepEqual(world.labels(), ['severity: P2', 'status: review', 'type: bug']);
  });

  it('a text, while an assignee is exchanged: nothing of it is lost, in four requests', async () => {
    const clone = await cloneWith(() => undefined);
    await changeItem(clone.context, clone.item(id), { owner: '@alice' });
    await clone.syncClean();
    world.clock.advance(60);
    const { tree, privateFiles, origin } = clone;
    const act = () => world.manager.editBody(1, `Most urgent\n\n${world.issue().body}`);
    const again = await world
      .clone('alice', { publish: 'all', tree, privateFiles, origin, fetch: meanwhile(world, isPatch, act) })
      .load();
    await changeItem(again.context, again.item(id), { owner: '@bob' });
    world.takeRequests();
    await again.sync.sync();
    assert.match(again.item(id).body, /^Most urgent\n/);
    assert.deepEqual(
      world.takeRequests().filter((line) => !/issues\?|permission/.test(line)),
      [
        'GET /repos/acme/shop/issues/1 200',
        'PATCH /repos/acme/shop/issues/1 200',
        'POST /repos/acme/shop/issues/1/assignees 201',
        'POST /graphql 200',
      ],
    );
    world.clock.advance(60);
    await again.syncClean();
    assert.match(world.issue().body ?? '', /^Most urgent\n/);
    await again.assertSilent();
  });

  it('nothing more is asked where the server has no GraphQL', async () => {
    const clone = await cloneWith(() => undefined);
    world.gitHub.inject({ name: '404', path: /^\/graphql$/, count: 9 });
    await changeItem(clone.context, clone.item(id), { status: 'doing' });
    await clone.syncClean();
    assert.ok(world.labels().includes('status: doing'));
  });
});
