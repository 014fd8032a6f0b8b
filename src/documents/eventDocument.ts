import type { Problem } from '../core/problem.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';

/**
 * Reads an event's file. Never throws. What the file does not say comes from its name and place.
 * @param incidentUid the incident whose folder it is in
 * @returns no event when the file can't be read at all, or nothing says when it happened
 */
export function readEvent(
  path: string,
  source: string,
  incidentUid: string,
): { readonly event: TimelineEvent | undefined; readonly problems: readonly Problem[] } {
  throw new Error(`not written yet ${path} ${source} ${incidentUid}`);
}

/** The document of an event. Reading it again gives the same event. */
export function formatEvent(event: TimelineEvent): string {
  throw new Error(`not written yet ${event.id}`);
}

/** `20250923T143210Z-status-7k2q.md`: when it happened, its kind, and the end of its id. */
export function eventFileName(event: TimelineEvent): string {
  throw new Error(`not written yet ${event.id}`);
}
