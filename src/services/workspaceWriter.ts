import { FirebreakError } from '../core/errors.ts';
import type { Log } from '../core/ports/environment.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { decodeText } from '../documents/decodeText.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The only way in which use cases write to the tree: journalled first, so that a checkout, a stash, a clean or a full
 * disk takes no word away; then the tree; then the index, once per act.
 */
export class WorkspaceWriter {
  readonly #files: Files;
  readonly #journal: Files | undefined;
  readonly #index: WorkspaceIndex;
  readonly #log: Log;
  readonly #listeners = new Set<(paths: readonly string[]) => void>();

  constructor(options: { files: Files; journal: Files | undefined; index: WorkspaceIndex; log: Log }) {
    this.#files = options.files;
    this.#journal = options.journal;
    this.#index = options.index;
    this.#log = options.log;
  }

  /** Is told which paths a use case wrote, after the index has them. What git or an editor writes is not told here. */
  onDidWrite(listener: (paths: readonly string[]) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /**
   * Writes files that must not be there yet, in this order. All are journalled before the first touches the tree.
   * @throws FirebreakError `readOnly` when the tree can't be written; what was journalled stays and can be restored.
   */
  async createAll(newFiles: readonly NewFile[]): Promise<void> {
    for (const file of newFiles) await this.#keep(file.path, file.text);
    try {
      for (const file of newFiles) await this.#files.create(file.path, file.text);
    } catch (error) {
      throw this.#explain(error);
    } finally {
      await this.#tell(newFiles.map((file) => file.path));
    }
  }

  async create(path: string, text: string): Promise<void> {
    await this.createAll([{ path, text }]);
  }

  /**
   * Rewrites one document from what it holds now. Nothing is written when the edit changes nothing.
   * @throws FirebreakError `unreadableFile`, `readOnly`
   */
  async change(path: string, edit: (source: string) => string): Promise<void> {
    try {
      const decoded = decodeText(await this.#files.read(path));
      if (!('text' in decoded)) {
        throw new FirebreakError('unreadableFile', `${path} can't be changed: it is not a text file.`);
      }
      const text = edit(decoded.text);
      if (text === decoded.text) return;
      await this.#keep(path, text);
      await this.#files.write(path, text);
    } catch (error) {
      throw this.#explain(error);
    }
    await this.#tell([path]);
  }

  /** @throws FirebreakError `readOnly` */
  async move(from: string, to: string): Promise<void> {
    try {
      await this.#files.move(from, to);
    } catch (error) {
      throw this.#explain(error);
    }
    await this.#forget(from);
    await this.#tell([from, to]);
  }

  /**
   * Writes journalled files that the tree lacks back to their places.
   * @returns the paths that are there again
   */
  async restore(paths: readonly string[]): Promise<string[]> {
    const restored: string[] = [];
    try {
      for (const path of paths) {
        const decoded = this.#journal && decodeText(await this.#journal.read(path));
        if (!decoded || !('text' in decoded)) continue;
        try {
          await this.#files.create(path, decoded.text);
        } catch (error) {
          // Somebody, or git, was faster. What is there stays.
          if (!FileError.is(error, 'exists')) throw error;
        }
        restored.push(path);
      }
    } catch (error) {
      throw this.#explain(error);
    } finally {
      await this.#tell(restored);
    }
    return restored;
  }

  /** Takes files out of the journal for good: the user said that their absence is meant. */
  async discard(paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.#forget(path);
    await this.#index.refresh(paths);
  }

  async #tell(paths: readonly string[]): Promise<void> {
    await this.#index.refresh(paths);
    for (const listener of this.#listeners) listener(paths);
  }

  async #keep(path: string, text: string): Promise<void> {
    try {
      await this.#journal?.write(path, text);
    } catch (error) {
      // The journal is the second copy. Declaring must work without it; the log tells why there is none.
      this.#log.error(`The journal could not keep ${path}`, error);
    }
  }

  async #forget(path: string): Promise<void> {
    try {
      await this.#journal?.delete(path);
    } catch (error) {
      this.#log.error(`The journal could not forget ${path}`, error);
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof FileError)) return error;
    const kept = this.#journal
      ? ' What you wrote is kept in the journal: run "Firebreak: Restore Missing Files" afterwards.'
      : '';
    switch (error.reason) {
      case 'readOnly':
      case 'denied':
        return new FirebreakError('readOnly', `${error.path} can't be written: make its folder writable.${kept}`, {
          cause: error,
        });
      case 'full':
        return new FirebreakError(
          'readOnly',
          `${error.path} can't be written: the disk is full. Free some space.${kept}`,
          { cause: error },
        );
      case 'isFolder':
      case 'notFolder':
        return new FirebreakError(
          'unreadableFile',
          `${error.path}: a folder stands where a file belongs, or the reverse. Move it away.${kept}`,
          { cause: error },
        );
      case 'notFound':
        return new FirebreakError('notFound', `${error.path} is not there any more.`, { cause: error });
      default:
        return new FirebreakError('unreadableFile', `${error.path} can't be used (${error.reason}).${kept}`, {
          cause: error,
        });
    }
  }
}
