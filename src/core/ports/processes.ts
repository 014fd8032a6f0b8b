import type { ShellKind } from '../runnableAction.ts';

/** How a process ended. */
export interface ProcessEnd {
  /** Undefined when it was killed, or never started. */
  readonly exit: number | undefined;
  /** `SIGTERM`, when that ended it. */
  readonly signal: string | undefined;
  /** Why it could not be started. */
  readonly failure: string | undefined;
  /** Nobody could hear what it wrote: it may have written much. */
  readonly unheard?: boolean;
}

export interface RunningProcess {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** What somebody types. */
  input(text: string): void;
  /** Asks it and all that it started to end; after a while they are ended. */
  stop(): void;
}

/** The processes of this machine. */
export interface Processes {
  readonly shell: ShellKind;
  /**
   * Runs a command line in this machine's shell.
   * @param cwd relative to the root folder; empty for it
   * @param onOutput what it writes, both streams, as it comes; signs that are cut in two come whole
   */
  start(command: string, cwd: string, onOutput: (text: string) => void): RunningProcess;
  /** Whether a process of this machine is still there. */
  isAlive(pid: number): boolean;
}
