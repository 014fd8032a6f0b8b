export class CommandFailed extends Error {
  readonly status: string;
  readonly output: string;
}
export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Show what it prints while it runs. */
  show?: boolean;
}
export function run(command: string, args: string[], options?: RunOptions): Promise<string>;
export function stopRunningCommands(): void;
export function which(name: string, searchPath?: string): string | undefined;
export function npmEnvironment(options?: { bin?: string; extra?: NodeJS.ProcessEnv }): NodeJS.ProcessEnv;
