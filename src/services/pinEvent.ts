import type { Incident } from '../core/item.ts';
import { pinsOf } from '../core/pins.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import type { ServiceContext } from './context.ts';
import { newEvent } from './newEvent.ts';
import { writeEvents } from './recordEvent.ts';
import { retractEvent } from './replaceEvent.ts';

/**
 * Pins an entry of the timeline for the review, or takes its pin back. Pinning twice is pinning once.
 * @throws FirebreakError `readOnly`
 */
export async function pinEvent(
  context: ServiceContext,
  incident: Incident,
  event: TimelineEvent,
  pinned: boolean,
): Promise<void> {
  const events = (await context.index.timeline(incident.uid)).map((stored) => stored.event);
  const standing = pinsOf(events, event.id);
  if (pinned && standing.length === 0) {
    const base = await newEvent(context, incident.uid);
    await writeEvents(context, incident, [{ ...base(), kind: 'pin', about: event.id, body: '' }]);
  }
  // Two clones may each have pinned it.
  if (!pinned) for (const pin of standing) await retractEvent(context, incident, pin, '');
}
