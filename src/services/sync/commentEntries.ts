import { eventMarks } from '../../core/eventMarks.ts';
import type { ReplacingEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import { type CommentEntry, entryText, eventOfKey, fits, heededKey } from './commentText.ts';
import { githubOrigin } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** An entry of a comment, and the events that made it what it says. */
export interface EventEntry extends CommentEntry {
  readonly event: TimelineEvent;
  /** This clone's corrections and retractions of it that stand in the same entry. */
  readonly changes: readonly ReplacingEvent[];
  /** The comment that carries the event; undefined before it is posted. */
  readonly comment: number | undefined;
}

/**
 * This clone's events as entries of comments. A correction or retraction of one of them belongs to that one's entry; it is
 * an entry of its own where it is about somebody else's, where it was posted so, and where the entry can't be changed.
 * What was taken back before anybody saw it is left out. Another clone's retraction of such a correction is that one's to
 * post, and the entry does not show any more what is taken back.
 * @param own the events that this clone posts, in display order
 * @param all every event of the incident that is known here
 * @param apart ids of those whose entry can't be changed
 */
export function eventEntries(
  own: readonly TimelineEvent[],
  all: readonly TimelineEvent[],
  state: Pick<ItemState, 'posted'> | undefined,
  apart: ReadonlySet<string> = new Set(),
): EventEntry[] {
  const posted = new Map(Object.entries(state?.posted ?? {}));
  const inParts = new Set<string>();
  for (const key of posted.keys()) if (eventOfKey(key).isPart) inParts.add(eventOfKey(key).id);
  const byId = new Map(all.map((event) => [event.id, event]));
  const ours = new Map(own.map((event) => [event.id, event]));

  const bearer = (event: TimelineEvent, path: readonly string[] = []): TimelineEvent => {
    const parent = isReplacing(event) ? ours.get(event.replaces) : undefined;
    if (!parent || apart.has(event.id) || path.includes(parent.id)) return event;
    const base = bearer(parent, [...path, event.id]);
    const comment = posted.get(event.id);
    return inParts.has(base.id) || (comment !== undefined && comment !== posted.get(base.id)) ? event : base;
  };

  const retractions = all
    .filter(isReplacing)
    .filter(({ kind, origin }) => kind === 'retraction' && origin !== githubOrigin);
  const changes = new Map<string, ReplacingEvent[]>(own.map(({ id }) => [id, []]));
  const bases: TimelineEvent[] = [];
  for (const event of own) {
    const base = bearer(event);
    if (base.id === event.id || !isReplacing(event)) bases.push(event);
    else changes.get(base.id)?.push(event);
  }
  const entries: EventEntry[] = [];
  for (const event of bases) {
    const comment = posted.get(event.id);
    const about = isReplacing(event) ? byId.get(event.replaces) : undefined;
    const made = (some: readonly ReplacingEvent[]) => {
      const heeded = retractionsOf(some, retractions).filter(({ id }) => !apart.has(heededKey(id)));
      return { ...entryOf(event, some, about, heeded), comment };
    };
    const entry = made(changes.get(event.id) ?? []);
    if (comment === undefined && !inParts.has(event.id)) {
      if (entry.isTakenBack) continue;
      // What it is about is on another branch: there it may belong to an entry, or be left out with one.
      if (isReplacing(event) && !about) continue;
      if (entry.changes.length > 0 && !fits(entry)) {
        // Parts are counted by their text, which must not change while they are posted.
        entries.push(made([]), ...entry.changes.map((change) => ({ ...entryOf(change, [], event), comment })));
        continue;
      }
    }
    entries.push(entry);
  }
  return entries;
}

/** Those that take one of the changes back, or bring it back by taking back another of them. */
function retractionsOf(changes: readonly ReplacingEvent[], all: readonly ReplacingEvent[]): ReplacingEvent[] {
  const inEntry = new Set(changes.map(({ id }) => id));
  const found: ReplacingEvent[] = [];
  const about = new Set(inEntry);
  for (let size = 0; size < about.size; ) {
    size = about.size;
    for (const event of all) {
      if (inEntry.has(event.id) || about.has(event.id) || !about.has(event.replaces)) continue;
      about.add(event.id);
      found.push(event);
    }
  }
  return found;
}

/**
 * An entry as it reads with these changes of the event.
 * @param heeded retractions of the changes that stand elsewhere
 */
export function entryOf(
  event: TimelineEvent,
  changes: readonly ReplacingEvent[],
  about: TimelineEvent | undefined,
  heeded: readonly ReplacingEvent[] = [],
): Omit<EventEntry, 'comment'> & { readonly isTakenBack: boolean } {
  const mark = eventMarks([...changes, ...heeded]).get(event.id);
  const last = changes.length === 0 ? undefined : (mark?.by.id ?? event.id);
  const others = changes.map(({ id }) => id).filter((id) => id !== last);
  return {
    event,
    changes,
    keys: [event.id, ...others, ...heeded.map(({ id }) => heededKey(id)), ...(last === undefined ? [] : [last])],
    text: entryText(event, mark, about),
    alone: event.kind === 'status',
    isTakenBack: mark?.kind === 'retracted',
  };
}

export function isReplacing(event: TimelineEvent): event is ReplacingEvent {
  return event.kind === 'correction' || event.kind === 'retraction';
}
