import { matchLines } from './matchLines.ts';

/** Lines [from, to) of the base that a side has put `lines` in place of. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** A part of a merge: what is clear, or lines [from, to) of the base that both sides changed, each in its own way. */
type Part =
  | { readonly kind: 'clear'; readonly lines: readonly string[] }
  | {
      readonly kind: 'clash';
      readonly from: number;
      readonly to: number;
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

/** More lines than this that were moved about count as one rewrite: the cost grows with their square. */
const mostEdits = 1_000;

/**
 * Merges two texts that grew out of one, line by line, as `git merge-file` does: changes in different places are both
 * taken, the same change is taken once, and changes that touch each other are a conflict. No text is made that neither
 * side holds. LF line ends.
 * @param prefer whose lines are taken where both changed one place
 * @returns the merged text; without `prefer`, undefined when it takes a person to decide
 */
export function mergeText(base: string, ours: string, theirs: string, prefer: 'ours' | 'theirs'): string;
export function mergeText(base: string, ours: string, theirs: string, prefer?: 'ours' | 'theirs'): string | undefined;
export function mergeText(base: string, ours: string, theirs: string, prefer?: 'ours' | 'theirs'): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  const merged: string[] = [];
  for (const part of partsOf(base, ours, theirs)) {
    if (part.kind === 'clear') merged.push(...part.lines);
    else if (prefer) merged.push(...part[prefer]);
    else return undefined;
  }
  return merged.join('\n');
}

/** The merged text with both sides, between git's markers, where both changed one place. */
export function markedMerge(
  base: string,
  ours: { readonly name: string; readonly text: string },
  theirs: { readonly name: string; readonly text: string },
): string {
  return [...partsOf(base, ours.text, theirs.text)]
    .flatMap((part) =>
      part.kind === 'clear'
        ? part.lines
        : [`<<<<<<< ${ours.name}`, ...part.ours, '=======', ...part.theirs, `>>>>>>> ${theirs.name}`],
    )
    .join('\n');
}

/** Whether a text still has one of git's markers at the beginning of a line. */
export function hasMergeMarker(text: string): boolean {
  return /^(?:<{7}|>{7})(?: |$)/m.test(text);
}

/** In how many of the places that both sides changed a decided text still has the base's own lines. */
export function undecidedPlaces(base: string, ours: string, theirs: string, decided: string): number {
  const changes = hunksOf(base.split('\n'), decided.split('\n'));
  let undecided = 0;
  for (const part of partsOf(base, ours, theirs)) {
    if (part.kind === 'clash' && !changes.some(({ from, to }) => from <= part.to && to >= part.from)) undecided += 1;
  }
  return undecided;
}

function* partsOf(base: string, ours: string, theirs: string): Iterable<Part> {
  const lines = base.split('\n');
  const left = hunksOf(lines, ours.split('\n'));
  const right = hunksOf(lines, theirs.split('\n'));
  let at = 0;
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const from = Math.min(left[l]?.from ?? Infinity, right[r]?.from ?? Infinity);
    const [firstLeft, firstRight] = [l, r];
    let to = from;
    // Hunks that overlap or touch belong together.
    for (let grew = true; grew; ) {
      grew = false;
      for (let hunk = left[l]; hunk !== undefined && hunk.from <= to; hunk = left[++l]) {
        to = Math.max(to, hunk.to);
        grew = true;
      }
      for (let hunk = right[r]; hunk !== undefined && hunk.from <= to; hunk = right[++r]) {
        to = Math.max(to, hunk.to);
        grew = true;
      }
    }
    const ourLines = applied(lines, from, to, left.slice(firstLeft, l));
    const theirLines = applied(lines, from, to, right.slice(firstRight, r));
    yield { kind: 'clear', lines: lines.slice(at, from) };
    if (l === firstLeft || same(ourLines, theirLines)) yield { kind: 'clear', lines: theirLines };
    else if (r === firstRight) yield { kind: 'clear', lines: ourLines };
    else yield { kind: 'clash', from, to, ours: ourLines, theirs: theirLines };
    at = to;
  }
  yield { kind: 'clear', lines: lines.slice(at) };
}

function hunksOf(base: readonly string[], side: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let [from, begin] = [0, 0];
  for (const [to, end] of [...matchLines(base, side, mostEdits), [base.length, side.length] as const]) {
    if (to > from || end > begin) hunks.push({ from, to, lines: side.slice(begin, end) });
    [from, begin] = [to + 1, end + 1];
  }
  return hunks;
}

/** What a side makes of lines [from, to) of the base. */
function applied(base: readonly string[], from: number, to: number, hunks: readonly Hunk[]): string[] {
  const result: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    result.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...result, ...base.slice(at, to)];
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index]);
}
