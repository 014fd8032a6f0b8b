import { minute, second } from '../../core/time.ts';
import type { Waiting } from '../../services/sync/syncReport.ts';

const visiblePoll = minute;
/** Nobody looks: what comes from GitHub may come later. */
export const hiddenPoll = 5 * minute;

/**
 * When GitHub is asked again after a sync.
 * @param now epoch milliseconds on this machine's clock
 * @returns milliseconds
 */
export function pollDelay(waiting: readonly Pick<Waiting, 'until'>[], focused: boolean, now: number): number {
  const until = waiting.map((one) => one.until).filter((time) => time !== undefined);
  // What waits for a moment is tried then, and not before.
  if (until.length > 0) return Math.max(second, Math.min(...until) - now);
  return focused ? visiblePoll : hiddenPoll;
}
