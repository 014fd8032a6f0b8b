import { ApiError } from './apiError.ts';

/** The hourly quota of one user, as GitHub's headers tell it; `reset` is in seconds since 1970, UTC. */
export interface Quota {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number;
}

export interface RateLimits {
  /** Requests an hour for a user, whatever the token. */
  readonly authenticated: number;
  /** Requests an hour without a token. */
  readonly anonymous: number;
}

const HOUR_SECONDS = 3600;

/** Counts requests against hourly quotas: all tokens of a user share one, and a window starts with its first request. */
export class RateLimiter {
  readonly #now: () => number;
  readonly #limits: RateLimits;
  readonly #windows = new Map<string, { used: number; reset: number }>();

  constructor(now: () => number, limits: RateLimits) {
    this.#now = now;
    this.#limits = limits;
  }

  /** `userId` is `null` for requests without a token. */
  quotaOf(userId: number | null): Quota {
    const limit = userId === null ? this.#limits.anonymous : this.#limits.authenticated;
    const { used, reset } = this.#window(userId);
    return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset };
  }

  charge(userId: number | null): void {
    this.#window(userId).used += 1;
  }

  /** Uses up the quota until `seconds` from now. */
  exhaust(userId: number | null, seconds: number): void {
    this.#windows.set(String(userId), { used: Number.MAX_SAFE_INTEGER, reset: this.#seconds() + seconds });
  }

  /** Gives everybody a full quota. */
  clear(): void {
    this.#windows.clear();
  }

  #window(userId: number | null): { used: number; reset: number } {
    const key = String(userId);
    const known = this.#windows.get(key);
    if (known && known.reset > this.#seconds()) return known;
    const fresh = { used: 0, reset: this.#seconds() + HOUR_SECONDS };
    this.#windows.set(key, fresh);
    return fresh;
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

export function quotaHeaders(quota: Quota): Record<string, string> {
  return {
    'x-ratelimit-limit': String(quota.limit),
    'x-ratelimit-remaining': String(quota.remaining),
    'x-ratelimit-reset': String(quota.reset),
    'x-ratelimit-resource': 'core',
    'x-ratelimit-used': String(quota.used),
  };
}

export function quotaExhausted(userId: number | null): ApiError {
  const whom = userId === null ? '127.0.0.1' : `user ID ${userId}`;
  return new ApiError(403, `API rate limit exceeded for ${whom}.`, {
    documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
  });
}

/** A secondary limit; `retryAfter`, in seconds, becomes the header, which GitHub doesn't always send. */
export function secondaryLimit(status: 403 | 429, retryAfter?: number): ApiError {
  return new ApiError(
    status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {
      documentation_url:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}
