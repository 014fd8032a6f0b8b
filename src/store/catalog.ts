import { formatIssueLink } from '../core/github.ts';
import type { Item, ItemRecord } from '../core/item.ts';
import { itemIdTime } from '../core/itemId.ts';
import type { Problem } from '../core/problem.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { derivedUlid } from '../core/ulids.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { MultiMap } from './multiMap.ts';
import { documentName, incidentDocument, incidentFolder, placeOf } from './place.ts';
import { type HandEdit, type ResolvedItem, resolveItem } from './resolveItem.ts';
import { sameValue } from './sameValue.ts';

/** What the catalog asks for when it resolves an item. */
export interface CatalogSources {
  records(uid: string): readonly ItemRecord[];
  /** An incident's own events; undefined when they are not loaded. */
  events(path: string, uid: string): readonly TimelineEvent[] | undefined;
}

interface Document {
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
  readonly #documents = new Map<string, Document>();
  readonly #resolved = new Map<string, ResolvedItem>();
  readonly #claims = new MultiMap<string, string>();
  readonly #ids = new MultiMap<string, string>();
  readonly #pathOfUid = new Map<string, string>();
  readonly #names = new MultiMap<string, string>();
  readonly #duplicates = new MultiMap<string, string>();
  readonly #dirty = new Set<string>();
  #sortedPaths: readonly string[] | undefined = [];
  #items: readonly Item[] | undefined = [];

  constructor(sources: CatalogSources) {
    this.#sources = sources;
  }

  /** Puts a document in place of what was known at its path; undefined takes it away. */
  set(path: string, fields: ItemFields | undefined): void {
    const before = this.#documents.get(path);
    if (sameValue(before?.fields, fields)) return;
    if (before) {
      this.#claims.delete(before.claim, path);
      this.#ids.delete(before.id, path);
      this.#touchNamesakes(before);
      this.#documents.delete(path);
    }
    this.#dirty.add(path);
    if (!fields) return;
    const document = { fields, claim: claimedUid(path, fields), id: fields.id ?? documentName(path) };
    this.#documents.set(path, document);
    this.#claims.add(document.claim, path);
    this.#ids.add(document.id, path);
    this.#touchNamesakes(document);
  }

  fields(path: string): ItemFields | undefined {
    return this.#documents.get(path)?.fields;
  }

  /** The documents that claim a uid. */
  claimants(uid: string): string[] {
    return [...(this.#claims.get(uid) ?? [])];
  }

  /** Has the item at a path resolved again by the next `settle`. */
  touch(path: string): void {
    this.#dirty.add(path);
  }

  /** Has the items that claim a uid resolved again by the next `settle`. */
  touchUid(uid: string): void {
    for (const path of this.claimants(uid)) this.#dirty.add(path);
  }

  /**
   * Resolves what was touched.
   * @returns the uids of items that came, went, or read differently
   */
  settle(report: (path: string, problems: readonly Problem[]) => void): Set<string> {
    const changed = new Set<string>();
    for (const path of this.#dirty) {
      const before = this.#resolved.get(path);
      const after = this.#resolve(path);
      report(path, after?.problems ?? []);
      if (sameValue(before?.item, after?.item)) {
        if (after) this.#resolved.set(path, after);
        continue;
      }
      if (before) this.#forget(before.item);
      if (before) changed.add(before.item.uid);
      if (after) changed.add(after.item.uid);
      this.#store(path, after);
    }
    this.#dirty.clear();
    return changed;
  }

  /** In the order of paths. */
  items(): readonly Item[] {
    this.#sortedPaths ??= [...this.#resolved.keys()].sort();
    this.#items ??= this.#sortedPaths.map((path) => this.itemOf(path)).filter((item) => item !== undefined);
    return this.#items;
  }

  /** By uid, id, alias, `owner/repo#n`: in this order. */
  item(name: string): Item | undefined {
    return (
      this.itemOf(this.#pathOfUid.get(name)) ??
      this.#first(this.#ids.get(name)) ??
      this.#first(this.#names.get(name.includes('#') ? name.toLowerCase() : name))
    );
  }

  itemOf(path: string | undefined): Item | undefined {
    return path === undefined ? undefined : this.#resolved.get(path)?.item;
  }

  /** The item whose document this is, or in whose incident's folder it is. */
  itemAt(path: string): Item | undefined {
    const folder = incidentFolder(path);
    return this.itemOf(path) ?? (folder === undefined ? undefined : this.itemOf(incidentDocument(folder)));
  }

  handEdits(uid: string): readonly HandEdit[] {
    const path = this.#pathOfUid.get(uid);
    return (path === undefined ? undefined : this.#resolved.get(path)?.handEdits) ?? [];
  }

  /** The items that say that they duplicate this one. */
  duplicatesOf(item: Item): Item[] {
    const names = [item.uid, item.id, ...item.aliases, ...(item.github ? [formatIssueLink(item.github)] : [])];
    const found = new Map<string, Item>();
    for (const name of names) {
      for (const path of this.#duplicates.get(name) ?? []) {
        const duplicate = this.itemOf(path);
        if (duplicate && this.item(name)?.uid === item.uid) found.set(path, duplicate);
      }
    }
    return [...found.values()];
  }

  #resolve(path: string): ResolvedItem | undefined {
    const document = this.#documents.get(path);
    if (!document) return undefined;
    const { fields, claim, id } = document;
    const claimants = this.claimants(claim).sort((left, right) => this.#compareClaimants(left, right));
    const isFirst = claimants[0] === path;
    // A copy of a document gets an identity of its own, so that what is recorded for the first is not taken for its own.
    const uid = isFirst ? claim : derivedUlid(itemIdTime(id) ?? 0, 'item', path);
    const resolved = resolveItem({
      path,
      fields,
      uid,
      records: isFirst ? this.#sources.records(uid) : [],
      events: this.#sources.events(path, uid),
    });
    const problem = this.#duplicateProblem(path, document, claimants);
    return problem ? { ...resolved, problems: [...resolved.problems, problem] } : resolved;
  }

  #duplicateProblem(path: string, { id, fields }: Document, claimants: readonly string[]): Problem | undefined {
    const report = (key: 'uid' | 'id', message: string): Problem => {
      const line = fields.lines[key];
      return { path, code: 'duplicateId', message, level: 'warning', ...(line === undefined ? {} : { line }) };
    };
    const first = claimants[0];
    if (first !== undefined && first !== path) {
      const what = fields.uid === undefined ? 'Its name is' : 'Its `uid` is';
      return report(
        'uid',
        `${what} also that of ${first}: remove the copy, or its \`uid\` and \`id\` so that it becomes an item of its own.`,
      );
    }
    const namesakes = [...(this.#ids.get(id) ?? [])].sort((left, right) => this.#compareNamesakes(left, right));
    const earlier = namesakes[0];
    if (earlier === undefined || earlier === path) return undefined;
    return report('id', `The id ${id} is also that of ${earlier}: give this one another id.`);
  }

  /** The same in every clone: an incident before the backlog's item it came from, then the one that bears its id's name. */
  #compareClaimants(left: string, right: string): number {
    const rank = (path: string) => {
      const named = this.#documents.get(path)?.id === documentName(path);
      return (placeOf(path)?.kind === 'incident' ? 0 : 2) + (named ? 0 : 1);
    };
    return rank(left) - rank(right) || compare(left, right);
  }

  /** The one with the later uid is the later one (design, "When two clones made the same id"). */
  #compareNamesakes(left: string, right: string): number {
    const claim = (path: string) => this.#documents.get(path)?.claim ?? '';
    return compare(claim(left), claim(right)) || this.#compareClaimants(left, right);
  }

  #touchNamesakes({ claim, id }: Document): void {
    for (const path of this.#claims.get(claim) ?? []) this.#dirty.add(path);
    for (const path of this.#ids.get(id) ?? []) this.#dirty.add(path);
  }

  #first(paths: ReadonlySet<string> | undefined): Item | undefined {
    if (!paths) return undefined;
    const [first] = paths.size > 1 ? [...paths].sort((left, right) => this.#compareNamesakes(left, right)) : paths;
    return this.itemOf(first);
  }

  #forget(item: Item): void {
    if (this.#pathOfUid.get(item.uid) === item.path) this.#pathOfUid.delete(item.uid);
    for (const name of namesOf(item)) this.#names.delete(name, item.path);
    if (item.duplicateOf !== undefined) this.#duplicates.delete(item.duplicateOf, item.path);
  }

  #store(path: string, after: ResolvedItem | undefined): void {
    this.#items = undefined;
    if (!after || !this.#resolved.has(path)) this.#sortedPaths = undefined;
    if (!after) {
      this.#resolved.delete(path);
      return;
    }
    const { item } = after;
    this.#resolved.set(path, after);
    this.#pathOfUid.set(item.uid, path);
    for (const name of namesOf(item)) this.#names.add(name, path);
    if (item.duplicateOf !== undefined) this.#duplicates.add(item.duplicateOf, path);
  }
}

function namesOf(item: Item): string[] {
  // GitHub's names do not mind their case.
  return [...item.aliases, ...(item.github ? [formatIssueLink(item.github).toLowerCase()] : [])];
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
