import type { Incident } from '../core/item.ts';
import type { RunEvent } from '../core/timelineEvent.ts';
import { markdown, type ServiceContext } from './context.ts';
import { newEvent } from './newEvent.ts';
import { writeEvents } from './recordEvent.ts';

/**
 * Records that somebody looked at something, by hand.
 * @param what one line
 * @param text what was seen, in markdown; may be empty
 * @throws FirebreakError `readOnly`
 */
export async function recordCheck(
  context: ServiceContext,
  incident: Incident,
  fields: Pick<RunEvent, 'checklist' | 'step' | 'exit'>,
  what: string,
  text: string,
): Promise<RunEvent> {
  const base = await newEvent(context, incident.uid);
  const said = markdown(text);
  const event: RunEvent = { ...base(), kind: 'check', ...fields, body: said === '' ? what : `${what}\n\n${said}` };
  await writeEvents(context, incident, [event]);
  return event;
}
