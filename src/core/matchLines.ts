/** A line of one text and the line of another that it became, by their numbers from 0. */
export type LineMatch = readonly [before: number, after: number];

/**
 * The lines that two texts have in common, in order, and as many as there can be. Lines that only one of them has are set
 * aside first, so that a text that was written anew costs no more than any other.
 * @param mostEdits if more lines than this are in both and out of order, only what both begin and end with is common: the
 * cost grows with the square of that number
 */
export function matchLines(before: readonly string[], after: readonly string[], mostEdits: number): LineMatch[] {
  const shorter = Math.min(before.length, after.length);
  let begin = 0;
  while (begin < shorter && before[begin] === after[begin]) begin += 1;
  let end = 0;
  while (end < shorter - begin && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;

  const matches: LineMatch[] = [];
  for (let line = 0; line < begin; line++) matches.push([line, line]);
  matches.push(...matchMiddle(before, after, { begin, end }, mostEdits));
  for (let line = end; line > 0; line--) matches.push([before.length - line, after.length - line]);
  return matches;
}

function matchMiddle(
  before: readonly string[],
  after: readonly string[],
  { begin, end }: { readonly begin: number; readonly end: number },
  mostEdits: number,
): LineMatch[] {
  const [left, right] = [before.slice(begin, before.length - end), after.slice(begin, after.length - end)];
  const [leftHas, rightHas] = [new Set(left), new Set(right)];
  const numbers = new Map<string, number>();
  // Comparing numbers is cheaper than comparing lines, which may be long.
  const sharedOf = (lines: readonly string[], others: ReadonlySet<string>) => {
    const at: number[] = [];
    const ids: number[] = [];
    for (const [index, line] of lines.entries()) {
      if (!others.has(line)) continue;
      const id = numbers.get(line) ?? numbers.size;
      numbers.set(line, id);
      at.push(begin + index);
      ids.push(id);
    }
    return { at, ids };
  };
  const [mine, theirs] = [sharedOf(left, rightHas), sharedOf(right, leftHas)];
  return longestCommon(mine.ids, theirs.ids, mostEdits).map(([x, y]) => [mine.at[x] ?? 0, theirs.at[y] ?? 0]);
}

/** By the greedy algorithm of Myers, "An O(ND) Difference Algorithm" (1986). @returns nothing when it takes too many edits */
function longestCommon(left: readonly number[], right: readonly number[], mostEdits: number): LineMatch[] {
  const most = Math.min(left.length + right.length, mostEdits);
  const goal = left.length - right.length;
  // By diagonal, how far along `left` one gets with so many edits.
  const furthest = new Int32Array(2 * most + 3);
  const zero = most + 1;
  const at = (diagonal: number) => furthest[zero + diagonal] ?? 0;
  const steps: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
      let x = isDown ? at(diagonal + 1) : at(diagonal - 1) + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      furthest[zero + diagonal] = x;
      if (diagonal === goal && x >= left.length) return matchesAlong(steps, left.length, right.length);
    }
    steps.push(furthest.slice(zero - edits, zero + edits + 1));
  }
  return [];
}

/** @param steps for each number of edits how far each diagonal got, the lowest diagonal first */
function matchesAlong(steps: readonly Int32Array[], width: number, height: number): LineMatch[] {
  const matches: LineMatch[] = [];
  let [x, y] = [width, height];
  for (let edits = steps.length; edits > 0; edits--) {
    const before = steps[edits - 1];
    const at = (diagonal: number) => before?.[diagonal + edits - 1] ?? 0;
    const diagonal = x - y;
    const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const [fromX, fromY] = [at(from), at(from) - from];
    while (x > fromX && y > fromY) matches.push([--x, --y]);
    [x, y] = [fromX, fromY];
  }
  while (x > 0 && y > 0) matches.push([--x, --y]);
  return matches.reverse();
}
