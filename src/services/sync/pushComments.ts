import { type Item, isIncident } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { ownEvents } from '../ownEvents.ts';
import { isGivenUp, missed, nextLookAt } from './ambiguity.ts';
import { type CommentDraft, commentDrafts } from './commentText.ts';
import { importComments } from './importComments.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** The events that this clone has to post: its own, save those that name a private item. */
export async function eventsToPost(
  context: Pick<SyncContext, 'services' | 'namesPrivate'>,
  item: Item,
): Promise<{ readonly send: readonly TimelineEvent[]; readonly withheld: number }> {
  if (!isIncident(item)) return { send: [], withheld: 0 };
  const own = (await ownEvents(context.services, item)).filter((event) => event.origin === context.services.origin);
  const send = own.filter((event) => !context.namesPrivate(event.body));
  return { send, withheld: own.length - send.length };
}

/**
 * Posts what GitHub has not got of an incident's timeline. What is about to be posted is written down first, and a post
 * without an answer is looked for before it is sent again.
 */
export async function pushComments(context: SyncContext, item: Item, start: ItemState): Promise<ItemState> {
  let state = start;
  const { send, withheld } = await eventsToPost(context, item);
  if (withheld > 0) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: `${withheld} of its events name a private item, so they are not posted on GitHub.`,
    });
  }
  if (state.comment) state = await lookUpComment(context, item, state);
  if (state.comment) return state;
  for (const draft of commentDrafts(send, new Set(Object.keys(state.posted)))) {
    state = await post(context, item, state, draft);
    if (state.comment) return state;
  }
  return state;
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
