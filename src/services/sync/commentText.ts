import { correctedAt, type Mark } from '../../core/eventMarks.ts';
import type { Instant } from '../../core/time.ts';
import type { ReplacingEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import { entryHash, type MarkedEntry, markedComment } from './commentMarker.ts';
import { encodeName } from './markers.ts';

/** Safe under both limits that GitHub is known to have: 65,536 characters, 262,144 bytes. */
export const mostCharacters = 65_536;
const margin = 4_096;
/** Of the marker, for each entry: its hash and the separators. */
const markerOverhead = 12;

/** One event as a comment shows it. */
export interface CommentEntry {
  /** As the marker lists them: see {@link MarkedEntry}. */
  readonly keys: readonly string[];
  readonly text: string;
  /** A status update is a comment of its own; all others are gathered. */
  readonly alone: boolean;
}

/** One comment to post, and the keys of its marker: event ids, with `.1of2` behind the id where one did not fit. */
export interface CommentDraft {
  readonly keys: readonly string[];
  readonly body: string;
}

/**
 * The comments for entries that GitHub has not got: one digest of the small ones first, then one comment for each status
 * update, so that a flush of many events costs few requests.
 * @param entries in display order
 */
export function commentDrafts(entries: readonly CommentEntry[]): CommentDraft[] {
  return [
    ...digests(entries.filter(({ alone }) => !alone)),
    ...entries.filter(({ alone }) => alone).flatMap((entry) => (fits(entry) ? [draftOf([entry])] : parts(entry))),
  ];
}

/** Whether an entry is short enough to stand in one comment. */
export function fits(entry: Pick<CommentEntry, 'keys' | 'text'>): boolean {
  return sizeOf(entry) <= mostCharacters - margin;
}

/** The key of one part of an entry that takes several comments. */
const partKey = /\.\d+of\d+$/;

/** The event that a key of a marker is about. */
export function eventOfKey(key: string): { readonly id: string; readonly isPart: boolean } {
  const id = key.replace(partKey, '');
  return { id, isPart: id !== key };
}

/** The key of an entry that shows no more what that retraction takes back, which itself is posted by whoever made it. */
export function heededKey(retraction: string): string {
  return `${retraction}${heeded}`;
}

export function isHeededKey(key: string): boolean {
  return key.endsWith(heeded);
}

const heeded = '.heeded';

function digests(entries: readonly CommentEntry[]): CommentDraft[] {
  const drafts: CommentDraft[] = [];
  let gathered: CommentEntry[] = [];
  let size = 0;
  const flush = () => {
    if (gathered.length > 0) drafts.push(draftOf(gathered));
    [gathered, size] = [[], 0];
  };
  for (const entry of entries) {
    const length = sizeOf(entry);
    if (size + length > mostCharacters - margin) flush();
    if (!fits(entry)) drafts.push(...parts(entry));
    else {
      gathered.push(entry);
      size += length;
    }
  }
  flush();
  return drafts;
}

function draftOf(entries: readonly CommentEntry[]): CommentDraft {
  const keys = [...new Set(entries.flatMap((entry) => entry.keys))];
  return { keys, body: commentBody(entries) };
}

/** A comment of these entries, with its marker. */
export function commentBody(entries: readonly CommentEntry[]): string {
  const marked: MarkedEntry[] = entries.map(({ keys, text }) => ({ keys, hash: entryHash(text) }));
  return markedComment(entries.map(({ text }) => text.trimEnd()).join('\n'), marked);
}

function sizeOf({ keys, text }: Pick<CommentEntry, 'keys' | 'text'>): number {
  return [...text].length + keys.reduce((sum, key) => sum + encodeName(key).length + 1, markerOverhead);
}

function parts(entry: CommentEntry): CommentDraft[] {
  const id = entry.keys[0] ?? '';
  const characters = [...entry.text];
  const most = mostCharacters - margin;
  const count = Math.ceil(characters.length / most);
  return Array.from({ length: count }, (_, index) => {
    const text = characters.slice(index * most, (index + 1) * most).join('');
    return draftOf([{ keys: [`${id}.${index + 1}of${count}`], text, alone: true }]);
  });
}

/**
 * What a comment says of an event.
 * @param mark what was said about it since
 * @param about for a correction or retraction: the event that it is about, where that is known
 */
export function entryText(
  event: TimelineEvent,
  mark: Mark<ReplacingEvent> | undefined,
  about?: TimelineEvent | undefined,
): string {
  return wellFormed(event.kind === 'status' ? statusComment(event, mark) : digestEntry(event, mark, about));
}

/** The guide's "Communication Template": `**[TIME] Status Update**` and its list. */
function statusComment(event: TimelineEvent, mark: Mark<ReplacingEvent> | undefined): string {
  const { at, body } = shown(event, mark);
  const head = `**${time(at)} Status Update** · ${unpinged(event.by)}`;
  if (mark?.kind === 'retracted') return `${head} ${takenBack(mark.by)}\n\n<del>\n\n${body}\n\n</del>`;
  return `${head}${mark ? ' (corrected)' : ''}\n\n${body}`;
}

/** `- **2025-09-23 14:32:10 UTC** · alice · phase → mitigate: text` */
function digestEntry(
  event: TimelineEvent,
  mark: Mark<ReplacingEvent> | undefined,
  about: TimelineEvent | undefined,
): string {
  const { at, body } = shown(event, mark);
  const text = body.trim();
  const head = `**${time(at)}** · ${unpinged(event.by)} · ${what(event, about)}`;
  const [first = '', ...rest] = text.split('\n');
  if (mark?.kind === 'retracted') {
    if (rest.length === 0) {
      return `- <del>${head}${first === '' ? '' : `: ${first}`}</del> ${takenBack(mark.by)}`;
    }
    return indented([`- <del>${head}</del> ${takenBack(mark.by)}`, '', '<del>', '', first, ...rest, '', '</del>']);
  }
  const start = `- ${head}${mark ? ' (corrected)' : ''}`;
  if (text === '') return start;
  // Markdown that begins with a list, a table or a fence has to stand on lines of its own.
  const inline = /^[\p{L}\p{N}"'(*_`@#]/u.test(first) && !/^(?:\d+[.)]\s|#+\s|[*_-]{3,}\s*$|[*]\s|```)/.test(first);
  return indented(inline ? [`${start}: ${first}`, ...rest] : [`${start}:`, '', first, ...rest]);
}

function indented(lines: readonly string[]): string {
  return lines.map((line, index) => (index === 0 || line === '' ? line : `  ${line}`)).join('\n');
}

/** The words and the time that count now. */
function shown(
  event: TimelineEvent,
  mark: Mark<ReplacingEvent> | undefined,
): { readonly at: Instant; readonly body: string } {
  if (mark?.kind !== 'corrected') return { at: event.at, body: withoutOutput(event) };
  const { by } = mark;
  // A correction that happened when it was written down says nothing of when the other did.
  return { at: correctedAt(event, by), body: by.body.trim() === '' ? event.body : by.body };
}

/**
 * What a program printed may name customers, and a repository on GitHub has other readers than the clone: it stays in the
 * files.
 */
function withoutOutput({ kind, body }: TimelineEvent): string {
  if (kind !== 'action' && kind !== 'check' && kind !== 'command') return body;
  return body
    .replace(/\n\n(`{3,})text\n[\s\S]*?\n\1(?=\n|$)/g, '\n\n*(What it printed is in the repository.)*')
    .replace(
      /^(`{3,})console\n(\$ [^\n]*)\n[\s\S]*?\n\1$/,
      '$1console\n$2\n$1\n\n*(What it printed is in the repository.)*',
    );
}

function takenBack(retraction: TimelineEvent): string {
  const reason = retraction.body.replace(/\s+/g, ' ').trim();
  return reason === '' ? '(taken back)' : `(taken back: ${reason})`;
}

function what(event: TimelineEvent, about: TimelineEvent | undefined): string {
  switch (event.kind) {
    case 'phase':
    case 'severity':
      return `${event.kind} → **${event.to}**`;
    case 'role':
      return event.to === '' ? `${event.role} given back` : `${event.role} → **${unpinged(event.to)}**`;
    case 'correction':
      return about ? `correction of ${entryOf(about)}` : 'correction of an earlier entry';
    case 'retraction':
      return `${about ? entryOf(about) : 'an earlier entry'} is taken back`;
    case 'action':
    case 'command':
    case 'check':
      return event.exit === undefined ? event.kind : `${event.kind} (exit ${event.exit})`;
    case 'pin':
      return event.about === undefined ? 'pin' : 'pinned an entry for the review';
    case 'unknown':
      return 'note';
    default:
      return event.kind;
  }
}

function entryOf(event: TimelineEvent): string {
  return `the entry of ${unpinged(event.by)}, ${time(event.at)}`;
}

function time(at: Instant): string {
  return `${at.replace('T', ' ').replace(/Z$/, '')} UTC`;
}

/** Who wrote or did something is not called by it: an `@` would notify them of their own act. */
function unpinged(person: string): string {
  return person.replace(/^@/, '');
}

/** What GitHub, or reading, would change by itself would pass for a person's edit. */
export function wellFormed(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replaceAll('\0', '');
}
