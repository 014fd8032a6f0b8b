import { phaseRecords, roleRecords, severityRecords } from '../core/incidentState.ts';
import type { IncidentPart, Item, ItemRecord, KeptConflict, RecordedField } from '../core/item.ts';
import { itemIdTime } from '../core/itemId.ts';
import { type ItemType, isItemType } from '../core/itemType.ts';
import { type Phase, statusInPhase } from '../core/phase.ts';
import type { Problem } from '../core/problem.ts';
import { type RegisterRecord, reconcile } from '../core/register.ts';
import { type Role, roles } from '../core/role.ts';
import { isSeverity, type Severity } from '../core/severity.ts';
import { isStatus } from '../core/status.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import type { ItemKey } from '../documents/names.ts';
import { fieldRecords } from './fieldRecords.ts';
import { documentName, incidentFolder, placeOf } from './place.ts';

/** A value in a file that no record explains: an edit by hand, to be recorded as following `prev`. */
export interface HandEdit {
  readonly field: RecordedField | 'phase' | Role;
  readonly value: string;
  readonly prev: string;
}

export interface ItemSources {
  readonly path: string;
  readonly fields: ItemFields;
  readonly uid: string;
  readonly records: readonly ItemRecord[];
  /** The incident's own, at least those that make its state. */
  readonly events: readonly TimelineEvent[];
  readonly conflicts: readonly KeptConflict[];
}

export interface ResolvedItem {
  readonly item: Item;
  readonly problems: readonly Problem[];
  readonly handEdits: readonly HandEdit[];
}

/** An item from its document, its records and its events: where they differ, the records decide (design, "State"). */
export function resolveItem(sources: ItemSources): ResolvedItem {
  const { path, fields, uid, records, events, conflicts } = sources;
  const id = fields.id ?? documentName(path);
  const resolver = new FieldResolver(path, fields);
  const recorded = (field: RecordedField, inFile: string | undefined) =>
    resolver.resolve(field, field, inFile, fieldRecords(records, field));
  const inId = /^(BUG|FEATURE|TASK)-(P[0-4])(?=-)/.exec(id);

  const incident = placeOf(path)?.kind === 'incident' ? resolveIncident(resolver, path, fields, events) : undefined;
  const severity = resolveSeverity(resolver, fields, records, events);
  const status = recorded('status', fields.status);
  const item: Item = {
    uid,
    uidInFile: fields.uid === uid,
    id,
    aliases: fields.aliases,
    path,
    title: recorded('title', fields.title) || firstHeading(fields.body) || id,
    type: asType(recorded('type', fields.type)) ?? asType(inId?.[1]?.toLowerCase()) ?? (incident ? 'bug' : 'task'),
    severity: severity ?? (isSeverity(inId?.[2]) ? inId[2] : 'P3'),
    status: isStatus(status) ? status : incident ? statusInPhase(incident.phase) : 'inbox',
    owner: recorded('owner', fields.owner) || undefined,
    sprint: recorded('sprint', fields.sprint) || undefined,
    tags: fields.tags,
    created: itemIdTime(id) ?? fields.date,
    github: fields.github,
    private: fields.private,
    duplicateOf: recorded('duplicate-of', fields.duplicateOf) || undefined,
    actionOf: recorded('incident', fields.actionOf) || undefined,
    body: fields.body,
    conflicts,
    incident,
  };
  const problems = [...resolver.problems, ...conflicts.map((conflict) => undecided(path, conflict))];
  return { item, problems, handEdits: resolver.handEdits };
}

function undecided(path: string, { mine }: KeptConflict): Problem {
  return {
    path,
    code: 'textConflict',
    message: `Its text was changed here and on GitHub in one place. GitHub's stands here, yours is kept in ${mine}: resolve the conflict.`,
    level: 'warning',
  };
}

function resolveIncident(
  resolver: FieldResolver,
  path: string,
  fields: ItemFields,
  events: readonly TimelineEvent[],
): IncidentPart {
  const held: Partial<Record<Role, string>> = {};
  for (const role of roles) {
    const holder = resolver.resolve(role, 'roles', fields.roles[role], roleRecords(events, role));
    if (holder) held[role] = holder;
  }
  const phase: Phase | undefined = resolver.resolve('phase', 'phase', fields.phase, phaseRecords(events));
  return {
    folder: incidentFolder(path) ?? '',
    phase: phase ?? 'declared',
    started: fields.started,
    detected: fields.detected,
    service: fields.service,
    criteria: fields.criteria,
    roles: held,
  };
}

function resolveSeverity(
  resolver: FieldResolver,
  fields: ItemFields,
  records: readonly ItemRecord[],
  events: readonly TimelineEvent[],
): Severity | undefined {
  const earlier = fieldRecords(records, 'severity').filter(isSeverityRecord);
  return resolver.resolve('severity', 'severity', fields.severity, [...earlier, ...severityRecords(events)]);
}

function isSeverityRecord(record: RegisterRecord<string>): record is RegisterRecord<Severity> {
  return isSeverity(record.value);
}

function asType(value: string | undefined): ItemType | undefined {
  return isItemType(value) ? value : undefined;
}

/** Holds each value in a file against its records, and collects what differs. */
class FieldResolver {
  readonly problems: Problem[] = [];
  readonly handEdits: HandEdit[] = [];
  readonly #path: string;
  readonly #fields: ItemFields;

  constructor(path: string, fields: ItemFields) {
    this.#path = path;
    this.#fields = fields;
  }

  /** @param key where the value stands in the file */
  resolve<T extends string>(
    field: HandEdit['field'],
    key: ItemKey,
    inFile: T | undefined,
    records: readonly RegisterRecord<T>[],
  ): T | undefined {
    // What git left in conflict is nobody's word.
    const said = records.length > 0 && this.#fields.conflicted.has(key) ? undefined : inFile;
    const result = reconcile(said, records);
    if (result?.kind === 'edited') this.handEdits.push({ field, value: result.value, prev: result.prev });
    if (result?.kind === 'stale') this.#addStale(field, key, result.found, result.value);
    return result?.value;
  }

  #addStale(field: HandEdit['field'], key: ItemKey, found: string, recorded: string): void {
    const line = this.#fields.lines[key];
    this.problems.push({
      path: this.#path,
      code: 'stale',
      message: `\`${field}\` shows ${shown(found)}, and ${shown(recorded)} was recorded since: record it again, or restore what was recorded.`,
      level: 'warning',
      field,
      ...(line === undefined ? {} : { line }),
    });
  }
}

function shown(value: string): string {
  return value === '' ? 'nothing' : `"${value.slice(0, 80)}"`;
}

function firstHeading(body: string): string | undefined {
  const text = /^ {0,3}#{1,6}[ \t]+(\S.*)$/m.exec(body)?.[1]?.trim();
  if (text === undefined) return undefined;
  // `# Heading #`. By hand, because a pattern would try each blank of a line of blanks.
  let end = text.length;
  while (text[end - 1] === '#') end--;
  return end === 0 || text[end - 1] === ' ' ? text.slice(0, end).trim() : text;
}

/**
 * What stands in for the document of an incident that can't be read: its events say the rest. Nothing of it leaves the
 * repository, since nobody can see whether it may.
 */
export function fieldsWithoutDocument(uid: string): ItemFields {
  return {
    id: undefined,
    uid,
    title: undefined,
    type: undefined,
    date: undefined,
    tags: [],
    severity: undefined,
    status: undefined,
    owner: undefined,
    sprint: undefined,
    github: undefined,
    aliases: [],
    duplicateOf: undefined,
    actionOf: undefined,
    phase: undefined,
    started: undefined,
    detected: undefined,
    service: undefined,
    criteria: [],
    roles: {},
    private: true,
    body: '',
    conflicted: new Set(),
    lines: {},
  };
}
