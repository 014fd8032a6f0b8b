import type { Item } from '../../core/item.ts';
import type { RemoteComment } from '../../core/ports/issueTracker.ts';
import { parseInstant, second } from '../../core/time.ts';
import type { EventBase, TimelineEvent } from '../../core/timelineEvent.ts';
import { contentHash } from '../../core/ulids.ts';
import { entryHash, type MarkedComment } from './commentMarker.ts';
import { isPurgedEntry, placesOf, readEntry } from './commentPlaces.ts';
import { isReviewKey } from './pushReview.ts';
import { githubOrigin, remoteId, type SyncContext } from './syncContext.ts';

/**
 * What a person did to a comment of Firebreak's on GitHub, as events: a correction for each entry that reads otherwise
 * now, or, where it can't be told which, a note that quotes the whole. All of it comes from the comment, its marker and its
 * time, so that every clone makes the same, also one that has not got the corrected events yet. Who did it GitHub does not
 * tell.
 * @param known the events of the incident by id
 */
export function eventsOfEdit(
  context: Pick<SyncContext, 'repository'>,
  item: Item,
  comment: RemoteComment,
  marked: MarkedComment,
  known: ReadonlyMap<string, TimelineEvent>,
): TimelineEvent[] {
  if (comment.updatedAt === comment.createdAt || marked.entries.some(({ hash }) => hash === undefined)) return [];
  const base = { incident: item.uid, by: 'unknown', origin: githubOrigin, recorded: comment.updatedAt };
  const stem = remoteId(context.repository, `c${comment.id}`);
  const stamp = (parseInstant(comment.updatedAt) ?? 0) / second;
  const idOf = (text: string) => `${stem}-${stamp}-${contentHash(text).slice(0, 8)}`;
  const quote = (): TimelineEvent[] => [
    { ...base, id: idOf(marked.text), kind: 'note', at: comment.updatedAt, body: quoted(comment, marked.text) },
  ];

  const places = placesOf(marked);
  if (!places) return isNew(quote(), known);
  const corrections: TimelineEvent[] = [];
  for (const [index, text] of places.entries()) {
    const entry = marked.entries[index];
    const replaces = entry?.keys.at(-1);
    if (!entry || replaces === undefined) continue;
    const before = lastEdit(entry.keys, stem, known);
    if (!before && entry.hash === entryHash(text)) continue;
    if (isPurgedEntry(text)) continue;
    const now = isReviewKey(replaces) ? undefined : readEntry(text);
    if (!now) return isNew(quote(), known);
    if (before?.body === now.body && before.at === now.at) continue;
    corrections.push({ ...base, ...now, id: idOf(`${index}:${text}`), kind: 'correction', replaces });
  }
  return isNew(corrections, known);
}

/** The last that was taken in of what people made of an entry. */
function lastEdit(
  keys: readonly string[],
  stem: string,
  known: ReadonlyMap<string, TimelineEvent>,
): EventBase | undefined {
  let last: EventBase | undefined;
  for (const event of known.values()) {
    if (event.kind !== 'correction' || !event.id.startsWith(`${stem}-`) || !keys.includes(event.replaces)) continue;
    if (!last || event.recorded >= last.recorded) last = event;
  }
  return last;
}

function isNew(events: readonly TimelineEvent[], known: ReadonlyMap<string, TimelineEvent>): TimelineEvent[] {
  return events.filter(({ id }) => !known.has(id));
}

function quoted(comment: RemoteComment, text: string): string {
  const lines = text.split('\n').map((line) => (line === '' ? '>' : `> ${line}`));
  return `A comment of Firebreak's was changed on GitHub (${comment.url}). It reads now:\n\n${lines.join('\n')}`;
}
