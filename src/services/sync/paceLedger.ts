import type { Files } from '../../core/ports/files.ts';
import { FileError } from '../../core/ports/files.ts';
import { day, hour, minute, second } from '../../core/time.ts';

/** A time in which the server wants to hear nothing. */
export interface Pause {
  /** When it was asked for, and when it ends: epoch milliseconds on the server's clock. */
  readonly from: number;
  readonly until: number;
  /** How many secondary limits came in a row; 0 for the hourly quota. */
  readonly strikes: number;
  /** What was refused: only its success shows that the limit is over. */
  readonly changes: boolean;
}

/**
 * What was sent to one server lately, by all clones of one user on this machine. Times are epoch milliseconds on the
 * server's clock, so that a local clock which is wrong, or is set, changes none of them.
 */
export interface Ledger {
  /** Issues and comments that were created within the last hour, oldest first. */
  readonly created: readonly number[];
  /** When the next change is due at one a second; those that came faster are paid back by waiting. */
  readonly due: number;
  /** How far the server's clock is ahead of this machine's: milliseconds. */
  readonly ahead: number;
  readonly pause?: Pause;
}

export const emptyLedger: Ledger = { created: [], due: 0, ahead: 0 };

/** No wait that is taken from a server is longer. */
export const longestPause = day;
const file = 'pace.json';
/** A server's time comes in whole seconds, and is a little old when it is here. */
const slack = 5 * second;

/** One that can't be read counts as empty. */
export async function readLedger(files: Files): Promise<Ledger> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    return isLedger(value) ? value : emptyLedger;
  } catch (error) {
    if (FileError.is(error, 'notFound') || error instanceof SyntaxError) return emptyLedger;
    throw error;
  }
}

export async function writeLedger(files: Files, ledger: Ledger): Promise<void> {
  await files.write(file, `${JSON.stringify(ledger)}\n`);
}

/** Whether something in it lies in the future: it was written by a clock that has been set back since. */
export function isAhead({ created, due, pause }: Ledger, now: number): boolean {
  return [...created, due - minute, pause?.from ?? now].some((time) => time > now + slack);
}

/**
 * The ledger as it counts at `now`: without what is over. What lies in the future counts as of this moment, so that it
 * neither blocks for long nor is forgotten.
 */
export function current(ledger: Ledger, now: number): Ledger {
  const { pause } = ledger;
  const created = ledger.created.map((time) => Math.min(time, now)).filter((time) => time > now - hour - slack);
  const due = ledger.due > now + minute ? now : ledger.due;
  if (!pause || pause.from <= now + slack) return { ...ledger, created, due };
  const until = now + Math.min(longestPause, pause.until - pause.from);
  return { ...ledger, created, due, pause: { ...pause, from: now, until } };
}

function isLedger(value: unknown): value is Ledger {
  if (typeof value !== 'object' || value === null) return false;
  const { created, due, ahead, pause } = value as Partial<Record<keyof Ledger, unknown>>;
  return (
    Array.isArray(created) &&
    created.every(isTime) &&
    isTime(due) &&
    isTime(ahead) &&
    (pause === undefined || isPause(pause))
  );
}

function isPause(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { from, until, strikes, changes } = value as Partial<Record<keyof Pause, unknown>>;
  return isTime(from) && isTime(until) && isTime(strikes) && typeof changes === 'boolean';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
