import { eventMarks } from './eventMarks.ts';
import { foldRegister, type RegisterRecord } from './register.ts';
import type { TaskEvent, TimelineEvent } from './timelineEvent.ts';
import { compareEvents } from './timelineEvent.ts';

export const taskStates = ['open', 'done', 'dropped'] as const;
export type TaskState = (typeof taskStates)[number];

/** Something that somebody does for an incident now. */
export interface Task {
  /** The id of the event that began it. */
  readonly id: string;
  /** Markdown. */
  readonly text: string;
  /** As written; empty for nobody yet. */
  readonly owner: string;
  readonly state: TaskState;
  /** The event that decides how it stands: what changes it next follows that. */
  readonly head: TaskEvent;
  readonly begun: TaskEvent;
}

type Standing = Pick<Task, 'owner' | 'state'>;

/**
 * The tasks of an incident, in the order in which they were begun. How each stands is decided as other states are: by what
 * follows what, and no clock. One that was taken back is none; one that was corrected has the words of the correction.
 */
export function tasksOf(events: readonly TimelineEvent[]): Task[] {
  const marks = eventMarks(events);
  const steps = new Map<string, TaskEvent[]>();
  const begun: TaskEvent[] = [];
  for (const event of [...events].sort(compareEvents)) {
    if (event.kind !== 'task' || marks.get(event.id)?.kind === 'retracted') continue;
    if (event.task === undefined) begun.push(event);
    else steps.set(event.task, [...(steps.get(event.task) ?? []), event]);
  }
  return begun.map((first) => {
    const chain = [first, ...(steps.get(first.id) ?? [])];
    const byId = new Map(chain.map((event) => [event.id, event]));
    const records = chain.map(
      (event): RegisterRecord<Standing> => ({
        id: event.id,
        prev: event === first ? null : (event.prev ?? first.id),
        value: { owner: event.owner ?? '', state: event.state ?? 'open' },
      }),
    );
    const state = foldRegister(records);
    const head = byId.get(state?.head ?? first.id) ?? first;
    const mark = marks.get(first.id);
    const text = mark?.by.body.trim() || first.body;
    return { id: first.id, text, ...(state?.value ?? { owner: '', state: 'open' as const }), head, begun: first };
  });
}

/** A note that begins with a person is a task of theirs: `@bob check the cache`, `@bob: check the cache`. */
export function taskInNote(text: string): { readonly owner: string; readonly text: string } | undefined {
  const match = /^(@[A-Za-z0-9][\w-]*(?:\[bot\])?):?\s+(\S[\s\S]*)$/.exec(text.trim());
  return match?.[1] && match[2] ? { owner: match[1], text: match[2] } : undefined;
}
