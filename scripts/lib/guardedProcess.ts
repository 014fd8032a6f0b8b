import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const guard = fileURLToPath(new URL('./guard.mjs', import.meta.url));

export interface GuardedOptions {
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Where its output goes as well; made anew. */
  logFile?: string;
  /** Takes each line that it prints. */
  print?: (line: string) => void;
}

/**
 * A program that cannot outlive this process: when this process ends, however it ends, the program and all that it
 * started in its process group are killed (see guard.mjs).
 */
export class GuardedProcess {
  /** Settles when the program and its group are gone. */
  readonly ended: Promise<void>;
  readonly pid: number;
  private output = '';
  private isOver = false;
  private exitStatus = 0;
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
    private readonly log: FileHandle | undefined,
    print: ((line: string) => void) | undefined,
  ) {
    this.pid = child.pid ?? -1;
    const take = (chunk: Buffer) => {
      // The head holds what callers wait for, the tail what explains a failure: the middle of a chatty run goes.
      this.output = (this.output + chunk.toString()).replace(/^([\s\S]{50000})[\s\S]+?([\s\S]{50000})$/, '$1\n…\n$2');
      void this.log?.appendFile(chunk).catch(() => undefined);
      this.notify();
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', take);
      if (stream && print) createInterface(stream).on('line', print);
    }
    child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const over = (code?: number | null) => {
        this.isOver = true;
        this.exitStatus = code ?? 1;
        void this.log?.close().catch(() => undefined);
        this.notify();
        resolve();
      };
      child.on('close', over);
      child.on('error', () => over());
    });
  }

  /** Starts a program; `name` is what messages call it. */
  static async start(name: string, program: string, args: string[], options: GuardedOptions): Promise<GuardedProcess> {
    const log = options.logFile ? await open(options.logFile, 'w') : undefined;
    const child = spawn(process.execPath, [guard, program, ...args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C in the terminal is for this process, which stops the guard in its own time.
      detached: process.platform !== 'win32',
    });
    return new GuardedProcess(child, name, log, options.print);
  }

  /** What it printed so far (of very much, the beginning and the end). */
  get printed(): string {
    return this.output;
  }

  /** The status it ended with, once {@link ended} has settled. */
  get status(): number {
    return this.exitStatus;
  }

  get running(): boolean {
    return !this.isOver;
  }

  /**
   * Waits until it has printed something that matches, and returns the match.
   * @throws Error with what it printed, when it ends before or `timeoutMs` is over
   */
  async waitForOutput(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        finish(() => reject(new Error(`${this.name} ${why}:\n${this.output.slice(-4000)}`)));
      const timer = setTimeout(() => fail(`did not print ${pattern} within ${timeoutMs / 1000} s`), timeoutMs);
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.listeners.delete(look);
        settle();
      };
      const look = () => {
        const match = pattern.exec(this.output);
        if (match) finish(() => resolve(match));
        else if (this.isOver) fail('ended');
      };
      this.listeners.add(look);
      look();
    });
  }

  /** Stops it and waits until it and its group are gone. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
