import { correctedAt, eventMarks } from '../../core/eventMarks.ts';
import type { Instant } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';

/** The timeline of an incident, with what was purged of it: a stub may still hold the words, on a branch without the purge. */
export interface RoomTimeline {
  readonly events: readonly TimelineEvent[];
  /** Ids of events. */
  readonly purged: ReadonlySet<string>;
}

/** What counts now of what an event said. */
export interface SaidWords {
  readonly id: string;
  readonly by: string;
  readonly at: Instant;
  /** As corrected; undefined when they were taken back or purged. */
  readonly words: string | undefined;
  /** Who took them back. */
  readonly retraction: { readonly by: string; readonly at: Instant; readonly reason: string } | undefined;
  /** What was done to the words since: see {@link HeldWords}. */
  readonly amended: readonly string[];
}

/** What a message that was sent holds of the timeline. */
export interface HeldWords {
  /** Ids of the events whose words are in it. */
  readonly sources: readonly string[];
  /** What it knows of them: ids of corrections and retractions, and `purged:` with the id of an event. */
  readonly amended: readonly string[];
}

const purgeMark = 'purged:';

/** Reads the words of events as they count now. Made once for a timeline, since marks cost a pass over it. */
export function saidWords({ events, purged }: RoomTimeline): (event: TimelineEvent) => SaidWords {
  // A correction without words says nothing; a retraction needs none.
  const marks = eventMarks(events.filter(({ id, kind }) => kind !== 'correction' || !purged.has(id)));
  return (event) => {
    const { at, by, id } = event;
    if (purged.has(id)) {
      return { id, by, at, words: undefined, retraction: undefined, amended: [`${purgeMark}${id}`] };
    }
    const mark = marks.get(id);
    if (!mark) return { id, by, at, words: event.body.trim(), retraction: undefined, amended: [] };
    const other = mark.by;
    if (mark.kind === 'corrected') {
      const words = other.body.trim() || event.body.trim();
      return { id, by, at: correctedAt(event, other), words, retraction: undefined, amended: [other.id] };
    }
    const isPurged = purged.has(other.id);
    return {
      id,
      by,
      at,
      words: undefined,
      retraction: { by: other.by, at: other.at, reason: isPurged ? '' : other.body.trim() },
      amended: [other.id, ...(isPurged ? [`${purgeMark}${other.id}`] : [])],
    };
  };
}

/** A timeline in which is purged, too, what a message says was. */
export function withPurgesOf(timeline: RoomTimeline, held: HeldWords): RoomTimeline {
  const told = held.amended.flatMap((mark) => (mark.startsWith(purgeMark) ? [mark.slice(purgeMark.length)] : []));
  return told.every((id) => timeline.purged.has(id))
    ? timeline
    : { events: timeline.events, purged: new Set([...timeline.purged, ...told]) };
}

/**
 * Whether a message has to be changed to what this clone knows. One that knows of a correction which is not here yet is left as it is,
 * but for a purge: what is purged anywhere is purged.
 * @param amended what is known here
 */
export function isOutdated(held: HeldWords, amended: readonly string[], timeline: RoomTimeline): boolean {
  const missing = amended.filter((mark) => !held.amended.includes(mark));
  if (missing.some((mark) => mark.startsWith(purgeMark))) return true;
  const marks = held.amended.filter((mark) => !mark.startsWith(purgeMark));
  const known = new Set(timeline.events.map(({ id }) => id));
  if (!marks.every((mark) => known.has(mark))) return false;
  return missing.length > 0 || marks.some((mark) => !amended.includes(mark));
}

/** Whether something of the words was purged, and not only corrected or taken back. */
export function isPurge(amended: readonly string[]): boolean {
  return amended.some((mark) => mark.startsWith(purgeMark));
}

/** What is known now of the words that a message holds. */
export function amendmentsOf({ sources }: HeldWords, timeline: RoomTimeline): readonly string[] {
  const said = saidWords(timeline);
  return timeline.events.filter(({ id }) => sources.includes(id)).flatMap((event) => said(event).amended);
}
