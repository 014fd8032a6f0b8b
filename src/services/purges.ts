import type { Incident, Item, ItemRecord } from '../core/item.ts';
import { isIncident } from '../core/item.ts';
import { replaceBody } from '../documents/frontMatter.ts';
import { recordPath } from '../documents/recordDocument.ts';
import type { ServiceContext } from './context.ts';

type PurgeContext = Pick<ServiceContext, 'index' | 'writer'>;

/** The purges of an item's events, by the event's id; of several of one event the first. */
export function purgesOf(context: Pick<ServiceContext, 'index'>, item: Item): Map<string, ItemRecord> {
  const purges = new Map<string, ItemRecord>();
  for (const record of context.index.records(item.uid)) {
    if (record.purges !== undefined && !purges.has(record.purges)) purges.set(record.purges, record);
  }
  return purges;
}

/**
 * What stands in the place of words that were purged, the same in every clone, also where two purged them at once. Who did
 * it, and when, its record tells.
 */
const purgedBody = '*(Purged: what stood here is not to be kept.)*';

/**
 * Carries out every purge that is known here: this clone's copies forget the words, wherever a merge, a checkout or the
 * journal has them from. Whose purge it was does not matter. Costs nothing when all is done.
 * @param uids only of these items
 * @throws FirebreakError `readOnly`, `unreadableFile`; FileError when the journal can't be written
 */
export async function applyPurges(context: PurgeContext, uids?: ReadonlySet<string>): Promise<void> {
  for (const item of context.index.items()) {
    if (!isIncident(item) || uids?.has(item.uid) === false) continue;
    for (const [eventId, purge] of purgesOf(context, item)) await applyPurge(context, item, eventId, purge);
  }
}

/** @returns the files that were rewritten */
export async function applyPurge(
  context: PurgeContext,
  incident: Incident,
  eventId: string,
  purge: ItemRecord,
): Promise<string[]> {
  const edit = (source: string) => replaceBody(source, purgedBody);
  await context.writer.forgetWords(purge.id, eventId, edit);
  // On a branch that has not got the purge its files are as they were: git has them anyway.
  if (context.index.missing().includes(recordPath(purge))) return [];
  const changed: string[] = [];
  for (const { event, path, missing } of await context.index.events(incident.uid)) {
    if (event.id !== eventId || missing || event.body === purgedBody) continue;
    await context.writer.change(path, edit);
    changed.push(path);
  }
  return changed;
}
