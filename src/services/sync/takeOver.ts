import { type Item, isIncident } from '../../core/item.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { hour, parseInstant } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import type { ServiceContext } from '../context.ts';
import { inferredOrigin } from '../handEdits.ts';
import { ownEvents } from '../ownEvents.ts';
import { purgesOf } from '../purges.ts';
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

/** After which an event that its clone has not posted may be one that it never will. */
const patience = hour;

/**
 * What other clones have recorded of an incident and GitHub has not got: of the one that declared it all of that; of any
 * other what has waited for so long that it may be lost too. With the events of a clone go the fields that it recorded.
 * @param isSent whether an event is there, or on its way
 */
export async function unsentElsewhere(
  services: Pick<ServiceContext, 'index' | 'origin' | 'now'>,
  item: Item,
  isSent: (event: string) => boolean,
): Promise<readonly string[]> {
  if (!isIncident(item)) return [];
  const events = await ownEvents(services, item);
  const declarer = declarationOf(events)?.origin;
  const purged = purgesOf(services, item);
  const latest = services.now() - patience;
  const isForeign = ({ origin }: TimelineEvent) => ![services.origin, githubOrigin, inferredOrigin].includes(origin);
  const isDue = ({ origin, recorded }: TimelineEvent) =>
    origin === declarer || (parseInstant(recorded) ?? latest) <= latest;
  const unsent = events.filter(
    (event) => isForeign(event) && isDue(event) && !isSent(event.id) && !purged.has(event.id),
  );
  const origins = new Set(unsent.map(({ origin }) => origin));
  const fields = services.index.records(item.uid).filter(({ origin }) => origins.has(origin));
  return [...unsent, ...fields].map(({ id }) => id);
}

/**
 * The event by which an incident became one. A phase that follows another is none: the file of the declaration is lacking
 * then, as on an old branch, where what this clone recorded is shown from its journal.
 */
export function declarationOf<T extends { readonly kind: string; readonly to?: unknown; readonly prev?: unknown }>(
  events: readonly T[],
): T | undefined {
  const first = events.filter(({ kind, prev }) => kind === 'phase' && typeof prev !== 'string');
  return first.find(({ to }) => to === 'declared') ?? first[0];
}
