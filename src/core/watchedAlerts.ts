import type { AlertState } from './alert.ts';
import { eventMarks } from './eventMarks.ts';
import { hour, minute, parseInstant } from './time.ts';
import { type AlertEvent, compareEvents, type TimelineEvent } from './timelineEvent.ts';

/** What a timeline knows of one alert. */
export interface WatchedAlert {
  readonly fingerprint: string;
  readonly state: AlertState;
  /** The event that said so last. */
  readonly last: AlertEvent;
  /** When it resolved, each time, epoch milliseconds. */
  readonly resolvedAt: readonly number[];
}

type ToldAlert = AlertEvent & { readonly alert: string };

/** Written by hand, it may be anything. */
function isFingerprint(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{1,64}$/.test(text);
}

/** The alerts that an incident came from, or that were attached to it. One whose events are all taken back is none. */
export function watchedAlerts(events: readonly TimelineEvent[]): readonly WatchedAlert[] {
  const told = events.filter((event): event is ToldAlert => event.kind === 'alert' && isFingerprint(event.alert));
  // Most timelines have none, and this is asked at each change of one.
  if (told.length === 0) return [];
  const marks = eventMarks(events);
  const watched = new Map<string, WatchedAlert>();
  for (const event of told.sort(compareEvents)) {
    if (marks.get(event.id)?.kind === 'retracted') continue;
    const before = watched.get(event.alert)?.resolvedAt ?? [];
    const state = event.state ?? 'firing';
    const at = parseInstant(event.at);
    const resolvedAt = state === 'resolved' && at !== undefined ? [...before, at] : before;
    watched.set(event.alert, { fingerprint: event.alert, state, last: event, resolvedAt });
  }
  return [...watched.values()];
}

/** An alert that is away for less has not resolved. */
const shortestAbsence = minute;
const longestAbsence = 15 * minute;

/**
 * How long an alert has to be away until it counts as resolved, in milliseconds: a minute, and twice as long for each time
 * that it resolved within the last hour, so that one that flaps does not fill the timeline.
 */
export function absenceOf({ resolvedAt }: Pick<WatchedAlert, 'resolvedAt'>, now: number): number {
  const lately = resolvedAt.filter((at) => now - at < hour).length;
  return Math.min(longestAbsence, shortestAbsence * 2 ** Math.min(lately, 10));
}
