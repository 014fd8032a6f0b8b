import assert from 'node:assert/strict';
import { LatestOnly } from '../../../src/ui/timeline/latestOnly.ts';

describe('a task that runs one at a time', () => {
  /** A task that waits at each run until it is let go on. */
  function waiting() {
    const runs: { end(): void; fail(error: Error): void }[] = [];
    const latest = new LatestOnly(
      () => new Promise<void>((resolve, reject) => runs.push({ end: resolve, fail: reject })),
    );
    /** Lets what is due by now happen. */
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    return { latest, runs, settled };
  }

  it('runs once more for all that was asked meanwhile, and no more', async () => {
    const { latest, runs, settled } = waiting();
    const all = [latest.run(), latest.run(), latest.run()];
    assert.equal(runs.length, 1);
    runs[0]?.end();
    await settled();
    assert.equal(runs.length, 2);
    runs[1]?.end();
    await Promise.all(all);
    assert.equal(runs.length, 2);
    const later = latest.run();
    assert.equal(runs.length, 3);
    runs[2]?.end();
    await later;
  });

  it('owes a run to who asked during one that failed', async () => {
    const { latest, runs, settled } = waiting();
    const first = latest.run();
    const second = latest.run();
    runs[0]?.fail(new Error('gone'));
    await settled();
    assert.equal(runs.length, 2);
    runs[1]?.end();
    await assert.rejects(first, /gone/);
    await assert.rejects(second, /gone/);
    const third = latest.run();
    runs[2]?.end();
    await third;
    assert.equal(runs.length, 3);
  });
});
