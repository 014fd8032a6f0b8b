import { type ErrorCode, FirebreakError } from '../core/errors.ts';
import type { Log } from '../core/ports/environment.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { decodeText } from '../documents/decodeText.ts';
import { readEvent } from '../documents/eventDocument.ts';
import { inParallel } from '../store/inParallel.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';
import { createNew, type NewFile } from './newFile.ts';
import { rehome } from './rehome.ts';

/** How often a document is read again that somebody else keeps changing. */
const mostAttempts = 10;

/**
 * The only way in which use cases write to the tree: journalled first, so that a checkout, a stash, a clean or a full
 * disk takes no word away; then the tree; then the index, once per act. One act waits for the other.
 */
export class WorkspaceWriter {
  readonly #files: Files;
  readonly #journal: Files | undefined;
  readonly #index: WorkspaceIndex;
  readonly #log: Log;
  readonly #listeners = new Set<(paths: readonly string[]) => void>();
  #last: Promise<unknown> = Promise.resolve();
  #purged: Set<string> | undefined;

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
   * @throws FileError `exists` when the first file's name is taken; then nothing of the act is left anywhere
   * @throws FirebreakError `readOnly` when the tree can't be written; what was journalled stays and can be restored.
   */
  async createAll(newFiles: readonly NewFile[]): Promise<void> {
    return this.#inTurn(async () => {
      const made: string[] = [];
      const written: string[] = [];
      let kept = true;
      try {
        for (const file of newFiles) {
          const copy = await this.#keepNew(file);
          if (copy?.made) made.push(copy.path);
          kept &&= copy !== undefined;
        }
        for (const file of newFiles) written.push((await createNew(this.#files, file)).path);
      } catch (error) {
        if (!FileError.is(error, 'exists') || written.length > 0) throw explain(error, kept);
        // Another window, or a checkout, was faster with the name. Our copies must not pass for its own.
        for (const path of made) await this.#forget(path);
        throw error;
      } finally {
        await this.#tell([...new Set([...newFiles.map((file) => file.path), ...made, ...written])]);
      }
    });
  }

  /**
   * Makes files that have nothing to do with each other, many at a time: each is an act of its own, journalled before it
   * is in the tree.
   * @returns the paths whose names something else has; those files stay as they are
   * @throws FirebreakError `readOnly` after all were tried
   */
  async createMany(newFiles: readonly NewFile[]): Promise<string[]> {
    return this.#inTurn(async () => {
      const taken: string[] = [];
      let failure: { error: unknown } | undefined;
      await inParallel(newFiles, async (file) => {
        let isCopied = false;
        try {
          isCopied = (await this.#keepNew(file))?.made ?? false;
          await createNew(this.#files, file);
        } catch (error) {
          if (!FileError.is(error, 'exists')) failure ??= { error };
          else {
            // Our copy must not pass for what has the name.
            if (isCopied) await this.#forget(file.path);
            taken.push(file.path);
          }
        }
      });
      await this.#tell(newFiles.map(({ path }) => path));
      if (failure) throw explain(failure.error, false);
      return taken;
    });
  }

  /** Like {@link createAll}, for one file. */
  async create(path: string, text: string): Promise<void> {
    await this.createAll([{ path, text }]);
  }

  /**
   * Rewrites one document from what it holds now. Nothing is written when the edit changes nothing. A document that the
   * tree lacks and the journal has is changed there: it comes back with the change in it.
   * @throws FirebreakError `unreadableFile`, `readOnly`, `notFound`; and what `edit` throws
   */
  async change(path: string, edit: (source: string) => string): Promise<void> {
    return this.#inTurn(async () => {
      let kept = false;
      try {
        let { source, inTree } = await this.#read(path);
        for (let attempt = 1; ; attempt++) {
          const text = edit(source);
          if (text === source) return;
          kept = await this.#keep(path, text);
          if (!inTree) break;
          // The journal takes its time, and another process, or a person who saves, may use it.
          const now = attempt < mostAttempts ? await this.#read(path) : undefined;
          if (now && now.source !== source) ({ source, inTree } = now);
          else {
            await this.#files.write(path, text, source);
            break;
          }
        }
      } catch (error) {
        throw explain(error, kept);
      }
      await this.#tell([path]);
    });
  }

  /** @throws FirebreakError `readOnly`, `notFound` */
  async move(from: string, to: string): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#files.move(from, to);
      } catch (error) {
        throw explain(error, false);
      }
      await this.#keepMoved(from, to);
      await this.#tell([from, to]);
    });
  }

  /**
   * Writes journalled files that the tree lacks back to their places. One that can't be does not stop the others; a
   * document whose place another item took gets the next id.
   * @returns those of the paths whose record the tree has again
   * @throws FirebreakError `readOnly`, `unreadableFile` after all were tried
   */
  async restore(paths: readonly string[]): Promise<string[]> {
    return this.#inTurn(async () => {
      const places = new Map<string, string>();
      let failure: { error: unknown } | undefined;
      for (const path of paths) {
        try {
          const text = await this.#journalled(path);
          if (text === undefined) continue;
          places.set(path, path);
          // Somebody, or git, may have been faster; what is there stays. An event's words matter more than its name.
          const numbered = path.includes('/timeline/');
          places.set(path, (await createNew(this.#files, { path, text, numbered })).path);
        } catch (error) {
          if (!FileError.is(error, 'exists')) failure ??= { error };
        }
      }
      await this.#tell([...new Set([...places.keys(), ...places.values()])]);
      if (failure) throw explain(failure.error, true);
      const missing = new Set(this.#index.missing());
      for (const path of paths) if (missing.has(path)) await this.#rehome(path);
      return [...places.keys()];
    });
  }

  /**
   * Deletes files that are of no more use, from the tree and from the journal.
   * @throws FirebreakError `readOnly` when one can't be deleted
   */
  async remove(paths: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      try {
        for (const path of paths) {
          await this.#files.delete(path);
          await this.#forget(path);
        }
      } catch (error) {
        throw explain(error, false);
      } finally {
        await this.#tell(paths);
      }
    });
  }

  /** Takes files out of the journal for good: the user said that their absence is meant. */
  async discard(paths: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of paths) await this.#forget(path);
      await this.#index.refresh(paths);
    });
  }

  /**
   * Makes the journal forget the words of an event, wherever its copies are: what it keeps must not bring back what was
   * purged. Done once for each purge.
   * @param purge the id of the purge
   * @throws FileError when the journal can't be written
   */
  async forgetWords(purge: string, eventId: string, edit: (source: string) => string): Promise<void> {
    return this.#inTurn(async () => {
      const journal = this.#journal;
      if (!journal || (await journal.stat(`purged/${purge}`))) return;
      const forgotten: string[] = [];
      for (const { name } of await journal.list('incidents')) {
        const timeline = `incidents/${name}/timeline`;
        for (const entry of await journal.list(timeline)) {
          const path = `${timeline}/${entry.name}`;
          const text = entry.kind === 'file' ? await this.#journalled(path) : undefined;
          if (text === undefined || readEvent(path, text, '').event?.id !== eventId) continue;
          await journal.write(path, edit(text));
          forgotten.push(path);
        }
      }
      await journal.write(`purged/${purge}`, eventId);
      this.#purged?.add(eventId);
      if (forgotten.length > 0) await this.#tell(forgotten);
    });
  }

  /** The ids of events that this clone purged, or saw purged, also where the branch has not got the purge. */
  async purgedEvents(): Promise<ReadonlySet<string>> {
    const journal = this.#journal;
    if (this.#purged || !journal) return this.#purged ?? new Set();
    const purged = new Set<string>();
    for (const { name } of await journal.list('purged')) {
      const id = await this.#journalled(`purged/${name}`);
      if (id) purged.add(id);
    }
    this.#purged = purged;
    return purged;
  }

  /** Gives a document whose place another item took a place of its own. */
  async #rehome(path: string): Promise<void> {
    const text = await this.#journalled(path);
    const rehomed = text === undefined ? undefined : await rehome(this.#index, path, text);
    if (!rehomed) {
      throw new FirebreakError(
        'unreadableFile',
        `${path} can't be restored: another file has its place. Mend that one or move it away, and restore again.`,
      );
    }
    const { document, events } = rehomed;
    const touched = [path, document.path];
    try {
      await this.#keep(document.path, document.text);
      await createNew(this.#files, document);
      for (const [from, to] of events) {
        await this.#files.move(from, to);
        await this.#keepMoved(from, to);
        touched.push(from, to);
      }
      await this.#forget(path);
    } catch (error) {
      throw explain(error, true);
    } finally {
      await this.#tell(touched);
    }
  }

  async #journalled(path: string): Promise<string | undefined> {
    const decoded = this.#journal && decodeText(await this.#journal.read(path));
    return decoded && 'text' in decoded ? decoded.text : undefined;
  }

  /** Two acts at once would each rewrite what they read, and one would undo the other. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #tell(paths: readonly string[]): Promise<void> {
    await this.#index.refresh(paths);
    for (const listener of this.#listeners) listener(paths);
  }

  async #read(path: string): Promise<{ source: string; inTree: boolean }> {
    const decode = (bytes: Uint8Array): string => {
      const decoded = decodeText(bytes);
      if ('text' in decoded) return decoded.text;
      throw new FirebreakError('unreadableFile', `${path} can't be changed: it is not a text file.`);
    };
    try {
      return { source: decode(await this.#files.read(path)), inTree: true };
    } catch (error) {
      const journalled = FileError.is(error, 'notFound') && (await this.#journal?.stat(path));
      if (!this.#journal || !journalled) throw error;
      return { source: decode(await this.#journal.read(path)), inTree: false };
    }
  }

  /**
   * Journals a new file.
   * @returns undefined when the journal can't be written
   * @throws FileError `exists`
   */
  async #keepNew(file: NewFile): Promise<{ readonly path: string; readonly made: boolean } | undefined> {
    try {
      return this.#journal && (await createNew(this.#journal, file));
    } catch (error) {
      if (FileError.is(error, 'exists')) throw error;
      this.#missed(file.path, error);
      return undefined;
    }
  }

  /** @returns whether the journal has it now */
  async #keep(path: string, text: string): Promise<boolean> {
    try {
      await this.#journal?.write(path, text);
      return this.#journal !== undefined;
    } catch (error) {
      this.#missed(path, error);
      return false;
    }
  }

  async #keepMoved(from: string, to: string): Promise<void> {
    try {
      if (!(await this.#journal?.stat(from))) return;
      const decoded = decodeText((await this.#journal?.read(from)) ?? new Uint8Array());
      if ('text' in decoded) await this.#journal?.write(to, decoded.text);
    } catch (error) {
      this.#missed(to, error);
    }
    await this.#forget(from);
  }

  #missed(path: string, error: unknown): void {
    // The journal is the second copy. Declaring must work without it; the log tells why there is none.
    this.#log.error(`The journal could not keep ${path}`, error);
  }

  async #forget(path: string): Promise<void> {
    try {
      await this.#journal?.delete(path);
    } catch (error) {
      this.#log.error(`The journal could not forget ${path}`, error);
    }
  }
}

/** @param kept whether the journal has what was to be written */
function explain(error: unknown, kept: boolean): unknown {
  if (!FileError.is(error)) return error;
  const where = kept
    ? ' What you wrote is kept in the journal: restore it afterwards ("Firebreak: Restore Missing Files", or `firebreak restore`).'
    : '';
  const refused = (code: ErrorCode, what: string) =>
    new FirebreakError(code, `${error.path} ${what}${where}`, { cause: error });
  switch (error.reason) {
    case 'readOnly':
    case 'denied':
      return refused('readOnly', "can't be written: make its folder writable.");
    case 'full':
      return refused('readOnly', "can't be written: the disk is full. Free some space.");
    case 'isFolder':
    case 'notFolder':
      return refused(
        'unreadableFile',
        "can't be used: a folder stands where a file belongs, or the reverse. Move it away.",
      );
    case 'notFound':
      return refused('notFound', 'is not there any more.');
    default:
      return refused('unreadableFile', `can't be used (${error.reason}).`);
  }
}
