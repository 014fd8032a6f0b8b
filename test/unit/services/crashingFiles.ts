import { FileError, type Files } from '../../../src/core/ports/files.ts';
import { portOf } from './clone.ts';

/** A machine that stops before one of its writes, to the tree or to private state, and never writes again. */
export class CrashPoint {
  #left: number;
  crashed = false;

  /** @param writes how many succeed before */
  constructor(writes: number) {
    this.#left = writes;
  }

  through(files: Files): Files {
    const port = portOf(files);
    const guarded =
      <P extends unknown[]>(write: (path: string, ...rest: P) => Promise<void>) =>
      async (path: string, ...rest: P): Promise<void> => {
        if (this.#left <= 0) this.crashed = true;
        if (this.crashed) throw new FileError('failed', path);
        this.#left--;
        await write(path, ...rest);
      };
    return {
      ...port,
      write: guarded(port.write),
      create: guarded(port.create),
      move: guarded(port.move),
      delete: guarded(port.delete),
    };
  }
}
