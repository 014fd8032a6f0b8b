import { mergeText } from './mergeText.ts';

/**
 * Merges two texts that may hold one change each that came by two roads, as through git and through GitHub: in different
 * places, since somebody settled a conflict in between. `mergeText` would take it twice, and with every turn again. Where
 * that would happen and all lines of one side stand in the other, that other one is the merge.
 * @returns undefined when it takes a person to decide
 */
export function mergeByTwoRoads(base: string, ours: string, theirs: string): string | undefined {
  const merged = mergeText(base, ours, theirs);
  if (merged === undefined) return undefined;
  const [before, left, right, after] = [base, ours, theirs, merged].map(wordyLines);
  if (!before || !left || !right || !after) return merged;
  const most = (line: string) => Math.max(before.get(line) ?? 0, left.get(line) ?? 0, right.get(line) ?? 0);
  if ([...after].every(([line, count]) => count <= most(line))) return merged;
  if (isWithin(left, right)) return theirs;
  return isWithin(right, left) ? ours : undefined;
}

/** How often each line stands in a text. Only those with a word: blank lines, fences and rules may come from both sides. */
function wordyLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.startsWith('```') || !/[\p{L}\p{N}]{2}/u.test(line)) continue;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

function isWithin(inner: ReadonlyMap<string, number>, outer: ReadonlyMap<string, number>): boolean {
  return [...inner].every(([line, count]) => count <= (outer.get(line) ?? 0));
}
