import type { EventView } from '../../src/protocol/timelineView.ts';

/** What later events say about an event. Nothing is taken from the record: it is only shown with its mark. */
export type Mark =
  | { readonly kind: 'retracted'; readonly by: EventView }
  /** `by` is the correction that counts: the last one made, itself corrected where that was needed. */
  | { readonly kind: 'corrected'; readonly by: EventView };

/**
 * The marks of the events that have one, by id. A retraction outweighs a correction; a retracted correction or
 * retraction counts for nothing. Rings, which only broken files can hold, end at the first event met twice.
 */
export function eventMarks(events: readonly EventView[]): Map<string, Mark> {
  const replacing = new Map<string, EventView[]>();
  for (const event of events) {
    if (event.replaces === null || event.replaces === event.id) continue;
    const others = replacing.get(event.replaces);
    if (others) others.push(event);
    else replacing.set(event.replaces, [event]);
  }

  const last = (id: string, kind: EventView['kind'], path: readonly string[]): EventView | undefined =>
    (replacing.get(id) ?? [])
      .filter((event) => event.kind === kind && !path.includes(event.id))
      .filter((event) => last(event.id, 'retraction', [...path, event.id]) === undefined)
      .sort(byMaking)
      .at(-1);

  const marks = new Map<string, Mark>();
  for (const id of replacing.keys()) {
    const retraction = last(id, 'retraction', [id]);
    if (retraction) {
      marks.set(id, { kind: 'retracted', by: retraction });
      continue;
    }
    const path = [id];
    let correction: EventView | undefined;
    for (let next = last(id, 'correction', path); next; next = last(next.id, 'correction', path)) {
      correction = next;
      path.push(next.id);
    }
    if (correction) marks.set(id, { kind: 'corrected', by: correction });
  }
  return marks;
}

function byMaking(left: EventView, right: EventView): number {
  return left.recorded - right.recorded || (left.id < right.id ? -1 : 1);
}
