import assert from 'node:assert/strict';
import { mostLimits } from '../../../../src/services/sync/pacing.ts';
import { type CloneOptions, declare, SyncWorld, type TestClone } from './syncWorld.ts';

const incidents = 30;
const each = 4;

describe('Sync: the comments of many incidents that a clone has not read', function () {
  this.timeout(120_000);
  let world: SyncWorld;
  let alice: TestClone;

  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice', { limits: mostLimits }).load();
    for (let number = 1; number <= incidents; number++) {
      await declare(alice, `Incident ${number}`);
      world.clock.advance(60);
    }
    await alice.syncClean();
    for (let number = 1; number <= incidents; number++) {
      for (let comment = 1; comment <= each; comment++) world.manager.comment(number, `Number ${number}, ${comment}`);
    }
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  /** With all that git brings, and nothing known of GitHub. */
  async function newClone(options: CloneOptions = {}): Promise<TestClone> {
    const bob = await world.clone('bob', options).load();
    await bob.pullFrom(alice);
    world.takeRequests();
    return bob;
  }

  /** The incident that has this issue. */
  const named = (clone: TestClone, number: number) => clone.item(`acme/shop#${number}`).id;

  async function notesOf(clone: TestClone, number: number): Promise<string[]> {
    const events = await clone.events(named(clone, number));
    return events.filter(({ origin, kind }) => origin === 'github' && kind === 'note').map(({ body }) => body.trim());
  }

  const written = (number: number) => Array.from({ length: each }, (_, index) => `Number ${number}, ${index + 1}`);
  const readsOfOne = (requests: readonly string[]) => requests.filter((line) => /issues\/\d+\/comments/.test(line));

  it('come by one list of all', async () => {
    const bob = await newClone();
    await bob.syncClean();
    const requests = world.takeRequests();
    assert.deepEqual(readsOfOne(requests), []);
    assert.equal(requests.filter((line) => line.includes('/issues/comments?')).length, 2);
    for (let number = 1; number <= incidents; number++) assert.deepEqual(await notesOf(bob, number), written(number));
    await bob.assertSilent();
    assert.equal(world.comments(1).length, each + 1, 'nothing is posted again');
  });

  it('and of one alone where a page moved while the list was read', async () => {
    let done = false;
    const bob = await newClone({
      fetch: async (input, init) => {
        if (!done && /issues\/comments\?.*page=2/.test(String(input))) {
          done = true;
          const repository = world.gitHub.state.repository('acme/shop');
          const [mine] = repository.commentsOf(world.issue(3)).filter(({ body }) => body.startsWith('Number'));
          world.manager.deleteComment(mine?.id ?? 0);
        }
        return fetch(input, init);
      },
    });
    await bob.syncClean();
    assert.ok(done);
    for (let number = 1; number <= incidents; number++) {
      const expected = number === 3 ? written(3).slice(1) : written(number);
      const found = await notesOf(bob, number);
      assert.deepEqual(
        found.filter((text) => text !== 'Number 3, 1'),
        expected,
      );
    }
  });

  it('one by one where most of the list belongs to others', async () => {
    world.manager.openIssue({ title: 'A long talk', body: '' });
    for (let comment = 0; comment < 100 * incidents; comment++) world.manager.comment(incidents + 1, 'And another');
    const bob = await newClone();
    await bob.syncClean();
    const requests = world.takeRequests();
    assert.equal(readsOfOne(requests).length, incidents);
    assert.ok(requests.filter((line) => line.includes('/issues/comments?')).length <= incidents / 2 + 2);
    for (let number = 1; number <= incidents; number++) assert.deepEqual(await notesOf(bob, number), written(number));
  });

  it('one that the list does not show yet comes later', async () => {
    world.clock.advance(3600);
    await declare(alice, 'The newest');
    await alice.syncClean();
    world.manager.comment(7, 'Just now');
    world.clock.advance(390);
    world.manager.comment(incidents + 1, 'On the newest');
    world.clock.advance(30);
    // The newest is read as it is now, and tells of a time that the lists do not reach yet.
    world.gitHub.behaviour.listLagMs = 8 * 60_000;
    const bob = await newClone();
    await bob.sync.sync();
    assert.deepEqual(await notesOf(bob, 7), written(7));
    world.gitHub.behaviour.listLagMs = 0;
    world.clock.advance(3600);
    await bob.syncClean();
    assert.deepEqual(await notesOf(bob, 7), [...written(7), 'Just now']);
  });
});
