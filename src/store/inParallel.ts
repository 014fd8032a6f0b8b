/** Enough to keep a disk busy, and few enough for any limit on open files. */
export const readsAtOnce = 32;

/** Does the work for each entry, so many at a time. */
export async function inParallel<T>(entries: Iterable<T>, work: (entry: T) => Promise<void>): Promise<void> {
  const iterator = entries[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: readsAtOnce }, worker));
}
