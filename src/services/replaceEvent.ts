import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import { parseInstant } from '../core/time.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { markdown, type ServiceContext } from './context.ts';
import { newEvent } from './newEvent.ts';
import { writeEvents } from './recordEvent.ts';

/**
 * Says that an entry of the timeline should read otherwise, or happened at another time. The entry itself stays on record.
 * @param at when it happened, epoch milliseconds; as it was unless told
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function correctEvent(
  context: ServiceContext,
  incident: Incident,
  event: TimelineEvent,
  text: string,
  at: number | undefined = parseInstant(event.at),
): Promise<TimelineEvent> {
  const body = markdown(text);
  if (body === '' && at === parseInstant(event.at)) {
    throw new FirebreakError('invalidInput', 'The correction is empty: say how it should read, or when it happened.');
  }
  const base = await newEvent(context, incident.uid, at);
  const correction: TimelineEvent = { ...base(), kind: 'correction', replaces: event.id, body };
  await writeEvents(context, incident, [correction]);
  return correction;
}

/**
 * Takes an entry of the timeline back. It stays on record, struck out.
 * @param reason may be empty
 * @throws FirebreakError `readOnly`
 */
export async function retractEvent(
  context: ServiceContext,
  incident: Incident,
  event: TimelineEvent,
  reason: string,
): Promise<TimelineEvent> {
  const base = await newEvent(context, incident.uid);
  const retraction: TimelineEvent = { ...base(), kind: 'retraction', replaces: event.id, body: markdown(reason) };
  await writeEvents(context, incident, [retraction]);
  return retraction;
}
