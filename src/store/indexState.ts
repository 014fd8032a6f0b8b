import type { Item, ItemRecord, KeptConflict } from '../core/item.ts';
import { defaultPolicy, type Policy } from '../core/policy.ts';
import type { Problem } from '../core/problem.ts';
import type { StoredEvent, TimelineEvent } from '../core/timelineEvent.ts';
import { type ConflictFile, conflictPath, readConflictPath } from '../documents/conflictFiles.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { Catalog, type CatalogKey, claimedUid, missingKey } from './catalog.ts';
import { byDisplay, inDisplayOrder, unique } from './displayOrder.ts';
import type { JournalCopies } from './journalCopies.ts';
import { incidentDocument, incidentFolder, isDocument, placeOf, policyPath } from './place.ts';
import { ProblemList } from './problemList.ts';
import { type Entry, fieldsOf } from './readEntry.ts';
import { isBelow, type Requests } from './requests.ts';
import { fieldsWithoutDocument } from './resolveItem.ts';
import { sameValue } from './sameValue.ts';
import { Shelf } from './shelf.ts';
import { absentDocument, namedIncident, StrangeEvents } from './timelineProblems.ts';
import type { Timeline } from './timelines.ts';

/** What one turn read: for each path its entry, or undefined where nothing is. */
export type Reading = ReadonlyMap<string, Entry | undefined>;

/** What is not as it was before a turn. */
export interface IndexChange {
  /** Of items that came, went, or read differently; and of the incidents that these are merged into. */
  readonly uids: ReadonlySet<string>;
  readonly problems: boolean;
  readonly policy: boolean;
}

/** What a turn has changed so far. */
interface Changes {
  readonly uids: Set<string>;
  /** Of incidents whose timeline changed. */
  readonly folders: Set<string>;
  problems: boolean;
  policy: boolean;
}

/**
 * What is known of the workspace. It changes by `commit` alone, from one whole state to the next, and what it says does not
 * depend on the way there: a workspace that is read anew says the same.
 */
export class IndexState {
  readonly #journal: JournalCopies | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #timelines = new Map<string, Timeline>();
  readonly #strange = new StrangeEvents();
  readonly #treeItems = new Shelf<ItemFields>();
  readonly #treeRecords = new Shelf<ItemRecord>();
  readonly #treeEvents = new Shelf<StoredEvent>(byDisplay);
  readonly #conflicts = new Shelf<ConflictFile>();
  readonly #lostRecords = new Shelf<ItemRecord>();
  readonly #lostEvents = new Shelf<StoredEvent>(byDisplay);
  /** Paths where something stands in the way. */
  readonly #blocked = new Set<string>();
  /** Folders of incidents with events and without a document that can be read: the incident that the events name. */
  readonly #orphans = new Map<string, string>();
  readonly #problems = new ProblemList();
  readonly catalog: Catalog;
  #policy: Policy = defaultPolicy;

  constructor(journal: JournalCopies | undefined) {
    this.#journal = journal;
    this.catalog = new Catalog({
      records: (uid) => this.records(uid),
      events: (key, uid) => stateEvents(this.#ownEvents(key, uid)),
      conflicts: (uid) => this.#keptConflicts(uid),
    });
  }

  get policy(): Policy {
    return this.#policy;
  }

  get timelines(): ReadonlyMap<string, Timeline> {
    return this.#timelines;
  }

  get blocked(): ReadonlySet<string> {
    return this.#blocked;
  }

  entry(path: string): Entry | undefined {
    return this.#entries.get(path);
  }

  *knownPaths(): Iterable<string> {
    yield* this.#entries.keys();
    for (const timeline of this.#timelines.values()) if (!timeline.loaded) yield* timeline.paths;
  }

  problems(): readonly Problem[] {
    return this.#problems.all();
  }

  /** Lowest id first. */
  records(uid: string): readonly ItemRecord[] {
    const found = [...this.#treeRecords.group(uid), ...this.#lostRecords.group(uid)];
    if (found.length < 2) return found;
    const sorted = found.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
    return unique(sorted, ({ id }) => id);
  }

  /** Whether somebody decided a conflict of an item. */
  isResolved(item: string, id: string): boolean {
    return this.#conflicts.get(conflictPath({ item, id, part: 'resolved' })) !== undefined;
  }

  /** In display order; undefined while some of them are only listed. */
  loadedEvents(item: Item): readonly StoredEvent[] | undefined {
    const key = this.catalog.keyOf(item.uid);
    if (key === undefined) return [];
    const isLoaded = this.#foldersOf(key, item.uid).every((folder) => this.#timelines.get(folder)?.loaded !== false);
    return isLoaded ? this.#ownEvents(key, item.uid) : undefined;
  }

  /** A document that is in its place and can't be read is not missing, though the journal's copy is shown until it can. */
  missing(): readonly string[] {
    const isBroken = (path: string) =>
      isDocument(path) && this.#entries.has(path) && !fieldsOf(this.#entries.get(path));
    return (this.#journal?.missing() ?? []).filter((path) => !isBroken(path));
  }

  /**
   * Takes in what a turn read. Everything that readers see changes here, without a pause.
   * @returns undefined when nothing is other than it was
   */
  commit(requests: Requests, read: Reading, timelines: ReadonlyMap<string, Timeline>): IndexChange | undefined {
    const changes: Changes = { uids: new Set(), folders: new Set(), problems: false, policy: false };
    for (const [folder, timeline] of timelines) this.#setTimeline(folder, timeline, read, changes);
    this.#setBlocked(requests, read, changes);
    for (const [path, entry] of read) this.#setEntry(path, entry, changes);
    const documents = new Set([...read.keys()].filter((path) => isDocument(path)));
    for (const path of this.#settleJournal(changes)) documents.add(path);
    for (const folder of [...this.#orphans.keys(), ...changes.folders]) documents.add(incidentDocument(folder));
    this.#setDocuments(documents, changes);

    const resolved = this.catalog.settle((key, problems) =>
      // What is wrong with a document that only the journal has can't be seen, or mended, before it is restored.
      this.#report(`item ${key}`, placeOf(key) ? problems : [], changes),
    );
    for (const uid of resolved) changes.uids.add(uid);
    for (const folder of changes.folders) {
      const uid = this.catalog.itemOf(incidentDocument(folder))?.uid ?? this.#orphans.get(folder);
      if (uid !== undefined) changes.uids.add(uid);
    }
    this.#addMergeTargets(changes.uids);
    const { problems, policy } = changes;
    return changes.uids.size > 0 || problems || policy ? { uids: changes.uids, problems, policy } : undefined;
  }

  #setTimeline(folder: string, timeline: Timeline, read: Reading, changes: Changes): void {
    const before = this.#timelines.get(folder);
    const gone = [...read].filter(([path, entry]) => !entry && timeline.paths.has(path)).map(([path]) => path);
    let { paths } = timeline;
    if (gone.length > 0) {
      const left = new Set(paths);
      for (const path of gone) left.delete(path);
      paths = left;
    }
    if (paths.size === 0) this.#timelines.delete(folder);
    else this.#timelines.set(folder, { ...timeline, paths });
    // What is only listed changes a timeline too.
    const isOther =
      paths !== before?.paths && (paths.size !== (before?.paths.size ?? 0) || !isWithin(paths, before?.paths));
    if (isOther || (before && before.loaded !== timeline.loaded)) changes.folders.add(folder);
  }

  #setBlocked(requests: Requests, read: Reading, changes: Changes): void {
    const found = new Map(requests.problems.map((one) => [one.path, one]));
    for (const path of this.#blocked) {
      const isLookedAt = requests.folders.some((folder) => path === folder || isBelow(path, folder));
      if (isLookedAt && !found.has(path) && !read.has(path)) this.#setEntry(path, undefined, changes);
    }
    for (const [path, one] of found) this.#setEntry(path, { kind: 'blocked', problems: [one] }, changes);
  }

  #setEntry(path: string, entry: Entry | undefined, changes: Changes): void {
    const before = this.#entries.get(path);
    if (entry) this.#entries.set(path, entry);
    else this.#entries.delete(path);
    if (entry?.kind === 'blocked') this.#blocked.add(path);
    else this.#blocked.delete(path);
    this.#report(path, entry?.problems ?? [], changes);
    if (path === policyPath) {
      const policy = entry?.kind === 'policy' ? entry.policy : defaultPolicy;
      if (!sameValue(policy, this.#policy)) changes.policy = true;
      this.#policy = policy;
      return;
    }
    const place = placeOf(path);
    if (place?.kind === 'review' && before?.kind !== entry?.kind) changes.folders.add(place.folder);
    if (place?.kind === 'record') this.#setRecord(this.#treeRecords, path, entry, changes);
    if (place?.kind === 'conflict') this.#setConflict(path, place, entry, changes);
    if (place?.kind === 'event') {
      const event = entry?.kind === 'event' ? entry.event : undefined;
      this.#setEvent(this.#treeEvents, path, event && { event, path, missing: false }, place.folder, changes);
    }
    if (isDocument(path)) {
      const fields = fieldsOf(entry);
      const uid = claimedUid(path, fields);
      this.#treeItems.set(path, fields && { group: uid, id: uid, value: fields });
    }
  }

  #setRecord(shelf: Shelf<ItemRecord>, path: string, entry: Entry | undefined, changes: Changes): void {
    const record = entry?.kind === 'record' ? entry.record : undefined;
    const before = shelf.get(path)?.value;
    if (sameValue(before, record)) return;
    shelf.set(path, record && { group: record.item, id: record.id, value: record });
    for (const one of [before, record]) if (one) this.#touchUid(one.item, changes);
  }

  #setConflict(path: string, { item, id, part }: ConflictFile, entry: Entry | undefined, changes: Changes): void {
    const isThere = entry?.kind === 'conflict';
    if (isThere === (this.#conflicts.get(path) !== undefined)) return;
    this.#conflicts.set(path, isThere ? { group: item, id: path, value: { item, id, part } } : undefined);
    this.#touchUid(item, changes);
  }

  /** What waits for a decision, lowest id first. */
  #keptConflicts(uid: string): KeptConflict[] {
    const parts = this.#conflicts.group(uid);
    const kept: KeptConflict[] = [];
    for (const { item, id, part } of parts) {
      if (part !== 'mine' || this.isResolved(item, id)) continue;
      const base = conflictPath({ item, id, part: 'base' });
      kept.push({ id, mine: conflictPath({ item, id, part }), base: this.#conflicts.get(base) ? base : undefined });
    }
    return kept;
  }

  #hasKeptText(path: string): boolean {
    const file = readConflictPath(path);
    return this.#conflicts.get(path) !== undefined || (file !== undefined && this.isResolved(file.item, file.id));
  }

  #setEvent(
    shelf: Shelf<StoredEvent>,
    path: string,
    stored: StoredEvent | undefined,
    group: string,
    changes: Changes,
  ): void {
    const before = shelf.get(path);
    if (sameValue(before?.value, stored)) return;
    shelf.set(path, stored && { group, id: stored.event.id, value: stored });
    for (const one of new Set([before?.group ?? group, group])) {
      // The tree's are kept by folder, the journal's by the uid of their incident.
      if (shelf === this.#treeEvents) {
        this.catalog.touch(incidentDocument(one));
        changes.folders.add(one);
      } else this.#touchUid(one, changes);
    }
  }

  #touchUid(uid: string, changes: Changes): void {
    this.catalog.touchUid(uid);
    if (this.catalog.claimants(uid).length > 0) changes.uids.add(uid);
  }

  /** @returns the documents that are missing now, or were */
  #settleJournal(changes: Changes): string[] {
    const affected = this.#journal?.settle({
      hasRecord: (id) => this.#treeRecords.hasId(id),
      hasEvent: (id) => this.#treeEvents.hasId(id),
      hasItem: (uid) => this.#treeItems.hasId(uid),
      hasKeptText: (path) => this.#hasKeptText(path),
      at: (path) =>
        [this.#treeItems, this.#treeEvents, this.#treeRecords, this.#conflicts]
          .map((shelf) => shelf.get(path)?.id)
          .find((id) => id !== undefined),
    });
    const documents: string[] = [];
    for (const [path, copy] of affected ?? []) {
      const place = placeOf(path);
      if (place?.kind === 'record') this.#setRecord(this.#lostRecords, path, copy, changes);
      else if (place?.kind === 'event') {
        const event = copy?.kind === 'event' ? copy.event : undefined;
        const incident = event?.incident ?? this.#lostEvents.get(path)?.group ?? '';
        this.#setEvent(this.#lostEvents, path, event && { event, path, missing: true }, incident, changes);
      } else if (place?.kind !== 'conflict') documents.push(path);
    }
    return documents;
  }

  #setDocuments(paths: ReadonlySet<string>, changes: Changes): void {
    const withoutDocument: string[] = [];
    for (const path of paths) {
      const inTree = fieldsOf(this.#entries.get(path));
      const missing = fieldsOf(this.#journal?.missingAt(path));
      this.catalog.set(missingKey(path), path, missing);
      if (!inTree) this.#strange.forget(path);
      if (!inTree && placeOf(path)?.kind === 'incident') withoutDocument.push(path);
      else {
        this.catalog.set(path, path, inTree);
        const events = this.#treeEvents.group(incidentFolder(path) ?? '');
        this.#report(`timeline ${path}`, inTree ? this.#strange.problems(events, path, inTree) : [], changes);
      }
    }
    const before = new Map(this.#orphans);
    this.#orphans.clear();
    // Who comes first must not depend on who was there before.
    for (const path of withoutDocument) this.catalog.set(path, path, undefined);
    for (const path of withoutDocument.sort()) this.#setOrphan(path, changes);
    for (const folder of new Set([...before.keys(), ...this.#orphans.keys()])) {
      const uids = [before.get(folder), this.#orphans.get(folder)];
      if (uids[0] !== uids[1]) for (const uid of uids) if (uid !== undefined) this.#touchUid(uid, changes);
    }
  }

  /** An incident must not vanish with its document: what its events say is shown until the document is there again. */
  #setOrphan(path: string, changes: Changes): void {
    const folder = incidentFolder(path) ?? '';
    const uid = namedIncident(this.#treeEvents.group(folder));
    // Declaring an item writes the events before it moves the document: then they are the item's, where it is.
    const owner = uid === undefined ? undefined : this.catalog.claimants(uid).find((other) => other !== path);
    this.catalog.set(path, path, uid === undefined || owner !== undefined ? undefined : fieldsWithoutDocument(uid));
    const isAbsent = uid !== undefined && owner !== missingKey(path) && !this.#entries.has(path);
    this.#report(`timeline ${path}`, isAbsent ? [absentDocument(path, owner !== undefined)] : [], changes);
    if (uid === undefined) return;
    this.#orphans.set(folder, uid);
    this.catalog.touchUid(uid);
  }

  #report(source: string, problems: readonly Problem[], changes: Changes): void {
    if (this.#problems.set(source, problems)) changes.problems = true;
  }

  /** The folders of the tree whose events are an item's: its own, and those without a document that name it. */
  #foldersOf(key: CatalogKey, uid: string): string[] {
    const place = placeOf(key);
    const own = place?.kind === 'incident' ? [place.folder] : [];
    if (this.#orphans.size === 0 || this.catalog.claimants(uid)[0] !== key) return own;
    const others = [...this.#orphans].filter(([folder, named]) => named === uid && folder !== own[0]);
    return [...own, ...others.map(([folder]) => folder)];
  }

  #ownEvents(key: CatalogKey, uid: string): readonly StoredEvent[] {
    const lost = this.#lostEvents.group(uid);
    const [own, ...others] = this.#foldersOf(key, uid).map((folder) => this.#treeEvents.group(folder));
    // So it nearly always is: each event once, and in order already.
    if (own && lost.length === 0 && others.length === 0 && !this.#treeEvents.hasRepeatedId) return own;
    return inDisplayOrder([...(own ?? []), ...others.flat(), ...lost]);
  }

  /** What shows an incident's timeline shows those of the incidents merged into it. */
  #addMergeTargets(uids: Set<string>): void {
    const waiting = [...uids];
    for (let uid = waiting.pop(); uid !== undefined; uid = waiting.pop()) {
      const duplicateOf = this.catalog.item(uid)?.duplicateOf;
      const target = duplicateOf === undefined ? undefined : this.catalog.item(duplicateOf);
      if (!target || uids.has(target.uid)) continue;
      uids.add(target.uid);
      waiting.push(target.uid);
    }
  }
}

function isWithin(paths: ReadonlySet<string>, others: ReadonlySet<string> | undefined): boolean {
  for (const path of paths) if (!others?.has(path)) return false;
  return true;
}

/** Those that an item's state is made of: they are few, and looked through for each of its fields. */
function stateEvents(stored: readonly StoredEvent[]): TimelineEvent[] {
  const found: TimelineEvent[] = [];
  for (const { event } of stored) {
    if (event.kind === 'phase' || event.kind === 'severity' || event.kind === 'role') found.push(event);
  }
  return found;
}
