import { isSafeId } from '../../core/itemId.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { contentHash } from '../../core/ulids.ts';
import { inParallel } from '../../store/inParallel.ts';
import { sameValue } from '../../store/sameValue.ts';
import { changedSince, nextId, readChanges, type StateChange, withChange, writeChanges } from './changedStates.ts';
import { type ItemState, isItemState } from './syncState.ts';

const folder = 'sync/items';

/** What a process knows the disk to hold, from one sync to the next: ten thousand files are not read each minute. */
export class RememberedStates {
  /** By uid. */
  states = new Map<string, ItemState>();
  /** The last sync whose states are among them; undefined: all have to be read. */
  seen: string | undefined;
}

/**
 * The states of all items, a file each. Before a sync writes a state it notes in `sync/changes.json` that it will, so that
 * the next to look (this process, another window, a terminal) reads what was written since it looked last, and no more.
 * A process that stops in between leaves a note too many, and never one too few.
 */
export class ItemStates {
  readonly #files: Files;
  readonly #now: () => number;
  readonly #remembered: RememberedStates;
  readonly #items = new Map<string, ItemState>();
  /** What the disk holds: to compare ten thousand texts takes longer than to compare what they were made of. */
  #saved = new Map<string, ItemState>();
  #isAlone = false;
  /** A file could not be read or written: nobody knows what the disk holds. */
  #isUnsure = false;
  /** What syncs before this one wrote. */
  #before: readonly StateChange[] = [];
  #change: StateChange | undefined;
  readonly #noted = new Set<string>();
  #noting: Promise<void> = Promise.resolve();

  /** @param now epoch milliseconds */
  constructor(files: Files, now: () => number, remembered: RememberedStates) {
    this.#files = files;
    this.#now = now;
    this.#remembered = remembered;
  }

  /**
   * @param isAlone whether nobody else writes before this sync ends. What is read beside somebody who may be writing is good
   * for one look: it is not remembered, and nothing is written.
   */
  async load(isAlone: boolean): Promise<void> {
    const { seen } = this.#remembered;
    // Whoever is alone may change it meanwhile.
    const known = isAlone ? this.#remembered.states : new Map(this.#remembered.states);
    const changes = (await readChanges(this.#files)) ?? [];
    const changed = changedSince(changes, seen);
    this.#isUnsure = false;
    const read = changed ? await this.#readSome(changed) : await this.#readAll();
    this.#saved = changed ? known : new Map();
    for (const [uid, state] of read) {
      if (state) this.#saved.set(uid, state);
      else this.#saved.delete(uid);
    }
    this.#items.clear();
    for (const [uid, state] of this.#saved) this.#items.set(uid, state);
    this.#before = changes;
    this.#change = undefined;
    this.#noted.clear();
    this.#isAlone = isAlone;
    if (!isAlone) return;
    this.#remembered.states = this.#saved;
    this.#remember(changes.at(-1)?.id);
    // There is nothing yet to tell later changes by.
    if (changes.length === 0 && this.#saved.size > 0) await this.#writeNote(undefined);
  }

  all(): ItemState[] {
    return [...this.#items.values()];
  }

  get(uid: string): ItemState | undefined {
    return this.#items.get(uid);
  }

  /** Keeps a state that says nothing but what the item's file says: it is written once there is more to know. */
  hold(state: ItemState): void {
    this.#items.set(state.uid, state);
  }

  /** For whoever is alone. @throws FileError */
  async save(state: ItemState): Promise<void> {
    const { uid } = state;
    this.#items.set(uid, state);
    const saved = this.#saved.get(uid);
    if (saved && (sameValue(saved, state) || textOf(saved) === textOf(state))) return;
    await this.#note(uid);
    await this.#surely(uid, () => this.#files.write(pathOf(uid), textOf(state)));
    this.#saved.set(uid, state);
  }

  /** For whoever is alone. @throws FileError */
  async forget(uid: string): Promise<void> {
    this.#items.delete(uid);
    await this.#note(uid);
    await this.#surely(uid, () => this.#files.delete(pathOf(uid)));
    this.#saved.delete(uid);
  }

  async #surely(uid: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#saved.delete(uid);
      this.#isUnsure = true;
      this.#remember(undefined);
      throw error;
    }
  }

  #remember(seen: string | undefined): void {
    this.#remembered.seen = this.#isUnsure ? undefined : seen;
  }

  /** One after the other, since each note holds those before it. */
  async #note(uid: string): Promise<void> {
    if (!this.#isAlone) throw new Error('States are written by one process at a time.');
    const before = this.#noting;
    const note = async () => {
      await before.catch(() => undefined);
      if (this.#change?.items !== 'all' && !this.#noted.has(uid)) await this.#writeNote(uid);
    };
    this.#noting = note();
    await this.#noting;
  }

  async #writeNote(uid: string | undefined): Promise<void> {
    const id = this.#change?.id ?? nextId(this.#before, this.#now());
    const items = [...this.#noted, ...(uid === undefined ? [] : [uid])];
    const changes = withChange(this.#before, { id, items });
    await writeChanges(this.#files, changes);
    if (uid !== undefined) this.#noted.add(uid);
    this.#change = changes.at(-1);
    this.#remember(id);
  }

  async #readSome(uids: ReadonlySet<string>): Promise<ReadonlyMap<string, ItemState | undefined>> {
    const read = new Map<string, ItemState | undefined>();
    await inParallel(uids, async (uid) => {
      const state = await this.#read(pathOf(uid));
      read.set(uid, state?.uid === uid ? state : undefined);
    });
    return read;
  }

  async #readAll(): Promise<ReadonlyMap<string, ItemState>> {
    const read = new Map<string, ItemState>();
    const entries = await this.#files.list(folder);
    const names = entries.filter(({ name, kind }) => kind === 'file' && name.endsWith('.json')).map(({ name }) => name);
    await inParallel(names, async (name) => {
      const state = await this.#read(`${folder}/${name}`);
      if (state && pathOf(state.uid) === `${folder}/${name}`) read.set(state.uid, state);
    });
    return read;
  }

  async #read(path: string): Promise<ItemState | undefined> {
    try {
      const state: unknown = JSON.parse(new TextDecoder().decode(await this.#files.read(path)));
      return isItemState(state) ? withOneText(state) : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || FileError.is(error, 'notFound')) return undefined;
      if (!FileError.is(error)) throw error;
      this.#isUnsure = true;
      return undefined;
    }
  }
}

/** Both texts are the same nearly always, and are kept for long. */
function withOneText(state: ItemState): ItemState {
  const { baseBody, remoteBody } = state;
  return baseBody !== undefined && baseBody === remoteBody ? { ...state, remoteBody: baseBody } : state;
}

function textOf(state: ItemState): string {
  return `${JSON.stringify(state, null, 1)}\n`;
}

/** A uid may be written by hand, and is then no file name. */
function pathOf(uid: string): string {
  return `${folder}/${isSafeId(uid) ? uid : contentHash(uid)}.json`;
}
