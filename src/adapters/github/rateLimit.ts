import { hour, minute, second } from '../../core/time.ts';

/** Lower-case header names, as octokit gives them. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

const secondaryLimit = /\bsecondary rate limit\b|\babuse detection\b|\bapi rate limit exceeded\b/i;

/**
 * When a refused request may be sent again, on *our* clock, or undefined when a 403 or 429 is no limit. The server's own
 * times are taken as distances from its `Date`, so a local clock that is wrong waits as long as a right one.
 * Source: GitHub's "Rate limits" page: honour `retry-after`, else the reset, else wait at least a minute.
 * @param now epoch milliseconds
 * @param message what the body said
 */
export function limitedUntil(status: number, headers: Headers, message: string, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const serverNow = Date.parse(String(headers.date ?? ''));
  const retryAfter = header(headers, 'retry-after');
  if (retryAfter !== undefined) {
    const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - serverNow) / second;
    return now + (Number.isFinite(seconds) ? clamp(seconds * second, second, 24 * hour) : minute);
  }
  const remaining = header(headers, 'x-ratelimit-remaining');
  if (remaining === '0') {
    const reset = Number(header(headers, 'x-ratelimit-reset')) * second;
    const wait = reset - (Number.isNaN(serverNow) ? now : serverNow);
    // The window is an hour long: anything beyond is a clock that disagrees.
    return now + (Number.isFinite(wait) ? clamp(wait + second, second, hour + minute) : minute);
  }
  return status === 429 || secondaryLimit.test(message) ? now + minute : undefined;
}

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : String(value).trim();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
