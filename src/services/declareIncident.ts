import { type Criterion, makesPrivate } from '../core/criterion.ts';
import { FirebreakError } from '../core/errors.ts';
import { type Incident, type Item, isIncident } from '../core/item.ts';
import { makeItemId } from '../core/itemId.ts';
import type { ItemType } from '../core/itemType.ts';
import { foldRegister } from '../core/register.ts';
import type { Severity } from '../core/severity.ts';
import { formatInstant, isoWeek } from '../core/time.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { newIncident } from '../documents/itemDocument.ts';
import { changeDocument, type FrontMatterChanges, fieldRecords, newItemRecord, recordFile, shown } from './changes.ts';
import { oneLine, requireIncident, requireText, type ServiceContext } from './context.ts';
import { eventFile, newEvent } from './newEvent.ts';
import type { NewFile } from './workspaceWriter.ts';

export interface DeclareInput {
  readonly title: string;
  readonly severity: Severity;
  readonly criteria: readonly Criterion[];
  readonly type?: ItemType;
  readonly impact?: string;
  readonly service?: string;
  /** As written: `@alice`. */
  readonly commander?: string;
  readonly description?: string;
}

/**
 * Declares a new incident: `incident.md`, its first events and the interruption of the sprint, on disk before anything
 * else happens. Needs only a title, and no network.
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function declareIncident(context: ServiceContext, input: DeclareInput): Promise<Incident> {
  const title = requireText(input.title, 'The title');
  const now = context.now();
  const type = input.type ?? 'bug';
  const id = makeItemId(type, input.severity, now, (candidate) => context.index.item(candidate) !== undefined);
  const uid = context.newId(now);
  const sprint = input.severity === 'P0' ? isoWeek(now) : undefined;
  const commander = input.commander && oneLine(input.commander);
  const service = input.service && oneLine(input.service);
  const document: NewFile = {
    path: `incidents/${id}/incident.md`,
    text: newIncident({
      id,
      uid,
      title,
      type,
      date: formatInstant(now).slice(0, 10),
      tags: [],
      severity: input.severity,
      status: 'doing',
      owner: commander || undefined,
      sprint,
      phase: 'declared',
      service: service || undefined,
      criteria: input.criteria,
      roles: commander ? { commander } : {},
      private: makesPrivate(input.criteria),
      body: input.description ?? input.impact ?? '',
    }),
  };
  const events = await firstEvents(context, uid, input, now, sprint, { id: null });
  await context.writer.createAll([document, ...events.map((event) => eventFile(document.path, event))]);
  return requireIncident(context.index, id);
}

/**
 * Declares an item of the backlog: its file moves to `incidents/<id>/incident.md`, and its history goes on.
 * @throws FirebreakError `alreadyIncident`, `readOnly`
 */
export async function declareItem(
  context: ServiceContext,
  item: Item,
  input: Omit<DeclareInput, 'type' | 'description'>,
): Promise<Incident> {
  if (isIncident(item)) {
    throw new FirebreakError('alreadyIncident', `${item.id} is an incident already: open its timeline instead.`);
  }
  const title = requireText(input.title, 'The title');
  const now = context.now();
  const sprint = input.severity === 'P0' ? isoWeek(now) : item.sprint;
  const commander = (input.commander && oneLine(input.commander)) || undefined;
  const service = (input.service && oneLine(input.service)) || undefined;
  const severityHead = foldRegister(fieldRecords(context.index.records(item.uid), 'severity'))?.head ?? null;
  const target = `incidents/${item.id}/incident.md`;
  const record = await newItemRecord(context, item, {
    title,
    status: 'doing',
    ...(sprint ? { sprint } : {}),
    ...(commander ? { owner: commander } : {}),
  });
  const events = await firstEvents(context, item.uid, input, now, input.severity === 'P0' ? sprint : undefined, {
    id: severityHead,
    was: item.severity,
  });
  // Events first: should the machine stop here, the words are on disk and declaring again finishes the move.
  await context.writer.createAll([
    ...events.map((event) => eventFile(target, event)),
    ...(record ? [recordFile(record)] : []),
  ]);
  await context.writer.move(item.path, target);
  const changes: FrontMatterChanges = {
    ...shown(record),
    severity: input.severity,
    phase: 'declared',
    ...(service ? { service } : {}),
    ...(input.criteria.length > 0 ? { criteria: input.criteria } : {}),
    ...(commander ? { roles: { commander } } : {}),
    ...(makesPrivate(input.criteria) ? { private: true } : {}),
  };
  await changeDocument(context, { ...item, path: target }, changes);
  return requireIncident(context.index, item.uid);
}

async function firstEvents(
  context: ServiceContext,
  uid: string,
  input: DeclareInput,
  now: number,
  interruptedSprint: string | undefined,
  severityBefore: { id: string | null; was?: Severity },
): Promise<TimelineEvent[]> {
  const base = await newEvent(context, uid, now);
  const events: TimelineEvent[] = [
    { ...base(), kind: 'phase', to: 'declared', prev: null, body: oneLine(input.title) },
    {
      ...base(),
      kind: 'severity',
      to: input.severity,
      prev: severityBefore.id,
      ...(severityBefore.was && severityBefore.id === null ? { was: severityBefore.was } : {}),
      body: '',
    },
  ];
  const commander = input.commander && oneLine(input.commander);
  if (commander) events.push({ ...base(), kind: 'role', role: 'commander', to: commander, prev: null, body: '' });
  if (input.impact?.trim()) events.push({ ...base(), kind: 'impact', body: input.impact.trim() });
  if (interruptedSprint) {
    // Guide, P0: "Sprint Impact: Immediate interruption".
    events.push({ ...base(), kind: 'decision', body: `Sprint ${interruptedSprint} is interrupted for this incident.` });
  }
  return events;
}
