import { formatInstant, type Instant, parseInstant } from '../../core/time.ts';
import { linksBlock, withoutLinks } from './issueLinks.ts';
import { type SyncedField, syncedFields } from './syncedField.ts';

/** What Firebreak last made of a field on GitHub, and by which record. */
export interface MarkedField {
  /** null when no record stood behind it. */
  readonly head: string | null;
  readonly value: string;
  /**
   * On GitHub's clock, to the second: how the issue stood when Firebreak last read it before it wrote this. What shows from
   * before is older than the value, and of what came after it the first change to the value is Firebreak's own. Absent when
   * the issue was made with it.
   */
  readonly asOf?: Instant;
}

/**
 * The last line of an issue's body: which item it is, and what of it Firebreak wrote. From that any clone tells a
 * person's change from one that another clone sent, without having that clone's records yet.
 */
export interface IssueMarker {
  readonly uid: string;
  readonly fields: Readonly<Partial<Record<SyncedField, MarkedField>>>;
  /** The number of the issue that the item goes on in: this one was closed as its double. */
  readonly same?: number;
}

const issueMarker = /<!-- firebreak:uid=(\S+)((?: [a-z]+=\S+)*) -->/g;

/** `<!-- firebreak:uid=01K5… phase=01K6…:mitigate@1758638200 -->` */
export function formatIssueMarker(marker: IssueMarker): string {
  const fields = syncedFields.flatMap((field) => {
    const marked = marker.fields[field];
    if (!marked) return [];
    const seconds = marked.asOf === undefined ? undefined : parseInstant(marked.asOf);
    const asOf = seconds === undefined ? '' : `@${Math.floor(seconds / 1000)}`;
    return [` ${field}=${marked.head === null ? '' : encodeName(marked.head)}:${encodeName(marked.value)}${asOf}`];
  });
  const same = marker.same === undefined ? '' : ` same=${marker.same}`;
  return `<!-- firebreak:uid=${encodeName(marker.uid)}${fields.join('')}${same} -->`;
}

export interface IssueBody {
  /** What people write, without blank lines around it. */
  readonly text: string;
  readonly marker: IssueMarker | undefined;
  /** What Firebreak added below the text; empty where there is nothing. */
  readonly links: string;
}

/** Parts an issue's body. */
export function parseIssueBody(body: string): IssueBody {
  const matches = [...body.matchAll(issueMarker)];
  const last = matches.at(-1);
  const uid = last?.[1] === undefined ? undefined : decodeName(last[1]);
  const whole = trimmedBody(body.replace(issueMarker, ''));
  if (uid === undefined) return { text: whole, marker: undefined, links: '' };
  const { text, links } = withoutLinks(whole);
  const fields: Partial<Record<SyncedField, MarkedField>> = {};
  for (const part of (last?.[2] ?? '').trim().split(' ')) {
    const match = /^([a-z]+)=([^:]*):(.*?)(?:@([1-9]\d{0,10}))?$/.exec(part);
    const field = syncedFields.find((name) => name === match?.[1]);
    const [head, value] = [decodeName(match?.[2] ?? ''), decodeName(match?.[3] ?? '')];
    if (!field || head === undefined || value === undefined) continue;
    const asOf = match?.[4] === undefined ? {} : { asOf: formatInstant(Number(match[4]) * 1000) };
    fields[field] = { head: head === '' ? null : head, value, ...asOf };
  }
  const same = / same=([1-9]\d{0,9})(?= |$)/.exec(last?.[2] ?? '')?.[1];
  return { text, marker: { uid, fields, ...(same === undefined ? {} : { same: Number(same) }) }, links };
}

/** A body with its marker as the last line, and before that what Firebreak adds. */
export function markedBody(text: string, marker: IssueMarker, links = ''): string {
  const added = links === '' ? '' : linksBlock(links);
  return [trimmedBody(text), added, formatIssueMarker(marker)].filter((part) => part !== '').join('\n\n');
}

/** A body as it is compared: blank lines around it are no difference. */
export function trimmedBody(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}

/** Nothing that could end the comment, or be taken for a separator. */
export function encodeName(text: string): string {
  return encodeURIComponent(text);
}

export function decodeName(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
