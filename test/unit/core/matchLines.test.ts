import assert from 'node:assert/strict';
import { diffArrays } from 'diff';
import fc from 'fast-check';
import { type LineMatch, matchLines } from '../../../src/core/matchLines.ts';

const most = 1_000;
const lines = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'd'), { maxLength: 20 });

function assertInOrder(before: readonly string[], after: readonly string[], matches: readonly LineMatch[]): void {
  let [x, y] = [-1, -1];
  for (const [left, right] of matches) {
    assert.ok(left > x && right > y, 'not in order');
    assert.equal(before[left], after[right]);
    [x, y] = [left, right];
  }
  assert.ok(x < before.length && y < after.length);
}

describe('matchLines', () => {
  it('finds as many lines as there are in common, in order', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const matches = matchLines(before, after, most);
        assertInOrder(before, after, matches);
        const common = diffArrays(before, after).filter(({ added, removed }) => !added && !removed);
        assert.equal(
          matches.length,
          common.reduce((sum, { value }) => sum + value.length, 0),
        );
      }),
      { numRuns: 3_000, seed: 12 },
    );
  });

  it('finds every line of a text in itself, and none where there is none', () => {
    const text = ['a', '', 'a', 'b', ''];
    assert.deepEqual(
      matchLines(text, text, most),
      text.map((_, index) => [index, index]),
    );
    assert.deepEqual(matchLines(['a', 'b'], ['c'], most), []);
    assert.deepEqual(matchLines([], text, most), []);
  });

  it('sets lines aside that only one side has, whatever their number', () => {
    const before = Array.from({ length: 5_000 }, (_, index) => `before ${index}`);
    const after = Array.from({ length: 5_000 }, (_, index) => `after ${index}`);
    assert.deepEqual(matchLines([...before, 'same', ...before], [...after, 'same'], 2), [[5_000, 5_000]]);
  });

  it('takes only what both begin and end with where more is out of order than is asked for', () => {
    const middle = ['1', '2', '3', '4', '5', '6'];
    const before = ['begin', ...middle, 'end'];
    const after = ['begin', ...[...middle].reverse(), 'end'];
    assert.deepEqual(matchLines(before, after, 3), [
      [0, 0],
      [7, 7],
    ]);
    assert.equal(matchLines(before, after, 10).length, 3);
  });
});
