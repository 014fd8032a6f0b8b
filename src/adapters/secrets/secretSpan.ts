/** Where in a text a secret is, and what it is called in its place. */
export interface SecretSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly what: string;
}

const mark = (what: string) => `‹masked: ${what}›`;
/** What stands where a secret was. It is no secret, however it stands there. */
export const markPattern = /‹masked: [^›\n]{1,60}›/g;

/**
 * Replaces the spans. Of those that overlap, one mark stands for all that they cover, with the name of the first in the list.
 */
export function replaceSpans(text: string, spans: readonly SecretSpan[]): string {
  if (spans.length === 0) return text;
  const ordered = spans
    .map((span, rank) => ({ ...span, rank }))
    .filter(({ start, end }) => end > start)
    .sort((left, right) => left.start - right.start || left.rank - right.rank);
  const joined: { start: number; end: number; what: string; rank: number }[] = [];
  for (const span of ordered) {
    const last = joined.at(-1);
    if (!last || span.start >= last.end) {
      joined.push({ ...span });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (span.rank < last.rank) {
      last.rank = span.rank;
      last.what = span.what;
    }
  }
  let masked = '';
  let from = 0;
  for (const { start, end, what } of joined) {
    masked += text.slice(from, start) + mark(what);
    from = end;
  }
  return masked + text.slice(from);
}
