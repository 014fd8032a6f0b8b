import type { Random } from '../ulids.ts';

/** Epoch milliseconds, UTC. */
export type Now = () => number;

/** Where errors and progress are written for a person who looks; never a token. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

export interface Environment {
  readonly now: Now;
  readonly random: Random;
  readonly log: Log;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
