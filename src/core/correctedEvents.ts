import { correctedAt, eventMarks } from './eventMarks.ts';
import type { TimelineEvent } from './timelineEvent.ts';

/**
 * The events as they are to be measured: one that was corrected counts when the correction says that it happened, and an
 * acknowledgement or a status update that was taken back counts for nothing. States (phase, severity, role) are decided by
 * their records alone, so a retraction leaves them.
 */
export function asCorrected(events: readonly TimelineEvent[]): TimelineEvent[] {
  const marks = eventMarks(events);
  if (marks.size === 0) return [...events];
  return events.flatMap((event) => {
    const mark = marks.get(event.id);
    if (mark?.kind === 'corrected') return [{ ...event, at: correctedAt(event, mark.by) }];
    return mark && (event.kind === 'acknowledge' || event.kind === 'status') ? [] : [event];
  });
}
