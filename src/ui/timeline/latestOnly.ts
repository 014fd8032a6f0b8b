/**
 * Runs a task one at a time. What is asked for while it runs is one more run after it: a burst costs two runs, and the
 * last one begins after everything that was asked for.
 */
export class LatestOnly {
  readonly #task: () => Promise<void>;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  /** Resolves when nothing is left to run. @throws what one of these runs threw */
  run(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    try {
      await this.#runOnce();
    } finally {
      this.#running = undefined;
    }
  }

  async #runOnce(): Promise<void> {
    this.#again = false;
    try {
      await this.#task();
    } finally {
      // Also after a failure: who asked meanwhile is owed a run.
      if (this.#again) await this.#runOnce();
    }
  }
}
