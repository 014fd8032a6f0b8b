import { eventMarks } from './eventMarks.ts';
import type { TimelineEvent } from './timelineEvent.ts';

/** The pins for the review that count: those that nobody took back. */
export function standingPins(events: readonly TimelineEvent[]): TimelineEvent[] {
  const pins = events.filter((event) => pinned(event) !== undefined);
  if (pins.length === 0) return [];
  const marks = eventMarks(events);
  return pins.filter((pin) => marks.get(pin.id)?.kind !== 'retracted');
}

/** The pins of one event that count. */
export function pinsOf(events: readonly TimelineEvent[], id: string): TimelineEvent[] {
  return standingPins(events).filter((pin) => pinned(pin) === id);
}

/** The id of the event that a pin pins; undefined for everything else. */
export function pinned(event: TimelineEvent): string | undefined {
  return event.kind === 'pin' ? event.about : undefined;
}
