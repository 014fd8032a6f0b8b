import type { Item } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { contentHash } from '../../core/ulids.ts';
import { commentIfThere } from './commentIfThere.ts';
import { parseComment } from './commentMarker.ts';
import { isUntouched } from './commentPlaces.ts';
import {
  type CommentDraft,
  type CommentEntry,
  commentBody,
  commentDrafts,
  eventOfKey,
  fits,
  wellFormed,
} from './commentText.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

const prefix = 'rca:';

/** Whether a key of a marker stands for a review: no event has it. */
export function isReviewKey(key: string): boolean {
  return key.startsWith(prefix);
}

/**
 * Brings the review that somebody asked to post up to GitHub: changes the comment that has it, as long as nobody has edited
 * that on GitHub.
 * @returns what has to be posted; nothing when all is done
 */
export async function reviewDrafts(
  context: SyncContext,
  item: Item,
  state: ItemState,
): Promise<readonly CommentDraft[]> {
  const text = context.store.review(item.uid);
  if (text === undefined || state.number === undefined) return [];
  const words = wellFormed(`**RCA** · ${item.title}\n\n${text}`);
  if (context.namesPrivate(words)) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: 'Its review names a private item, so it is not posted on GitHub.',
    });
    return [];
  }
  const known = Object.keys(state.posted).filter((key) => eventOfKey(key).id.startsWith(`${prefix}${item.uid}`));
  const version = `${prefix}${item.uid}:${contentHash(words).slice(0, 8)}`;
  const fresh: CommentEntry = {
    keys: [known.length === 0 ? `${prefix}${item.uid}` : version],
    text: words,
    alone: true,
  };
  const isDone = fits(fresh) ? await isUpToDate(context, state, known, words) : false;
  const entry = fits(fresh) ? fresh : { ...fresh, keys: [version] };
  const drafts = isDone ? [] : commentDrafts([entry]).filter(({ keys }) => !keys.every((key) => known.includes(key)));
  if (drafts.length === 0) await context.store.dropReview({ uid: item.uid, text });
  return drafts;
}

/** Whether the last comment that has the review reads so now; changes it where nobody else did. */
async function isUpToDate(
  context: SyncContext,
  state: ItemState,
  known: readonly string[],
  words: string,
): Promise<boolean> {
  const last = Math.max(...known.map((key) => state.posted[key] ?? 0));
  const key = known.find((candidate) => state.posted[candidate] === last);
  if (key === undefined || eventOfKey(key).isPart) return false;
  const found = await commentIfThere(context, last);
  const marked = found?.trusted ? parseComment(found.body) : undefined;
  if (!found || found.issueNumber !== state.number || !marked?.entries[0]?.keys.includes(key) || !isUntouched(marked)) {
    return false;
  }
  if (marked.text === words.trimEnd()) return true;
  await context.checkpoint();
  const body = commentBody([{ keys: [key], text: words, alone: true }]);
  try {
    const answer = await context.tracker.updateComment(last, body);
    if (answer.body.trimEnd() !== body) return false;
    context.report.commented += 1;
    return true;
  } catch (error) {
    if (TrackerError.is(error, 'refused', 'locked', 'notFound', 'gone')) return false;
    throw error;
  }
}
