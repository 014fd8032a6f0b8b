import { diff3Merge } from 'node-diff3';
import { mergeText } from '../../../src/core/mergeText.ts';
import { median, timeOf } from '../statistics.ts';

export interface MergeResult {
  readonly what: string;
  /** Milliseconds, medians of several merges of the same texts. */
  readonly ours: number;
  readonly nodeDiff3: number;
}

const lines = 2_000;
const rounds = 15;
/** It takes seconds for most of these. */
const peerRounds = 1;

interface Texts {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** As people write: 40 % of the lines are blank, and some come again and again. */
const prose = Array.from({ length: lines }, (_, index) => {
  if (index % 5 < 2) return '';
  return index % 7 === 0 ? '- as before' : `Line ${index} says what happened then.`;
});
const distinct = Array.from({ length: lines }, (_, index) => `Line ${index} says what happened then.`);

const kinds: Readonly<Record<string, Texts>> = {
  'one line on each side': both(
    prose,
    (line, index) => index === 100 && `${line}!`,
    (line, index) => index === 1_900 && `${line}?`,
  ),
  'one line in twenty, by turns': both(
    prose,
    (line, index) => index % 40 === 10 && `${line} (ours)`,
    (line, index) => index % 40 === 30 && `${line} (theirs)`,
  ),
  'a block of 400 lines moved, and one line': {
    base: prose,
    ours: [...prose.slice(0, 200), ...prose.slice(600, 1_400), ...prose.slice(200, 600), ...prose.slice(1_400)],
    theirs: prose.map((line, index) => (index === 1_900 ? `${line}?` : line)),
  },
  'every third line on one side, and one line': both(
    prose,
    (line, index) => index % 3 === 0 && `${line} (ours)`,
    (_, index) => index === 1_999 && 'The end.',
  ),
  'a new text on each side': {
    base: distinct,
    ours: distinct.map((_, index) => `Ours ${index}`),
    theirs: distinct.map((_, index) => `Theirs ${index}`),
  },
  'blank lines only, some more on each side': {
    base: Array.from({ length: lines }, () => ''),
    ours: Array.from({ length: lines + 300 }, () => ''),
    theirs: Array.from({ length: lines + 500 }, () => ''),
  },
};

function both(
  base: readonly string[],
  ours: (line: string, index: number) => string | false,
  theirs: (line: string, index: number) => string | false,
): Texts {
  return {
    base,
    ours: base.map((line, index) => ours(line, index) || line),
    theirs: base.map((line, index) => theirs(line, index) || line),
  };
}

/** Merges texts of 2,000 lines, in turns with node-diff3 on the same. */
export async function measureMerges(): Promise<MergeResult[]> {
  const results: MergeResult[] = [];
  for (const [what, { base, ours, theirs }] of Object.entries(kinds)) {
    const [baseText, ourText, theirText] = [base.join('\n'), ours.join('\n'), theirs.join('\n')];
    const [mine, peers]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      const own = await timeOf(() => mergeText(baseText, ourText, theirText));
      const peer = round <= peerRounds ? await timeOf(() => diff3Merge([...ours], [...base], [...theirs])) : undefined;
      // The first round warms the compiler.
      if (round === 0) continue;
      mine.push(own);
      if (peer !== undefined) peers.push(peer);
    }
    results.push({ what, ours: median(mine), nodeDiff3: median(peers) });
  }
  return results;
}
