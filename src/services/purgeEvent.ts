import { FirebreakError } from '../core/errors.ts';
import type { Incident, ItemRecord } from '../core/item.ts';
import type { Files } from '../core/ports/files.ts';
import { formatInstant } from '../core/time.ts';
import type { StoredEvent } from '../core/timelineEvent.ts';
import { decodeText } from '../documents/decodeText.ts';
import { recordFile } from './changes.ts';
import type { ServiceContext } from './context.ts';
import { applyPurge, purgesOf } from './purges.ts';

export interface Purged {
  /** The event's file, relative to the root. */
  readonly path: string;
  /** Files in which the same words stand too; they were left alone. */
  readonly alsoIn: readonly string[];
}

/**
 * The one exception to "events are not rewritten": takes the words of an event out of the tree and of this clone's private
 * state, for good. That it was purged is on record, so that every other clone does the same when git brings the record, and
 * the next sync takes them out of GitHub's comments. Git's history still has them.
 * @param privateFiles where drafts are kept
 * @throws FirebreakError `invalidInput` when it is purged already; `readOnly`, `unreadableFile`
 */
export async function purgeEvent(
  context: ServiceContext,
  privateFiles: Files | undefined,
  incident: Incident,
  stored: StoredEvent,
): Promise<Purged> {
  const { event, path } = stored;
  if (purgesOf(context, incident).has(event.id)) {
    throw new FirebreakError('invalidInput', `${path} is purged already.`);
  }
  const now = context.now();
  const purge: ItemRecord = {
    id: context.newId(now),
    item: incident.uid,
    set: {},
    prev: {},
    was: {},
    at: formatInstant(now),
    by: await context.author(),
    origin: context.origin,
    purges: event.id,
  };
  // Should the machine stop after this, the next sync goes on with it.
  await context.writer.createAll([recordFile(purge)]);
  await applyPurge(context, incident, event.id, purge);
  const words = event.body.trim();
  if (words === '') return { path, alsoIn: [] };
  if (privateFiles) await dropDrafts(privateFiles, incident, words);
  return { path, alsoIn: await othersWith(context, words) };
}

/** A draft of a status update goes on from the last one. */
async function dropDrafts(files: Files, incident: Incident, words: string): Promise<void> {
  const folder = `drafts/${incident.id}`;
  for (const { name, kind } of await files.list(folder)) {
    const decoded = kind === 'file' ? decodeText(await files.read(`${folder}/${name}`)) : undefined;
    if (decoded && 'text' in decoded && decoded.text.includes(words)) await files.delete(`${folder}/${name}`);
  }
}

async function othersWith({ index }: ServiceContext, words: string): Promise<string[]> {
  const found: string[] = [];
  for (const item of index.items()) {
    if (`${item.title}\n${item.body}`.includes(words)) found.push(item.path);
    if (!item.incident) continue;
    for (const { event, path } of await index.events(item.uid)) if (event.body.includes(words)) found.push(path);
  }
  return [...new Set(found)];
}
