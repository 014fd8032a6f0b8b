import assert from 'node:assert/strict';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

/** A machine that stops for good at one of its steps: a file that is changed, a request before it goes out or after. */
class Machine {
  readonly tree = new MemoryFiles();
  readonly privateFiles = new MemoryFiles();
  /** How many steps are left; none are counted before it is set. */
  left = Number.POSITIVE_INFINITY;
  stopped = false;

  constructor() {
    for (const files of [this.tree, this.privateFiles]) {
      for (const name of ['write', 'create', 'delete', 'move'] as const) {
        const act = files[name].bind(files) as (...args: unknown[]) => Promise<never>;
        files[name] = async (...args: unknown[]) => {
          this.#step();
          return act(...args);
        };
      }
    }
  }

  readonly fetch: typeof globalThis.fetch = async (...args) => {
    this.#step();
    const answer = await globalThis.fetch(...args);
    this.#step();
    return answer;
  };

  #step(): void {
    this.left -= 1;
    if (this.left < 0) this.stopped = true;
    if (this.stopped) throw new Error('the machine has stopped');
  }

  /** The disk, as the next start finds it. */
  get disk() {
    const copy = (files: MemoryFiles) => {
      const made = new MemoryFiles();
      for (const [path, text] of Object.entries(files.snapshot())) made.put(path, text);
      return made;
    };
    return { tree: copy(this.tree), privateFiles: copy(this.privateFiles) };
  }
}

interface Story {
  /** What was done and is not synced yet, by the clone that stops. */
  prepare(world: SyncWorld, clone: TestClone): Promise<void>;
  check(world: SyncWorld, clone: TestClone): void | Promise<void>;
}

const assignees = (world: SyncWorld, number = 1) =>
  world
    .issue(number)
    .assigneeIds.map((user) => world.gitHub.state.users.get(user)?.login)
    .sort();
const milestone = (world: SyncWorld, number = 1) =>
  world.gitHub.state.repository('acme/shop').milestones.get(world.issue(number).milestoneNumber ?? -1)?.title;
const first = (clone: TestClone) => clone.context.index.items()[0]?.id ?? '';
const origins = (clone: TestClone, field: 'owner' | 'sprint') =>
  clone.context.index
    .records(clone.item(first(clone)).uid)
    .filter((record) => record.set[field] !== undefined)
    .map(({ origin }) => (origin === 'github' ? 'github' : 'here'));

const stories: Record<string, Story> = {
  'while an incident gets its issue, owner and sprint': {
    async prepare(_world, clone) {
      await declare(clone);
    },
    check(world, clone) {
      assert.equal(world.issues.length, 1);
      assert.deepEqual([assignees(world), milestone(world)], [['alice'], '2025-W39']);
      assert.deepEqual([clone.item(first(clone)).owner, clone.item(first(clone)).sprint], ['@alice', '2025-W39']);
    },
  },
  'while owner, sprint, title and phase are sent': {
    async prepare(world, clone) {
      const { id } = await declare(clone);
      await clone.syncClean();
      world.manager.assign(1, 'alice', 'manager');
      await clone.syncClean();
      world.clock.advance(60);
      await changeItem(clone.context, clone.item(id), { owner: '@bob', sprint: '2025-W40', title: 'Renamed' });
      await changePhase(clone.context, clone.incident(id), 'fix');
    },
    check(world, clone) {
      assert.deepEqual([assignees(world), milestone(world)], [['bob', 'manager'], '2025-W40']);
      assert.equal(world.issue().title, 'Renamed');
      assert.ok(world.labels().includes('phase: fix'));
      for (const field of ['owner', 'sprint'] as const) assert.deepEqual(origins(clone, field), ['here']);
    },
  },
  'while what a person chose comes in': {
    async prepare(world, clone) {
      await declare(clone);
      await clone.syncClean();
      world.clock.advance(60);
      world.manager.assign(1, 'bob');
      world.manager.setMilestone(1, '2025-W41');
      world.manager.setMilestone(1, null);
      world.manager.editTitle(1, 'By the manager');
    },
    check(world, clone) {
      const item = clone.item(first(clone));
      assert.deepEqual([item.owner, item.sprint, item.title], ['@bob', undefined, 'By the manager']);
      assert.deepEqual([assignees(world), milestone(world)], [['bob'], undefined]);
      assert.deepEqual(origins(clone, 'owner'), ['github']);
      assert.ok(origins(clone, 'sprint').every((origin) => origin === 'github'));
    },
  },
  'while the second of two issues is closed for the first': {
    async prepare(world, clone) {
      const { id } = await declare(clone);
      const early = clone.tree.snapshot();
      await recordEvent(clone.context, clone.incident(id), 'note', 'said in the clone that made the second');
      // Another machine with the same clone made the first issue, out of sight of this one.
      const other = await world.clone('alice', { origin: clone.origin }).load();
      await other.receive(early);
      await other.syncClean();
      world.gitHub.behaviour.listLagMs = 10 * 60_000;
      world.clock.advance(60);
      await clone.syncClean();
      world.gitHub.behaviour.listLagMs = 0;
      assert.equal(clone.item(id).github?.number, 2);
      world.clock.advance(60);
    },
    check(world, clone) {
      const item = clone.item(first(clone));
      assert.deepEqual([item.github?.number, item.status], [1, 'doing']);
      assert.deepEqual([world.issue(1).state, world.issue(2).stateReason], ['open', 'duplicate']);
      for (const words of ['said in the clone that made the second', 'All checkouts fail']) {
        assert.equal(world.comments(1).join('\n').split(words).length - 1, 1, words);
      }
    },
  },
};

describe('Sync: a machine that stops at any step', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(300_000);

  for (const [when, { prepare, check }] of Object.entries(stories)) {
    it(`${when}: the next start goes on, nothing is lost, doubled or taken for a person’s act`, async () => {
      let stops = 0;
      for (let steps = 0; ; steps++) {
        const world = await SyncWorld.start();
        try {
          const machine = new Machine();
          const { tree, privateFiles, fetch } = machine;
          const clone = await world.clone('alice', { tree, privateFiles, fetch }).load();
          await prepare(world, clone);
          machine.left = steps;
          await clone.sync.sync().catch(() => undefined);
          if (!machine.stopped) {
            check(world, clone);
            break;
          }
          stops += 1;
          const again = await world.clone('alice', { ...machine.disk, origin: clone.origin }).load();
          for (let round = 0; round < 4; round++) {
            world.clock.advance(95);
            await again.sync.sync();
          }
          try {
            await check(world, again);
            await again.assertSilent();
          } catch (error) {
            throw new Error(`after ${steps} steps`, { cause: error });
          }
        } finally {
          await world.stop();
        }
      }
      assert.ok(stops > 10, `${stops} stops`);
    });
  }
});
