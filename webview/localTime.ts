import { formatDuration, formatInstant, hour, minute, second } from '../src/core/time.ts';

/** Times as the reader's clock and language have them. All arguments are epoch milliseconds. */

/** Makes a format at its first use, in the language of the page; making one costs far more than using it. */
function lazyFormat(options: Intl.DateTimeFormatOptions): (epochMs: number) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (epochMs) => {
    made ??= makeFormat(options);
    return made.format(epochMs);
  };
}

function makeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang || undefined, options);
  } catch {
    // The host named a language that this browser can't read (`lang` is any text): its own will do.
    return new Intl.DateTimeFormat(undefined, options);
  }
}

/** `16:32` */
export const localTime = lazyFormat({ hour: '2-digit', minute: '2-digit' });

/** `Tuesday, 23 September 2025` */
export const localDay = lazyFormat({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** `16:32:10` */
export const localTimeToSecond = lazyFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** `23 Sep` */
export const localDayShort = lazyFormat({ day: 'numeric', month: 'short' });

/** `Tue, 23 Sep` */
export const localWeekdayShort = lazyFormat({ weekday: 'short', day: 'numeric', month: 'short' });

const localDayAndTime = lazyFormat({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** The local calendar day as a key: events with the same one stand under the same heading. */
export function dayKey(epochMs: number): string {
  const date = new Date(epochMs);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** The local calendar day of an instant: it lasts from `from` until just before `to`. */
export function localDayOf(epochMs: number): { readonly key: string; readonly from: number; readonly to: number } {
  const midnight = new Date(epochMs);
  const from = midnight.setHours(0, 0, 0, 0);
  return { key: dayKey(epochMs), from, to: midnight.setDate(midnight.getDate() + 1) };
}

/** `16:32` on the same local day as `other`, else `23 Sep, 16:32`. */
export function localTimeNear(epochMs: number, other: number): string {
  return dayKey(epochMs) === dayKey(other) ? localTime(epochMs) : localDayAndTime(epochMs);
}

/** `2025-09-23 14:32:10 UTC` */
export function utcTime(epochMs: number): string {
  return `${formatInstant(epochMs).replace('T', ' ').slice(0, -1)} UTC`;
}

/** Time left or overdue. The last ten minutes count in seconds; before that seconds would only be unrest. */
export function countdown(durationMs: number): string {
  if (durationMs < minute || durationMs >= 10 * minute) return formatDuration(durationMs);
  return `${Math.floor(durationMs / minute)}m ${String(Math.floor((durationMs % minute) / second)).padStart(2, '0')}s`;
}

/** `00:42:17`, `26:03:00`: the age of an incident, ticking; from two days on `2d 02h`, as seconds say nothing there. */
export function stopwatch(durationMs: number): string {
  const elapsed = Math.max(0, durationMs);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (elapsed >= 48 * hour) return `${Math.floor(elapsed / (24 * hour))}d ${pad((elapsed % (24 * hour)) / hour)}h`;
  return `${pad(elapsed / hour)}:${pad((elapsed % hour) / minute)}:${pad((elapsed % minute) / second)}`;
}
