import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import {
  emptyStatusUpdate,
  formatStatusUpdate,
  parseStatusUpdate,
  type StatusUpdate,
} from '../documents/statusUpdate.ts';
import type { ServiceContext } from './context.ts';
import { newEvent } from './newEvent.ts';
import { writeEvents } from './recordEvent.ts';

/**
 * Posts a status update by the guide's template; the update clock starts again.
 * @throws FirebreakError `invalidInput` when all six fields are empty, `readOnly`
 */
export async function postStatusUpdate(
  context: ServiceContext,
  incident: Incident,
  update: StatusUpdate,
): Promise<TimelineEvent> {
  if (Object.values(update).every((field) => field.trim() === '')) {
    throw new FirebreakError('invalidInput', 'The status update is empty: fill in at least the current state.');
  }
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = { ...base(), kind: 'status', body: formatStatusUpdate(update) };
  await writeEvents(context, incident, [event]);
  return event;
}

/** What the next update starts from: the fields of the last one, empty ones before the first. */
export async function nextStatusUpdate(
  context: Pick<ServiceContext, 'index'>,
  incident: Incident,
): Promise<StatusUpdate> {
  const events = await context.index.events(incident.uid);
  for (const { event } of [...events].reverse()) {
    const update = event.kind === 'status' ? parseStatusUpdate(event.body) : undefined;
    if (update) return update;
  }
  return emptyStatusUpdate;
}
