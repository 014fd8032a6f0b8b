import { formatInstant } from '../core/time.ts';
import type { EventBase, TimelineEvent } from '../core/timelineEvent.ts';
import { eventFileName, formatEvent } from '../documents/eventDocument.ts';
import type { ServiceContext } from './context.ts';
import type { NewFile } from './newFile.ts';

/**
 * Makes the common part of events of one act, each with an id of its own and in this order.
 * @param at when it happened, epoch milliseconds; `recorded` is always now
 */
export async function newEvent(
  context: ServiceContext,
  incidentUid: string,
  at: number = context.now(),
): Promise<() => Omit<EventBase, 'body'>> {
  const by = await context.author();
  return () => {
    const now = context.now();
    return {
      id: context.newId(now),
      incident: incidentUid,
      at: formatInstant(at),
      recorded: formatInstant(now),
      by,
      origin: context.origin,
    };
  };
}

/** The file of an event, beside the incident's document. */
export function eventFile(incidentPath: string, event: TimelineEvent): NewFile {
  const folder = incidentPath.slice(0, incidentPath.lastIndexOf('/'));
  return { path: `${folder}/timeline/${eventFileName(event)}`, text: formatEvent(event), numbered: true };
}
