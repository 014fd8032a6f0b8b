import type { Files } from '../../src/core/ports/files.ts';

/** Where a process may be killed: before any of its operations on files, and before or after any of its requests. */
export class Machine {
  #left = Number.POSITIVE_INFINITY;
  #dead = false;
  #die: (() => void) | undefined;

  /** The process dies at its n-th operation from now. */
  killAfter(operations: number): void {
    this.#left = operations;
  }

  spare(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** Does something that the process may die in. @returns undefined when it did, once nothing of it runs any more */
  async live<T>(act: () => Promise<T>): Promise<T | undefined> {
    const death = new Promise<undefined>((resolve) => {
      this.#die = () => resolve(undefined);
    });
    return Promise.race([act(), death]);
  }

  files(files: Files): Files {
    const gated =
      <P extends unknown[], R>(operation: (...parameters: P) => Promise<R>) =>
      async (...parameters: P): Promise<R> => {
        await this.#gate();
        return operation(...parameters);
      };
    return {
      stat: gated((path) => files.stat(path)),
      list: gated((folder) => files.list(folder)),
      read: gated((path) => files.read(path)),
      write: gated((path, text, expected) => files.write(path, text, expected)),
      create: gated((path, text) => files.create(path, text)),
      move: gated((from, to) => files.move(from, to)),
      delete: gated((path) => files.delete(path)),
    };
  }

  fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      await this.#gate();
      const response = await fetch(input, init);
      await this.#gate();
      return response;
    };
  }

  /** Nothing of a process that is dead goes on: what it waits for never comes. */
  async #gate(): Promise<void> {
    this.#left -= 1;
    if (this.#left < 0) {
      this.#dead = true;
      this.#die?.();
    }
    if (this.#dead) await new Promise<never>(() => {});
  }
}
