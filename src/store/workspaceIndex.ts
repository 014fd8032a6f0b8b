import type { Incident, Item, ItemRecord } from '../core/item.ts';
import type { Policy } from '../core/policy.ts';
import type { Log } from '../core/ports/environment.ts';
import type { Files } from '../core/ports/files.ts';
import type { Problem } from '../core/problem.ts';
import { withStandIns } from '../core/standIns.ts';
import type { StoredEvent, TimelineEvent } from '../core/timelineEvent.ts';
import { nameEnding } from '../documents/eventDocument.ts';
import { recordPath } from '../documents/recordDocument.ts';
import { claimedUid } from './catalog.ts';
import { inDisplayOrder } from './displayOrder.ts';
import { type IndexChange, IndexState } from './indexState.ts';
import { inParallel } from './inParallel.ts';
import { JournalCopies } from './journalCopies.ts';
import { incidentDocument, type Place, placeOf, reviewDocument } from './place.ts';
import { type Entry, fieldsOf, readEntry, type Source } from './readEntry.ts';
import { expandRequests, isBelow, noRequests, type Requests } from './requests.ts';
import type { HandEdit } from './resolveItem.ts';
import { planTimelines, type Timeline } from './timelines.ts';

export type { IndexChange } from './indexState.ts';
export type { HandEdit } from './resolveItem.ts';

export interface WorkspaceIndexOptions {
  /** The tree, from the root folder down. */
  readonly files: Files;
  /** Copies of this clone's records, at the same paths. */
  readonly journal?: Files;
  readonly log: Log;
}

/**
 * The index of one root folder, kept by changes: one changed file costs one read. Loading and refreshing take turns, and
 * what readers see changes at the end of a turn, at once.
 */
export class WorkspaceIndex {
  readonly #tree: Source;
  readonly #journal: JournalCopies | undefined;
  readonly #state: IndexState;
  readonly #log: Log;
  readonly #listeners = new Set<(change: IndexChange) => void>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ files, journal, log }: WorkspaceIndexOptions) {
    this.#tree = { files, log };
    this.#journal = journal && new JournalCopies(journal, log);
    this.#state = new IndexState(this.#journal);
    this.#log = log;
  }

  /** Reads everything. Never throws: what can't be read is a problem. */
  load(): Promise<void> {
    return this.refresh(['']);
  }

  /** Takes in what was created, changed or deleted. A folder stands for all in it. */
  refresh(paths: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#takeIn(paths));
  }

  /** All items, incidents among them, in the order of their paths. */
  items(): readonly Item[] {
    return this.#state.catalog.items();
  }

  /** The item with this uid, id, alias or `owner/repo#n`, in this order; exact. */
  item(name: string): Item | undefined {
    return this.#state.catalog.item(name);
  }

  /** The item that a file belongs to: its own document, a text kept of it, or anything in an incident's folder. */
  itemAt(path: string): Item | undefined {
    const place = placeOf(path);
    return place?.kind === 'conflict' ? this.item(place.item) : this.#state.catalog.itemAt(path);
  }

  /** Whether somebody decided a conflict of an item. */
  isResolved(uid: string, conflict: string): boolean {
    return this.#state.isResolved(uid, conflict);
  }

  /** The records of an item, lowest id first. */
  records(uid: string): readonly ItemRecord[] {
    return this.#state.records(uid);
  }

  /** An incident's own events in display order. Those of an incident that was closed at loading are read now. */
  async events(uid: string): Promise<readonly StoredEvent[]> {
    const loaded = this.loadedEvents(uid);
    if (loaded) return loaded;
    await this.#inTurn(() => this.#loadTimeline(uid));
    return this.loadedEvents(uid) ?? [];
  }

  /** An incident's events and those of all incidents merged into it, as they are shown, in display order. */
  async timeline(uid: string): Promise<readonly StoredEvent[]> {
    const merged = new Set<string>();
    const waiting = [this.item(uid)];
    for (let item = waiting.pop(); item; item = waiting.pop()) {
      if (merged.has(item.uid)) continue;
      merged.add(item.uid);
      waiting.push(...this.#state.catalog.duplicatesOf(item));
    }
    if (merged.size === 1) return withStandIns(await this.events(uid));
    const events: (readonly StoredEvent[])[] = [];
    for (const own of merged) events.push(await this.events(own));
    return withStandIns(inDisplayOrder(events.flat()));
  }

  /** An incident's own events in display order; undefined when they are not loaded yet. */
  loadedEvents(uid: string): readonly StoredEvent[] | undefined {
    const item = this.item(uid);
    return item ? this.#state.loadedEvents(item) : [];
  }

  /** Whether the review of an incident was begun: its `rca.md` is there. */
  hasReview(incident: Incident): boolean {
    return this.#state.entry(reviewDocument(incident.incident.folder))?.kind === 'review';
  }

  /** What is wrong, in the order of paths and lines. */
  problems(): readonly Problem[] {
    return this.#state.problems();
  }

  policy(): Policy {
    return this.#state.policy;
  }

  /** Journalled paths whose record the tree lacks, wherever it might be in it. */
  missing(): readonly string[] {
    return this.#state.missing();
  }

  /** The item's fields whose value in the file no record explains. */
  handEdits(uid: string): readonly HandEdit[] {
    return this.#state.catalog.handEdits(uid);
  }

  /** Is told once per load or refresh that changed something. */
  onDidChange(listener: (change: IndexChange) => void): { dispose(): void } {
    // Wrapped, so that one function registered twice is told twice, and disposed of once.
    const own = (change: IndexChange) => listener(change);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #takeIn(paths: readonly string[]): Promise<void> {
    const state = this.#state;
    // What stood in the way of something may be gone.
    const obstacles = [...state.blocked].filter((obstacle) => paths.some((path) => isBelow(path, obstacle)));
    const requests = await expandRequests(this.#tree, [...paths, ...obstacles], () => state.knownPaths());
    const read = new Map<string, Entry | undefined>();
    const touched = [...requests.named, ...requests.listed];
    await this.#read(
      read,
      touched.filter((path) => placeOf(path)?.kind !== 'event'),
    );
    const fieldsAfter = (path: string) => fieldsOf(this.#after(read, path));
    const plan = await planTimelines(this.#tree, requests, state.timelines, fieldsAfter);
    await this.#read(read, plan.read);
    await this.#readJournal(requests, read, plan.timelines);
    this.#tell(state.commit(requests, read, plan.timelines));
  }

  async #loadTimeline(uid: string): Promise<void> {
    const folder = this.item(uid)?.incident?.folder;
    const timeline = folder === undefined ? undefined : this.#state.timelines.get(folder);
    if (folder === undefined || !timeline || timeline.loaded) return;
    const read = new Map<string, Entry | undefined>();
    await this.#read(read, timeline.paths);
    this.#tell(this.#state.commit(noRequests, read, new Map([[folder, { ...timeline, loaded: true }]])));
  }

  async #read(read: Map<string, Entry | undefined>, paths: Iterable<string>): Promise<void> {
    await inParallel(paths, async (path) => {
      const place = placeOf(path);
      if (!place) return;
      const document = place.kind === 'event' ? incidentDocument(place.folder) : undefined;
      const incidentUid = document === undefined ? '' : claimedUid(document, fieldsOf(this.#after(read, document)));
      read.set(path, await readEntry(this.#tree, place, incidentUid));
    });
  }

  /** What a path holds after this turn. */
  #after(read: ReadonlyMap<string, Entry | undefined>, path: string): Entry | undefined {
    return read.has(path) ? read.get(path) : this.#state.entry(path);
  }

  async #readJournal(
    requests: Requests,
    read: Map<string, Entry | undefined>,
    timelines: ReadonlyMap<string, Timeline>,
  ): Promise<void> {
    if (!this.#journal) return;
    const timelineOf = (folder: string) => timelines.get(folder) ?? this.#state.timelines.get(folder);
    // A record is named after its id, and of a closed incident's events nothing but the names is known. Of all others the
    // journal's copy has to be read to tell whether it is what the tree has at that path.
    const isSettled = (place: Place): boolean => {
      const entry = this.#after(read, place.path);
      if (place.kind === 'record')
        return entry?.kind === 'record' && entry.record !== undefined && recordPath(entry.record) === place.path;
      if (place.kind !== 'event' || entry || read.has(place.path)) return false;
      const timeline = timelineOf(place.folder);
      return timeline?.loaded === false && timeline.paths.has(place.path);
    };
    const copies = await this.#journal.update([...requests.named, ...read.keys()], requests.folders, isSettled);
    await this.#read(read, [...this.#unreadLike(copies, timelines, read)]);
  }

  /** Events that are only listed and could be some of these, by their names or by their incident: only reading them tells. */
  *#unreadLike(
    copies: readonly TimelineEvent[],
    timelines: ReadonlyMap<string, Timeline>,
    read: ReadonlyMap<string, Entry | undefined>,
  ): Iterable<string> {
    if (copies.length === 0) return;
    const endings = new Set(copies.map(({ id }) => nameEnding(id)));
    const incidents = new Set(copies.map(({ incident }) => incident));
    for (const { loaded, uid, paths } of new Map([...this.#state.timelines, ...timelines]).values()) {
      if (loaded) continue;
      for (const path of paths) {
        const isUnread = !read.has(path) && !this.#state.entry(path);
        if (isUnread && (incidents.has(uid) || endings.has(nameEnding(path)))) yield path;
      }
    }
  }

  #tell(change: IndexChange | undefined): void {
    if (!change) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#log.error('A listener to the index failed', error);
      }
    }
  }
}
