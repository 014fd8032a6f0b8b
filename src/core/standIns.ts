import type { ReplacingEvent, StoredEvent, TimelineEvent } from './timelineEvent.ts';

/**
 * A comment on GitHub that was edited before this clone first saw it is known by its correction alone: what it said
 * before, only a clone that had read it in time can tell, and git brings that. Until then the first correction stands in
 * for the note, and what else is about that is about the stand-in.
 */
export function withStandIns(stored: readonly StoredEvent[]): readonly StoredEvent[] {
  const absent = new Set<string>();
  for (const { event } of stored) if (event.kind === 'correction') absent.add(event.replaces);
  if (absent.size === 0) return stored;
  for (const { event } of stored) absent.delete(event.id);
  const standIns = new Map<string, ReplacingEvent>();
  for (const { event } of stored) {
    if (event.kind !== 'correction' || !absent.has(event.replaces)) continue;
    const other = standIns.get(event.replaces);
    if (!other || wasEarlier(event, other)) standIns.set(event.replaces, event);
  }
  if (standIns.size === 0) return stored;
  return stored.map((entry) => ({ ...entry, event: shown(entry.event, standIns) }));
}

function shown(event: TimelineEvent, standIns: ReadonlyMap<string, ReplacingEvent>): TimelineEvent {
  if (event.kind !== 'correction' && event.kind !== 'retraction') return event;
  const standIn = standIns.get(event.replaces);
  if (!standIn) return event;
  if (standIn.id !== event.id) return { ...event, replaces: standIn.id };
  const { replaces: _, ...rest } = event;
  return { ...rest, kind: 'note' };
}

function wasEarlier(left: ReplacingEvent, right: ReplacingEvent): boolean {
  return left.recorded === right.recorded ? left.id < right.id : left.recorded < right.recorded;
}
