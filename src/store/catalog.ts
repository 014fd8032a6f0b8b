import { formatIssueLink } from '../core/github.ts';
import type { Item, ItemRecord, KeptConflict } from '../core/item.ts';
import { itemIdTime } from '../core/itemId.ts';
import type { Problem } from '../core/problem.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { derivedUlid } from '../core/ulids.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { MultiMap } from './multiMap.ts';
import { comparePaths, documentName, incidentDocument, incidentFolder, placeOf } from './place.ts';
import { type HandEdit, type ResolvedItem, resolveItem } from './resolveItem.ts';
import { sameValue } from './sameValue.ts';

/** What the catalog asks for when it resolves an item. */
export interface CatalogSources {
  records(uid: string): readonly ItemRecord[];
  /** An item's own events, at least those that make its state. */
  events(document: CatalogKey, uid: string): readonly TimelineEvent[];
  /** The item's conflicts that nobody decided. */
  conflicts(uid: string): readonly KeptConflict[];
}

/** A document by its path; one that only the journal holds by a key of its own, since another may stand at its path. */
export type CatalogKey = string;

export function missingKey(path: string): CatalogKey {
  return `missing:${path}`;
}

interface Document {
  readonly path: string;
  readonly fields: ItemFields;
  /** The uid that the document holds, or that follows from its name. */
  readonly claim: string;
  readonly id: string;
}

/**
 * The uid by which a document is known: its own, else one that every clone derives alike from its name (design, "Anyone
 * may write these by hand").
 */
export function claimedUid(path: string, fields: ItemFields | undefined): string {
  const name = documentName(path);
  return fields?.uid ?? derivedUlid(itemIdTime(fields?.id ?? name) ?? 0, 'item', name);
}

/** The items of the workspace, by everything that names them. Only what changed is resolved again. */
export class Catalog {
  readonly #sources: CatalogSources;
  readonly #documents = new Map<CatalogKey, Document>();
  readonly #resolved = new Map<CatalogKey, ResolvedItem>();
  readonly #claims = new MultiMap<string, CatalogKey>();
  readonly #ids = new MultiMap<string, CatalogKey>();
  readonly #names = new MultiMap<string, CatalogKey>();
  readonly #duplicates = new MultiMap<string, CatalogKey>();
  readonly #keyOfUid = new Map<string, CatalogKey>();
  /** The order of those who share a claim or an id, until one of them changes. */
  readonly #orders = new Map<ReadonlySet<CatalogKey>, readonly CatalogKey[]>();
  readonly #dirty = new Set<CatalogKey>();
  #sortedKeys: readonly CatalogKey[] | undefined;
  #items: readonly Item[] | undefined;

  constructor(sources: CatalogSources) {
    this.#sources = sources;
  }

  /** Puts a document in place of what was known by its key; undefined takes it away. */
  set(key: CatalogKey, path: string, fields: ItemFields | undefined): void {
    const before = this.#documents.get(key);
    if (sameValue(before?.fields, fields)) return;
    this.#orders.clear();
    if (before) {
      this.#claims.delete(before.claim, key);
      this.#ids.delete(before.id, key);
      this.#touchNamesakes(before);
      this.#documents.delete(key);
    }
    this.#dirty.add(key);
    if (!fields) return;
    const document = { path, fields, claim: claimedUid(path, fields), id: fields.id ?? documentName(path) };
    this.#documents.set(key, document);
    this.#claims.add(document.claim, key);
    this.#ids.add(document.id, key);
    this.#touchNamesakes(document);
  }

  /** The documents that claim a uid: the first has it, the others are copies. The same order in every clone. */
  claimants(uid: string): readonly CatalogKey[] {
    return this.#inOrder(this.#claims, uid, (left, right) => this.#compareClaimants(left, right));
  }

  /** Has an item resolved again by the next `settle`. */
  touch(key: CatalogKey): void {
    this.#dirty.add(key);
  }

  /** Has the items that claim a uid resolved again by the next `settle`. */
  touchUid(uid: string): void {
    for (const key of this.claimants(uid)) this.#dirty.add(key);
  }

  /**
   * Resolves what was touched.
   * @returns the uids of items that came, went, or read differently, and of those that others duplicate, or did before
   */
  settle(report: (key: CatalogKey, problems: readonly Problem[]) => void): Set<string> {
    const changed = new Map<CatalogKey, ResolvedItem | undefined>();
    for (const key of this.#dirty) {
      const before = this.#resolved.get(key);
      const after = this.#resolve(key);
      report(key, after?.problems ?? []);
      if (!sameValue(before?.item, after?.item)) changed.set(key, after);
      else if (after) this.#resolved.set(key, after);
    }
    this.#dirty.clear();

    // An item that gets or loses a name takes over, or gives up, what duplicates that name.
    const uids = new Set<string>();
    const names = new Set<string>();
    for (const [key, after] of changed) {
      for (const item of [this.itemOf(key), after?.item]) {
        if (!item) continue;
        uids.add(item.uid);
        for (const name of allNamesOf(item)) if (this.#duplicates.get(sameCase(name))) names.add(name);
        if (item.duplicateOf !== undefined) names.add(item.duplicateOf);
      }
    }
    const addBearers = () => {
      for (const name of names) {
        for (const key of this.#bearers(name)) {
          const item = this.itemOf(key);
          if (item) uids.add(item.uid);
        }
      }
    };
    addBearers();
    for (const [key, after] of changed) this.#forget(key, after);
    for (const [key, after] of changed) if (after) this.#store(key, after);
    addBearers();
    return uids;
  }

  /** In the order of paths. */
  items(): readonly Item[] {
    this.#sortedKeys ??= this.#sorted();
    this.#items ??= this.#sortedKeys.map((key) => this.itemOf(key)).filter((item) => item !== undefined);
    return this.#items;
  }

  /** By uid, id, alias, `owner/repo#n`: in this order. */
  item(name: string): Item | undefined {
    for (const key of this.#bearers(name)) {
      const item = this.itemOf(key);
      if (item) return item;
    }
    return undefined;
  }

  itemOf(key: CatalogKey | undefined): Item | undefined {
    return key === undefined ? undefined : this.#resolved.get(key)?.item;
  }

  keyOf(uid: string): CatalogKey | undefined {
    return this.#keyOfUid.get(uid);
  }

  /** The item whose document this is, or in whose incident's folder it is. */
  itemAt(path: string): Item | undefined {
    const folder = incidentFolder(path);
    return this.#at(path) ?? (folder === undefined ? undefined : this.#at(incidentDocument(folder)));
  }

  handEdits(uid: string): readonly HandEdit[] {
    const key = this.#keyOfUid.get(uid);
    return (key === undefined ? undefined : this.#resolved.get(key)?.handEdits) ?? [];
  }

  /** The items that say that they duplicate this one. */
  duplicatesOf(item: Item): Item[] {
    const found = new Map<CatalogKey, Item>();
    for (const name of allNamesOf(item)) {
      for (const key of this.#duplicates.get(sameCase(name)) ?? []) {
        const duplicate = this.itemOf(key);
        if (duplicate && this.item(name)?.uid === item.uid) found.set(key, duplicate);
      }
    }
    return [...found.values()];
  }

  #at(path: string): Item | undefined {
    return this.itemOf(path) ?? this.itemOf(missingKey(path));
  }

  #resolve(key: CatalogKey): ResolvedItem | undefined {
    const document = this.#documents.get(key);
    if (!document) return undefined;
    const { path, fields, claim, id } = document;
    const claimants = this.claimants(claim);
    const isFirst = claimants[0] === key;
    // A copy of a document gets an identity of its own, so that what is recorded for the first is not taken for its own.
    const uid = isFirst ? claim : derivedUlid(itemIdTime(id) ?? 0, 'item', path);
    const resolved = resolveItem({
      path,
      fields,
      uid,
      records: isFirst ? this.#sources.records(uid) : [],
      events: this.#sources.events(key, uid),
      conflicts: isFirst ? this.#sources.conflicts(uid) : [],
    });
    const problem = this.#duplicateProblem(key, document, claimants);
    return problem ? { ...resolved, problems: [...resolved.problems, problem] } : resolved;
  }

  #duplicateProblem(key: CatalogKey, document: Document, claimants: readonly CatalogKey[]): Problem | undefined {
    const { id, path, fields } = document;
    const report = (field: 'uid' | 'id', message: string): Problem => {
      const line = fields.lines[field];
      return { path, code: 'duplicateId', message, level: 'warning', ...(line === undefined ? {} : { line }) };
    };
    const pathOf = (other: CatalogKey) => this.#documents.get(other)?.path ?? other;
    const [first] = claimants;
    if (first !== undefined && first !== key) {
      const what = fields.uid === undefined ? 'Its name is' : 'Its `uid` is';
      return report(
        'uid',
        `${what} also that of ${pathOf(first)}: remove the copy, or its \`uid\` and \`id\` so that it becomes an item of its own.`,
      );
    }
    const [earlier] = this.#namesakes(id);
    if (earlier === undefined || earlier === key) return undefined;
    return report('id', `The id ${id} is also that of ${pathOf(earlier)}: give this one another id.`);
  }

  /** The same in every clone: an incident before the backlog's item it came from, then the one that bears its id's name. */
  #compareClaimants(left: CatalogKey, right: CatalogKey): number {
    const [first, second] = [this.#documents.get(left), this.#documents.get(right)];
    if (!first || !second) return 0;
    const rank = ({ path, id }: Document) =>
      (placeOf(path)?.kind === 'incident' ? 0 : 2) + (documentName(path) === id ? 0 : 1);
    return rank(first) - rank(second) || comparePaths(first.path, second.path) || (left < right ? -1 : 1);
  }

  /** The one with the later uid is the later one (design, "When two clones made the same id"). */
  #compareNamesakes(left: CatalogKey, right: CatalogKey): number {
    const [first = '', second = ''] = [this.#documents.get(left)?.claim, this.#documents.get(right)?.claim];
    if (first !== second) return first < second ? -1 : 1;
    return this.#compareClaimants(left, right);
  }

  #touchNamesakes({ claim, id }: Document): void {
    for (const key of this.#claims.get(claim) ?? []) this.#dirty.add(key);
    for (const key of this.#ids.get(id) ?? []) this.#dirty.add(key);
  }

  /** The documents of one id: the first has it. */
  #namesakes(id: string): readonly CatalogKey[] {
    return this.#inOrder(this.#ids, id, (left, right) => this.#compareNamesakes(left, right));
  }

  /** Sorted once until one of them changes: a folder of ten thousand copies must not sort ten thousand times. */
  #inOrder(
    keys: MultiMap<string, CatalogKey>,
    name: string,
    compare: (left: CatalogKey, right: CatalogKey) => number,
  ): readonly CatalogKey[] {
    const found = keys.get(name);
    if (!found) return [];
    if (found.size < 2) return [...found];
    const known = this.#orders.get(found);
    if (known) return known;
    const ordered = [...found].sort(compare);
    this.#orders.set(found, ordered);
    return ordered;
  }

  /** All that a name could stand for; the first of them has it. */
  #bearers(name: string): CatalogKey[] {
    const byUid = this.#keyOfUid.get(name);
    const others = this.#names.get(sameCase(name)) ?? [];
    return [...(byUid === undefined ? [] : [byUid]), ...this.#namesakes(name), ...this.#sortedNamesakes(others)];
  }

  #sortedNamesakes(keys: Iterable<CatalogKey>): CatalogKey[] {
    return [...keys].sort((left, right) => this.#compareNamesakes(left, right));
  }

  #sorted(): CatalogKey[] {
    const order = (
      [key, { item }]: [CatalogKey, ResolvedItem],
      [other, { item: second }]: [CatalogKey, ResolvedItem],
    ) => comparePaths(item.path, second.path) || (key < other ? -1 : 1);
    return [...this.#resolved].sort(order).map(([key]) => key);
  }

  #forget(key: CatalogKey, after: ResolvedItem | undefined): void {
    this.#items = undefined;
    const item = this.itemOf(key);
    if (!item !== !after) this.#sortedKeys = undefined;
    if (!item) return;
    if (this.#keyOfUid.get(item.uid) === key) this.#keyOfUid.delete(item.uid);
    for (const name of namesOf(item)) this.#names.delete(name, key);
    if (item.duplicateOf !== undefined) this.#duplicates.delete(sameCase(item.duplicateOf), key);
    this.#resolved.delete(key);
  }

  #store(key: CatalogKey, after: ResolvedItem): void {
    const { item } = after;
    this.#resolved.set(key, after);
    this.#keyOfUid.set(item.uid, key);
    for (const name of namesOf(item)) this.#names.add(name, key);
    if (item.duplicateOf !== undefined) this.#duplicates.add(sameCase(item.duplicateOf), key);
  }
}

function allNamesOf(item: Item): string[] {
  return [item.uid, item.id, ...item.aliases, ...(item.github ? [formatIssueLink(item.github)] : [])];
}

function namesOf(item: Item): string[] {
  return [...item.aliases, ...(item.github ? [sameCase(formatIssueLink(item.github))] : [])];
}

/** GitHub's names do not mind their case; ours do. */
function sameCase(name: string): string {
  return name.includes('#') ? name.toLowerCase() : name;
}
