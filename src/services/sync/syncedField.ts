import { phaseRecords, severityRecords } from '../../core/incidentState.ts';
import { type Item, isIncident } from '../../core/item.ts';
import { loginOf } from '../../core/people.ts';
import type { Person } from '../../core/policy.ts';
import { foldRegister, heldValues, type RegisterRecord } from '../../core/register.ts';
import { isSprint } from '../../core/sprint.ts';
import { contentHash } from '../../core/ulids.ts';
import { fieldRecords } from '../../store/fieldRecords.ts';
import type { ServiceContext } from '../context.ts';
import { ownEvents } from '../ownEvents.ts';

/**
 * What records keep and GitHub shows: as the title, a label of our own prefix, an assignee or the milestone. The body goes
 * its own way.
 */
export const syncedFields = ['title', 'type', 'severity', 'phase', 'status', 'owner', 'sprint'] as const;
export type SyncedField = (typeof syncedFields)[number];

export interface LocalField {
  /** As it is written here. */
  readonly value: string;
  /** As it is sent, and compared with what comes back. */
  readonly sent: string;
  /** The record that decides; null when there is none. */
  readonly head: string | null;
  /** Who made that record: a clone, `github`, or `inferred`; undefined when no record explains the value. */
  readonly origin: string | undefined;
  /** What it was before any record, as sent; undefined when that is not known. */
  readonly initial: string | undefined;
  /** Every value that the field is known to have had, as sent. */
  readonly held: ReadonlySet<string>;
  /** The ids of all records of the field. */
  readonly records: ReadonlySet<string>;
  /** Whether a record follows another, directly or not; all follow what no record made. */
  readonly follows: (id: string, earlier: string | null) => boolean;
  /** What a record follows, step by step. */
  readonly followed: (id: string) => readonly (string | null)[];
  /** Whether a record is here with all that it follows: a checkout of the past may lack some of it. */
  readonly isWhole: (id: string) => boolean;
  /** Those of them that this clone made. */
  readonly own: readonly string[];
  /** Those of them that do not decide any more, and never will. */
  readonly past: readonly string[];
}

export type LocalFields = Partial<Record<SyncedField, LocalField>>;

/** The synced fields of an item as they stand here. An incident has a phase; ordinary items have a status alone. */
export async function localFields(
  services: Pick<ServiceContext, 'index' | 'origin'>,
  uid: string,
): Promise<LocalFields> {
  const { index } = services;
  const named = index.item(uid);
  if (!named) return {};
  // An incident that was closed at loading reads otherwise once its events are there.
  const events = isIncident(named) ? await ownEvents(services, named) : [];
  const item: Item = index.item(uid) ?? named;
  const records = index.records(uid);
  const { people } = index.policy();
  const origins = new Map<string, string>();
  for (const { id, origin } of [...records, ...events]) origins.set(id, origin);
  const local = (field: SyncedField, value: string, chain: readonly RegisterRecord<string>[]): LocalField => {
    const state = foldRegister(chain);
    const first =
      chain.length === 0 ? value : chain.find((record) => record.prev === null && record.was !== undefined)?.was;
    return {
      value,
      initial: first === undefined ? undefined : sentValue(field, first, people),
      sent: sentValue(field, value, people),
      head: state?.head ?? null,
      origin: state?.value === value ? origins.get(state.head) : undefined,
      held: new Set([...heldValues(chain)].map((held) => sentValue(field, held, people))),
      records: new Set(chain.map((record) => record.id)),
      follows: (id, earlier) => followedBy(chain, id).some((followed) => followed === earlier) || earlier === null,
      followed: (id) => followedBy(chain, id),
      isWhole: (id) => isWhole(chain, id),
      own: chain.map((record) => record.id).filter((id) => origins.get(id) === services.origin),
      past: pastOf(chain, state?.head),
    };
  };
  const fields: LocalFields = {
    title: local('title', item.title, fieldRecords(records, 'title')),
    type: local('type', item.type, fieldRecords(records, 'type')),
    severity: local('severity', item.severity, [...fieldRecords(records, 'severity'), ...severityRecords(events)]),
    status: local('status', item.status, fieldRecords(records, 'status')),
    owner: local('owner', item.owner ?? '', fieldRecords(records, 'owner')),
    sprint: local('sprint', item.sprint ?? '', fieldRecords(records, 'sprint')),
  };
  return isIncident(item) ? { ...fields, phase: local('phase', item.incident.phase, phaseRecords(events)) } : fields;
}

/** What a record follows, step by step; null at the end of it, where nothing is lacking. */
function followedBy(chain: readonly RegisterRecord<string>[], id: string): (string | null)[] {
  const prevs = new Map(chain.map((record) => [record.id, record.prev]));
  const followed: (string | null)[] = [];
  for (let at = prevs.get(id); at !== undefined && !followed.includes(at); at = prevs.get(at ?? '')) followed.push(at);
  return followed;
}

/** What another record follows; and what lost against the one that decides, if nothing that both follow is lacking. */
export function pastOf(chain: readonly RegisterRecord<string>[], head: string | undefined): string[] {
  if (chain.length < 2 || head === undefined) return [];
  const followed = new Set(chain.map(({ prev }) => prev));
  const decides = isWhole(chain, head);
  return chain.map(({ id }) => id).filter((id) => followed.has(id) || (id !== head && decides && isWhole(chain, id)));
}

function isWhole(chain: readonly RegisterRecord<string>[], id: string): boolean {
  return followedBy(chain, id).at(-1) === null;
}

/** GitHub's limit for titles is 256 characters. */
export function sentTitle(title: string): string {
  return [...title.replace(/\s+/g, ' ').trim()].slice(0, 256).join('').trimEnd();
}

/**
 * A login as it is sent and compared: GitHub's do not mind their case. Who has none is nobody there, so a plain name
 * stays here and is no difference.
 */
export function sentOwner(owner: string, people: readonly Person[]): string {
  return loginOf(owner, people)?.toLowerCase() ?? '';
}

/** A sprint as a milestone is called; other milestones are none of ours. */
export function sentSprint(sprint: string): string {
  return isSprint(sprint) ? sprint : '';
}

function sentValue(field: SyncedField, value: string, people: readonly Person[]): string {
  switch (field) {
    case 'title':
      return sentTitle(value);
    case 'owner':
      return sentOwner(value, people);
    case 'sprint':
      return sentSprint(value);
    default:
      return value;
  }
}

/** A field as it stands, in one text: the record that decides, and its value. */
export function fieldMark(field: SyncedField, entry: Pick<LocalField, 'head' | 'sent'>): string {
  return `${entry.head ?? ''}:${markedValue(field, entry.sent)}`;
}

/** The record of a field's mark; empty where none stands behind it, or there is no mark. */
export function headOf(mark: string): string {
  return mark.slice(0, Math.max(0, mark.indexOf(':')));
}

/**
 * A field's value as the marker names it: a title by its hash, which fits in a marker whatever the title holds.
 * @param sent as it is sent
 */
export function markedValue(field: SyncedField, sent: string): string {
  return field === 'title' ? contentHash(sentTitle(sent)).slice(0, 12) : sent;
}
