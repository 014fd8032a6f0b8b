import type { EventView } from '../../src/protocol/timelineView.ts';
import { changedField, kindLabel } from './eventPhrase.ts';

export type ViewKind = EventView['kind'];

export interface EventFilter {
  /** Words, all of which an entry must have somewhere. */
  readonly text: string;
  /** Empty for all. */
  readonly kinds: readonly ViewKind[];
  /** Empty for all. */
  readonly people: readonly string[];
  /** Only what is pinned for the review. */
  readonly pinned: boolean;
}

export const noFilter: EventFilter = { text: '', kinds: [], people: [], pinned: false };

export function isFiltering(filter: EventFilter): boolean {
  return filter.text.trim() !== '' || filter.kinds.length > 0 || filter.people.length > 0 || filter.pinned;
}

/** What a filter looks through: all that the row of the event shows in words. */
export function searchText(event: EventView): string {
  const { change } = event;
  return [
    kindLabel(event),
    event.by,
    event.body,
    ...(change ? [changedField(change), change.from ?? '', change.to] : []),
    event.fromIncident ?? '',
    event.standing ?? '',
  ]
    .join('\n')
    .toLowerCase();
}

/** @param searched gives the event's `searchText`, where that is needed */
export function passes(
  event: Pick<EventView, 'kind' | 'by' | 'pinned'>,
  searched: () => string,
  filter: EventFilter,
): boolean {
  if (filter.kinds.length > 0 && !filter.kinds.includes(event.kind)) return false;
  if (filter.people.length > 0 && !filter.people.includes(event.by)) return false;
  if (filter.pinned && !event.pinned) return false;
  const words = filter.text.toLowerCase().trim();
  return words === '' || words.split(/\s+/).every((word) => searched().includes(word));
}

/** How many entries there are of each kind, the most frequent first. */
export function countKinds(events: readonly Pick<EventView, 'kind'>[]): [ViewKind, number][] {
  const counts = new Map<ViewKind, number>();
  for (const event of events) counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
  return mostFrequentFirst(counts);
}

export function mostFrequentFirst<T>(counts: ReadonlyMap<T, number>): [T, number][] {
  return [...counts].sort((left, right) => right[1] - left[1]);
}
