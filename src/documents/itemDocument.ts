import { type Criterion, criteria, isCriterion } from '../core/criterion.ts';
import { type IssueLink, parseIssueLink } from '../core/github.ts';
import { isSafeId } from '../core/itemId.ts';
import { type ItemType, itemTypes } from '../core/itemType.ts';
import { type Phase, phases } from '../core/phase.ts';
import type { Problem } from '../core/problem.ts';
import { isRole, type Role, roles } from '../core/role.ts';
import { type Severity, severities } from '../core/severity.ts';
import { type Status, statuses } from '../core/status.ts';
import { type Instant, parseInstant } from '../core/time.ts';
import { FieldReader } from './fieldReader.ts';
import { type FrontMatter, type FrontMatterValue, formatFrontMatter } from './frontMatter.ts';
import type { ItemKey } from './names.ts';
import { tryFrontMatter } from './tryFrontMatter.ts';

/** What an item's file says by itself. `undefined` where it does not say, or says what can't be (with a problem). */
export interface ItemFields {
  readonly id: string | undefined;
  readonly uid: string | undefined;
  /** One line. */
  readonly title: string | undefined;
  readonly type: ItemType | undefined;
  /** When it was made, as the file says: epoch milliseconds, UTC. */
  readonly date: number | undefined;
  readonly tags: readonly string[];
  readonly severity: Severity | undefined;
  readonly status: Status | undefined;
  /** As written; empty when the file says that there is none (`owner: ""`). */
  readonly owner: string | undefined;
  readonly sprint: string | undefined;
  readonly github: IssueLink | undefined;
  readonly aliases: readonly string[];
  readonly duplicateOf: string | undefined;
  /** The key `incident`. */
  readonly actionOf: string | undefined;
  readonly phase: Phase | undefined;
  readonly started: Instant | undefined;
  readonly detected: Instant | undefined;
  readonly service: string | undefined;
  readonly criteria: readonly Criterion[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  /** True for anything but an explicit `false`: what is unclear stays inside. */
  readonly private: boolean;
  /** LF line ends, without the final newline. */
  readonly body: string;
  /** Keys whose lines git left in conflict: where records exist, they decide. */
  readonly conflicted: ReadonlySet<string>;
  /** Zero-based line in the file of each key. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Reads an item's file. Never throws: what is wrong comes back as problems. No fields when nothing can be read. */
export function readItem(
  path: string,
  source: string,
): { readonly fields: ItemFields | undefined; readonly problems: readonly Problem[] } {
  const matter = tryFrontMatter(path, source);
  if ('code' in matter) return { fields: undefined, problems: [matter] };
  const reader = new FieldReader(path, matter);
  const fields: ItemFields = {
    id: readName(reader, 'id'),
    uid: readName(reader, 'uid'),
    title: reader.filledText('title'),
    type: reader.word('type', itemTypes),
    date: readDate(reader),
    tags: reader.list('tags'),
    severity: reader.word('severity', severities),
    status: reader.word('status', statuses),
    owner: reader.text('owner'),
    sprint: reader.text('sprint'),
    github: readLink(reader),
    aliases: reader.list('aliases'),
    duplicateOf: reader.text('duplicate-of'),
    actionOf: reader.text('incident'),
    phase: reader.word('phase', phases),
    started: reader.instant('started'),
    detected: reader.instant('detected'),
    service: reader.filledText('service'),
    criteria: readCriteria(reader),
    roles: readRoles(reader),
    private: readPrivate(reader, matter),
    body: matter.body.replace(/\n$/, ''),
    conflicted: matter.conflicted,
    lines: matter.lines,
  };
  if (fields.title === undefined) {
    reader.add('missingField', 'The item has no `title`: add one to its front matter.', 'warning');
  }
  return { fields, problems: reader.problems };
}

/** Ids and uids become names of files and folders, so they keep to what these may be. */
function readName(reader: FieldReader, key: 'id' | 'uid'): string | undefined {
  const name = reader.filledText(key);
  if (name === undefined || isSafeId(name)) return name;
  reader.wrong(key, 'may hold letters, digits, "-", "_" and "." only');
  return undefined;
}

function readDate(reader: FieldReader): number | undefined {
  const text = reader.filledText('date');
  const epochMs = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && epochMs === undefined) reader.wrong('date', 'must be a date like 2025-09-23');
  return epochMs;
}

function readLink(reader: FieldReader): IssueLink | undefined {
  const text = reader.filledText('github');
  const link = text === undefined ? undefined : parseIssueLink(text);
  if (text !== undefined && !link) reader.wrong('github', 'must name an issue like acme/shop#41');
  return link;
}

function readCriteria(reader: FieldReader): Criterion[] {
  const found: Criterion[] = [];
  for (const text of reader.list('criteria')) {
    const word = text.toLowerCase().replace(/[\s_]+/g, '-');
    if (isCriterion(word)) found.push(word);
    else reader.unknown('criteria', text, criteria);
  }
  return found;
}

function readRoles(reader: FieldReader): Partial<Record<Role, string>> {
  const value = reader.value('roles');
  const found: Partial<Record<Role, string>> = {};
  if (value === undefined) return found;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.wrong('roles', 'must name a person for each role, like `commander: "@alice"`');
    return found;
  }
  for (const [name, holder] of Object.entries(value)) {
    const role = name.toLowerCase();
    const person: unknown = Array.isArray(holder) ? holder[0] : holder;
    if (!isRole(role)) reader.unknown('roles', name, roles);
    else if (typeof person === 'string' || typeof person === 'number') found[role] = String(person).trim();
    else if (person !== null && person !== undefined) reader.wrong('roles', `must name a person for ${role}`);
  }
  return found;
}

function readPrivate(reader: FieldReader, matter: FrontMatter): boolean {
  if (matter.conflicted.has('private')) return true;
  const value = reader.value('private');
  if (value === undefined || typeof value === 'boolean') return value === true;
  reader.wrong('private', 'must be true or false, and counts as true until it is');
  return true;
}

/** What a new item's document holds. */
export interface NewItem {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly type: ItemType;
  /** `2025-09-23` (UTC). */
  readonly date: string;
  readonly tags: readonly string[];
  readonly links?: readonly string[] | undefined;
  readonly severity: Severity;
  readonly status: Status;
  readonly owner?: string | undefined;
  readonly sprint?: string | undefined;
  /** `acme/shop#41` */
  readonly github?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly duplicateOf?: string | undefined;
  readonly actionOf?: string | undefined;
  readonly private?: boolean | undefined;
  /** Markdown, LF line ends. */
  readonly body: string;
}

/** What a new incident's document holds. */
export interface NewIncident extends NewItem {
  readonly phase: Phase;
  readonly started?: Instant | undefined;
  readonly detected?: Instant | undefined;
  readonly service?: string | undefined;
  readonly criteria: readonly Criterion[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
}

/** The document of a new item, keys in the order of the design's example. */
export function newItem(item: NewItem): string {
  return formatFrontMatter(filled([...itemEntries(item), ['private', item.private || undefined]]), item.body);
}

/** The document of a new incident: an item with its phase, times, service, criteria and roles. */
export function newIncident(incident: NewIncident): string {
  const held: Record<string, string> = {};
  for (const role of roles) {
    const holder = incident.roles[role];
    if (holder) held[role] = holder;
  }
  const entries: Entry[] = [
    ...itemEntries(incident),
    ['phase', incident.phase],
    ['started', incident.started],
    ['detected', incident.detected],
    ['service', incident.service],
    ['criteria', nonEmpty(incident.criteria)],
    ['roles', Object.keys(held).length > 0 ? held : undefined],
    ['private', incident.private || undefined],
  ];
  return formatFrontMatter(filled(entries), incident.body);
}

type Entry = readonly [ItemKey, FrontMatterValue | undefined];

function itemEntries(item: NewItem): Entry[] {
  return [
    ['title', item.title],
    ['type', item.type],
    ['date', item.date],
    ['tags', item.tags],
    ['links', item.links ?? []],
    ['id', item.id],
    ['uid', item.uid],
    ['severity', item.severity],
    ['status', item.status],
    ['owner', item.owner || undefined],
    ['sprint', item.sprint || undefined],
    ['github', item.github],
    ['aliases', nonEmpty(item.aliases)],
    ['duplicate-of', item.duplicateOf],
    ['incident', item.actionOf],
  ];
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function filled(entries: readonly Entry[]): [ItemKey, FrontMatterValue][] {
  const kept: [ItemKey, FrontMatterValue][] = [];
  for (const [key, value] of entries) if (value !== undefined) kept.push([key, value]);
  return kept;
}
