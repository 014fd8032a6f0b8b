/** What of an event tells which other it corrects or takes back. */
export interface Replacing {
  readonly id: string;
  readonly kind: string;
  /** The id of the event that it is about; null or absent for all other kinds. */
  readonly replaces?: string | null;
  /** Sorts by when it was written down. */
  readonly recorded: string | number;
}

/** What later events say about an event. Nothing is taken from the record: it is only shown with its mark. */
export type Mark<T> =
  | { readonly kind: 'retracted'; readonly by: T }
  /** `by` is the correction that counts: the last one made, itself corrected where that was needed. */
  | { readonly kind: 'corrected'; readonly by: T };

/**
 * The marks of the events that have one, by id. A retraction outweighs a correction; a retracted correction or
 * retraction counts for nothing. Rings, which only broken files can hold, end at the first event met twice.
 */
export function eventMarks<T extends Replacing>(events: readonly T[]): Map<string, Mark<T>> {
  const replacing = new Map<string, T[]>();
  for (const event of events) {
    if (event.replaces == null || event.replaces === event.id) continue;
    const others = replacing.get(event.replaces);
    if (others) others.push(event);
    else replacing.set(event.replaces, [event]);
  }

  const last = (id: string, kind: string, path: readonly string[]): T | undefined =>
    (replacing.get(id) ?? [])
      .filter((event) => event.kind === kind && !path.includes(event.id))
      .filter((event) => last(event.id, 'retraction', [...path, event.id]) === undefined)
      .sort(byMaking)
      .at(-1);

  const marks = new Map<string, Mark<T>>();
  for (const id of replacing.keys()) {
    const retraction = last(id, 'retraction', [id]);
    if (retraction) {
      marks.set(id, { kind: 'retracted', by: retraction });
      continue;
    }
    const path = [id];
    let correction: T | undefined;
    for (let next = last(id, 'correction', path); next; next = last(next.id, 'correction', path)) {
      correction = next;
      path.push(next.id);
    }
    if (correction) marks.set(id, { kind: 'corrected', by: correction });
  }
  return marks;
}

/**
 * When an event happened, as it was corrected. A correction that happened when it was written down says nothing of when
 * the other did.
 */
export function correctedAt<T extends string>(
  event: { readonly at: T },
  correction: { readonly at: T; readonly recorded: T },
): T {
  return correction.at === correction.recorded ? event.at : correction.at;
}

function byMaking(left: Replacing, right: Replacing): number {
  if (left.recorded !== right.recorded) return left.recorded < right.recorded ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}
