import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Files } from '../../../../src/core/ports/files.ts';
import { RememberedStates } from '../../../../src/services/sync/itemStates.ts';
import { type ItemState, newItemState } from '../../../../src/services/sync/syncState.ts';
import { SyncStore } from '../../../../src/services/sync/syncStore.ts';
import { Machine } from '../../../model/machine.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const isState = (path: string) => path.startsWith('sync/items/');

describe('What a sync reads', function () {
  this.timeout(30_000);
  let world: SyncWorld;
  let alice: TestClone;
  const items = 6;

  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    for (let incident = 1; incident <= items; incident++) {
      await declare(alice, `Trouble ${incident}`);
      world.clock.advance(120);
      await alice.syncClean();
    }
    await alice.assertSilent();
    alice.privateFiles.forgetCounts();
  });
  afterEach(() => world.stop());

  const statesRead = () => alice.privateFiles.reads.splice(0).filter(isState);

  it('nothing of any item when nothing changed', async () => {
    await alice.syncClean();
    await alice.sync.pendingWork();
    assert.deepEqual(statesRead(), []);
    assert.deepEqual(alice.privateFiles.writes, []);
  });

  it('after a restart, each once', async () => {
    alice.newSync();
    await alice.syncClean();
    await alice.syncClean();
    assert.equal(statesRead().length, items);
  });

  it('after another window wrote one, that one', async () => {
    const window = alice.sync;
    const terminal = alice.newSync();
    await terminal.sync();
    statesRead();
    const { uid } = alice.item('BUG-P0-20250923-1430');
    world.manager.comment(1, 'Still so here.');
    await terminal.sync();
    assert.deepEqual(statesRead(), []);
    assert.deepEqual([...new Set(alice.privateFiles.writes.filter(isState))], [`sync/items/${uid}.json`]);
    await window.pendingWork();
    assert.deepEqual(statesRead(), [`sync/items/${uid}.json`]);
    await window.sync();
    assert.deepEqual(statesRead(), [`sync/items/${uid}.json`]);
    await window.sync();
    assert.deepEqual(statesRead(), []);
  });

  it('after the state was thrown away, nothing of what it held', async () => {
    alice.privateFiles.remove('sync');
    world.takeRequests();
    await alice.syncClean();
    assert.ok(world.takeRequests().some((line) => line.includes('/issues')));
    assert.equal(alice.privateFiles.paths().filter(isState).length, items);
    await alice.assertSilent();
  });
});

/** What one process does next. */
type Act =
  | { readonly do: 'sync'; readonly by: number; readonly items: readonly number[]; readonly kill?: number }
  | { readonly do: 'fail'; readonly by: number; readonly item: number }
  | { readonly do: 'look'; readonly by: number }
  | { readonly do: 'throwAway' };

const processes = 3;
const by = fc.nat({ max: processes - 1 });
const item = fc.nat({ max: 7 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        do: fc.constant('sync' as const),
        by,
        items: fc.oneof(
          { weight: 7, arbitrary: fc.array(item, { maxLength: 4 }) },
          { weight: 1, arbitrary: fc.constant([...Array(110).keys()]) },
        ),
        kill: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
      })
      .map(({ kill, ...rest }) => (kill === undefined ? rest : { ...rest, kill })),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), by, item }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('throwAway' as const) }) },
);

describe('What a process remembers of the states of items', () => {
  it('is what the disk holds, whoever wrote there, died or failed', () =>
    fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), (acts) => play(acts)),
      { numRuns: 200 },
    )).timeout(60_000);
});

async function play(acts: readonly Act[]): Promise<void> {
  const disk = new MemoryFiles();
  const remembered = Array.from({ length: processes }, () => new RememberedStates());
  let step = 0;
  let version = 0;
  const nextVersion = () => {
    version += 1;
    return version;
  };
  const storeOf = (files: Files, known: RememberedStates) =>
    new SyncStore({ files, now: () => 1_000 + step, remembered: known });
  for (const one of acts) {
    step += 1;
    if (one.do === 'throwAway') {
      disk.remove('sync');
      continue;
    }
    const memory = remembered[one.by] ?? new RememberedStates();
    const machine = new Machine();
    const store = storeOf(machine.files(disk), memory);
    if (one.do === 'look') {
      await store.load();
      await assertSame(store, disk);
      continue;
    }
    await store.load({ isAlone: true });
    await assertSame(store, disk);
    if (one.do === 'fail') {
      disk.failWrites('sync/items', 'full');
      await assert.rejects(store.saveItem(stateOf(one.item, nextVersion())));
      disk.mend('sync/items');
      await store.saveItem(stateOf(one.item + 1, nextVersion()));
      continue;
    }
    if (one.kill !== undefined) machine.killAfter(one.kill);
    const done = await machine.live(async () => {
      const isMany = one.items.length > 10;
      for (const number of one.items) {
        // Others look meanwhile, in the same window and in another.
        const others = [memory, remembered[(one.by + 1) % processes] ?? memory];
        const looks = isMany ? [] : others.map((known) => storeOf(disk, known).load());
        if ((number + step) % 5 === 0) await store.forgetItem(uidOf(number));
        else await store.saveItem(stateOf(number, nextVersion()));
        await Promise.all(looks);
        if (isMany) continue;
        const look = storeOf(disk, memory);
        await look.load();
        await assertSame(look, disk);
      }
      return true;
    });
    if (!done) remembered[one.by] = new RememberedStates();
  }
}

const uidOf = (number: number) =>
  number % 3 === 0 ? `written by hand ${number}` : `01K5V7M3QZ8W4T2N6R0HXJ9D${number}`;

function stateOf(number: number, version: number): ItemState {
  return {
    ...newItemState(uidOf(number), 1, 'linked'),
    number: number + 1,
    baseBody: `text ${version}`,
    remoteBody: 'text',
  };
}

async function assertSame(store: SyncStore, disk: MemoryFiles): Promise<void> {
  const fresh = new SyncStore({ files: disk, now: () => 0 });
  await fresh.load();
  const sorted = (items: ItemState[]) => items.sort((left, right) => (left.uid < right.uid ? -1 : 1));
  assert.deepEqual(sorted(store.items()), sorted(fresh.items()));
}
