// A lock between processes, as a file that its owner touches for as long as it is alive.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 5_000;
const abandonedMs = 60_000;

/**
 * Runs `work` while holding the lock `file`; waits for another holder, telling `say` once.
 *
 * A holder that died is recognised by its process id (same machine) or by a heartbeat older than a minute. Two waiters
 * may, in a window of microseconds, both take over from a dead one: the work must be correct without the lock too
 * (an atomic rename at its end). The lock saves the work of doing it twice.
 */
export async function withLock(file, work, say = console.log) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (abandoned(file)) {
      removeAbandoned(file);
      continue;
    }
    if (!told) say(`waiting for another run that holds ${file}`);
    told = true;
    await sleep(500);
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  heartbeat.unref();
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, JSON.stringify({ pid: process.pid, host: hostname() }));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function abandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > abandonedMs) return true;
    const owner = JSON.parse(readFileSync(file, 'utf8'));
    return owner.host === hostname() && !alive(owner.pid);
  } catch {
    // Released or only half written at this moment: look again.
    return false;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function removeAbandoned(file) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  rmSync(aside, { force: true });
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Removed by hand: the work goes on, its end is atomic.
  }
}
