/**
 * The past of a set of records, so that a list can be answered as it was a while ago: GitHub's lists are read from
 * replicas that lag behind its single-item reads.
 */
export class Revisions<T extends object> {
  readonly #byKey = new Map<number, { at: number; value: T | null }[]>();

  /** Remembers what `key` looks like from the instant `at` (ms since 1970, UTC) on; `null` means gone. */
  record(key: number, value: T | null, at: number): void {
    const entry = { at, value: value === null ? null : structuredClone(value) };
    const known = this.#byKey.get(key);
    if (known) known.push(entry);
    else this.#byKey.set(key, [entry]);
  }

  /** Every record that existed at the instant `at`, as it was then. */
  asOf(at: number): T[] {
    const found: T[] = [];
    for (const entries of this.#byKey.values()) {
      const value = entries.findLast((entry) => entry.at <= at)?.value;
      if (value) found.push(value);
    }
    return found;
  }
}
