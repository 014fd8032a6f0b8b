import { second } from '../../src/core/time.ts';

/** The page's one timer. It keeps to whole seconds, and rests while the page is hidden or nothing runs. */
export class Ticker {
  readonly #tick: (now: number) => void;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tick: (now: number) => void) {
    this.#tick = tick;
    document.addEventListener('visibilitychange', () => this.#arrange());
  }

  /** @param wanted whether anything on the page runs */
  run(wanted: boolean): void {
    this.#wanted = wanted;
    this.#arrange();
  }

  #arrange(): void {
    const due = this.#wanted && document.visibilityState === 'visible';
    if (!due && this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (due && this.#timer === undefined) this.#beat();
  }

  #beat(): void {
    const now = Date.now();
    this.#tick(now);
    this.#timer = setTimeout(() => this.#beat(), second - (now % second));
  }
}
