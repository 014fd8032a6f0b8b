import { compareEvents, type StoredEvent } from '../core/timelineEvent.ts';

/** Each event once, in the order in which people read them. */
export function inDisplayOrder(events: readonly StoredEvent[]): StoredEvent[] {
  return unique([...events].sort(byDisplay), ({ event }) => event.id);
}

/** The order in which people read events; of two files with the same one, that in the tree first. */
export function byDisplay(left: StoredEvent, right: StoredEvent): number {
  return compareEvents(left.event, right.event) || Number(left.missing) - Number(right.missing);
}

/** The first of each identity. */
export function unique<T>(values: readonly T[], identity: (value: T) => string): T[] {
  const found = new Map<string, T>();
  for (const value of values) if (!found.has(identity(value))) found.set(identity(value), value);
  return [...found.values()];
}
