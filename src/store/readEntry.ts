import type { ItemRecord } from '../core/item.ts';
import type { Policy } from '../core/policy.ts';
import type { Log } from '../core/ports/environment.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import type { Problem, ProblemCode } from '../core/problem.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { decodeText, maxDocumentBytes } from '../documents/decodeText.ts';
import { readEvent } from '../documents/eventDocument.ts';
import { type ItemFields, readItem } from '../documents/itemDocument.ts';
import { readPolicy } from '../documents/policyDocument.ts';
import { readRecord } from '../documents/recordDocument.ts';
import type { Place } from './place.ts';

/** What one file gave. Where nothing could be made of it, its problems say why. */
export type Entry =
  | { readonly kind: 'document'; readonly fields: ItemFields | undefined; readonly problems: readonly Problem[] }
  | { readonly kind: 'event'; readonly event: TimelineEvent | undefined; readonly problems: readonly Problem[] }
  | { readonly kind: 'record'; readonly record: ItemRecord | undefined; readonly problems: readonly Problem[] }
  | { readonly kind: 'policy'; readonly policy: Policy; readonly problems: readonly Problem[] }
  /** That it is there is all that the index needs to know. */
  | { readonly kind: 'conflict' | 'review'; readonly problems: readonly Problem[] }
  /** Nothing of it was read. */
  | { readonly kind: 'blocked'; readonly problems: readonly Problem[] };

/** What an item's document says, where it can be read. */
export function fieldsOf(entry: Entry | undefined): ItemFields | undefined {
  return entry?.kind === 'document' ? entry.fields : undefined;
}

export interface Source {
  readonly files: Files;
  readonly log: Log;
}

/**
 * Reads one file. Never throws.
 * @param incidentUid for events: the incident whose folder it is in
 * @returns undefined when there is no file
 */
export async function readEntry(source: Source, place: Place, incidentUid: string): Promise<Entry | undefined> {
  if (place.kind === 'review') return findReview(source, place.path);
  const text = await readText(source, place.path);
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return { kind: 'blocked', problems: [text] };
  try {
    return parseEntry(place, text, incidentUid);
  } catch (error) {
    // The readers report what is wrong and don't throw. Should one do so, that must not stop the other files.
    return { kind: 'blocked', problems: [unreadable(place.path, error, source.log)] };
  }
}

/** An empty file is no review, and what stands in a review is nothing to the index. */
async function findReview({ files, log }: Source, path: string): Promise<Entry | undefined> {
  try {
    const stat = await files.stat(path);
    return stat?.kind === 'file' && stat.size > 0 ? { kind: 'review', problems: [] } : undefined;
  } catch (error) {
    if (!FileError.is(error, 'notFound', 'notFolder')) log.warn(`${path} could not be looked for: ${String(error)}`);
    return undefined;
  }
}

function parseEntry(place: Exclude<Place, { kind: 'review' }>, text: string, incidentUid: string): Entry {
  const { path } = place;
  switch (place.kind) {
    case 'item':
    case 'incident':
      return { kind: 'document', ...readItem(path, text) };
    case 'event':
      return { kind: 'event', ...readEvent(path, text, incidentUid) };
    case 'record':
      return { kind: 'record', ...readRecord(path, text) };
    case 'policy':
      return { kind: 'policy', ...readPolicy(path, text) };
    case 'conflict':
      return { kind: 'conflict', problems: [] };
  }
}

async function readText({ files, log }: Source, path: string): Promise<string | Problem | undefined> {
  try {
    const stat = await files.stat(path);
    if (!stat) return undefined;
    if (stat.kind === 'folder') return folderInPlace(path);
    if (stat.kind !== 'file') return problem(path, 'unreadable', 'This is no file: put a text file in its place.');
    if (stat.size > maxDocumentBytes) return tooLarge(path, stat.size);
    const bytes = await files.read(path);
    const decoded = decodeText(bytes);
    if ('text' in decoded) return decoded.text;
    return decoded.problem === 'tooLarge'
      ? tooLarge(path, bytes.length)
      : problem(path, 'binary', 'This is no UTF-8 text: save it as UTF-8, or move it to a folder for attachments.');
  } catch (error) {
    if (FileError.is(error, 'notFound', 'notFolder')) return undefined;
    if (FileError.is(error, 'isFolder')) return folderInPlace(path);
    return unreadable(path, error, log);
  }
}

export function folderInPlace(path: string): Problem {
  return problem(
    path,
    'isFolder',
    'A folder stands where a document belongs: rename it so that it does not end in ".md" or ".json".',
  );
}

export function unreadable(path: string, error: unknown, log: Log): Problem {
  if (FileError.is(error, 'denied')) {
    return problem(path, 'unreadable', 'Its permissions deny reading it: allow it for yourself.');
  }
  if (FileError.is(error, 'outside')) {
    return problem(path, 'unreadable', 'It is a link that leads out of the folder: put the file itself here.');
  }
  log.error(`${path} could not be read`, error);
  return problem(path, 'unreadable', 'It could not be read: the log tells why; save it again once that is mended.');
}

function tooLarge(path: string, bytes: number): Problem {
  const size = Math.ceil(bytes / (1024 * 1024));
  return problem(
    path,
    'tooLarge',
    `It has ${size} MB, and documents of more than 5 MB are not read: move what is large to a file beside it.`,
  );
}

export function problem(path: string, code: ProblemCode, message: string, level: Problem['level'] = 'error'): Problem {
  return { path, code, message, level };
}
