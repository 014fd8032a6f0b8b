import { type Item, isIncident } from '../../core/item.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { ServiceContext } from '../context.ts';
import { inferredOrigin } from '../handEdits.ts';
import { ownEvents } from '../ownEvents.ts';
import { githubOrigin, type SyncContext } from './syncContext.ts';

const file = 'sync/taken-over.json';

/** The ids of records that this clone sends in the place of the one that made them, since somebody said so. */
export async function readTakenOver(files: Files): Promise<ReadonlySet<string>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    const ids = typeof value === 'object' && value !== null && 'records' in value ? value.records : undefined;
    return new Set(Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : []);
  } catch (error) {
    if (FileError.is(error, 'notFound') || error instanceof SyntaxError) return new Set();
    throw error;
  }
}

/** Adds to them. Single records, and not the clone: should it come back, what it makes from then on is its own to send. */
export async function takeOver(files: Files, ids: Iterable<string>): Promise<void> {
  const known = await readTakenOver(files);
  const records = new Set([...known, ...ids]);
  if (records.size > known.size) await files.write(file, `${JSON.stringify({ records: [...records].sort() })}\n`);
}

/** Whether this clone sends a record: it made it, or took it over. */
export function isOwnRecord(
  { services, store }: Pick<SyncContext, 'services' | 'store'>,
  record: { readonly id: string; readonly origin: string | undefined },
): boolean {
  if (record.origin === undefined) return false;
  return record.origin === services.origin || store.isTakenOver(record.id);
}

/**
 * What the clone that declared an incident has recorded of it, where that was another than this one. Others may be lost
 * too, but only that one's part is never done by anybody else.
 */
export async function recordsOfDeclarer(
  services: Pick<ServiceContext, 'index' | 'origin'>,
  item: Item,
): Promise<{ readonly events: readonly string[]; readonly fields: readonly string[] }> {
  if (!isIncident(item)) return { events: [], fields: [] };
  const events = await ownEvents(services, item);
  const origin = declarationOf(events)?.origin;
  if (origin === undefined || [services.origin, githubOrigin, inferredOrigin].includes(origin)) {
    return { events: [], fields: [] };
  }
  const idsOf = (records: readonly { readonly id: string; readonly origin: string }[]) =>
    records.filter((record) => record.origin === origin).map(({ id }) => id);
  return { events: idsOf(events), fields: idsOf(services.index.records(item.uid)) };
}

/** The event by which an incident became one. */
export function declarationOf<T extends { readonly kind: string; readonly to?: unknown }>(
  events: readonly T[],
): T | undefined {
  const phases = events.filter(({ kind }) => kind === 'phase');
  return phases.find(({ to }) => to === 'declared') ?? phases[0];
}
