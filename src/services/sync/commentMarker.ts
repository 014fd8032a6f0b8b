import { contentHash } from '../../core/ulids.ts';
import { decodeName, encodeName } from './markers.ts';

/** What the marker of a comment says of one entry of it. */
export interface MarkedEntry {
  /**
   * The event first, then those that correct it or take it back, the one whose words are shown last. Where none of their
   * words are shown, the event stands at the end again.
   */
  readonly keys: readonly string[];
  /** Of the entry's text as Firebreak wrote it; undefined in markers that do not tell. */
  readonly hash: string | undefined;
}

/** A comment of Firebreak's, parted into what people read and what the marker says. */
export interface MarkedComment {
  readonly text: string;
  readonly entries: readonly MarkedEntry[];
}

const marker = /(?:^|\n)<!-- firebreak:ev=(\S+)(?: h=([0-9a-f,]+))? -->\s*$/;
/** An id is encoded, so none of these can be part of one. */
const betweenEntries = ',';
const betweenKeys = '+';

/** `<!-- firebreak:ev=01K5…,01K6…+01K7… h=1a2b3c4d,5e6f7a8b -->` */
export function formatCommentMarker(entries: readonly MarkedEntry[]): string {
  const keys = entries.map((entry) => entry.keys.map(encodeName).join(betweenKeys)).join(betweenEntries);
  const hashes = entries.map(({ hash }) => hash ?? '');
  return `<!-- firebreak:ev=${keys}${hashes.every((hash) => hash !== '') ? ` h=${hashes.join(betweenEntries)}` : ''} -->`;
}

/** The comment with the marker that ends it; a marker further up is a quotation. */
export function parseComment(body: string): MarkedComment | undefined {
  const match = marker.exec(body);
  if (!match) return undefined;
  const groups = (match[1] ?? '').split(betweenEntries);
  const hashes = match[2]?.split(betweenEntries);
  const entries = groups
    .map((group, index) => ({
      keys: group
        .split(betweenKeys)
        .map(decodeName)
        .filter((key): key is string => key !== undefined && key !== ''),
      hash: hashes?.length === groups.length ? hashes[index] : undefined,
    }))
    .filter(({ keys }) => keys.length > 0);
  return entries.length === 0 ? undefined : { text: body.slice(0, match.index).trimEnd(), entries };
}

/** A comment's text with the marker as its last line. */
export function markedComment(text: string, entries: readonly MarkedEntry[]): string {
  return `${text.trimEnd()}\n\n${formatCommentMarker(entries)}`;
}

/** All keys that a comment carries, each once. */
export function keysOf(comment: Pick<MarkedComment, 'entries'>): string[] {
  return [...new Set(comment.entries.flatMap(({ keys }) => keys))];
}

/** By which an entry is known for what Firebreak wrote: blanks at its end are no difference. */
export function entryHash(text: string): string {
  return contentHash(text.trimEnd()).slice(0, 8);
}

/** The keys in the marker that ends a comment. */
export function parseCommentMarker(body: string): string[] | undefined {
  const comment = parseComment(body);
  return comment && keysOf(comment);
}
