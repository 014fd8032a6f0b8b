import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import { taskInNote } from '../core/tasks.ts';
import type { EventBase, TimelineEvent } from '../core/timelineEvent.ts';
import { markdown, requireIncident, type ServiceContext } from './context.ts';
import { eventFile, newEvent } from './newEvent.ts';

/** Words that a person adds to a timeline. `acknowledge` may be without. */
export type SpokenKind = 'note' | 'decision' | 'acknowledge' | 'impact' | 'hypothesis';

/**
 * Adds a note, a decision, an acknowledgement … to the timeline. A note that begins with a person (`@bob …`) is a task of theirs.
 * @param at when it happened, epoch milliseconds; default now
 * @param about the id of the event that it is about
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function recordEvent(
  context: ServiceContext,
  incident: Incident,
  kind: SpokenKind,
  text: string,
  at?: number,
  about?: string,
): Promise<TimelineEvent> {
  const body = markdown(text);
  if (body === '' && kind !== 'acknowledge') {
    throw new FirebreakError('invalidInput', `The ${kind} is empty: say at least a word.`);
  }
  const base = await newEvent(context, incident.uid, at);
  // What is said to a person is to be done by them.
  const task = kind === 'note' && about === undefined ? taskInNote(body) : undefined;
  const event: TimelineEvent = task
    ? { ...base(), kind: 'task', owner: task.owner, state: 'open', body: task.text }
    : { ...base(), kind, body, ...(about === undefined ? {} : { about }) };
  await writeEvents(context, incident, [event]);
  return event;
}

/** Writes events beside the incident's document as it stands now, in this order. */
export async function writeEvents(
  context: ServiceContext,
  incident: Incident,
  events: readonly TimelineEvent[],
): Promise<void> {
  const current = requireIncident(context.index, incident.uid);
  await context.writer.createAll(events.map((event) => eventFile(current.path, event)));
}

export type EventMaker = () => Omit<EventBase, 'body'>;
