import type { Item, ItemRecord } from '../core/item.ts';
import { defaultPolicy, type Policy } from '../core/policy.ts';
import type { Log } from '../core/ports/environment.ts';
import type { Files } from '../core/ports/files.ts';
import type { Problem } from '../core/problem.ts';
import { compareEvents, type StoredEvent } from '../core/timelineEvent.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { recordPath } from '../documents/recordDocument.ts';
import { Catalog, type CatalogKey, claimedUid, missingKey } from './catalog.ts';
import { inParallel } from './inParallel.ts';
import { JournalCopies } from './journalCopies.ts';
import { documentName, incidentDocument, incidentFolder, type Place, placeOf, policyPath } from './place.ts';
import { ProblemList } from './problemList.ts';
import { type Entry, problem, readEntry, type Source } from './readEntry.ts';
import { expandRequests, isBelow, type Requests } from './requests.ts';
import { fieldsWithoutDocument, type HandEdit } from './resolveItem.ts';
import { sameValue } from './sameValue.ts';
import { Shelf } from './shelf.ts';
import { planTimelines, type Timeline } from './timelines.ts';

export type { HandEdit } from './resolveItem.ts';

/** What is not as it was before a refresh. */
export interface IndexChange {
  /** Of items that came, went, or read differently; and of the incidents that these are merged into. */
  readonly uids: ReadonlySet<string>;
  readonly problems: boolean;
  readonly policy: boolean;
}

export interface WorkspaceIndexOptions {
  /** The tree, from the root folder down. */
  readonly files: Files;
  /** Copies of this clone's records, at the same paths. */
  readonly journal?: Files;
  readonly log: Log;
}

/** What one refresh read: for each path its entry, or undefined where nothing is. */
type Reading = Map<string, Entry | undefined>;

/** What one refresh changed. */
interface Changes {
  readonly uids: Set<string>;
  readonly folders: Set<string>;
  problems: boolean;
  policy: boolean;
}

/**
 * The index of one root folder, kept by changes: one changed file costs one read. Loading and refreshing take turns, and
 * what readers see changes at the end of a turn, at once.
 */
export class WorkspaceIndex {
  readonly #tree: Source;
  readonly #journal: JournalCopies | undefined;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  readonly #timelines = new Map<string, Timeline>();
  readonly #treeItems = new Shelf<ItemFields>();
  readonly #treeRecords = new Shelf<ItemRecord>();
  readonly #treeEvents = new Shelf<StoredEvent>();
  readonly #lostRecords = new Shelf<ItemRecord>();
  readonly #lostEvents = new Shelf<StoredEvent>();
  /** Paths where something stands in the way. */
  readonly #blocked = new Set<string>();
  /** Folders of incidents with events and without a document that can be read: the incident that the events name. */
  readonly #orphans = new Map<string, string>();
  readonly #problems = new ProblemList();
  readonly #catalog: Catalog;
  readonly #listeners = new Set<(change: IndexChange) => void>();
  #policy: Policy = defaultPolicy;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ files, journal, log }: WorkspaceIndexOptions) {
    this.#tree = { files, log };
    this.#journal = journal && new JournalCopies(journal, log);
    this.#log = log;
    this.#catalog = new Catalog({
      records: (uid) => this.records(uid),
      events: (key, uid) => this.#ownEvents(key, uid).map(({ event }) => event),
    });
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
    return this.#catalog.items();
  }

  /** The item with this uid, id, alias or `owner/repo#n`, in this order; exact. */
  item(name: string): Item | undefined {
    return this.#catalog.item(name);
  }

  /** The item that a file belongs to: its own document, or anything in an incident's folder. */
  itemAt(path: string): Item | undefined {
    return this.#catalog.itemAt(path);
  }

  /** The records of an item, lowest id first. */
  records(uid: string): readonly ItemRecord[] {
    const found = [...this.#treeRecords.group(uid), ...this.#lostRecords.group(uid)];
    return found.length < 2
      ? found
      : unique(
          found.sort((left, right) => (left.id < right.id ? -1 : 1)),
          ({ id }) => id,
        );
  }

  /** An incident's own events in display order. Those of an incident that was closed at loading are read now. */
  async events(uid: string): Promise<readonly StoredEvent[]> {
    const loaded = this.loadedEvents(uid);
    if (loaded) return loaded;
    await this.#inTurn(() => this.#loadTimeline(uid));
    return this.loadedEvents(uid) ?? [];
  }

  /** An incident's events and those of all incidents merged into it, in display order. */
  async timeline(uid: string): Promise<readonly StoredEvent[]> {
    const merged = new Map<string, Item>();
    const waiting = [this.#catalog.item(uid)];
    for (let item = waiting.pop(); item; item = waiting.pop()) {
      if (merged.has(item.uid)) continue;
      merged.set(item.uid, item);
      waiting.push(...this.#catalog.duplicatesOf(item));
    }
    const events: StoredEvent[] = [];
    for (const own of merged.keys()) events.push(...(await this.events(own)));
    return inDisplayOrder(events);
  }

  /** An incident's own events in display order; undefined when they are not loaded yet. */
  loadedEvents(uid: string): readonly StoredEvent[] | undefined {
    const item = this.#catalog.item(uid);
    const key = item && this.#catalog.keyOf(item.uid);
    if (!item || key === undefined) return [];
    const isLoaded = this.#foldersOf(key, item.uid).every((folder) => this.#timelines.get(folder)?.loaded !== false);
    return isLoaded ? this.#ownEvents(key, item.uid) : undefined;
  }

  /** What is wrong, in the order of paths and lines. */
  problems(): readonly Problem[] {
    return this.#problems.all();
  }

  policy(): Policy {
    return this.#policy;
  }

  /**
   * Journalled paths whose record the tree lacks, wherever it might be in it. A document that is in its place and can't be
   * read is not among them, though the journal's copy is shown until it can.
   */
  missing(): readonly string[] {
    const isBroken = (path: string) =>
      isDocument(path) && this.#entries.has(path) && !fieldsOf(this.#entries.get(path));
    return (this.#journal?.missing() ?? []).filter((path) => !isBroken(path));
  }

  /** The item's fields whose value in the file no record explains. */
  handEdits(uid: string): readonly HandEdit[] {
    return this.#catalog.handEdits(uid);
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
    // What stood in the way of something may be gone.
    const obstacles = [...this.#blocked].filter((obstacle) => paths.some((path) => isBelow(path, obstacle)));
    const requests = await expandRequests(this.#tree, [...paths, ...obstacles], () => this.#knownPaths());
    const read: Reading = new Map();
    await this.#read(
      read,
      [...requests.named, ...requests.listed].filter((path) => placeOf(path)?.kind !== 'event'),
    );
    const fieldsAfter = (path: string) => fieldsOf(this.#after(read, path));
    const plan = await planTimelines(this.#tree, requests, this.#timelines, fieldsAfter);
    const timelines = new Map(plan.timelines);
    await this.#read(read, plan.read);
    await this.#readJournal(requests, read, timelines);
    this.#commit(requests, read, timelines);
  }

  async #loadTimeline(uid: string): Promise<void> {
    const item = this.#catalog.item(uid);
    const folder = item?.incident?.folder;
    const timeline = folder === undefined ? undefined : this.#timelines.get(folder);
    if (folder === undefined || !timeline || timeline.loaded) return;
    const read: Reading = new Map();
    await this.#read(read, timeline.paths);
    this.#commit(noRequests, read, new Map([[folder, { ...timeline, loaded: true }]]));
  }

  *#knownPaths(): Iterable<string> {
    yield* this.#entries.keys();
    for (const timeline of this.#timelines.values()) if (!timeline.loaded) yield* timeline.paths;
  }

  async #read(read: Reading, paths: Iterable<string>): Promise<void> {
    await inParallel(paths, async (path) => {
      const place = placeOf(path);
      if (!place) read.set(path, undefined);
      else if (place.kind !== 'event') read.set(path, await readEntry(this.#tree, place, ''));
      else {
        const document = incidentDocument(place.folder);
        const uid = claimedUid(document, fieldsOf(this.#after(read, document)));
        read.set(path, await readEntry(this.#tree, place, uid));
      }
    });
  }

  /** What a path holds after this turn. */
  #after(read: Reading, path: string): Entry | undefined {
    return read.has(path) ? read.get(path) : this.#entries.get(path);
  }

  async #readJournal(requests: Requests, read: Reading, timelines: Map<string, Timeline>): Promise<void> {
    if (!this.#journal) return;
    const timelineOf = (folder: string) => timelines.get(folder) ?? this.#timelines.get(folder);
    // A record is named after its id, and of a closed incident's events nothing but the names is known. Of all others the
    // journal's copy has to be read to tell whether it is what the tree has at that path.
    const isSettled = (place: Place): boolean => {
      const entry = this.#after(read, place.path);
      if (place.kind === 'record') return entry?.kind === 'record' && isNamedAfterItself(place.path, entry.record);
      if (place.kind !== 'event' || entry || read.has(place.path)) return false;
      const timeline = timelineOf(place.folder);
      return timeline?.loaded === false && timeline.paths.has(place.path);
    };
    const incidents = await this.#journal.update([...requests.named, ...read.keys()], requests.folders, isSettled);
    if (incidents.size === 0) return;
    for (const [folder, timeline] of [...this.#timelines, ...timelines]) {
      if (timelineOf(folder)?.loaded !== false || !incidents.has(timeline.uid)) continue;
      timelines.set(folder, { ...timeline, loaded: true });
      await this.#read(read, timeline.paths);
    }
  }

  /** Everything that readers see changes here, without a pause. */
  #commit(requests: Requests, read: Reading, timelines: ReadonlyMap<string, Timeline>): void {
    const changes: Changes = { uids: new Set(), folders: new Set(), problems: false, policy: false };
    for (const [folder, timeline] of timelines) this.#setTimeline(folder, timeline, read, changes);
    this.#setBlocked(requests, read, changes);
    for (const [path, entry] of read) this.#setEntry(path, entry, changes);
    const documents = new Set([...read.keys()].filter((path) => isDocument(path)));
    for (const path of this.#settleJournal(changes)) documents.add(path);
    for (const folder of [...this.#orphans.keys(), ...changes.folders]) documents.add(incidentDocument(folder));
    this.#setDocuments(documents, changes);

    const resolved = this.#catalog.settle((path, problems) => this.#report(`item ${path}`, problems, changes));
    for (const uid of resolved) changes.uids.add(uid);
    for (const folder of changes.folders) {
      const uid = this.#catalog.itemOf(incidentDocument(folder))?.uid ?? this.#orphans.get(folder);
      if (uid !== undefined) changes.uids.add(uid);
    }
    this.#addMergeTargets(changes.uids);
    if (changes.uids.size > 0 || changes.problems || changes.policy) this.#tell(changes);
  }

  #setTimeline(folder: string, timeline: Timeline, read: Reading, changes: Changes): void {
    const before = this.#timelines.get(folder);
    const paths = [...timeline.paths].filter((path) => !read.has(path) || read.get(path) !== undefined);
    if (paths.length === 0) this.#timelines.delete(folder);
    else this.#timelines.set(folder, { ...timeline, paths: new Set(paths) });
    if (before?.loaded !== timeline.loaded) {
      this.#catalog.touch(incidentDocument(folder));
      if (before) changes.folders.add(folder);
    }
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
    if (place?.kind === 'record') this.#setRecord(this.#treeRecords, path, entry, changes);
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
        this.#catalog.touch(incidentDocument(one));
        changes.folders.add(one);
      } else this.#touchUid(one, changes);
    }
  }

  #touchUid(uid: string, changes: Changes): void {
    this.#catalog.touchUid(uid);
    if (this.#catalog.claimants(uid).length > 0) changes.uids.add(uid);
  }

  /** @returns the documents that are missing now, or were */
  #settleJournal(changes: Changes): string[] {
    const affected = this.#journal?.settle({
      hasRecord: (id) => this.#treeRecords.hasId(id),
      hasEvent: (id) => this.#treeEvents.hasId(id),
      hasItem: (uid) => this.#treeItems.hasId(uid),
      at: (path) => (this.#treeItems.get(path) ?? this.#treeEvents.get(path) ?? this.#treeRecords.get(path))?.id,
    });
    const documents: string[] = [];
    for (const [path, copy] of affected ?? []) {
      const place = placeOf(path);
      if (place?.kind === 'record') this.#setRecord(this.#lostRecords, path, copy, changes);
      else if (place?.kind === 'event') {
        const event = copy?.kind === 'event' ? copy.event : undefined;
        const incident = event?.incident ?? this.#lostEvents.get(path)?.group ?? '';
        this.#setEvent(this.#lostEvents, path, event && { event, path, missing: true }, incident, changes);
      } else documents.push(path);
    }
    return documents;
  }

  #setDocuments(paths: ReadonlySet<string>, changes: Changes): void {
    const withoutDocument: string[] = [];
    for (const path of paths) {
      const inTree = fieldsOf(this.#entries.get(path));
      const missing = fieldsOf(this.#journal?.missingAt(path));
      this.#catalog.set(missingKey(path), path, missing);
      if (!inTree && placeOf(path)?.kind === 'incident') withoutDocument.push(path);
      else {
        this.#catalog.set(path, path, inTree);
        this.#report(`timeline ${path}`, inTree ? this.#strangeEvents(path, inTree) : [], changes);
      }
    }
    for (const uid of this.#orphans.values()) this.#catalog.touchUid(uid);
    this.#orphans.clear();
    // Who comes first must not depend on who was there before.
    for (const path of withoutDocument) this.#catalog.set(path, path, undefined);
    for (const path of withoutDocument.sort()) this.#setOrphan(path, changes);
  }

  /** An incident must not vanish with its document: what its events say is shown until the document is there again. */
  #setOrphan(path: string, changes: Changes): void {
    const folder = incidentFolder(path) ?? '';
    const uid = mostFrequent(this.#treeEvents.group(folder).map(({ event }) => event.incident));
    // Declaring an item writes the events before it moves the document: then they are the item's, where it is.
    const owner = uid === undefined ? undefined : this.#catalog.claimants(uid).find((other) => other !== path);
    this.#catalog.set(path, path, uid === undefined || owner !== undefined ? undefined : fieldsWithoutDocument(uid));
    const isAbsent = uid !== undefined && owner !== missingKey(path) && !this.#entries.has(path);
    this.#report(`timeline ${path}`, isAbsent ? [documentAbsent(path, owner !== undefined)] : [], changes);
    if (uid === undefined) return;
    this.#orphans.set(folder, uid);
    this.#catalog.touchUid(uid);
  }

  /** An event counts for the incident in whose folder it is, whatever it says; that it says otherwise is a problem. */
  #strangeEvents(document: string, fields: ItemFields): Problem[] {
    const folder = incidentFolder(document);
    if (folder === undefined) return [];
    const name = documentName(document);
    const names = [claimedUid(document, fields), fields.id, name, ...fields.aliases];
    const strange = this.#treeEvents.group(folder).filter(({ event }) => !names.includes(event.incident));
    return strange.map(({ event, path }) => {
      const message = `The event names another incident (${event.incident.slice(0, 40)}) than ${name}, in whose folder it is: move it, or correct \`incident\`.`;
      return problem(path, 'unknownIncident', message, 'warning');
    });
  }

  #report(source: string, problems: readonly Problem[], changes: Changes): void {
    if (this.#problems.set(source, problems)) changes.problems = true;
  }

  /** The folders of the tree whose events are an item's: its own, and those without a document that name it. */
  #foldersOf(key: CatalogKey, uid: string): string[] {
    const place = placeOf(key);
    const own = place?.kind === 'incident' ? [place.folder] : [];
    if (this.#orphans.size === 0 || this.#catalog.claimants(uid)[0] !== key) return own;
    const others = [...this.#orphans].filter(([folder, named]) => named === uid && folder !== own[0]);
    return [...own, ...others.map(([folder]) => folder)];
  }

  #ownEvents(key: CatalogKey, uid: string): readonly StoredEvent[] {
    const events = this.#foldersOf(key, uid).flatMap((folder) => this.#treeEvents.group(folder));
    events.push(...this.#lostEvents.group(uid));
    return events.length < 2 ? events : inDisplayOrder(events);
  }

  /** What shows an incident's timeline shows those of the incidents merged into it. */
  #addMergeTargets(uids: Set<string>): void {
    const waiting = [...uids];
    for (let uid = waiting.pop(); uid !== undefined; uid = waiting.pop()) {
      const duplicateOf = this.#catalog.item(uid)?.duplicateOf;
      const target = duplicateOf === undefined ? undefined : this.#catalog.item(duplicateOf);
      if (!target || uids.has(target.uid)) continue;
      uids.add(target.uid);
      waiting.push(target.uid);
    }
  }

  #tell({ uids, problems, policy }: Changes): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener({ uids, problems, policy });
      } catch (error) {
        this.#log.error('A listener to the index failed', error);
      }
    }
  }
}

const noRequests: Requests = { named: new Set(), listed: new Set(), present: new Set(), folders: [], problems: [] };

function isDocument(path: string): boolean {
  const kind = placeOf(path)?.kind;
  return kind === 'item' || kind === 'incident';
}

function isNamedAfterItself(path: string, record: ItemRecord | undefined): boolean {
  return record !== undefined && path === recordPath(record);
}

function fieldsOf(entry: Entry | undefined): ItemFields | undefined {
  return entry?.kind === 'document' ? entry.fields : undefined;
}

function documentAbsent(path: string, isElsewhere: boolean): Problem {
  return isElsewhere
    ? problem(path, 'unknownIncident', 'The item of these events is not declared yet: declare it again.', 'warning')
    : problem(path, 'unknownIncident', 'This timeline has no incident.md: restore it from git or from the journal.');
}

function inDisplayOrder(events: readonly StoredEvent[]): StoredEvent[] {
  const ordered = [...events].sort(
    (left, right) => compareEvents(left.event, right.event) || Number(left.missing) - Number(right.missing),
  );
  return unique(ordered, ({ event }) => event.id);
}

/** The first of each identity. */
function unique<T>(values: readonly T[], identity: (value: T) => string): T[] {
  const found = new Map<string, T>();
  for (const value of values) if (!found.has(identity(value))) found.set(identity(value), value);
  return [...found.values()];
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([left, some], [right, more]) => more - some || (left < right ? -1 : 1))[0]?.[0];
}
