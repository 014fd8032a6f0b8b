import type { Log } from '../core/ports/environment.ts';
import type { Files } from '../core/ports/files.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { readConflictPath } from '../documents/conflictFiles.ts';
import { claimedUid } from './catalog.ts';
import { inParallel } from './inParallel.ts';
import { type Place, placeOf } from './place.ts';
import { type Entry, readEntry, type Source } from './readEntry.ts';
import { isBelow } from './requests.ts';
import { scan } from './scan.ts';

/** What of the tree is known by identity, wherever it stands there. */
export interface TreeIdentities {
  hasRecord(id: string): boolean;
  hasEvent(id: string): boolean;
  hasItem(uid: string): boolean;
  /** Whether the tree holds a kept text, or tells that its conflict is resolved. */
  hasKeptText(path: string): boolean;
  /** The identity of what is at a path. */
  at(path: string): string | undefined;
}

/**
 * The journal's copies that the tree may lack (design, "Nothing is lost with the work tree"). Whether it does is told by
 * the record's id, not by its path: a file that was moved is not missing.
 */
export class JournalCopies {
  readonly #source: Source;
  readonly #copies = new Map<string, Entry>();
  #missing = new Map<string, Entry>();

  constructor(files: Files, log: Log) {
    this.#source = { files, log };
  }

  /**
   * Takes in what the journal holds at some paths, and in some folders.
   * @param isSettled whether the tree has what the journal could hold at a path, by all that its name tells
   * @returns all events among the copies: `settle` tells by their ids what is missing
   */
  async update(
    paths: Iterable<string>,
    folders: readonly string[],
    isSettled: (place: Place) => boolean,
  ): Promise<readonly TimelineEvent[]> {
    const candidates = new Set<string>();
    for (const folder of folders) {
      const found = await scan(this.#source, folder);
      for (const path of found.files) candidates.add(path);
      for (const path of this.#copies.keys()) if (isBelow(path, folder)) candidates.add(path);
    }
    for (const path of paths) if (folders.every((folder) => !isBelow(path, folder))) candidates.add(path);
    await inParallel(candidates, async (path) => {
      const place = placeOf(path);
      if (!place || place.kind === 'policy') return;
      // A copy that is kept is of another item than the tree has there: only the journal tells whether it still is.
      const isKept = (place.kind === 'item' || place.kind === 'incident') && this.#copies.has(path);
      const copy = isSettled(place) && !isKept ? undefined : await readEntry(this.#source, place, '');
      if (!copy || identityOf(path, copy) === undefined) this.#copies.delete(path);
      else this.#copies.set(path, copy);
    });
    const events: TimelineEvent[] = [];
    for (const copy of this.#copies.values()) if (copy.kind === 'event' && copy.event) events.push(copy.event);
    return events;
  }

  /**
   * Holds the copies against the tree.
   * @returns the paths that were missing before or are now, with what is missing there
   */
  settle(tree: TreeIdentities): ReadonlyMap<string, Entry | undefined> {
    const missing = new Map<string, Entry>();
    const items = new Set<string>();
    // An item that was declared has a copy in either place: the incident's counts, and sorts first from the end.
    for (const path of [...this.#copies.keys()].sort().reverse()) {
      const copy = this.#copies.get(path);
      const identity = copy && identityOf(path, copy);
      if (!copy || identity === undefined) continue;
      // Should it go from there, that path is looked at again. Until then there is no need to keep the copy.
      if (tree.at(path) === identity) this.#copies.delete(path);
      if (copy.kind === 'document') {
        if (tree.hasItem(identity) || items.has(identity)) continue;
        items.add(identity);
      } else if (copy.kind === 'conflict' ? tree.hasKeptText(path) : has(tree, copy, identity)) continue;
      missing.set(path, copy);
    }
    const affected = new Map<string, Entry | undefined>();
    for (const path of this.#missing.keys()) if (!missing.has(path)) affected.set(path, undefined);
    for (const [path, copy] of missing) if (this.#missing.get(path) !== copy) affected.set(path, copy);
    this.#missing = missing;
    return affected;
  }

  missingAt(path: string): Entry | undefined {
    return this.#missing.get(path);
  }

  missing(): readonly string[] {
    return [...this.#missing.keys()].sort();
  }
}

function has(tree: TreeIdentities, copy: Entry, identity: string): boolean {
  return copy.kind === 'event' ? tree.hasEvent(identity) : tree.hasRecord(identity);
}

function identityOf(path: string, copy: Entry): string | undefined {
  switch (copy.kind) {
    case 'document':
      return copy.fields && claimedUid(path, copy.fields);
    case 'event':
      return copy.event?.id;
    case 'record':
      return copy.record?.id;
    case 'conflict':
      // That a conflict is resolved is told by the tree alone: a checkout that takes it back brings the conflict back.
      return readConflictPath(path)?.part === 'resolved' ? undefined : path;
    default:
      return undefined;
  }
}
