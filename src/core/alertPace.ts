import { minute, second } from './time.ts';

const shortest = 30 * second;
const longest = 5 * minute;

/**
 * How long until a monitoring system is asked again, in milliseconds.
 * @param failures how often in a row it could not be asked
 * @param isActive whether the trouble itself is still there: after it, nobody waits for each half minute
 */
export function alertPause(failures: number, isActive: boolean): number {
  const pause = isActive ? shortest : 4 * shortest;
  return Math.min(longest, pause * 2 ** Math.min(failures, 10));
}

/** Whether it is time. A clock that was set back must not make it wait for hours. */
export function isAlertLookDue(next: number | undefined, now: number): boolean {
  return next === undefined || now >= next || next - now > longest;
}
