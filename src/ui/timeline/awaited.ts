import { hour, second } from '../../core/time.ts';

const firstWait = 2 * second;

/** An answer that should come soon: it is asked for when it does not, less and less often. No timer runs while none is awaited. */
export class Awaited {
  readonly #ask: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = firstWait;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** An answer is awaited from now on. */
  expect(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#wait = Math.min(2 * this.#wait, hour);
      this.#ask();
    }, this.#wait);
  }

  /** It has come, or is awaited no more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wait = firstWait;
  }
}
