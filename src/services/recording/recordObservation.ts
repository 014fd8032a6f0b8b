import type { Incident } from '../../core/item.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import type { Observation } from '../../core/recording.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import type { ServiceContext } from '../context.ts';
import { newEvent } from '../newEvent.ts';
import { writeEvents } from '../recordEvent.ts';
import { maskedObservation } from './maskedObservation.ts';
import { recordedEvent } from './recordedEvent.ts';

/**
 * Records at once what a person asked to be recorded (the guide's `incident-record`), with its secrets masked.
 * @throws FirebreakError `readOnly`; what the mask throws, and then nothing is written
 */
export async function recordObservation(
  context: ServiceContext,
  mask: SecretMask,
  incident: Incident,
  observation: Observation,
): Promise<TimelineEvent> {
  const masked = await maskedObservation(mask, observation);
  const base = await newEvent(context, incident.uid, observation.at);
  const event = recordedEvent(base(), { ...masked, incident: incident.uid });
  await writeEvents(context, incident, [event]);
  return event;
}
