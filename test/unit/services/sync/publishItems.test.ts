import assert from 'node:assert/strict';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Item } from '../../../../src/core/item.ts';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Publish to GitHub', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start({ contentLimits: { perMinute: 20, perHour: 150 } });
    alice = await world.clone('alice').load();
  });
  afterEach(() => world.stop());

  const add = (title: string, more: { severity?: Item['severity']; description?: string } = {}) =>
    addItem(alice.context, { type: 'task', title, severity: 'P3', ...more });
  const addMany = async (count: number) => {
    for (let number = 1; number <= count; number++) await add(`Item ${number}`);
  };
  const titles = (items: readonly Item[]) => items.map(({ title }) => title);
  const publishAll = async () => alice.publishing.choose((await alice.publishing.preview()).items);

  it('says what it would create, gravest first, and what it leaves out; and creates nothing by itself', async () => {
    await add('Later');
    await add('Sooner', { severity: 'P1' });
    const hidden = await add('The customer of the breach');
    const path = hidden.path;
    await alice.receive({ [path]: (alice.tree.text(path) ?? '').replace('\n---\n', '\nprivate: true\n---\n') });
    await add('See The customer of the breach');
    const done = await add('Done');
    await changeItem(alice.context, done, { status: 'done' });
    await declare(alice);
    const { items, leftOut, duration } = await alice.publishing.preview();
    assert.deepEqual(titles(items), ['Sooner', 'Later']);
    assert.deepEqual(leftOut, { private: 1, namesPrivate: 1, finished: 1, incident: 1 });
    assert.equal(duration, 2_000);
    await alice.syncClean();
    assert.deepEqual(
      world.issues.map(({ title }) => title),
      ['Production API down'],
    );
    await alice.publishing.choose(items);
    await alice.syncClean();
    assert.equal(world.issues.length, 3);
    assert.deepEqual((await alice.publishing.preview()).leftOut, {
      private: 1,
      namesPrivate: 1,
      finished: 1,
      linked: 3,
    });
    await alice.assertSilent();
  });

  it('one item, finished or not', async () => {
    await add('Other');
    const item = await changeItem(alice.context, await add('Done'), { status: 'done' });
    const { items } = await alice.publishing.preview([item]);
    await alice.publishing.choose(items);
    await alice.syncClean();
    assert.deepEqual(
      world.issues.map(({ title, state }) => [title, state]),
      [['Done', 'closed']],
    );
  });

  it('goes on after a restart, with the estimate that was given', async () => {
    await addMany(40);
    const { duration } = await alice.publishing.preview();
    await publishAll();
    const begin = world.clock.now().getTime();
    for (let rounds = 0; ; rounds++) {
      assert.ok(rounds < 20);
      const { waiting } = await alice.newSync().sync();
      const { chosen, made } = await alice.publishing.progress();
      assert.deepEqual([chosen, made], [40, world.issues.length]);
      if (waiting.length === 0) break;
      world.clock.advance(((waiting[0]?.until ?? 0) - alice.now()) / 1000);
    }
    const took = world.clock.now().getTime() - begin;
    assert.ok(Math.abs(took - duration) < 30_000, `${took} ms, said ${duration}`);
    assert.equal(world.issues.length, 40);
    assert.ok(world.gitHub.peakContentPace.perMinute <= 20);
  });

  it('150 an hour: a thousand take more than eight hours', async () => {
    assert.equal(Math.round((await alice.pace.duration(1000)) / 3_600_000), 8);
  });

  it('is stopped: what is made stays, the rest is not made, and can be chosen again', async () => {
    await addMany(30);
    await publishAll();
    await alice.sync.sync();
    assert.equal(world.issues.length, 16);
    assert.equal(await alice.publishing.stop(), 14);
    world.clock.advance(3600);
    await alice.syncClean();
    assert.equal(world.issues.length, 16);
    assert.equal((await alice.publishing.preview()).items.length, 14);
    await publishAll();
    await alice.syncClean();
    assert.equal(world.issues.length, 30);
  });

  it('is stopped while a sync is running: it ends with the issue that is being made', async () => {
    await addMany(10);
    await publishAll();
    const running = alice.sync.sync();
    while (world.issues.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await alice.publishing.stop();
    await running;
    assert.ok(world.issues.length >= 3 && world.issues.length <= 5, `${world.issues.length}`);
  });

  it('another clone does not publish what this one chose', async () => {
    await add('Mine');
    await publishAll();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.syncClean();
    assert.equal(world.issues.length, 0);
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    assert.equal(world.issues.length, 1);
  });

  it('a lost answer makes no second issue', async () => {
    await add('Mine');
    await publishAll();
    world.gitHub.inject({ name: 'commit-then-502', method: 'POST', path: /\/issues$/ });
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
    await alice.assertSilent();
  });

  it('is changed by one window at a time', async () => {
    await add('Mine');
    const lock = await alice.machine.lock('chosen');
    await assert.rejects(publishAll(), (error) => FirebreakError.is(error, 'syncBusy'));
    await lock?.dispose();
  });
});
