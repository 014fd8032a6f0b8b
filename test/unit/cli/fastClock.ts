import path from 'node:path';

const preload = path.join(import.meta.dirname, 'fastClock.cjs');

/** A clock that a fake GitHub and processes of the command line share: many times faster than the world's. */
export class FastClock {
  readonly #speed: number;
  #then: number;
  readonly #at = Date.now();

  constructor(start: string, speed: number) {
    this.#then = Date.parse(start);
    this.#speed = speed;
  }

  readonly now = (): Date => new Date(Math.floor(this.#then + (Date.now() - this.#at) * this.#speed));

  /** For processes that start from now on; those that run keep the time they have. */
  advance(seconds: number): void {
    this.#then += seconds * 1000;
  }

  /** What a process must have in its environment to tell the same time. */
  get environment(): Record<string, string> {
    return {
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
      FAST_CLOCK: [this.#then, this.#at, this.#speed].join(' '),
    };
  }
}
