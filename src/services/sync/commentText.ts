import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { formatCommentMarker } from './markers.ts';

/** Safe under both limits that GitHub is known to have: 65,536 characters, 262,144 bytes. */
export const mostCharacters = 65_536;
const margin = 4_096;

/** One comment to post, and the keys of its marker: event ids, with `.1of2` behind the id where one did not fit. */
export interface CommentDraft {
  readonly keys: readonly string[];
  readonly body: string;
}

/**
 * The comments for events that GitHub has not got: one digest of the small ones first, then one comment for each status
 * update, so that a flush of many events costs few requests.
 * @param events in display order
 * @param posted keys that are on GitHub already
 */
export function commentDrafts(events: readonly TimelineEvent[], posted: ReadonlySet<string>): CommentDraft[] {
  const open = events.filter((event) => !posted.has(event.id));
  const updates = open.filter((event) => event.kind === 'status');
  const small = open.filter((event) => event.kind !== 'status');
  const drafts = [
    ...digests(small.map((event) => ({ id: event.id, text: digestEntry(event) }))),
    ...updates.flatMap((event) => parts(event.id, statusComment(event))),
  ];
  return drafts.filter((draft) => !draft.keys.every((key) => posted.has(key)));
}

function digests(entries: readonly { id: string; text: string }[]): CommentDraft[] {
  const drafts: CommentDraft[] = [];
  let keys: string[] = [];
  let texts: string[] = [];
  let size = 0;
  const flush = () => {
    if (keys.length > 0) drafts.push({ keys, body: withMarker(texts.join('\n'), keys) });
    [keys, texts, size] = [[], [], 0];
  };
  for (const { id, text } of entries) {
    const length = [...text].length + id.length + 2;
    if (size + length > mostCharacters - margin) flush();
    if (length > mostCharacters - margin) drafts.push(...parts(id, text));
    else {
      keys.push(id);
      texts.push(text);
      size += length;
    }
  }
  flush();
  return drafts;
}

function parts(id: string, text: string): CommentDraft[] {
  const characters = [...text];
  const most = mostCharacters - margin;
  const count = Math.max(1, Math.ceil(characters.length / most));
  if (count === 1) return [{ keys: [id], body: withMarker(text, [id]) }];
  return Array.from({ length: count }, (_, index) => {
    const key = `${id}.${index + 1}of${count}`;
    return { keys: [key], body: withMarker(characters.slice(index * most, (index + 1) * most).join(''), [key]) };
  });
}

function withMarker(text: string, keys: readonly string[]): string {
  return `${text.trimEnd()}\n\n${formatCommentMarker(keys)}`;
}

/** The guide's "Communication Template": `**[TIME] Status Update**` and its list. */
function statusComment(event: TimelineEvent): string {
  return `**${time(event)} Status Update** · ${unpinged(event.by)}\n\n${event.body}`;
}

/** `- **2025-09-23 14:32:10 UTC** · alice · phase → mitigate: text` */
function digestEntry(event: TimelineEvent): string {
  const text = event.body.trim();
  const head = `- **${time(event)}** · ${unpinged(event.by)} · ${what(event)}`;
  if (text === '') return head;
  const [first = '', ...rest] = text.split('\n');
  // Markdown that begins with a list, a table or a fence has to stand on lines of its own.
  const inline = /^[\p{L}\p{N}"'(*_`@#]/u.test(first) && !/^(?:\d+[.)]\s|#+\s|[*_-]{3,}\s*$|[*]\s|```)/.test(first);
  const lines = inline ? [`${head}: ${first}`, ...rest] : [`${head}:`, '', first, ...rest];
  return lines.map((line, index) => (index === 0 || line === '' ? line : `  ${line}`)).join('\n');
}

function what(event: TimelineEvent): string {
  switch (event.kind) {
    case 'phase':
    case 'severity':
      return `${event.kind} → **${event.to}**`;
    case 'role':
      return event.to === '' ? `${event.role} given back` : `${event.role} → **${unpinged(event.to)}**`;
    case 'correction':
      return 'correction of an earlier entry';
    case 'retraction':
      return 'an earlier entry is taken back';
    case 'action':
    case 'command':
    case 'check':
      return event.exit === undefined ? event.kind : `${event.kind} (exit ${event.exit})`;
    case 'unknown':
      return 'note';
    default:
      return event.kind;
  }
}

function time(event: TimelineEvent): string {
  return `${event.at.replace('T', ' ').replace(/Z$/, '')} UTC`;
}

/** Who wrote or did something is not called by it: an `@` would notify them of their own act. */
function unpinged(person: string): string {
  return person.replace(/^@/, '');
}
