// Starts a program and makes sure that nothing of it outlives whoever asked for it, even one that was killed.
//   node guard.mjs PROGRAM ARGS…
// The program leads a process group. The guard's standard input is a pipe from its owner: when it closes, because the
// owner closed it or died, the program gets SIGTERM and, two seconds later, its whole group SIGKILL. The guard ends with
// the program's status.
import { spawn, spawnSync } from 'node:child_process';

const graceMs = 2_000;
const windows = process.platform === 'win32';
const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows });

child.on('error', (error) => {
  console.error(`${program}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code, signal) => {
  killGroup();
  process.exit(code ?? (signal ? 128 : 0));
});

process.stdin.on('error', stop);
process.stdin.on('close', stop);
process.stdin.resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

function stop() {
  if (windows) killGroup();
  else child.kill('SIGTERM');
  setTimeout(killGroup, graceMs).unref();
}

function killGroup() {
  if (child.pid === undefined) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
