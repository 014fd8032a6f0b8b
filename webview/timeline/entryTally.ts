import type { EntryChanges } from '../../src/protocol/timelineChange.ts';
import type { EventView } from '../../src/protocol/timelineView.ts';
import type { ViewKind } from './eventFilter.ts';

/** How many entries there are of each sort, kept by what comes and goes. */
export class EntryTally {
  readonly kinds = new Map<ViewKind, number>();
  readonly people = new Map<string, number>();
  pinned = 0;
  /** Those whose file the work tree lacks. */
  missing = 0;

  /** Counts anew. */
  restart(events: readonly EventView[]): void {
    this.kinds.clear();
    this.people.clear();
    this.pinned = 0;
    this.missing = 0;
    for (const event of events) this.#count(event, 1);
  }

  take({ removed, put }: EntryChanges): void {
    for (const event of removed) this.#count(event, -1);
    for (const event of put) this.#count(event, 1);
  }

  #count(event: EventView, by: 1 | -1): void {
    add(this.kinds, event.kind, by);
    add(this.people, event.by, by);
    if (event.pinned) this.pinned += by;
    if (event.missing) this.missing += by;
  }
}

function add<T>(counts: Map<T, number>, key: T, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
