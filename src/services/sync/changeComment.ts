import { type RemoteComment, TrackerError } from '../../core/ports/issueTracker.ts';
import type { EventEntry } from './commentEntries.ts';
import { commentIfThere } from './commentIfThere.ts';
import {
  entryHash,
  keysOf,
  type MarkedComment,
  type MarkedEntry,
  markedComment,
  parseComment,
} from './commentMarker.ts';
import { isPurgedEntry, isUntouched, placesOf } from './commentPlaces.ts';
import { isHeededKey, mostCharacters } from './commentText.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

export interface ChangedComment {
  readonly state: ItemState;
  /** Ids of corrections and retractions that could not be put into the comment. */
  readonly apart: readonly string[];
}

/**
 * Rewrites the entries of a comment of ours that were corrected or taken back. It is read again first: where somebody has
 * edited it on GitHub nothing of theirs is touched, and the correction is to be a comment of its own. Sending the same text
 * twice does no harm, so what got no answer is simply tried again.
 * @param isKnown whether this clone has what a key of a marker stands for
 * @throws TrackerError what stops more than this comment
 */
export async function changeComment(
  context: SyncContext,
  state: ItemState,
  id: number,
  entries: readonly EventEntry[],
  isKnown: (key: string) => boolean,
): Promise<ChangedComment> {
  const keys = entries.flatMap((entry) => entry.keys);
  const done = async (): Promise<ChangedComment> => {
    const posted = { ...state.posted, ...Object.fromEntries(keys.map((key) => [key, id])) };
    return { state: await context.store.saveItem({ ...state, posted }), apart: [] };
  };
  const refused = async (): Promise<ChangedComment> => {
    const apart = keys.filter((key) => !Object.hasOwn(state.posted, key));
    // What another clone has taken back that one says beside, so there is no more to do about it.
    const heeded = Object.fromEntries(apart.filter(isHeededKey).map((key) => [key, id]));
    return { state: await context.store.saveItem({ ...state, posted: { ...state.posted, ...heeded } }), apart };
  };

  const found = await commentIfThere(context, id);
  // Who deleted the comment took the entry back with it.
  if (!found) return done();
  const comment = found.trusted ? parseComment(found.body) : undefined;
  if (!comment) return refused();
  if (keys.every((key) => keysOf(comment).includes(key))) return done();
  // What another clone has said in one of these entries may be the newer word: it comes by git.
  const isMeant = ({ keys: [first = ''] }: MarkedEntry) => entries.some((entry) => entry.keys[0] === first);
  if (!comment.entries.filter(isMeant).every((entry) => entry.keys.every(isKnown))) return { state, apart: [] };
  const body = isUntouched(comment) ? changedBody(comment, entries) : undefined;
  if (body === undefined || body.length > mostCharacters) return refused();

  await context.checkpoint();
  const answer = await send(context, id, body);
  // Refused, or taken and not done: then it is said beside.
  if (answer?.body.trimEnd() !== body) return refused();
  context.report.commented += 1;
  return done();
}

/** Looks at once where there was no answer. @returns undefined when GitHub refuses the change for certain */
async function send(context: SyncContext, id: number, body: string): Promise<RemoteComment | undefined> {
  try {
    return await context.tracker.updateComment(id, body);
  } catch (error) {
    if (TrackerError.is(error, 'refused', 'locked', 'notFound', 'gone')) return undefined;
    if (!TrackerError.is(error, 'ambiguous')) throw error;
    const found = await context.tracker.comment(id);
    if (found.body.trimEnd() !== body) throw error;
    return found;
  }
}

/** @returns undefined when one of the entries is not there as it was written */
function changedBody(comment: MarkedComment, entries: readonly EventEntry[]): string | undefined {
  const texts = placesOf(comment);
  if (!texts) return undefined;
  const marked: MarkedEntry[] = [...comment.entries];
  for (const entry of entries) {
    const index = comment.entries.findIndex(({ keys }) => keys[0] === entry.keys[0]);
    if (index < 0) return undefined;
    // What another clone has purged meanwhile stays so, whatever is said about it.
    const text = isPurgedEntry(texts[index] ?? '') ? (texts[index] ?? '') : entry.text.trimEnd();
    texts[index] = text;
    // The last stays last: its words are shown.
    const [first = '', ...others] = entry.keys;
    const kept = marked[index]?.keys.filter((key) => !entry.keys.includes(key)) ?? [];
    marked[index] = { keys: [first, ...kept, ...others], hash: entryHash(text) };
  }
  return markedComment(texts.join('\n'), marked);
}
