import { formatInstant, type Instant, parseInstant } from '../../core/time.ts';
import { entryHash, type MarkedComment } from './commentMarker.ts';

const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
/** Where an entry of a digest begins; its further lines are indented or empty. */
const entryStart = new RegExp(String.raw`^- (?:<del>)?\*\*${time} UTC\*\* · `);

/** The texts of a comment's entries in the marker's order; undefined when somebody changed where they begin. */
export function placesOf({ text, entries }: MarkedComment): string[] | undefined {
  if (entries.length === 1) return [text];
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (entryStart.test(line) ? [index] : []));
  if (starts.length !== entries.length || starts[0] !== 0) return undefined;
  if (lines.some((line, index) => line !== '' && !line.startsWith('  ') && !starts.includes(index))) return undefined;
  return starts.map((start, index) => lines.slice(start, starts[index + 1]).join('\n'));
}

/** Whether a comment reads as Firebreak wrote it; not when its marker does not tell. */
export function isUntouched(comment: MarkedComment): boolean {
  const places = placesOf(comment);
  return (
    places?.every((text, index) => {
      const hash = comment.entries[index]?.hash;
      return hash !== undefined && hash === entryHash(text);
    }) ?? false
  );
}

const role = '(?:commander|communications|operations|scribe)';
const what = [
  String.raw`(?:phase|severity|${role}) → \*\*[^*\n]*\*\*`,
  `${role} given back`,
  String.raw`[a-z]+(?: \(exit -?\d+\))?`,
  String.raw`correction of (?:an earlier entry|the entry of [^·\n]*, ${time} UTC)`,
  String.raw`(?:an earlier entry|the entry of [^·\n]*, ${time} UTC) is taken back`,
].join('|');
const digestHead = new RegExp(
  String.raw`^- \*\*(${time}) UTC\*\* · [^·\n]+ · (?:${what})(?: \(corrected\))?(?::(?: (.*))?)?$`,
);
const statusHead = new RegExp(String.raw`^\*\*(${time}) UTC Status Update\*\* · [^\n]+(?:\n\n|$)`);

/** What an entry says, read back from its text; undefined when somebody changed its beginning. */
export function readEntry(text: string): { readonly at: Instant; readonly body: string } | undefined {
  const status = statusHead.exec(text);
  if (status) return said(status[1], text.slice(status[0].length));
  const [first = '', ...rest] = text.split('\n');
  const head = digestHead.exec(first);
  if (!head || rest.some((line) => line !== '' && !line.startsWith('  '))) return undefined;
  return said(head[1], [head[2] ?? '', ...rest.map((line) => line.slice(2))].join('\n'));
}

function said(time: string | undefined, body: string): { readonly at: Instant; readonly body: string } | undefined {
  const at = parseInstant(`${time?.replace(' ', 'T')}Z`);
  return at === undefined ? undefined : { at: formatInstant(at), body: body.trim() };
}

const purged = '*(purged)*';
const purgedPattern = new RegExp(String.raw`^(?:- \*\*${time} UTC\*\* · )?\*\(purged\)\*$`);

/** What an entry of a digest, or a comment of one entry, leaves behind when it was purged: no more than its time. */
export function purgedEntry(text: string): string {
  const start = /^- (?:<del>)?(\*\*[^*]*\*\*) · /.exec(text)?.[1];
  return start !== undefined && entryStart.test(text) ? `- ${start} · ${purged}` : purged;
}

export function isPurgedEntry(text: string): boolean {
  return purgedPattern.test(text.trimEnd());
}
