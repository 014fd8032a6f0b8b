import { eventMarks } from './eventMarks.ts';
import { type Phase, phaseIndex } from './phase.ts';
import type { ChecklistEntry } from './policy.ts';
import { compareEvents, type RunEvent, type TimelineEvent } from './timelineEvent.ts';

/** One box of the recovery checklist, and how it stands. */
export interface ChecklistBox {
  readonly entry: ChecklistEntry;
  readonly standing: 'open' | 'done' | 'failed';
  /** The run or tick that says so. */
  readonly by: RunEvent | undefined;
}

/**
 * How the recovery checklist stands. What was run before the last fix says nothing about it: only what happened since the
 * incident was last in a phase before `verify` began counts. The last word on a box is what it has.
 */
export function checklistOf(entries: readonly ChecklistEntry[], events: readonly TimelineEvent[]): ChecklistBox[] {
  const marks = eventMarks(events);
  const ordered = events.filter(({ id }) => marks.get(id)?.kind !== 'retracted').sort(compareEvents);
  const begun = ordered.findLastIndex((event) => event.kind === 'phase' && phaseIndex(event.to) < phaseIndex('verify'));
  const since = ordered.slice(begun + 1);
  return entries.map((entry) => {
    const by = since.findLast((event): event is RunEvent => isRun(event) && isOf(event, entry));
    return { entry, standing: by === undefined ? 'open' : by.exit === 0 ? 'done' : 'failed', by };
  });
}

function isRun(event: TimelineEvent): event is RunEvent {
  return event.kind === 'action' || event.kind === 'check';
}

function isOf(event: RunEvent, { id, action }: ChecklistEntry): boolean {
  return event.checklist === undefined ? action !== undefined && event.action === action : event.checklist === id;
}

/** Whether a step of the lifecycle says that the trouble is over: then the checklist should be. */
export function isResolving(from: Phase, to: Phase): boolean {
  return phaseIndex(from) <= phaseIndex('verify') && phaseIndex(to) > phaseIndex('verify');
}
