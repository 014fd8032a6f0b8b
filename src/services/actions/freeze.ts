import { asCorrected } from '../../core/correctedEvents.ts';
import { eventMarks } from '../../core/eventMarks.ts';
import { compareEvents, type RunEvent, type TimelineEvent } from '../../core/timelineEvent.ts';

/** The event that has frozen deployments; undefined while they may go out. What failed froze nothing, and lifted nothing. */
export function freezeOf(events: readonly TimelineEvent[]): RunEvent | undefined {
  let frozen: RunEvent | undefined;
  const marks = eventMarks(events);
  for (const event of asCorrected(events).sort(compareEvents)) {
    if (marks.get(event.id)?.kind === 'retracted') continue;
    if ((event.kind !== 'action' && event.kind !== 'check') || event.freeze === undefined || event.exit !== 0) continue;
    frozen = event.freeze === 'set' ? event : undefined;
  }
  return frozen;
}
