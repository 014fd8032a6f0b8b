import type { Item, ItemRecord } from '../../core/item.ts';
import { type RemoteComment, TrackerError } from '../../core/ports/issueTracker.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { purgesOf } from '../purges.ts';
import { commentIfThere } from './commentIfThere.ts';
import { entryHash, type MarkedComment, type MarkedEntry, markedComment, parseComment } from './commentMarker.ts';
import { isPurgedEntry, placesOf, purgedEntry } from './commentPlaces.ts';
import { eventOfKey } from './commentText.ts';
import { githubOrigin, remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** A purge that GitHub's comments do not know of yet. */
export interface OpenPurge {
  readonly purge: ItemRecord;
  readonly eventId: string;
  /** The event whose entry it is: an edit that came from GitHub stands in the entry that it changed. */
  readonly keys: readonly string[];
  readonly comments: readonly number[];
  /** Closed doubles of the item's issue, in whose comments the words may stand too. */
  readonly doubles: readonly number[];
}

/**
 * The purges that are this clone's to carry out on GitHub: those that it made, and those of events that it posted. Each is
 * done by both, if need be; done twice it is the same.
 */
export function openPurges(
  context: Pick<SyncContext, 'services'>,
  item: Item,
  events: readonly TimelineEvent[],
  state: Pick<ItemState, 'posted' | 'repository' | 'closedDoubles' | 'purgedDoubles'> | undefined,
): OpenPurge[] {
  if (!state) return [];
  const posted = Object.entries(state.posted);
  const byId = new Map(events.map((event) => [event.id, event]));
  const open: OpenPurge[] = [];
  for (const [eventId, purge] of purgesOf(context.services, item)) {
    const event = byId.get(eventId);
    const { origin } = context.services;
    if (purge.origin !== origin && event?.origin !== origin) continue;
    const doubles = (state.closedDoubles ?? []).filter(
      (number) => !state.purgedDoubles?.includes(doneIn(number, purge)),
    );
    const keys = [eventId, ...(event && 'replaces' in event && event.origin === githubOrigin ? [event.replaces] : [])];
    const isDone = Object.hasOwn(state.posted, purge.id);
    const carriers = isDone ? [] : posted.filter(([key]) => eventOfKey(key).id === eventId);
    const comments = new Set(carriers.map(([, comment]) => comment));
    const own = new RegExp(`^${remoteId({ id: state.repository }, 'c')}(\\d+)(?:-|$)`).exec(eventId)?.[1];
    if (own !== undefined && !isDone) comments.add(Number(own));
    if (comments.size > 0 || doubles.length > 0) {
      open.push({ purge, eventId, keys, comments: [...comments], doubles });
    }
  }
  return open;
}

function doneIn(double: number, purge: ItemRecord): string {
  return `${purge.id}@${double}`;
}

/**
 * Takes what was purged out of GitHub's comments, also where a person had edited it: there is no other way, and it is said.
 * What people wrote themselves is replaced whole.
 */
export async function purgeComments(
  context: SyncContext,
  item: Item,
  start: ItemState,
  open: readonly OpenPurge[],
): Promise<ItemState> {
  let state = start;
  for (const { purge, keys, comments, doubles } of open) {
    for (const comment of comments) await purgeComment(context, item, state, { purge, keys, comment });
    const [comment] = comments;
    if (comment !== undefined) {
      state = await context.store.saveItem({ ...state, posted: { ...state.posted, [purge.id]: comment } });
    }
    for (const double of doubles) {
      for (const carrier of await carriersIn(context, double, keys)) {
        await purgeComment(context, item, state, { purge, keys, comment: carrier });
      }
      const purgedDoubles = [...(state.purgedDoubles ?? []), doneIn(double, purge)];
      state = await context.store.saveItem({ ...state, purgedDoubles });
    }
  }
  return state;
}

/** Comments of a double with an entry that is meant: where the item goes on, others carry it. */
async function carriersIn(context: SyncContext, double: number, keys: readonly string[]): Promise<number[]> {
  let comments: readonly RemoteComment[];
  try {
    comments = await context.tracker.issueComments(double);
  } catch (error) {
    if (TrackerError.is(error, 'notFound', 'gone', 'moved')) return [];
    throw error;
  }
  return comments.flatMap(({ id, trusted, body }) => {
    const marked = trusted ? parseComment(body) : undefined;
    return marked?.entries.some((entry) => isMeant(entry, keys)) ? [id] : [];
  });
}

/** Whether an entry is about one of these events. */
function isMeant(entry: MarkedEntry, keys: readonly string[]): boolean {
  return entry.keys.some((key) => keys.includes(eventOfKey(key).id));
}

async function purgeComment(
  context: SyncContext,
  item: Item,
  state: ItemState,
  { purge, keys, comment }: { purge: ItemRecord; keys: readonly string[]; comment: number },
): Promise<void> {
  const found = await commentIfThere(context, comment);
  if (!found) return;
  // An id that somebody made up must not lead to a comment elsewhere.
  if (found.issueNumber !== state.number && !state.closedDoubles?.includes(found.issueNumber)) return;
  const isOurs = found.trusted || Object.values(state.posted).includes(comment);
  const marked = isOurs ? parseComment(found.body) : undefined;
  const { body, whole } = purgedComment(found, marked, purge, keys);
  if (body === found.body) return;
  await context.checkpoint();
  try {
    await context.tracker.updateComment(comment, body);
    context.report.commented += 1;
  } catch (error) {
    if (!TrackerError.is(error, 'refused', 'locked', 'notFound', 'gone')) throw error;
    context.report.problem({
      code: 'notPurged',
      item: item.id,
      lasting: true,
      message: `GitHub does not let this token purge a comment: delete it yourself, at ${found.url}`,
    });
    return;
  }
  if (!whole) return;
  context.report.problem({
    code: 'purged',
    item: item.id,
    message: `Somebody had changed a comment on GitHub, so more than the purged entry was taken out of it: ${found.url}`,
  });
}

function purgedComment(
  found: RemoteComment,
  marked: MarkedComment | undefined,
  purge: ItemRecord,
  keys: readonly string[],
): { readonly body: string; readonly whole: boolean } {
  // A person's own comment gets no marker: theirs would not be believed, nor needed.
  if (!marked) return { body: purgedEntry(''), whole: false };
  const places = placesOf(marked);
  if (!places || !marked.entries.some((entry) => isMeant(entry, keys))) {
    const all = [...new Set([...marked.entries.flatMap((entry) => entry.keys), purge.id])];
    const text = purgedEntry('');
    return { body: markedComment(text, [{ keys: all, hash: entryHash(text) }]), whole: true };
  }
  let whole = false;
  const entries = marked.entries.map((entry, index): MarkedEntry => {
    const text = places[index] ?? '';
    if (!isMeant(entry, keys) || isPurgedEntry(text)) return entry;
    whole ||= entry.hash !== undefined && entry.hash !== entryHash(text);
    const purged = purgedEntry(text);
    places[index] = purged;
    return { keys: [...new Set([...entry.keys, purge.id])], hash: entryHash(purged) };
  });
  const body = markedComment(places.join('\n'), entries);
  return { body: places.join('\n') === marked.text ? found.body : body, whole };
}
