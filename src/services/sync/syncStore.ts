import { FileError, type Files } from '../../core/ports/files.ts';
import { readChosen } from './chosenItems.ts';
import { ItemStates, RememberedStates } from './itemStates.ts';
import { emptyCursor, type ItemState, isCursor, type SyncCursor } from './syncState.ts';
import { readTakenOver } from './takeOver.ts';
import { dropReview, readReviews, type WantedReview } from './wantedReviews.ts';

const cursorFile = 'sync/cursor.json';

export interface SyncStoreOptions {
  /** This clone's private state; the folder `sync/` of it is used. */
  readonly files: Files;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** What the process knows from its last sync. */
  readonly remembered?: RememberedStates;
}

/** The `sync/` folder of the private state. Files that can't be read count as absent; nothing is written that is there. */
export class SyncStore {
  readonly #files: Files;
  readonly #items: ItemStates;
  #cursor: SyncCursor = emptyCursor;
  #cursorText: string | undefined;
  #chosen: ReadonlySet<string> = new Set();
  #reviews = new Map<string, string>();
  #takenOver: ReadonlySet<string> = new Set();

  constructor({ files, now, remembered = new RememberedStates() }: SyncStoreOptions) {
    this.#files = files;
    this.#items = new ItemStates(files, now, remembered);
  }

  /**
   * Everything, as another window or terminal may have left it.
   * @param isAlone whether nobody else syncs until this is done: else it is for one look, and states are not saved
   */
  async load({ isAlone = false }: { readonly isAlone?: boolean } = {}): Promise<void> {
    this.#reviews = await readReviews(this.#files);
    await this.loadChosen();
    const cursor = await this.#readCursor();
    this.#cursor = isCursor(cursor) ? cursor : emptyCursor;
    await this.#items.load(isAlone);
  }

  /** The review of an incident that somebody asked to post. */
  review(uid: string): string | undefined {
    return this.#reviews.get(uid);
  }

  async dropReview(review: WantedReview): Promise<void> {
    await dropReview(this.#files, review);
    this.#reviews.delete(review.uid);
  }

  /** Reads again what somebody chose to publish: they may have changed their mind while a sync is running. */
  async loadChosen(): Promise<void> {
    this.#chosen = await readChosen(this.#files);
    this.#takenOver = await readTakenOver(this.#files);
  }

  /** Whether this clone sends a record that another made. */
  isTakenOver(id: string): boolean {
    return this.#takenOver.has(id);
  }

  /** Whether somebody chose to publish an item from this clone. */
  isChosen(uid: string): boolean {
    return this.#chosen.has(uid);
  }

  get cursor(): SyncCursor {
    return this.#cursor;
  }

  /** Changes some fields; `undefined` takes one away. */
  async saveCursor(changes: { readonly [K in keyof SyncCursor]?: SyncCursor[K] | undefined }): Promise<void> {
    this.#cursor = { ...this.#cursor, ...changes } as SyncCursor;
    const text = `${JSON.stringify(this.#cursor, null, 1)}\n`;
    if (this.#cursorText === text) return;
    await this.#files.write(cursorFile, text);
    this.#cursorText = text;
  }

  items(): ItemState[] {
    return this.#items.all();
  }

  item(uid: string): ItemState | undefined {
    return this.#items.get(uid);
  }

  /** Keeps a state that says nothing but what the item's file says: it is written once there is more to know. */
  holdItem(state: ItemState): void {
    this.#items.hold(state);
  }

  async saveItem(state: ItemState): Promise<ItemState> {
    await this.#items.save(state);
    return state;
  }

  async forgetItem(uid: string): Promise<void> {
    await this.#items.forget(uid);
  }

  async #readCursor(): Promise<unknown> {
    this.#cursorText = undefined;
    try {
      const text = new TextDecoder().decode(await this.#files.read(cursorFile));
      this.#cursorText = text;
      return JSON.parse(text);
    } catch (error) {
      if (FileError.is(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
