import { type ChecklistBox, checklistOf, isResolving } from '../core/checklist.ts';
import type { Incident } from '../core/item.ts';
import type { Phase } from '../core/phase.ts';
import type { ChecklistEntry } from '../core/policy.ts';
import type { RunEvent } from '../core/timelineEvent.ts';
import { markdown, oneLine, type ServiceContext } from './context.ts';
import { recordCheck } from './recordCheck.ts';

/** How the recovery checklist of an incident stands. */
export async function recoveryChecklist(
  { index }: Pick<ServiceContext, 'index'>,
  incident: Incident,
): Promise<ChecklistBox[]> {
  const events = (await index.events(incident.uid)).map(({ event }) => event);
  return checklistOf(index.policy().checklist, events);
}

/**
 * Ticks a box by hand, or says that it does not hold.
 * @param text what was seen; may be empty
 * @throws FirebreakError `readOnly`
 */
export async function tickBox(
  context: ServiceContext,
  incident: Incident,
  entry: ChecklistEntry,
  holds: boolean,
  text = '',
): Promise<RunEvent> {
  const what = `${oneLine(entry.title)}: ${holds ? 'yes' : 'no'}.`;
  return recordCheck(context, incident, { checklist: entry.id, exit: holds ? 0 : 1 }, what, text);
}

/** The boxes that are not ticked, where a step says that the trouble is over; none otherwise. */
export async function uncheckedBoxes(
  context: Pick<ServiceContext, 'index'>,
  incident: Incident,
  to: Phase,
): Promise<ChecklistBox[]> {
  if (!isResolving(incident.incident.phase, to)) return [];
  return (await recoveryChecklist(context, incident)).filter(({ standing }) => standing !== 'done');
}

/** The words of a step that leaves boxes unticked: which, and why. */
export function uncheckedText(boxes: readonly ChecklistBox[], why: string): string {
  const titles = boxes.map(
    ({ entry, standing }) => `${oneLine(entry.title)}${standing === 'failed' ? ' (failed)' : ''}`,
  );
  return [`Resolved with the checklist open: ${titles.join('; ')}.`, markdown(why) || 'Nobody said why.'].join('\n\n');
}
