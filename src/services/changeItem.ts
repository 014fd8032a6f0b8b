import { FirebreakError } from '../core/errors.ts';
import { severityRecords } from '../core/incidentState.ts';
import { type Incident, type Item, isIncident, type RecordedField } from '../core/item.ts';
import { foldRegister } from '../core/register.ts';
import type { Severity } from '../core/severity.ts';
import { isSprint } from '../core/sprint.ts';
import type { Status } from '../core/status.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { fieldRecords } from '../store/fieldRecords.ts';
import { changePhase } from './changePhase.ts';
import { linesOf, newItemRecord, recordFile, showInDocument, shown } from './changes.ts';
import { uncheckedBoxes, uncheckedText } from './checklist.ts';
import { markdown, oneLine, requireIncident, requireItem, requireText, type ServiceContext } from './context.ts';
import { declareItem } from './declareIncident.ts';
import { eventFile, newEvent } from './newEvent.ts';
import { ownEvents } from './ownEvents.ts';

export interface ItemChanges {
  readonly title?: string;
  readonly status?: Status;
  /** Empty: nobody. */
  readonly owner?: string;
  /** An ISO week, `2025-W39`; empty: none. */
  readonly sprint?: string;
  /** The incident that it is an action item of; null for none. */
  readonly actionOf?: Incident | null;
}

/**
 * Changes an item's title, status, owner, sprint or incident, as one record.
 * An incident that is done is closed: its phase decides.
 * @returns the item as it is then
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function changeItem(context: ServiceContext, item: Item, changes: ItemChanges): Promise<Item> {
  if (changes.status === 'done' && isIncident(item) && item.incident.phase !== 'closed') {
    const open = await uncheckedBoxes(context, item, 'closed');
    const text = open.length === 0 ? '' : uncheckedText(open, '');
    return changeItem(context, await changePhase(context, item, 'closed', text), changes);
  }
  const set: Partial<Record<RecordedField, string>> = {
    ...(changes.title === undefined ? {} : { title: requireText(changes.title, 'The title') }),
    ...(changes.status === undefined ? {} : { status: changes.status }),
    // What is no duplicate any more has its timeline for itself again.
    ...(changes.status === undefined || changes.status === 'duplicate' ? {} : { 'duplicate-of': '' }),
    ...(changes.owner === undefined ? {} : { owner: oneLine(changes.owner) }),
    ...(changes.sprint === undefined ? {} : { sprint: requireSprint(changes.sprint) }),
    ...(changes.actionOf === undefined ? {} : { incident: changes.actionOf?.id ?? '' }),
  };
  const record = await newItemRecord(context, item, set);
  if (record) await context.writer.createAll([recordFile(record)]);
  await showInDocument(context, item, shown(record), linesOf(set));
  return requireItem(context.index, item.uid);
}

function requireSprint(text: string): string {
  const sprint = text.trim();
  if (sprint !== '' && !isSprint(sprint)) {
    throw new FirebreakError('invalidInput', `"${sprint}" is no sprint: name its week, like 2025-W39.`);
  }
  return sprint;
}

/**
 * Changes the severity. An ordinary item that becomes P0 is declared; an incident stays one whatever its severity.
 * @param text why, in markdown; may be empty
 * @throws FirebreakError `readOnly`
 */
export async function changeSeverity(context: ServiceContext, item: Item, to: Severity, text = ''): Promise<Item> {
  if (item.severity === to) {
    await showInDocument(context, item, {}, { severity: to });
    return requireItem(context.index, item.uid);
  }
  if (isIncident(item)) return changeIncidentSeverity(context, item, to, text);
  if (to === 'P0') return declareItem(context, item, { title: item.title, severity: to, criteria: [], impact: text });
  const record = await newItemRecord(context, item, { severity: to });
  if (!record) return item;
  await context.writer.createAll([recordFile(record)]);
  await showInDocument(context, item, shown(record));
  return requireItem(context.index, item.uid);
}

async function changeIncidentSeverity(
  context: ServiceContext,
  incident: Incident,
  to: Severity,
  text: string,
): Promise<Incident> {
  const earlier = fieldRecords(context.index.records(incident.uid), 'severity');
  const head = foldRegister<string>([...earlier, ...severityRecords(await ownEvents(context, incident))])?.head ?? null;
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = {
    ...base(),
    kind: 'severity',
    to,
    prev: head,
    ...(head === null ? { was: incident.severity } : {}),
    body: markdown(text),
  };
  await context.writer.createAll([eventFile(incident.path, event)]);
  await showInDocument(context, incident, { severity: to });
  return requireIncident(context.index, incident.uid);
}
