import { type Item, isIncident } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { parseInstant, second } from '../../core/time.ts';
import { ownEvents } from '../ownEvents.ts';
import { purgesOf } from '../purges.ts';
import { isGivenUp, missed, nextLookAt } from './ambiguity.ts';
import { changeComment } from './changeComment.ts';
import { type EventEntry, eventEntries } from './commentEntries.ts';
import { type CommentDraft, commentDrafts, eventOfKey, isHeededKey } from './commentText.ts';
import { importComments } from './importComments.ts';
import { type OpenPurge, openPurges, purgeComments } from './purgeComments.ts';
import { reviewDrafts } from './pushReview.ts';
import { removeSpareEntries } from './spareEntries.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';

/** What this clone has to do about an incident's comments. */
export interface CommentWork {
  readonly drafts: readonly CommentDraft[];
  /** Entries that were corrected or taken back since, by the comment that they stand in. */
  readonly changed: ReadonlyMap<number, readonly EventEntry[]>;
  /** What GitHub's comments have to forget. */
  readonly purges: readonly OpenPurge[];
  /** Where all that is to be posted is small: when it has waited long enough for more of it, epoch milliseconds. */
  readonly gatheringUntil: number | undefined;
  /** How many entries are not sent, since they name a private item. */
  readonly withheld: number;
}

/**
 * Each clone posts its own events, and corrects its own comments: a comment has one writer, so that no two clones write over
 * each other.
 * @param apart ids of corrections whose entry can't be changed: they are posted
 */
export async function commentWork(
  context: Pick<SyncContext, 'services' | 'store' | 'namesPrivate'>,
  item: Item,
  state: Pick<ItemState, 'posted' | 'repository' | 'closedDoubles' | 'purgedDoubles'> | undefined,
  apart: ReadonlySet<string> = new Set(),
): Promise<CommentWork> {
  if (!isIncident(item)) return { drafts: [], changed: new Map(), purges: [], withheld: 0, gatheringUntil: undefined };
  const all = await ownEvents(context.services, item);
  // An id with half a character can't be found again in a marker.
  const own = all.filter((event) => isOwnRecord(context, event) && !/\p{Cs}/u.test(event.id));
  const posted = new Set(Object.keys(state?.posted ?? {}));
  const purged = new Set([
    ...purgesOf(context.services, item).keys(),
    ...(await context.services.writer.purgedEvents()),
  ]);
  // What was purged before it was posted need not be.
  const left = own.filter(({ id }) => posted.has(id) || !purged.has(id));
  const open = eventEntries(left, all, state, apart).filter(({ keys }) => !keys.every((key) => posted.has(key)));
  const send = open.filter(({ text }) => !context.namesPrivate(text));
  const changed = new Map<number, EventEntry[]>();
  for (const entry of send) {
    if (entry.comment !== undefined) changed.set(entry.comment, [...(changed.get(entry.comment) ?? []), entry]);
  }
  const unsent = send.filter(({ comment }) => comment === undefined);
  const drafts = commentDrafts(unsent);
  return {
    gatheringUntil: gatheringUntil(unsent, context.services.now()),
    drafts: drafts.filter((draft) => !draft.keys.every((key) => posted.has(key))),
    changed,
    purges: openPurges(context, item, all, state),
    withheld: open.length - send.length,
  };
}

/**
 * Brings an incident's comments up to its timeline: what was corrected or taken back is changed where it stands, what GitHub
 * has not got is posted. What is about to be posted is written down first, and a post without an answer is looked for
 * before it is sent again.
 */
export async function pushComments(context: SyncContext, item: Item, start: ItemState): Promise<ItemState> {
  let state = start;
  if (state.comment) state = await lookUpComment(context, item, state);
  if (state.comment) return state;
  state = await removeSpareEntries(context, item, state);
  let work = await commentWork(context, item, state);
  state = await purgeComments(context, item, state, work.purges);
  const apart = new Set<string>();
  const isKnown = work.changed.size > 0 ? await knownKeys(context, item) : () => true;
  for (const [comment, entries] of work.changed) {
    const changed = await changeComment(context, state, comment, entries, isKnown);
    state = changed.state;
    for (const id of changed.apart) apart.add(id);
  }
  if (apart.size > 0) work = await commentWork(context, item, state, apart);
  if (work.withheld > 0) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: `${work.withheld} of its events name a private item, so they are not posted on GitHub.`,
    });
  }
  const isGathering = context.gather && work.drafts.length > 0 && work.gatheringUntil !== undefined;
  if (isGathering && work.gatheringUntil !== undefined) context.report.gather(work.gatheringUntil);
  const review = await reviewDrafts(context, item, state);
  for (const draft of [...(isGathering ? [] : work.drafts), ...review]) {
    if (!(await context.admit(item))) return state;
    state = await post(context, item, state, draft);
    if (state.comment) return state;
  }
  // What is posted is not wanted any more.
  if (review.length > 0) await reviewDrafts(context, item, state);
  return state;
}

/** Whether what a key of a marker stands for is here: an event, a retraction that is heeded, or a purge. */
async function knownKeys({ services }: SyncContext, item: Item): Promise<(key: string) => boolean> {
  const known = new Set((await ownEvents(services, item)).map(({ id }) => id));
  for (const { id } of services.index.records(item.uid)) known.add(id);
  return (key) => known.has(eventOfKey(key).id) || isHeededKey(key);
}

/** What nobody waits for is gathered for so long, from the first on. */
const gatherFor = 45 * second;
/** What people at GitHub wait for goes out at once, and takes along what is there. */
const urgentKinds: readonly string[] = ['status', 'phase', 'severity'];

function gatheringUntil(entries: readonly EventEntry[], now: number): number | undefined {
  if (entries.some(({ event }) => urgentKinds.includes(event.kind))) return undefined;
  const recorded = entries.flatMap(({ event }) => parseInstant(event.recorded) ?? []);
  const first = Math.min(...recorded);
  // One from the future was written by a clock that was wrong then, or is now.
  return recorded.length === 0 || first > now || now >= first + gatherFor ? undefined : first + gatherFor;
}

async function post(context: SyncContext, item: Item, start: ItemState, draft: CommentDraft): Promise<ItemState> {
  if (start.number === undefined) return start;
  await context.checkpoint();
  const now = context.services.now();
  let state = await context.store.saveItem({
    ...start,
    comment: { keys: draft.keys, at: now, since: undefined, misses: 0, lookedAt: 0 },
  });
  try {
    const { id } = await context.tracker.createComment(start.number, draft.body);
    const { comment: _, ...rest } = state;
    state = { ...rest, posted: { ...state.posted, ...Object.fromEntries(draft.keys.map((key) => [key, id])) } };
    context.report.commented += 1;
    return await context.store.saveItem(state);
  } catch (error) {
    if (TrackerError.is(error, 'ambiguous')) return lookUpComment(context, item, state);
    // It was refused for certain, so there is nothing to look for.
    await context.store.saveItem(start);
    throw error;
  }
}

/** @returns a state without `comment` when it was found, or when it is time to send it again */
async function lookUpComment(context: SyncContext, item: Item, start: ItemState): Promise<ItemState> {
  if (start.number === undefined || !start.comment) return start;
  const { comment, ...rest } = await importComments(
    context,
    item,
    start,
    await context.tracker.issueComments(start.number),
  );
  if (!comment) return context.store.saveItem(rest);
  if (comment.keys.every((key) => rest.posted[key] !== undefined)) {
    context.report.commented += 1;
    return context.store.saveItem(rest);
  }
  const attempt = missed(comment, context.services.now());
  if (isGivenUp(attempt)) return context.store.saveItem(rest);
  context.report.wait({
    reason: 'ambiguous',
    until: nextLookAt(attempt),
    message: 'A comment got no answer from GitHub; it is looked for before it is sent again.',
  });
  return context.store.saveItem({ ...rest, comment: { ...attempt, keys: comment.keys } });
}
