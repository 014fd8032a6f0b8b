import { day, hour, minute, second } from '../../src/core/time.ts';
import type { TimelineView } from '../../src/protocol/timelineView.ts';

/** Epoch milliseconds; `to` is after `from`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const shortest = 10 * second;
const longest = 10 * 365 * day;
/** A limit this far beyond what happened, as a share of it, is still worth its room in the whole picture. */
const limitShare = 0.5;
/** What it grows by, as a share of it, at the most. */
const growth = 1 / 32;
/** Room at both ends, as a share of what is shown. */
const margin = 0.02;

/** From the first entry to now, or to the last one of an incident that is over, with the limits that are near. */
export function wholeRange(
  view: Pick<TimelineView, 'events' | 'phases' | 'clocks' | 'finished'>,
  now: number,
): TimeRange {
  const begins = [view.events[0]?.at, view.phases[0]?.from].filter((time) => time !== undefined);
  const from = begins.length > 0 ? Math.min(...begins) : now - hour;
  const last = Math.max(view.events.at(-1)?.at ?? from, view.phases.at(-1)?.from ?? from);
  const end = Math.max(view.finished ? last : Math.max(now, last), from + minute);
  const limits = view.clocks
    .filter(({ dueAt, stoppedAt }) => dueAt !== null && (stoppedAt === null || stoppedAt > dueAt))
    .map(({ dueAt }) => dueAt ?? 0)
    .filter((due) => due <= end + limitShare * (end - from));
  const room = Math.max(end, ...limits) - from;
  // It grows by steps: in between, what is drawn stays where it is.
  const step = 2 ** Math.floor(Math.log2(room * growth));
  const to = from + Math.ceil(room / step) * step;
  return { from: from - margin * (to - from), to: to + margin * (to - from) };
}

/**
 * @param factor below 1 shows less of the time, above 1 more
 * @param around the instant that stays where it is
 */
export function zoomed(range: TimeRange, factor: number, around: number): TimeRange {
  const length = Math.min(longest, Math.max(shortest, (range.to - range.from) * factor));
  const share = (around - range.from) / (range.to - range.from);
  const from = around - share * length;
  return { from, to: from + length };
}

/** Moved by a share of what is shown, but never away from everything that there is. */
export function panned(range: TimeRange, share: number, within: TimeRange): TimeRange {
  const length = range.to - range.from;
  const wanted = range.from + share * length;
  const from = Math.min(Math.max(wanted, within.from - length * 0.9), within.to - length * 0.1);
  return { from, to: from + length };
}

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * day),
];

/**
 * Round instants of the local clock.
 * @param most how many at the most
 * @returns also how far they are apart
 */
export function ticks(range: TimeRange, most: number): { readonly step: number; readonly at: readonly number[] } {
  const length = range.to - range.from;
  const step = steps.find((one) => length / one <= most) ?? longest;
  const offset = new Date(range.from).getTimezoneOffset() * minute;
  const at: number[] = [];
  for (let next = Math.ceil((range.from - offset) / step) * step + offset; next <= range.to; next += step)
    at.push(next);
  return { step, at };
}
