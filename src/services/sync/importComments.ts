import { type Item, isIncident } from '../../core/item.ts';
import type { RemoteComment } from '../../core/ports/issueTracker.ts';
import { parseInstant, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { eventFile } from '../newEvent.ts';
import type { NewFile } from '../newFile.ts';
import { ownEvents } from '../ownEvents.ts';
import { parseCommentMarker } from './markers.ts';
import { githubOrigin, remoteAuthor, remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** Outsiders' comments become notes of limited size (design): a timeline is no place to be flooded by strangers. */
const mostFromOutsiders = 4_000;

/**
 * Takes in what people wrote on an incident's issue: a note for each comment, a correction for each edit of one. Our own
 * carry a marker and only tell which events are posted; a marker of somebody without write permission is text.
 */
export async function importComments(
  context: SyncContext,
  item: Item,
  state: ItemState,
  comments: readonly RemoteComment[],
): Promise<ItemState> {
  const posted: Record<string, number> = { ...state.posted };
  const seen: Record<string, string> = { ...state.comments };
  const ours = new Set(Object.values(posted));
  const events = isIncident(item) ? await ownEvents(context.services, item) : [];
  const known = new Map(events.map((event) => [event.id, event]));
  const files: NewFile[] = [];
  for (const comment of comments) {
    const keys = comment.trusted ? parseCommentMarker(comment.body) : undefined;
    if (keys) {
      for (const key of keys) posted[key] ??= comment.id;
      continue;
    }
    if (ours.has(comment.id) || !isIncident(item) || seen[comment.id] === comment.updatedAt) continue;
    const event = eventOf(context, item, comment, known);
    if (event) {
      files.push(eventFile(item.path, event));
      known.set(event.id, event);
    }
    seen[comment.id] = comment.updatedAt;
  }
  if (files.length > 0) await context.services.writer.createAll(files);
  context.report.pulled += files.length;
  return { ...state, posted, comments: seen };
}

function eventOf(
  context: SyncContext,
  item: Item,
  comment: RemoteComment,
  known: ReadonlyMap<string, TimelineEvent>,
): TimelineEvent | undefined {
  const id = remoteId(context.repository, `c${comment.id}`);
  const base = { incident: item.uid, by: remoteAuthor(comment.author), origin: githubOrigin, body: noteText(comment) };
  if (!known.has(id)) return { ...base, id, kind: 'note', at: comment.createdAt, recorded: comment.createdAt };
  const edited = `${id}-${(parseInstant(comment.updatedAt) ?? 0) / second}`;
  const last = [...known.values()].filter((event) => 'replaces' in event && event.replaces === id).at(-1);
  if (known.has(edited) || (last ?? known.get(id))?.body === base.body) return undefined;
  // The words change, not the time at which they were said.
  return { ...base, id: edited, kind: 'correction', replaces: id, at: comment.createdAt, recorded: comment.updatedAt };
}

function noteText(comment: RemoteComment): string {
  const text = comment.body.trim();
  const characters = [...text];
  if (comment.trusted || characters.length <= mostFromOutsiders) return text;
  return `${characters.slice(0, mostFromOutsiders).join('').trimEnd()}…\n\n(Shortened; the whole comment is at ${comment.url})`;
}
