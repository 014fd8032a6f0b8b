import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { ProcessEnd, Processes, RunningProcess } from '../../core/ports/processes.ts';
import { isAlive } from './isAlive.ts';

const isWindows = process.platform === 'win32';
/** From the request to end until there is no choice left. */
const graceMs = 5_000;

/** Processes that run in this machine's shell, below a root folder. */
export class NodeProcesses implements Processes {
  readonly shell = isWindows ? 'cmd' : 'posix';
  readonly #root: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(root: string, environment: NodeJS.ProcessEnv) {
    this.#root = root;
    this.#environment = environment;
  }

  start(command: string, cwd: string, onOutput: (text: string) => void): RunningProcess {
    const child = spawn(command, {
      cwd: path.join(this.#root, cwd),
      env: this.#environment,
      shell: true,
      // A group of its own, so that what the shell starts ends with it.
      detached: !isWindows,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (chunk: Buffer) => onOutput(decoder.write(chunk)));
      stream.on('end', () => {
        const rest = decoder.end();
        if (rest !== '') onOutput(rest);
      });
    }
    // It may have ended before it read what was typed.
    child.stdin.on('error', () => undefined);
    return {
      pid: child.pid,
      ended: endOf(child),
      input: (text) => void (child.stdin.writable && child.stdin.write(text)),
      stop: () => stop(child),
    };
  }

  isAlive(pid: number): boolean {
    return isAlive(pid);
  }
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exit: undefined, signal: undefined, failure: error.message }));
    // `close` and not `exit`: all that was written has been read then. But what a background process of it keeps open must
    // not keep an action running for ever.
    let waiting: NodeJS.Timeout | undefined;
    const done = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(waiting);
      resolve({ exit: code ?? undefined, signal: signal ?? undefined, failure: undefined });
    };
    child.once('exit', (code, signal) => {
      waiting = setTimeout(() => done(code, signal), 2_000);
    });
    child.once('close', done);
  });
}

function stop(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const last = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(last));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (isWindows) spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
