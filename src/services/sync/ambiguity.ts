import { second } from '../../core/time.ts';
import type { Attempt } from './syncState.ts';

/**
 * How long a write without an answer is looked for before it is sent again, and how often: GitHub's lists lag behind
 * (sync.md §1, §6: at least 90 s, two misses).
 */
export const lookAfter = 90 * second;
const missesNeeded = 2;

/** @returns epoch milliseconds of this machine at which the next look counts */
export function nextLookAt(attempt: Attempt): number {
  return Math.max(attempt.at, attempt.lookedAt) + lookAfter;
}

/** The attempt after a look in vain. One before its time does not count. */
export function missed(attempt: Attempt, now: number): Attempt {
  // A clock that was set back must not make it wait for days: the wait begins anew.
  if (now < attempt.at || now < attempt.lookedAt) return { ...attempt, at: now, lookedAt: 0, misses: 0 };
  if (now < nextLookAt(attempt)) return attempt;
  return { ...attempt, misses: attempt.misses + 1, lookedAt: now };
}

/** Whether it has been looked for long enough to send it again. */
export function isGivenUp(attempt: Attempt): boolean {
  return attempt.misses >= missesNeeded;
}
