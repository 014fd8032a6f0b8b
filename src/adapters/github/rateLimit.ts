import type { AnswerFacts, Limit } from '../../core/ports/requestGate.ts';
import { hour, minute, second } from '../../core/time.ts';

/** Lower-case header names, as octokit gives them. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

const secondaryLimit = /\bsecondary rate limit\b|\babuse detection\b|\bapi rate limit exceeded\b/i;

/**
 * How long a refused request has to wait, or undefined when a 403 or 429 is no limit. The server's own times are taken as
 * distances from its `Date`, so a local clock that is wrong waits as long as a right one.
 * Source: GitHub's "Rate limits" page: honour `retry-after`, else the reset, else wait at least a minute.
 * @param now epoch milliseconds, for a server that does not tell the time
 * @param message what the body said
 */
export function limitOf(status: number, headers: Headers, message: string, now: number): Limit | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const serverNow = serverTime(headers);
  const isPrimary = header(headers, 'x-ratelimit-remaining') === '0';
  const retryAfter = header(headers, 'retry-after');
  if (retryAfter !== undefined) {
    const seconds = /^\d+$/.test(retryAfter)
      ? Number(retryAfter)
      : (Date.parse(retryAfter) - (serverNow ?? now)) / second;
    const wait = Number.isFinite(seconds) ? clamp(seconds * second, second, 24 * hour) : minute;
    return { kind: isPrimary ? 'primary' : 'secondary', wait };
  }
  if (isPrimary) {
    const reset = Number(header(headers, 'x-ratelimit-reset')) * second;
    const wait = reset - (serverNow ?? now);
    // The window is an hour long: anything beyond is a clock that disagrees.
    return { kind: 'primary', wait: Number.isFinite(wait) ? clamp(wait + second, second, hour + minute) : minute };
  }
  return status === 429 || secondaryLimit.test(message) ? { kind: 'secondary', wait: minute } : undefined;
}

/** What an answer tells about time and quota. GitHub Enterprise Server has no quota unless somebody switched it on. */
export function factsOf(status: number, headers: Headers): AnswerFacts {
  const limit = Number(header(headers, 'x-ratelimit-limit') ?? Number.NaN);
  const remaining = Number(header(headers, 'x-ratelimit-remaining') ?? Number.NaN);
  const reset = Number(header(headers, 'x-ratelimit-reset') ?? Number.NaN) * second;
  const resource = header(headers, 'x-ratelimit-resource') ?? 'core';
  // Other resources have quotas of their own, which say nothing about this one.
  const known = resource === 'core' && [limit, remaining, reset].every((value) => Number.isFinite(value));
  return {
    ok: status < 400,
    serverTime: serverTime(headers),
    quota: known ? { limit, remaining, reset } : undefined,
  };
}

/** Epoch milliseconds. */
function serverTime(headers: Headers): number | undefined {
  const time = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(time) ? undefined : time;
}

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : String(value).trim();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
