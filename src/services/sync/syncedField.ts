import { phaseRecords, severityRecords } from '../../core/incidentState.ts';
import { type Item, isIncident } from '../../core/item.ts';
import { foldRegister, heldValues, type RegisterRecord } from '../../core/register.ts';
import { contentHash } from '../../core/ulids.ts';
import { fieldRecords } from '../../store/fieldRecords.ts';
import type { ServiceContext } from '../context.ts';
import { ownEvents } from '../ownEvents.ts';

/** What records keep and GitHub shows: as the title, or as a label of our own prefix. The body goes its own way. */
export const syncedFields = ['title', 'type', 'severity', 'phase', 'status'] as const;
export type SyncedField = (typeof syncedFields)[number];

export interface LocalField {
  readonly value: string;
  /** The record that decides; null when there is none. */
  readonly head: string | null;
  /** Who made that record: a clone, `github`, or `inferred`; undefined when no record explains the value. */
  readonly origin: string | undefined;
  /** Every value that the field is known to have had. */
  readonly held: ReadonlySet<string>;
  /** The ids of all records of the field. */
  readonly records: ReadonlySet<string>;
  /** Those of them that this clone made. */
  readonly own: readonly string[];
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
  const origins = new Map<string, string>();
  for (const { id, origin } of [...records, ...events]) origins.set(id, origin);
  const local = (value: string, chain: readonly RegisterRecord<string>[]): LocalField => {
    const state = foldRegister(chain);
    return {
      value,
      head: state?.head ?? null,
      origin: state?.value === value ? origins.get(state.head) : undefined,
      held: heldValues(chain),
      records: new Set(chain.map((record) => record.id)),
      own: chain.map((record) => record.id).filter((id) => origins.get(id) === services.origin),
    };
  };
  const fields: LocalFields = {
    title: local(item.title, fieldRecords(records, 'title')),
    type: local(item.type, fieldRecords(records, 'type')),
    severity: local(item.severity, [...fieldRecords(records, 'severity'), ...severityRecords(events)]),
    status: local(item.status, fieldRecords(records, 'status')),
  };
  return isIncident(item) ? { ...fields, phase: local(item.incident.phase, phaseRecords(events)) } : fields;
}

/** GitHub's limit for titles is 256 characters. */
export function sentTitle(title: string): string {
  return [...title.replace(/\s+/g, ' ').trim()].slice(0, 256).join('').trimEnd();
}

/** A field's value as it is sent, and compared with what comes back. */
export function sentValue(field: SyncedField, value: string): string {
  return field === 'title' ? sentTitle(value) : value;
}

/** A field as it stands, in one text: the record that decides, and its value. */
export function fieldMark(field: SyncedField, entry: { readonly head: string | null; readonly value: string }): string {
  return `${entry.head ?? ''}:${markedValue(field, entry.value)}`;
}

/** A field's value as the marker names it: a title by its hash, which fits in a marker whatever the title holds. */
export function markedValue(field: SyncedField, value: string): string {
  return field === 'title' ? contentHash(sentTitle(value)).slice(0, 12) : value;
}
