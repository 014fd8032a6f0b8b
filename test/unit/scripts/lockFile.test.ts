import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { withLock } from '../../../scripts/lib/lockFile.mjs';

describe('The lock of an installation', function () {
  this.timeout(30_000);

  let folder: string;
  let lock: string;
  const quiet = () => {};
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fb-lock-'));
    lock = path.join(folder, 'host.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one in at a time', async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`${name} out`);
      return name;
    };
    const results = await Promise.all([withLock(lock, work('a'), quiet), withLock(lock, work('b'), quiet)]);
    assert.deepEqual(results, ['a', 'b']);
    assert.deepEqual(log, ['a in', 'a out', 'b in', 'b out']);
    assert.equal(existsSync(lock), false);
  });

  it('is given back when the work fails', async () => {
    await assert.rejects(
      withLock(lock, async () => Promise.reject(new Error('no compiler')), quiet),
      /no compiler/,
    );
    assert.equal(existsSync(lock), false);
  });

  it('is taken over from a process that has died', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(lock, JSON.stringify({ pid, host: hostname() }));
    assert.equal(await withLock(lock, async () => 'mine', quiet), 'mine');
  });

  it('is taken over from another machine that has gone silent', async () => {
    writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    utimesSync(lock, new Date(0), new Date(0));
    assert.equal(await withLock(lock, async () => 'mine', quiet), 'mine');
  });
});
