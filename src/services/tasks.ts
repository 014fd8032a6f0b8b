import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import type { Role } from '../core/role.ts';
import { type Task, type TaskState, tasksOf } from '../core/tasks.ts';
import type { TaskEvent } from '../core/timelineEvent.ts';
import { assignRole } from './assignRole.ts';
import { markdown, oneLine, requireIncident, requireText, type ServiceContext } from './context.ts';
import { newEvent } from './newEvent.ts';
import { writeEvents } from './recordEvent.ts';

/** The tasks of an incident, in the order in which they were begun. */
export async function incidentTasks({ index }: Pick<ServiceContext, 'index'>, incident: Incident): Promise<Task[]> {
  return tasksOf((await index.events(incident.uid)).map(({ event }) => event));
}

/**
 * Gives somebody something to do.
 * @param owner as written; empty for whoever takes it
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function addTask(
  context: ServiceContext,
  incident: Incident,
  owner: string,
  text: string,
): Promise<TaskEvent> {
  requireText(text, 'The task');
  const base = await newEvent(context, incident.uid);
  const event: TaskEvent = { ...base(), kind: 'task', owner: oneLine(owner), state: 'open', body: markdown(text) };
  await writeEvents(context, incident, [event]);
  return event;
}

/**
 * Ticks a task off, takes it up again, drops it, or gives it to somebody else: an event of its own.
 * @param text what came of it; may be empty
 * @returns undefined where that is how it stands already
 * @throws FirebreakError `readOnly`
 */
export async function changeTask(
  context: ServiceContext,
  incident: Incident,
  task: Task,
  change: { readonly owner?: string; readonly state?: TaskState },
  text = '',
): Promise<TaskEvent | undefined> {
  const owner = change.owner === undefined ? task.owner : oneLine(change.owner);
  const state = change.state ?? task.state;
  if (owner === task.owner && state === task.state) return undefined;
  const base = await newEvent(context, incident.uid);
  const event = stepOf(base(), task, owner, state, markdown(text));
  await writeEvents(context, incident, [event]);
  return event;
}

function stepOf(
  base: Omit<TaskEvent, 'kind' | 'body'>,
  task: Task,
  owner: string,
  state: TaskState,
  said: string,
): TaskEvent {
  const what = oneLine(task.text);
  const words =
    state !== task.state ? `${stateWords[state]}: ${what}` : `${owner === '' ? 'Nobody' : owner} now: ${what}`;
  const body = said === '' ? words : `${words}\n\n${said}`;
  return { ...base, kind: 'task', task: task.id, prev: task.head.id, owner, state, body };
}

const stateWords: Readonly<Record<TaskState, string>> = { open: 'Open again', done: 'Done', dropped: 'Dropped' };

/**
 * Hands a role over: the new holder gets what the old one still had to do, and the event of the hand-over says what is open.
 * @throws FirebreakError `invalidInput` when nobody, or the one who has it, is to have it; `readOnly`
 */
export async function handOver(
  context: ServiceContext,
  incident: Incident,
  role: Role,
  person: string,
  text = '',
): Promise<Incident> {
  const to = requireText(person, 'Who takes over');
  const from = incident.incident.roles[role] ?? '';
  if (to === from) throw new FirebreakError('invalidInput', `${to} has that role already.`);
  const open = (await incidentTasks(context, incident)).filter(({ state }) => state === 'open');
  const said = markdown(text);
  const list = open.map((task) => `- ${task.owner === '' ? '' : `${task.owner}: `}${oneLine(task.text)}`);
  const body = [
    from === '' ? `${to} takes over.` : `${from} hands over to ${to}.`,
    ...(said === '' ? [] : [said]),
    list.length === 0 ? 'No task is open.' : `Open:\n\n${list.join('\n')}`,
  ].join('\n\n');
  const changed = await assignRole(context, incident, role, to, body);
  const own = from === '' ? [] : open.filter(({ owner }) => owner === from);
  if (own.length > 0) {
    const base = await newEvent(context, incident.uid);
    await writeEvents(
      context,
      changed,
      own.map((task) => stepOf(base(), task, to, task.state, '')),
    );
  }
  return requireIncident(context.index, incident.uid);
}
