import { isIncident } from '../../core/item.ts';
import type { RemoteComment } from '../../core/ports/issueTracker.ts';
import { day } from '../../core/time.ts';
import { longAgo } from './createIssue.ts';
import { importComments } from './importComments.ts';
import { advanced, beginAt } from './listCursors.ts';
import { commentsOfMany, type ListedComments, listInstead } from './manyComments.ts';
import { stateOf } from './plan.ts';
import { isLost, noteAbsent, type RoundContext } from './roundContext.ts';
import { guarded } from './roundGuard.ts';
import { commentCounts, sweepComments } from './sweepComments.ts';

/**
 * Takes in what was said on the incidents' issues since last time, and what was never read.
 * @param linked the items by the numbers of their issues
 * @param counts how many comments the issues have that were read in this round, by number
 */
export async function pullComments(
  context: RoundContext,
  linked: ReadonlyMap<number, string>,
  counts: ReadonlyMap<number, number>,
): Promise<void> {
  const { store, tracker, services } = context;
  const incidents = [...linked].filter(([, uid]) => {
    const item = services.index.item(uid);
    return item !== undefined && isIncident(item);
  });
  if (incidents.length === 0) return;
  const cursor = store.cursor.comments;
  const listed = cursor ? await tracker.comments(cursor.since, cursor.etag) : undefined;
  const byNumber = new Map<number, RemoteComment[]>();
  for (const comment of listed?.changed ? listed.value : []) {
    byNumber.set(comment.issueNumber, [...(byNumber.get(comment.issueNumber) ?? []), comment]);
  }
  for (const [number, comments] of byNumber) {
    const uid = linked.get(number);
    if (uid === undefined) await noteAbsent(context, number, { commentsRead: false });
    else if (stateOf(context, uid)?.commentsRead)
      await guarded(context, uid, () => takeComments(context, uid, comments));
  }
  const unread = incidents.filter(([number, uid]) => {
    const state = stateOf(context, uid);
    return state && !(state.commentsRead && cursor) && !isLost(state, number);
  });
  const all = await listUnread(context, unread, counts);
  for (const [number, uid] of unread) {
    await guarded(context, uid, async () =>
      takeComments(context, uid, all?.byIssue.get(number) ?? (await tracker.issueComments(number))),
    );
  }
  // The list may lag behind what else was read: what it does not show yet comes by the next, which begins where it ended.
  if (all && !cursor) await store.saveCursor({ comments: beginAt(all.latest ?? longAgo) });
  if (cursor && listed?.changed) {
    await store.saveCursor({ comments: advanced(cursor, listed.value, listed.etag) });
  }
}

/** Of many incidents whose comments were never read, as in a new clone: all at once, where that costs less. */
async function listUnread(
  context: RoundContext,
  unread: readonly (readonly [number, string])[],
  known: ReadonlyMap<number, number>,
): Promise<ListedComments | undefined> {
  const counts = new Map<number, number>();
  for (const [number] of unread) {
    const count = known.get(number);
    if (count !== undefined) counts.set(number, count);
  }
  return counts.size > listInstead ? commentsOfMany(context.tracker, counts) : undefined;
}

/** Once a day: no list tells of a comment that was deleted. */
export async function sweepAllComments(context: RoundContext, linked: ReadonlyMap<number, string>): Promise<void> {
  const { store, services } = context;
  const now = services.now();
  const age = now - (store.cursor.sweptAt ?? now);
  if (store.cursor.sweptAt !== undefined && age >= 0 && age < day) return;
  const incidents = [...linked].filter(([, uid]) => services.index.item(uid)?.incident !== undefined);
  if (store.cursor.sweptAt !== undefined && incidents.length > 0) {
    const counts = await commentCounts(
      context,
      incidents.map(([number]) => number),
    );
    for (const [number, uid] of incidents) {
      const count = counts.get(number);
      if (count !== undefined) await guarded(context, uid, () => sweep(context, uid, count));
    }
  }
  await store.saveCursor({ sweptAt: now });
}

async function sweep(context: RoundContext, uid: string, count: number): Promise<void> {
  const item = context.services.index.item(uid);
  const state = stateOf(context, uid);
  if (item && isIncident(item) && state?.stage === 'linked') await sweepComments(context, item, state, count);
}

/** Takes in comments of one issue: all that it has, or what is new of them. */
export async function takeComments(
  context: RoundContext,
  uid: string,
  comments: readonly RemoteComment[],
): Promise<void> {
  const item = context.services.index.item(uid);
  const state = stateOf(context, uid);
  if (!item || !state) return;
  for (const comment of comments) context.seen(comment);
  try {
    const next = await importComments(context, item, state, comments);
    await context.store.saveItem({ ...next, commentsRead: isIncident(item) });
  } catch (error) {
    // The list moves on without it, so all are read next time.
    await context.store.saveItem({ ...state, commentsRead: false });
    throw error;
  }
}
