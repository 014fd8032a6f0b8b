import type { Incident } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { eventFile } from '../newEvent.ts';
import { ownEvents } from '../ownEvents.ts';
import { commentIfThere } from './commentIfThere.ts';
import { eventOfKey } from './commentText.ts';
import { githubOrigin, remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/**
 * How many comments each issue has. Pages of a list tell a hundred at once; where few issues are asked for, each tells
 * itself, whichever costs less.
 */
export async function commentCounts(
  context: Pick<SyncContext, 'tracker'>,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  // The list holds at least as many as the highest number of ours says, closed ones included.
  if (numbers.length <= Math.ceil(Math.max(0, ...numbers) / 100)) {
    for (const number of numbers) {
      try {
        counts.set(number, (await context.tracker.issue(number)).comments);
      } catch (error) {
        // What became of an issue that is not there is not for this to find out.
        if (!TrackerError.is(error, 'notFound', 'gone', 'moved')) throw error;
      }
    }
    return counts;
  }
  const listed = await context.tracker.issues(undefined);
  for (const { number, comments } of listed.changed ? listed.value : []) counts.set(number, comments);
  return counts;
}

/**
 * Looks for comments of an incident that were deleted on GitHub, which no list tells. Nothing is concluded from a list, which
 * may lag behind: only a comment that GitHub says it has not counts as deleted. A note that came from it stays, and is
 * taken back by an event that is the same in every clone; what Firebreak posted is not posted again.
 * @param count how many comments the issue has
 */
export async function sweepComments(
  context: SyncContext,
  incident: Incident,
  state: ItemState,
  count: number,
): Promise<ItemState> {
  if (state.number === undefined || !state.commentsRead) return state;
  const events = await ownEvents(context.services, incident);
  const notes = notesOf(context, events);
  const deleted = new Set(state.deleted ?? []);
  const ours = new Set(Object.values(state.posted));
  const known = [...new Set([...ours, ...Object.keys(state.comments).map(Number), ...notes.keys()])];
  const left = known.filter((id) => !deleted.has(id) && !isTakenBack(context, events, id));
  if (left.length === count) return state;
  const listed = new Set((await context.tracker.issueComments(state.number)).map(({ id }) => id));
  const found: number[] = [];
  for (const id of left) if (!listed.has(id) && (await commentIfThere(context, id)) === undefined) found.push(id);
  if (found.length === 0) return state;

  const files = found.flatMap((id) => {
    const note = notes.get(id);
    return note ? [eventFile(incident.path, retractionOf(context, note, id))] : [];
  });
  if (files.length > 0) await context.services.writer.createAll(files);
  context.report.pulled += files.length;
  const lost = found.filter((id) => carriesOwn(context, events, state, id));
  if (lost.length > 0) {
    context.report.over(incident.id, 'notPurged');
    context.report.problem({
      code: 'commentDeleted',
      item: incident.id,
      message:
        lost.length === 1
          ? 'A comment that was posted from here was deleted on GitHub; it is not posted again.'
          : `${lost.length} comments that were posted from here were deleted on GitHub; they are not posted again.`,
    });
  }
  return context.store.saveItem({ ...state, deleted: [...deleted, ...found] });
}

/** People's comments as they were taken in, by the comment's id. */
function notesOf(context: SyncContext, events: readonly TimelineEvent[]): Map<number, TimelineEvent> {
  const stem = remoteId(context.repository, 'c');
  const notes = new Map<number, TimelineEvent>();
  for (const event of events) {
    // Of a comment that was edited before this clone saw it there are corrections alone. All have the time of the comment.
    const note = 'replaces' in event && event.kind === 'correction' ? event.replaces : event.id;
    const id = note.startsWith(stem) ? note.slice(stem.length) : '';
    if (event.origin === githubOrigin && /^\d+$/.test(id)) notes.set(Number(id), event);
  }
  return notes;
}

function retractionId(context: SyncContext, comment: number): string {
  return remoteId(context.repository, `d${comment}`);
}

function isTakenBack(context: SyncContext, events: readonly TimelineEvent[], comment: number): boolean {
  const id = retractionId(context, comment);
  return events.some((event) => event.id === id);
}

/** Who deleted it, and when, GitHub does not say: it has the time of the note. */
function retractionOf(context: SyncContext, note: TimelineEvent, comment: number): TimelineEvent {
  return {
    id: retractionId(context, comment),
    incident: note.incident,
    kind: 'retraction',
    replaces: remoteId(context.repository, `c${comment}`),
    at: note.at,
    recorded: note.at,
    by: 'unknown',
    origin: githubOrigin,
    body: 'Deleted on GitHub.',
  };
}

function carriesOwn(
  context: SyncContext,
  events: readonly TimelineEvent[],
  { posted }: ItemState,
  comment: number,
): boolean {
  const ids = new Set(Object.keys(posted).flatMap((key) => (posted[key] === comment ? [eventOfKey(key).id] : [])));
  return events.some(({ id, origin }) => ids.has(id) && origin === context.services.origin);
}
