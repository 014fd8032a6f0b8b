import { type Item, isIncident } from '../../core/item.ts';
import type { RemoteComment } from '../../core/ports/issueTracker.ts';
import { parseInstant, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { contentHash } from '../../core/ulids.ts';
import { eventFile } from '../newEvent.ts';
import type { NewFile } from '../newFile.ts';
import { ownEvents } from '../ownEvents.ts';
import { purgesOf } from '../purges.ts';
import { eventsOfEdit } from './commentEdits.ts';
import { keysOf, parseComment } from './commentMarker.ts';
import { isUntouched } from './commentPlaces.ts';
import { githubOrigin, remoteAuthor, remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** Outsiders' comments become notes of limited size (design): a timeline is no place to be flooded by strangers. */
const mostFromOutsiders = 4_000;

/**
 * Takes in what people wrote on an incident's issue: a note for each comment, a correction for each edit of one. Our own
 * carry a marker and tell which events are posted, and what people made of them since; a marker of somebody without write
 * permission is text.
 */
export async function importComments(
  context: SyncContext,
  item: Item,
  state: ItemState,
  comments: readonly RemoteComment[],
): Promise<ItemState> {
  const posted = new Map(Object.entries(state.posted));
  const seen = new Map(Object.entries(state.comments));
  const ours = new Set(posted.values());
  const events = isIncident(item) ? await ownEvents(context.services, item) : [];
  const known = new Map(events.map((event) => [event.id, event]));
  const purged = new Set(purgesOf(context.services, item).keys());
  const files: NewFile[] = [];
  const spare = new Set(state.spare);
  const unanswered = state.comment?.keys ?? [];
  let isFound = unanswered.length === 0;
  for (const comment of comments) {
    const marked = comment.trusted || ours.has(comment.id) ? parseComment(comment.body) : undefined;
    // Of two that carry one event the first counts, in every clone.
    const keys = marked ? keysOf(marked) : [];
    // The one that got no answer, beside an earlier one that no list showed when it was sent.
    const isSecond = keys.some((key) => (posted.get(key) ?? comment.id) < comment.id);
    if (!isFound && isSecond && unanswered.every((key) => keys.includes(key) && known.has(key))) {
      spare.add(comment.id);
      isFound = true;
    }
    for (const key of keys) {
      const before = posted.get(key);
      // The later one was ours: what comes after ours may be a person's copy.
      if (before !== undefined && before > comment.id && known.has(key)) spare.add(before);
      posted.set(key, Math.min(posted.get(key) ?? comment.id, comment.id));
    }
    if (!isIncident(item) || seen.get(`${comment.id}`) === versionOf(comment)) continue;
    const carries = marked !== undefined && keysOf(marked).some((key) => posted.get(key) === comment.id);
    // A second one with the same words says nothing new; one with other words was made of ours by a person.
    if (marked && !carries && isUntouched(marked)) continue;
    const found = carries
      ? eventsOfEdit(context, item, comment, marked, known)
      : eventsOf(context, item, { ...comment, body: marked?.text ?? comment.body }, known);
    // What was purged does not come back by an edit of the comment that it came from.
    if (!carries && purged.has(remoteId(context.repository, `c${comment.id}`))) continue;
    for (const event of found) {
      files.push(eventFile(item.path, event));
      known.set(event.id, event);
    }
    if (!carries || found.length > 0) seen.set(`${comment.id}`, versionOf(comment));
  }
  if (files.length > 0) await context.services.writer.createAll(files);
  context.report.pulled += files.length;
  return {
    ...state,
    posted: Object.fromEntries(posted),
    comments: Object.fromEntries(seen),
    ...(spare.size === 0 ? {} : { spare: [...spare] }),
  };
}

/** Two edits within one second have the same time. */
function versionOf(comment: RemoteComment): string {
  return `${comment.updatedAt} ${contentHash(comment.body).slice(0, 8)}`;
}

function eventsOf(
  context: SyncContext,
  item: Item,
  comment: RemoteComment,
  known: ReadonlyMap<string, TimelineEvent>,
): TimelineEvent[] {
  const id = remoteId(context.repository, `c${comment.id}`);
  const base = { incident: item.uid, by: remoteAuthor(comment.author), origin: githubOrigin, body: noteText(comment) };
  // What it said before an edit that came first, another clone may have read: its file must not differ from ours.
  if (!known.has(id) && comment.updatedAt === comment.createdAt) {
    return [{ ...base, id, kind: 'note', at: comment.createdAt, recorded: comment.createdAt }];
  }
  const stamp = (parseInstant(comment.updatedAt) ?? 0) / second;
  const edited = `${id}-${stamp}-${contentHash(base.body).slice(0, 8)}`;
  // What somebody here said about it is no word of the comment's.
  const last = [...known.values()].filter((event) => event.id.startsWith(`${id}-`)).at(-1);
  if (known.has(edited) || (last ?? known.get(id))?.body === base.body) return [];
  // The words change, not the time at which they were said.
  return [
    { ...base, id: edited, kind: 'correction', replaces: id, at: comment.createdAt, recorded: comment.updatedAt },
  ];
}

function noteText(comment: RemoteComment): string {
  const text = comment.body.trim();
  const characters = [...text];
  if (comment.trusted || characters.length <= mostFromOutsiders) return text;
  return `${characters.slice(0, mostFromOutsiders).join('').trimEnd()}…\n\n(Shortened; the whole comment is at ${comment.url})`;
}
