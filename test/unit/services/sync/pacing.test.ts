import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { paceLimits } from '../../../../src/services/sync/pacing.ts';
import type { SyncReport } from '../../../../src/services/sync/syncReport.ts';
import type { FakeGitHubOptions } from '../../../github/fakeGitHub.ts';
import { declare, SyncWorld, type TestClone, TestMachine } from './syncWorld.ts';

const gitHubsLimits = { perMinute: 20, perHour: 150 };
const minuteMs = 60_000;

describe('Sync: the pace of one user on one machine', function () {
  this.timeout(120_000);
  let world: SyncWorld;
  const start = async (options: FakeGitHubOptions = {}) => {
    world = await SyncWorld.start({ contentLimits: gitHubsLimits, strict: false, ...options });
  };
  afterEach(() => world.stop());

  const add = async (clone: TestClone, count: number, name = 'Item') => {
    for (let number = 1; number <= count; number++) {
      await addItem(clone.context, { type: 'task', title: `${name} ${number}`, severity: 'P3' });
    }
  };
  const waits = ({ waiting }: SyncReport, clone: TestClone) =>
    waiting.map(({ reason, until, left }) => ({ reason, in: (until ?? 0) - clone.now(), left }));
  const writes = () => world.gitHub.requests.filter(({ method }) => method !== 'GET');
  const created = () => writes().filter(({ status }) => status === 201);
  const assertPolite = () => {
    assert.ok(world.gitHub.requests.every(({ tooEarly, status }) => !tooEarly && status !== 403 && status !== 429));
    const { perMinute, perHour } = world.gitHub.peakContentPace;
    assert.ok(perMinute <= 20 && perHour <= 150, `${perMinute} a minute, ${perHour} an hour`);
  };
  /** Syncs again each time that it may, until nothing is left. @returns minutes that it took */
  const drain = async (clone: TestClone): Promise<number> => {
    const begin = world.clock.now().getTime();
    for (let rounds = 0; rounds < 100; rounds++) {
      const { waiting, problems } = await clone.newSync().sync();
      assert.deepEqual(problems, []);
      if (waiting.length === 0) return (world.clock.now().getTime() - begin) / minuteMs;
      assert.deepEqual([...new Set(waiting.map(({ reason }) => reason))], ['paced']);
      const until = Math.min(...waiting.map((waiting) => waiting.until ?? 0));
      world.clock.advance((until - clone.now()) / 1000);
    }
    return assert.fail('it does not end');
  };

  it('an incident’s issue, labels and comment go out at once', async () => {
    await start();
    const alice = await world.clone('alice').load();
    await declare(alice);
    await alice.syncClean();
    assert.equal(world.comments().length, 1);
    assert.equal(alice.slept, 0);
  });

  it('many items: a second apart, and then later, with the reason and how many are left', async () => {
    await start();
    const alice = await world.clone('alice', { publish: 'all' }).load();
    await add(alice, 30);
    const report = await alice.sync.sync();
    // A fifth is left to incidents.
    assert.equal(report.created, 16);
    const [wait] = waits(report, alice);
    assert.deepEqual([wait?.reason, wait?.left], ['paced', 14]);
    assert.ok(wait && wait.in > 0 && wait.in <= minuteMs);
    assert.match(report.waiting[0]?.message ?? '', /^GitHub takes 20 .+ and 150 an hour from one person\. 14 wait\.$/);
    const times = created()
      .filter(({ path }) => path.endsWith('/issues'))
      .map(({ at }) => at.getTime());
    for (const [index, time] of times.entries()) assert.ok(index === 0 || time - (times[index - 1] ?? 0) >= 1000);

    world.takeRequests();
    alice.newSync();
    assert.equal((await alice.sync.sync()).created, 0, 'a restart does not forget');
    assert.deepEqual(world.takeWrites(), []);
    assert.equal((await alice.sync.pendingWork()).count, 14);
    await drain(alice);
    assert.equal(world.issues.length, 30);
    assertPolite();
  });

  it('an incident does not wait for a backlog that is being published', async () => {
    await start();
    const alice = await world.clone('alice', { publish: 'all' }).load();
    await add(alice, 200);
    let hours = 0;
    for (let rounds = 0; rounds < 60 && hours === 0; rounds++) {
      const until = (await alice.sync.sync()).waiting[0]?.until ?? 0;
      if (until - alice.now() > 5 * minuteMs) hours += 1;
      else world.clock.advance((until - alice.now()) / 1000);
    }
    assert.equal(world.issues.length, 120, 'the hour’s share of the backlog');
    await declare(alice, 'Production API down');
    const report = await alice.sync.sync();
    assert.deepEqual([report.created, report.commented], [1, 1]);
    assert.deepEqual(
      waits(report, alice).map(({ reason }) => reason),
      ['paced'],
    );
    const took = await drain(alice);
    assert.ok(took > 30 && took < 65, `${took} minutes`);
    assert.equal(world.issues.length, 201);
    assertPolite();
  });

  it('an incident that is declared while a backlog is being sent goes before the rest of it', async () => {
    await start();
    const alice = await world.clone('alice', { publish: 'all' }).load();
    await add(alice, 10);
    const running = alice.sync.sync();
    while (world.issues.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await declare(alice, 'Production API down');
    await running;
    const order = world.issues.map(({ title }) => title);
    assert.ok(order.indexOf('Production API down') < order.length - 1, order.join(', '));
    assert.equal(order.length, 11);
  });

  it('what creates nothing goes on', async () => {
    await start();
    const alice = await world.clone('alice', { publish: 'all', limits: paceLimits(2, 500) }).load();
    const { id } = await declare(alice);
    await alice.syncClean();
    await recordEvent(alice.context, alice.incident(id), 'note', 'It is the pool');
    await alice.receive({
      [alice.item(id).path]: (alice.tree.text(alice.item(id).path) ?? '').replace('Production API down', 'API is down'),
    });
    const report = await alice.sync.sync();
    assert.deepEqual([report.updated, report.commented], [1, 0]);
    assert.deepEqual(
      waits(report, alice).map(({ reason, left }) => [reason, left]),
      [['paced', 1]],
    );
    assert.equal(world.issue().title, 'API is down');
    await drain(alice);
    assert.equal(world.comments().length, 2);
  });

  it('two clones on one machine share what GitHub gives to one user', async () => {
    await start();
    const machine = new TestMachine();
    const first = await world.clone('alice', { publish: 'all', machine }).load();
    const second = await world.clone('alice', { publish: 'all', machine }).load();
    await add(first, 10, 'First');
    await add(second, 10, 'Second');
    const reports = [await first.sync.sync(), await second.sync.sync()];
    assert.deepEqual(
      reports.map(({ created }) => created),
      [10, 6],
    );
    await drain(second);
    assert.equal(world.issues.length, 20);
    assertPolite();
  });

  it('two clones of one repository on one machine: one syncs at a time', async () => {
    await start();
    const machine = new TestMachine();
    const first = await world.clone('alice', { machine }).load();
    const second = await world.clone('alice', { machine }).load();
    await declare(first);
    await declare(second, 'Another');
    const [one, two] = await Promise.all([first.sync.sync(), second.sync.sync()]);
    const busy = [...one.waiting, ...two.waiting];
    assert.deepEqual(
      busy.map(({ reason, message }) => [reason, message]),
      [['busy', 'Another clone of acme/shop on this machine is syncing.']],
    );
    await first.syncClean();
    await second.syncClean();
    assert.equal(world.issues.length, 2);
  });

  it('a pause that one clone was asked for is kept by the other, whatever it asks', async () => {
    await start();
    const machine = new TestMachine();
    const first = await world.clone('alice', { machine }).load();
    const second = await world.clone('alice', { machine }).load();
    await declare(first);
    await declare(second, 'Another');
    world.gitHub.inject({ name: '429', retryAfter: 300, path: /\/issues$/, method: 'POST' });
    assert.deepEqual(waits(await first.sync.sync(), first), [{ reason: 'rateLimited', in: 300_000, left: undefined }]);
    world.takeRequests();
    assert.deepEqual(waits(await second.sync.sync(), second), [
      { reason: 'rateLimited', in: 300_000, left: undefined },
    ]);
    await assert.rejects(second.sync.repository(), { reason: 'rateLimited' });
    assert.deepEqual(world.takeRequests(), []);
    world.clock.advance(300);
    await first.syncClean();
    await second.syncClean();
    assert.ok(world.gitHub.requests.every(({ tooEarly }) => !tooEarly));
  });

  it('a secondary limit that persists is waited for twice as long each time, over restarts, up to an hour', async () => {
    await start();
    const alice = await world.clone('alice').load();
    const { id } = await declare(alice);
    world.gitHub.inject({ name: 'secondary-limit-403', method: 'POST', path: /\/issues$/, count: 8 });
    const lengths: number[] = [];
    for (let round = 0; round < 8; round++) {
      const [wait] = waits(await alice.newSync().sync(), alice);
      lengths.push((wait?.in ?? 0) / minuteMs);
      world.clock.advance((wait?.in ?? 0) / 1000);
    }
    assert.deepEqual(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
    await alice.newSync().sync();
    assert.equal(world.issues.length, 1);
    // It is over, so the next one begins anew.
    world.gitHub.inject({ name: 'secondary-limit-403', method: 'POST' });
    await recordEvent(alice.context, alice.incident(id), 'note', 'It is the pool');
    assert.deepEqual(waits(await alice.newSync().sync(), alice)[0]?.in, minuteMs);
  });

  it('stops before the hourly quota is used up', async () => {
    await start({ rateLimits: { authenticated: 100, anonymous: 60 }, contentLimits: null });
    const alice = await world.clone('alice', { publish: 'all', limits: paceLimits(80, 500) }).load();
    await add(alice, 120);
    let least = 100;
    for (let rounds = 0; rounds < 20; rounds++) {
      const [wait] = waits(await alice.sync.sync(), alice);
      least = Math.min(least, remaining(alice));
      if (wait?.reason === 'rateLimited') {
        assert.ok(wait.in > 0 && wait.in <= 61 * minuteMs);
        break;
      }
      world.clock.advance((wait?.in ?? 0) / 1000);
    }
    assert.ok(least >= 1 && least <= 2, `${least} left`);
    assert.ok(world.gitHub.requests.every(({ status }) => status !== 403));
  });

  for (const days of [1, -1]) {
    it(`a clock that is set by ${days} day lets no flood through, and blocks nothing for long`, async () => {
      await start();
      const machine = new TestMachine();
      const alice = await world.clone('alice', { publish: 'all', machine, limits: paceLimits(20, 40) }).load();
      await add(alice, 60);
      // 32 of an hour's 40 are the backlog's.
      while (world.issues.length < 32) {
        await alice.newSync().sync();
        world.clock.advance(60);
      }
      alice.skew = days * 86_400_000;
      const report = await alice.newSync().sync();
      assert.equal(report.created, 0);
      const [wait] = waits(report, alice);
      assert.ok(wait && wait.in > 0 && wait.in <= 60 * minuteMs, `${wait?.in}`);
      assert.ok((await drain(alice)) < 65);
      assert.equal(world.issues.length, 60);
      assertPolite();
    });

    it(`a pause is kept by a clock that is set by ${days} day, but for one look at the time`, async () => {
      await start();
      const alice = await world.clone('alice').load();
      await declare(alice);
      world.gitHub.inject({ name: '429', retryAfter: 600, method: 'POST' });
      await alice.sync.sync();
      alice.skew = days * 86_400_000;
      world.takeRequests();
      const [wait] = waits(await alice.newSync().sync(), alice);
      assert.equal(wait?.reason, 'rateLimited');
      assert.ok(wait.in > 0 && wait.in <= 600_000, `${wait.in}`);
      assert.ok(world.takeRequests().length <= 1);
      world.clock.advance(600);
      alice.newSync();
      await alice.syncClean();
    });
  }

  it('wishes are held within what GitHub takes', () => {
    assert.deepEqual(paceLimits(undefined, undefined), { perMinute: 20, perHour: 150 });
    assert.deepEqual(paceLimits(1000, 1000), { perMinute: 80, perHour: 500 });
    assert.deepEqual(paceLimits(0, -3), { perMinute: 1, perHour: 1 });
    assert.deepEqual(paceLimits(Number.NaN, 2.9), { perMinute: 20, perHour: 2 });
  });

  function remaining(clone: TestClone): number {
    return Number(/ (\d+) left /.exec(clone.log.at(-1) ?? '')?.[1]);
  }
});
