import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** All processes of this machine, each with its parent's id. */
function parents(): Map<number, number> {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
  }
  // A slim container has no `ps`.
  const found = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      if (ppid) found.set(Number(pid), Number(ppid));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** The ids of everything that a process has started, directly or not. */
export function descendants(pid: number): number[] {
  const all = [...parents()];
  const found = [pid];
  for (const parent of found) found.push(...all.filter(([, ppid]) => ppid === parent).map(([child]) => child));
  return found.slice(1);
}

/** Those of the processes that still run. A zombie, which only waits to be counted, does not. */
export function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  });
}
