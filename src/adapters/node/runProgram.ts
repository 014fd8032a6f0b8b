import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

export interface ProgramOptions {
  /** Is told what the program prints, on both of its outputs; without it, the terminal is the program's own. */
  readonly printed?: (text: string) => void;
  /** Whether its standard output goes to standard error. */
  readonly toStderr?: boolean;
}

export interface ProgramRun {
  /** As a shell tells it: 128 and the signal where one ended it, 127 where there is no such program, 126 where it can't run. */
  readonly exit: number;
  /** Seconds, to the tenth. */
  readonly duration: number;
}

/** Runs a program in this terminal, as a shell would. What the person presses to end it is for the program, not for us. */
export async function runProgram(words: readonly [string, ...string[]], options: ProgramOptions): Promise<ProgramRun> {
  const [program, ...args] = words;
  const { printed, toStderr = false } = options;
  const begin = performance.now();
  const out = toStderr ? process.stderr : process.stdout;
  const direct = toStderr ? 2 : 'inherit';
  const child = spawn(program, args, {
    stdio: ['inherit', printed ? 'pipe' : direct, printed ? 'pipe' : 'inherit'],
  });
  // The terminal sends these to the whole group; the child decides what they mean, and we tell how it ended.
  const leave = () => undefined;
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, leave);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
  try {
    if (printed) {
      tell(child.stdout, out, printed);
      tell(child.stderr, process.stderr, printed);
    }
    const exit = await new Promise<number>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 127 : 126));
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
    return { exit, duration: Math.round((performance.now() - begin) / 100) / 10 };
  } finally {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.off(signal, leave);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, pass);
  }
}

function tell(from: Readable | null, to: Writable, printed: (text: string) => void): void {
  if (!from) return;
  const decoder = new TextDecoder();
  from.on('data', (bytes: Buffer) => printed(decoder.decode(bytes, { stream: true })));
  from.pipe(to, { end: false });
}
