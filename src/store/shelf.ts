interface Kept<T> {
  readonly group: string;
  readonly id: string;
  readonly value: T;
}

/** Values by the file they come from, found by their group and by their id. */
export class Shelf<T> {
  readonly #byPath = new Map<string, Kept<T>>();
  readonly #groups = new Map<string, Map<string, T>>();
  readonly #pathsOfId = new Map<string, number>();

  get(path: string): Kept<T> | undefined {
    return this.#byPath.get(path);
  }

  /** Puts a value in place of the one from the same file; undefined takes it away. */
  set(path: string, kept: Kept<T> | undefined): void {
    const before = this.#byPath.get(path);
    if (before) {
      const group = this.#groups.get(before.group);
      group?.delete(path);
      if (group?.size === 0) this.#groups.delete(before.group);
      this.#count(before.id, -1);
      this.#byPath.delete(path);
    }
    if (!kept) return;
    this.#byPath.set(path, kept);
    const group = this.#groups.get(kept.group) ?? new Map<string, T>();
    this.#groups.set(kept.group, group.set(path, kept.value));
    this.#count(kept.id, 1);
  }

  /** In the order of paths, so that it tells nothing of what was read first. */
  group(name: string): T[] {
    const group = this.#groups.get(name);
    if (!group) return [];
    return [...group].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value);
  }

  hasId(id: string): boolean {
    return this.#pathsOfId.has(id);
  }

  #count(id: string, by: 1 | -1): void {
    const count = (this.#pathsOfId.get(id) ?? 0) + by;
    if (count === 0) this.#pathsOfId.delete(id);
    else this.#pathsOfId.set(id, count);
  }
}
