interface Kept<T> {
  readonly group: string;
  readonly id: string;
  readonly value: T;
}

interface Entry<T> {
  readonly path: string;
  readonly value: T;
}

/** A group in its order, as far as that is known. */
interface Ordered<T> {
  readonly entries: readonly Entry<T>[];
  readonly values: readonly T[];
  /** What was set since. */
  readonly stale: Set<string>;
}

/** Values by the file they come from, found by their group and by their id. */
export class Shelf<T> {
  readonly #compare: (left: Entry<T>, right: Entry<T>) => number;
  readonly #byPath = new Map<string, Kept<T>>();
  readonly #groups = new Map<string, Map<string, T>>();
  readonly #ordered = new Map<string, Ordered<T>>();
  readonly #pathsOfId = new Map<string, number>();
  /** Ids that stand in more than one file. */
  #repeated = 0;

  /** @param compare the order in a group; what it finds equal is in the order of paths */
  constructor(compare: (left: T, right: T) => number = () => 0) {
    this.#compare = (left, right) =>
      compare(left.value, right.value) || (left.path < right.path ? -1 : left.path > right.path ? 1 : 0);
  }

  get(path: string): Kept<T> | undefined {
    return this.#byPath.get(path);
  }

  /** Whether some id stands in more than one file. */
  get hasRepeatedId(): boolean {
    return this.#repeated > 0;
  }

  /** Puts a value in place of the one from the same file; undefined takes it away. */
  set(path: string, kept: Kept<T> | undefined): void {
    const before = this.#byPath.get(path);
    if (before) {
      const group = this.#groups.get(before.group);
      group?.delete(path);
      this.#ordered.get(before.group)?.stale.add(path);
      if (group?.size === 0) {
        this.#groups.delete(before.group);
        this.#ordered.delete(before.group);
      }
      this.#count(before.id, -1);
      this.#byPath.delete(path);
    }
    if (!kept) return;
    this.#byPath.set(path, kept);
    const group = this.#groups.get(kept.group) ?? new Map<string, T>();
    this.#groups.set(kept.group, group.set(path, kept.value));
    this.#ordered.get(kept.group)?.stale.add(path);
    this.#count(kept.id, 1);
  }

  /** In an order that tells nothing of what was read first. It stays the same list until something in it changes. */
  group(name: string): readonly T[] {
    const group = this.#groups.get(name);
    if (!group) return [];
    const known = this.#ordered.get(name);
    if (known?.stale.size === 0) return known.values;
    const entries = known ? this.#renewed(known, group) : [...group].map(toEntry).sort(this.#compare);
    const values = entries.map(({ value }) => value);
    this.#ordered.set(name, { entries, values, stale: new Set() });
    return values;
  }

  /** What was set is sorted in among the rest: one file of ten thousand must not cost sorting all of them. */
  #renewed({ entries, stale }: Ordered<T>, group: ReadonlyMap<string, T>): Entry<T>[] {
    const fresh: Entry<T>[] = [];
    for (const path of stale) {
      const value = group.get(path);
      if (value !== undefined) fresh.push({ path, value });
    }
    fresh.sort(this.#compare);
    const renewed: Entry<T>[] = [];
    let next = 0;
    for (const entry of entries) {
      if (stale.has(entry.path)) continue;
      for (let one = fresh[next]; one && this.#compare(one, entry) < 0; one = fresh[++next]) renewed.push(one);
      renewed.push(entry);
    }
    for (const one of fresh.slice(next)) renewed.push(one);
    return renewed;
  }

  hasId(id: string): boolean {
    return this.#pathsOfId.has(id);
  }

  #count(id: string, by: 1 | -1): void {
    const before = this.#pathsOfId.get(id) ?? 0;
    const count = before + by;
    if (count === 0) this.#pathsOfId.delete(id);
    else this.#pathsOfId.set(id, count);
    this.#repeated += Number(count > 1) - Number(before > 1);
  }
}

function toEntry<T>([path, value]: [string, T]): Entry<T> {
  return { path, value };
}
