import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { acquireLock } from '../../../../src/adapters/node/lock.ts';
import { NodeFiles } from '../../../../src/adapters/node/nodeFiles.ts';
import { FileError } from '../../../../src/core/ports/files.ts';
import { asOrdinaryUser } from './ordinaryUser.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const child = fileURLToPath(new URL('lock.child.mts', import.meta.url));

describe('a lock', function () {
  // The disk of a busy machine takes its time.
  this.timeout(20_000);
  const folder = temporaryFolder();
  const place = () => ({ folder: folder.path, files: new NodeFiles(folder.path) });
  const take = (options?: { staleMs?: number }) => acquireLock(place(), 'sync', options);
  const locks = () => folder.at('locks', 'sync');
  const newest = async () => path.join(locks(), `${Math.max(...(await readdir(locks())).map(Number))}`);
  const children = new Set<ChildProcess>();

  function start(task: string): ChildProcess {
    const started = spawn(process.execPath, ['--import=tsx', child, folder.path, task], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(started);
    return started;
  }

  async function said(process: ChildProcess): Promise<string> {
    const [chunk] = (await once(process.stdout ?? assert.fail('no output'), 'data')) as [Buffer];
    return chunk.toString();
  }

  /** Puts the note of another holder in place, as if it had taken the lock. */
  async function pretend(change: Record<string, unknown>): Promise<string> {
    const lock = await take();
    const file = await newest();
    const holder = JSON.parse(await readFile(file, 'utf8'));
    await lock?.dispose();
    await writeFile(file, JSON.stringify({ ...holder, ...change }));
    return file;
  }

  afterEach(async () => {
    for (const process of children) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill('SIGKILL');
      await once(process, 'exit');
    }
    children.clear();
  });

  it('is held by one at a time, also within one process', async () => {
    const first = await take();
    assert.ok(first);
    assert.equal(await take(), undefined);
    await first.dispose();
    const second = await take();
    assert.ok(second);
    await first.dispose();
    assert.equal(await take(), undefined, 'giving back twice takes nothing from the next holder');
    await second.dispose();
  });

  it('is another for each name', async () => {
    const sync = await take();
    const share = await acquireLock(place(), 'share');
    assert.ok(sync && share);
    await sync.dispose();
    await share.dispose();
  });

  it('goes to one of many that want it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const taken = (await Promise.all(Array.from({ length: 10 }, () => take()))).filter((lock) => lock !== undefined);
      assert.equal(taken.length, 1);
      await taken[0]?.dispose();
    }
  });

  it('keeps a bounded number of files however often it is taken', async () => {
    for (let round = 0; round < 30; round++) await (await take())?.dispose();
    assert.ok((await readdir(locks())).length <= 9);
  });

  it('says what it can not do', async () => {
    await assert.rejects(acquireLock(place(), '../x'), (error) => FileError.is(error, 'outside'));
    if (process.platform === 'win32') return;
    await mkdir(locks(), { recursive: true });
    await chmod(folder.path, 0o755);
    await chmod(locks(), 0o555);
    await asOrdinaryUser(() => assert.rejects(take(), (error) => FileError.is(error, 'denied')));
  });

  describe('of another process', () => {
    it('is respected while that lives, and taken over when it was killed', async () => {
      const holder = start('hold');
      assert.equal(await said(holder), 'held');
      assert.equal(await take(), undefined);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      const lock = await take();
      assert.ok(lock);
      assert.equal(await take(), undefined);
      await lock.dispose();
    });

    it('keeps its own from the other', async () => {
      const lock = await take();
      assert.equal(await said(start('hold')), 'refused');
      await lock?.dispose();
    });

    it('is never held twice while four compete and holders are killed', async () => {
      const stop = folder.at('stop');
      const competing = Array.from({ length: 4 }, () => start('compete'));
      const counts = competing.map(async (process) => {
        let output = '';
        process.stdout?.on('data', (chunk) => {
          output += chunk;
        });
        const [code, signal] = await once(process, 'exit');
        return { output, code, signal };
      });
      // Killed where they are: before, in, or after the holding.
      for (const victim of competing.slice(0, 2)) {
        for (const seen = (await marks()).length; (await marks()).length < seen + 40; ) await pause(20);
        victim.kill('SIGKILL');
      }
      for (const seen = (await marks()).length; (await marks()).length < seen + 40; ) await pause(20);
      await writeFile(stop, '');
      const ended = await Promise.all(counts);
      assert.deepEqual(
        ended.slice(0, 2).map((process) => process.signal),
        ['SIGKILL', 'SIGKILL'],
      );
      for (const process of ended.slice(2)) {
        assert.equal(process.code, 0, process.output);
        assert.ok(Number(process.output) > 0, 'the survivors go on');
      }
    }).timeout(40_000);

    /** One entry for each holding so far: how far the numbering has come. */
    async function marks(): Promise<{ length: number }> {
      const names = await readdir(locks()).catch(() => []);
      return { length: Math.max(0, ...names.map(Number).filter(Number.isInteger)) };
    }
  });

  describe('whose holder can not be asked', () => {
    const anotherHost = { host: 'elsewhere', pid: 1 };
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

    it('on another machine is respected while its file is fresh', async () => {
      const file = await pretend(anotherHost);
      assert.equal(await take(), undefined);
      await utimes(file, minutesAgo(9), minutesAgo(9));
      assert.equal(await take(), undefined);
    });

    it('on another machine is taken over when it was not heard of for long', async () => {
      const file = await pretend(anotherHost);
      await utimes(file, minutesAgo(11), minutesAgo(11));
      const lock = await take();
      assert.ok(lock);
      await lock.dispose();
    });

    it('shows on its file that it lives', async () => {
      const lock = await take({ staleMs: 40 });
      const file = await newest();
      await utimes(file, minutesAgo(60), minutesAgo(60));
      const { mtimeMs } = await waitForTouch(file);
      assert.ok(mtimeMs > minutesAgo(30).getTime());
      await lock?.dispose();
    });

    async function waitForTouch(file: string): Promise<{ mtimeMs: number }> {
      for (;;) {
        const found = await stat(file);
        if (found.mtimeMs > minutesAgo(30).getTime()) return found;
        await pause(5);
      }
    }

    it('that was taken over does not spoil the next when it comes back', async () => {
      const lock = await take();
      const file = await newest();
      await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...anotherHost }));
      await utimes(file, minutesAgo(11), minutesAgo(11));
      const next = await take();
      assert.ok(next);
      await lock?.dispose();
      assert.equal(await take(), undefined);
      await next.dispose();
    });

    it('of a process that ended is taken over, also when its number was given away', async () => {
      const gone = spawn(process.execPath, ['-e', '']);
      await once(gone, 'exit');
      await pretend({ pid: gone.pid, released: undefined });
      const lock = await take();
      assert.ok(lock);
      await lock.dispose();
      if (process.platform !== 'linux') return;
      await pretend({ pid: process.ppid, process: '1' });
      const second = await take();
      assert.ok(second, 'the process that has the number now began at another time');
      await second.dispose();
    });

    it('from before the machine was started is taken over', async () => {
      await pretend({ taken: 0 });
      const lock = await take();
      assert.ok(lock);
      await lock.dispose();
    });

    it('that can not be read is respected while it is fresh', async () => {
      for (const content of ['', '{"pid":', '[]', '{"pid":"x"}']) {
        const file = await pretend({});
        await writeFile(file, content);
        assert.equal(await take(), undefined, content);
        await utimes(file, minutesAgo(11), minutesAgo(11));
      }
      const lock = await take();
      assert.ok(lock);
      await lock.dispose();
    });

    it('survives that the private state is thrown away', async () => {
      const lock = await take();
      await rm(folder.at('locks'), { recursive: true });
      await lock?.dispose();
      const next = await take();
      assert.ok(next);
      await next.dispose();
    });
  });
});
