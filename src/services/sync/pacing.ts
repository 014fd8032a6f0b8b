import type { Now } from '../../core/ports/environment.ts';
import type { Files } from '../../core/ports/files.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import type { AnswerFacts, Limit, RequestGate, RequestKind } from '../../core/ports/requestGate.ts';
import { hour, minute, second } from '../../core/time.ts';
import { current, isAhead, type Ledger, longestPause, type Pause, readLedger, writeLedger } from './paceLedger.ts';

/** How many issues and comments may be created. */
export interface PaceLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

/** Reported to be let through everywhere (cli/cli#4801), and what GitHub documents as the most. */
export const defaultLimits: PaceLimits = { perMinute: 20, perHour: 150 };
export const mostLimits: PaceLimits = { perMinute: 80, perHour: 500 };

/** The limits that somebody wishes for, within what GitHub takes. */
export function paceLimits(perMinute: number | undefined, perHour: number | undefined): PaceLimits {
  return {
    perMinute: within(perMinute, defaultLimits.perMinute, mostLimits.perMinute),
    perHour: within(perHour, defaultLimits.perHour, mostLimits.perHour),
  };
}

export interface PaceOptions {
  /** Where the ledger is kept: one folder for each server, shared by all clones of this user on this machine. */
  readonly files: Files;
  /** Held while the ledger is changed; undefined while another process does. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  readonly now: Now;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** As they are set now. */
  readonly limits: () => PaceLimits;
  /** Milliseconds that are slept rather than refused. */
  readonly patience: number;
}

/** GitHub advises a second between changes where there are many; the few of one incident need not wait. */
const gap = second;
const burst = 10;
/** A server's time comes in whole seconds: what it says may be off by so much, and its windows too. */
const margin = 2 * second;
/** For how long a limit that is over makes the next one longer. */
const strikesKeptFor = hour;
/** Parts of the hourly quota that are left to the person's other tools: by a sync, and by what reads thousands. */
const reserve = 0.02;
const bulkReserve = 0.1;
const lockAttempts = 200;
const lockPause = 25;

/**
 * The pace at which one user of this machine talks to one server. All clones, windows and terminals share it through a
 * small file, so that together they stay within GitHub's limits and keep its pauses, also after a restart.
 */
export class RequestPace implements RequestGate {
  readonly #options: PaceOptions;
  /** Milliseconds that the server's clock is ahead; what the ledger says until an answer tells. */
  #ahead: number | undefined;
  /** Whether an answer came: only then is it known what time it is. */
  #answered = false;
  /** As it was last read. */
  #pause: Pause | undefined;
  #quota: AnswerFacts['quota'];
  /** For what reads thousands of issues: leaves more of the hourly quota. */
  readonly bulk: RequestGate = {
    enter: (kind) => this.#enter(kind, bulkReserve),
    answered: (kind, facts) => this.answered(kind, facts),
    limited: (kind, limit) => this.limited(kind, limit),
  };

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  get limits(): PaceLimits {
    return this.#options.limits();
  }

  enter(kind: RequestKind): Promise<void> {
    return this.#enter(kind, reserve);
  }

  async answered(kind: RequestKind, { ok, serverTime, quota }: AnswerFacts): Promise<void> {
    if (serverTime !== undefined) {
      const ahead = serverTime - this.#options.now();
      if (this.#ahead === undefined || Math.abs(ahead - this.#ahead) > margin) this.#ahead = ahead;
    }
    this.#answered = true;
    if (quota) this.#quota = quota;
    if (!ok || !this.#pause || this.#pause.changes !== (kind !== 'read')) return;
    await this.#change((ledger, now) => {
      if (!ledger.pause || ledger.pause.until > now) return ledger;
      const { pause: _, ...rest } = ledger;
      return rest;
    });
  }

  async limited(kind: RequestKind, { kind: limit, wait }: Limit): Promise<number> {
    const { pause } = await this.#change((ledger, now) => {
      const before = ledger.pause;
      const recent = before !== undefined && now - before.until < strikesKeptFor ? before.strikes : 0;
      const strikes = limit === 'primary' ? recent : recent + 1;
      // GitHub's "Best practices": when it persists, an exponentially increasing time.
      const least = limit === 'secondary' && strikes > 1 ? Math.min(hour, minute * 2 ** (strikes - 1)) : 0;
      const until = Math.max(now + Math.min(longestPause, Math.max(wait, least)), before?.until ?? 0);
      return { ...ledger, pause: { from: now, until, strikes, changes: kind !== 'read' } };
    });
    return this.#local(pause?.until ?? 0);
  }

  /** When the pause ends that the server asked for: epoch milliseconds of this machine; undefined when there is none. */
  async pausedUntil(): Promise<number | undefined> {
    const { pause } = await this.#ledger();
    return pause && pause.until > this.#now() ? this.#local(pause.until) : undefined;
  }

  /**
   * Whether an issue or a comment can be created now, or so soon that it is worth to wait. What is not urgent keeps a
   * second of distance, and leaves a fifth of what is allowed to incidents.
   * @returns undefined when it can, else when it can: epoch milliseconds of this machine
   */
  async admit(urgent: boolean): Promise<number | undefined> {
    const { patience, sleep, now } = this.#options;
    const { limits } = this;
    const ledger = await this.#ledger();
    const time = this.#now();
    const wait = timeToCreate(ledger.created, time, urgent ? limits : forBulk(limits)) - time;
    if (wait > patience) return now() + wait;
    const distance = urgent ? 0 : Math.max(wait, ledger.due - time);
    if (distance > 0) await sleep(distance);
    return undefined;
  }

  /** How long it takes to create so many ordinary issues: milliseconds. */
  async duration(count: number): Promise<number> {
    const limits = forBulk(this.limits);
    const created = [...(await this.#ledger()).created];
    const begin = this.#now();
    let time = begin;
    for (let made = 0; made < count; made++) {
      time = Math.max(time + gap, timeToCreate(created, time, limits));
      created.push(time);
    }
    return time - begin;
  }

  async #enter(kind: RequestKind, left: number): Promise<void> {
    const { patience, sleep, now } = this.#options;
    const { limits } = this;
    for (;;) {
      await this.#refusePause(await this.#ledger(), left);
      if (kind === 'read') return;
      let wait = 0;
      await this.#change((ledger, time) => {
        const quickest = ledger.due - (burst - 1) * gap;
        const soonest = kind === 'content' ? Math.max(quickest, timeToCreate(ledger.created, time, limits)) : quickest;
        wait = ledger.pause && ledger.pause.until > time ? 0 : Math.max(0, soonest - time);
        if (wait > 0) return ledger;
        const created = kind === 'content' ? [...ledger.created, time] : ledger.created;
        return { ...ledger, created, due: Math.max(ledger.due, time) + gap };
      });
      // Another clone may have been told to pause in the meantime.
      await this.#refusePause(await this.#ledger(), left);
      if (wait === 0) return;
      if (wait > patience) {
        throw new TrackerError('paced', pacedMessage(limits), { until: now() + wait });
      }
      await sleep(wait);
    }
  }

  async #refusePause({ pause }: Ledger, left: number): Promise<void> {
    const now = this.#now();
    if (pause && pause.until > now) {
      throw new TrackerError('rateLimited', 'GitHub asked for a pause.', { until: this.#local(pause.until) });
    }
    const quota = this.#quota;
    if (!quota || quota.reset <= now || quota.remaining > Math.ceil(quota.limit * left)) return;
    const until = this.#local(Math.min(quota.reset + second, now + hour + minute));
    throw new TrackerError('rateLimited', 'The rest of this hour’s requests to GitHub is left to your other tools.', {
      until,
    });
  }

  #now(): number {
    return this.#options.now() + (this.#ahead ?? 0);
  }

  #local(serverTime: number): number {
    return serverTime - (this.#ahead ?? 0);
  }

  /** As it counts now. */
  async #ledger(): Promise<Ledger> {
    const ledger = await this.#read();
    const now = this.#now();
    if (!isAhead(ledger, now)) return current(ledger, now);
    if (this.#answered) return this.#change((changed) => changed);
    // The clock was set back. The next answer tells what time it is, and with it whether there is a pause.
    const { pause: _, ...rest } = current(ledger, now);
    return rest;
  }

  async #read(): Promise<Ledger> {
    const ledger = await readLedger(this.#options.files);
    this.#ahead ??= ledger.ahead;
    this.#pause = ledger.pause;
    return ledger;
  }

  async #change(change: (ledger: Ledger, now: number) => Ledger): Promise<Ledger> {
    const lock = await this.#lock();
    try {
      const read = await this.#read();
      const now = this.#now();
      const changed = { ...change(current(read, now), now), ahead: this.#ahead ?? 0 };
      if (JSON.stringify(changed) !== JSON.stringify(read)) await writeLedger(this.#options.files, changed);
      return changed;
    } finally {
      await lock.dispose();
    }
  }

  async #lock(): Promise<{ dispose(): Promise<void> }> {
    for (let attempt = 0; attempt < lockAttempts; attempt++) {
      const lock = await this.#options.lock();
      if (lock) return lock;
      await this.#options.sleep(lockPause);
    }
    const until = this.#options.now() + lockAttempts * lockPause;
    throw new TrackerError('paced', 'Another window or terminal is about to send something.', { until });
  }
}

/** What is said when our own pace is what is waited for. */
export function pacedMessage({ perMinute, perHour }: PaceLimits): string {
  return `GitHub takes ${perMinute} new issues and comments a minute and ${perHour} an hour from one person.`;
}

/** When one more can be created, on the clock of the times. */
function timeToCreate(created: readonly number[], now: number, { perMinute, perHour }: PaceLimits): number {
  return Math.max(now, freeAgain(created, now, perMinute, minute), freeAgain(created, now, perHour, hour));
}

function freeAgain(created: readonly number[], now: number, most: number, span: number): number {
  const oldest = created[created.length - most];
  return oldest === undefined ? now : oldest + span + margin;
}

function forBulk({ perMinute, perHour }: PaceLimits): PaceLimits {
  return { perMinute: perMinute - Math.floor(perMinute / 5), perHour: perHour - Math.floor(perHour / 5) };
}

function within(wish: number | undefined, usual: number, most: number): number {
  return wish === undefined || !Number.isFinite(wish) ? usual : Math.min(most, Math.max(1, Math.floor(wish)));
}
