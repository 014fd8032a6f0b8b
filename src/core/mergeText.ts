import { diffArrays } from 'diff';

/** Lines [from, to) of the base that a side has put `lines` in place of. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** More differing lines than this count as one rewrite: the diff's cost grows with their square. */
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
  const lines = base.split('\n');
  const left = hunksOf(lines, ours.split('\n'));
  const right = hunksOf(lines, theirs.split('\n'));
  const merged: string[] = [];
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
    merged.push(...lines.slice(at, from));
    if (l === firstLeft || same(ourLines, theirLines)) merged.push(...theirLines);
    else if (r === firstRight || prefer === 'ours') merged.push(...ourLines);
    else if (prefer === 'theirs') merged.push(...theirLines);
    else return undefined;
    at = to;
  }
  return [...merged, ...lines.slice(at)].join('\n');
}

function hunksOf(base: readonly string[], side: readonly string[]): Hunk[] {
  const changes = diffArrays([...base], [...side], { maxEditLength: mostEdits });
  if (!changes) return [{ from: 0, to: base.length, lines: side }];
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { from: number; to: number; lines: string[] } | undefined;
  for (const { value, added, removed } of changes) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, lines: [] };
      hunks.push(open);
    }
    if (added) open.lines.push(...value);
    else {
      at += value.length;
      open.to = at;
    }
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
