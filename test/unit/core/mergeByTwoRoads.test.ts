import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeByTwoRoads } from '../../../src/core/mergeByTwoRoads.ts';
import { mergeText } from '../../../src/core/mergeText.ts';

const text = (...lines: string[]) => lines.join('\n');

describe('Texts that meet by two roads', () => {
  it('are merged line by line as ever', () => {
    const base = text('one', 'two', 'three');
    assert.equal(
      mergeByTwoRoads(base, text('zero', 'one', 'two', 'three'), text('one', 'two', 'three', 'four')),
      text('zero', 'one', 'two', 'three', 'four'),
    );
    assert.equal(mergeByTwoRoads(base, text('one', '2', 'three'), text('one', 'II', 'three')), undefined);
  });

  it('hold a change once that both have, be it in different places', () => {
    const base = text('Impact', 'below');
    const moved = text('Impact', 'below', 'above');
    const placed = text('above', 'Impact', 'below');
    assert.equal(mergeByTwoRoads(base, moved, placed), placed);
    assert.equal(
      mergeByTwoRoads(base, text('Impact', 'below', 'above', 'mine'), placed),
      text('Impact', 'below', 'above', 'mine'),
    );
  });

  it('take a person where both have it and words of their own beside', () => {
    const base = text('Impact', '', 'below');
    assert.equal(
      mergeByTwoRoads(
        base,
        text('Impact', '', 'below', 'above', 'mine'),
        text('theirs', 'above', 'Impact', '', 'below'),
      ),
      undefined,
    );
  });

  it('may each have fences, rules and blank lines of their own', () => {
    const fence = ['```sh', 'ls', '```', ''];
    const other = ['', '```sh', 'pwd', '```'];
    assert.equal(
      mergeByTwoRoads('Impact', text(...fence, 'Impact'), text('Impact', ...other)),
      text(...fence, 'Impact', ...other),
    );
  });

  it('are what a merge makes of them, or hold every line of one side, and never more of a line than a side had', () => {
    const lines = fc.array(fc.constantFrom('aa', 'bb', 'cc', 'dd', ''), { maxLength: 7 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, lines, (base, ours, theirs) => {
        const merged = mergeByTwoRoads(base, ours, theirs);
        if (merged === undefined) return;
        assert.ok([mergeText(base, ours, theirs), ours, theirs].includes(merged));
        for (const line of ['aa', 'bb', 'cc', 'dd']) {
          const [count = 0, ...sides] = [merged, base, ours, theirs].map(
            (t) => t.split('\n').filter((l) => l === line).length,
          );
          assert.ok(count <= Math.max(...sides));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
