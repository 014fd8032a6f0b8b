/** How much content a user may create (GitHub's documentation: 80 a minute and 500 an hour; reported: 20 and 150). */
export interface ContentLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Remembers when each user created content, to tell how fast a client wrote and to refuse what is too fast. */
export class ContentPace {
  readonly #createdAt = new Map<number, number[]>();

  record(userId: number, at: number): void {
    const known = this.#createdAt.get(userId);
    if (known) known.push(at);
    else this.#createdAt.set(userId, [at]);
  }

  /** Whether one more creation at the instant `at` (ms since 1970) would go over the limits. */
  exceeds(userId: number, at: number, limits: ContentLimits): boolean {
    const times = this.#createdAt.get(userId) ?? [];
    const within = (span: number) => times.filter((time) => time > at - span).length;
    return within(MINUTE_MS) >= limits.perMinute || within(HOUR_MS) >= limits.perHour;
  }

  /** The most creations that any user made within any one minute and hour. */
  peak(): ContentLimits {
    let perMinute = 0;
    let perHour = 0;
    for (const times of this.#createdAt.values()) {
      perMinute = Math.max(perMinute, busiest(times, MINUTE_MS));
      perHour = Math.max(perHour, busiest(times, HOUR_MS));
    }
    return { perMinute, perHour };
  }
}

/** The largest number of instants within any window of `span` ms. */
function busiest(times: readonly number[], span: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let start = 0;
  let most = 0;
  for (const [end, time] of sorted.entries()) {
    while ((sorted[start] ?? time) <= time - span) start += 1;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
