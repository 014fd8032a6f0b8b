import { type Criterion, makesPrivate } from '../core/criterion.ts';
import { FirebreakError } from '../core/errors.ts';
import { type Incident, type Item, isIncident } from '../core/item.ts';
import type { ItemType } from '../core/itemType.ts';
import { foldRegister } from '../core/register.ts';
import type { Severity } from '../core/severity.ts';
import { formatInstant, type Instant, isoWeek } from '../core/time.ts';
import type { EventBase, TimelineEvent } from '../core/timelineEvent.ts';
import { spliceFrontMatter } from '../documents/frontMatter.ts';
import { newIncident } from '../documents/itemDocument.ts';
import { fieldRecords } from '../store/fieldRecords.ts';
import {
  changeDocument,
  editDocument,
  type FrontMatterChanges,
  identityOf,
  newItemRecord,
  recordFile,
  shown,
  staleLines,
} from './changes.ts';
import { markdown, oneLine, requireIncident, requireText, type ServiceContext } from './context.ts';
import { createUnderFreeId } from './freeId.ts';
import { eventFile, newEvent } from './newEvent.ts';

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
  readonly tags?: readonly string[];
  /** Addresses that belong to it. */
  readonly links?: readonly string[];
  /** When the trouble began, and when it was noticed, where known. */
  readonly started?: Instant;
  readonly detected?: Instant;
  /** What made somebody declare, before all else in the timeline. */
  readonly firstEvent?: (base: Omit<EventBase, 'body'>) => Promise<TimelineEvent>;
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
  const uid = context.newId(now);
  const sprint = input.severity === 'P0' ? isoWeek(now) : undefined;
  const { commander, service } = namesIn(input);
  const events = await firstEvents(context, uid, input, now, sprint, { id: null });
  await createUnderFreeId(context, type, input.severity, now, (id) => {
    const path = `incidents/${id}/incident.md`;
    const text = newIncident({
      id,
      uid,
      title,
      type,
      date: formatInstant(now).slice(0, 10),
      tags: input.tags ?? [],
      links: input.links,
      severity: input.severity,
      status: 'doing',
      owner: commander,
      sprint,
      phase: 'declared',
      started: input.started,
      detected: input.detected,
      service,
      criteria: input.criteria,
      roles: commander ? { commander } : {},
      private: makesPrivate(input.criteria),
      body: markdown(input.description ?? input.impact ?? ''),
    });
    return [{ path, text }, ...events.map((event) => eventFile(path, event))];
  });
  return requireIncident(context.index, uid);
}

/**
 * Declares an item of the backlog: its file moves to `incidents/<id>/incident.md`, and its history goes on.
 * @throws FirebreakError `alreadyIncident`, `unreadableFile` when its front matter can't be changed, `readOnly`, `notFound`
 */
export async function declareItem(
  context: ServiceContext,
  item: Item,
  input: Omit<DeclareInput, 'type' | 'description' | 'tags' | 'links' | 'started' | 'detected' | 'firstEvent'>,
): Promise<Incident> {
  if (isIncident(item)) {
    throw new FirebreakError('alreadyIncident', `${item.id} is an incident already: open its timeline instead.`);
  }
  if (context.index.missing().includes(item.path)) {
    throw new FirebreakError('notFound', `${item.path} is not in this checkout: restore it, then declare it.`);
  }
  const title = requireText(input.title, 'The title');
  const now = context.now();
  const sprint = input.severity === 'P0' ? isoWeek(now) : item.sprint;
  const { commander, service } = namesIn(input);
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
  const secret: FrontMatterChanges = makesPrivate(input.criteria) ? { private: true } : {};
  const changes: FrontMatterChanges = {
    ...shown(record),
    severity: input.severity,
    phase: 'declared',
    ...(service ? { service } : {}),
    ...(input.criteria.length > 0 ? { criteria: input.criteria } : {}),
    ...(commander ? { roles: { commander } } : {}),
  };
  // A document that can't be changed is told before anything is written; and what is a secret is one from the first
  // write on, since another window may be sending.
  await editDocument(context, item, (source) => {
    spliceFrontMatter(source, { ...identityOf(item), ...secret, ...changes });
    return spliceFrontMatter(source, { ...identityOf(item), ...secret });
  });
  // Then the events: should the machine stop here, the words are on disk and declaring again finishes the move.
  await context.writer.createAll([
    ...events.map((event) => eventFile(target, event)),
    ...(record ? [recordFile(record)] : []),
  ]);
  await context.writer.move(item.path, target);
  const moved = { ...item, path: target, uidInFile: true };
  const shouldBe = {
    title,
    status: 'doing',
    ...(commander ? { owner: commander } : {}),
    ...(sprint ? { sprint } : {}),
  };
  await changeDocument(context, moved, { ...staleLines(context, moved, shouldBe), ...changes });
  return requireIncident(context.index, item.uid);
}

function namesIn(input: Pick<DeclareInput, 'commander' | 'service'>) {
  return {
    commander: oneLine(input.commander ?? '') || undefined,
    service: oneLine(input.service ?? '') || undefined,
  };
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
    ...(input.firstEvent ? [await input.firstEvent(base())] : []),
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
  const { commander } = namesIn(input);
  if (commander) events.push({ ...base(), kind: 'role', role: 'commander', to: commander, prev: null, body: '' });
  const impact = markdown(input.impact ?? '');
  if (impact !== '') events.push({ ...base(), kind: 'impact', body: impact });
  if (interruptedSprint) {
    // Guide, P0: "Sprint Impact: Immediate interruption".
    events.push({ ...base(), kind: 'decision', body: `Sprint ${interruptedSprint} is interrupted for this incident.` });
  }
  return events;
}
