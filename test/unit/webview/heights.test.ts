import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Heights } from '../../../webview/timeline/heights.ts';

describe('the heights of a long list', () => {
  function of(...heights: number[]): Heights {
    const made = new Heights();
    made.splice(0, 0, heights);
    return made;
  }

  it('tell where each line begins, and which line is at a place', () => {
    const heights = of(30, 50, 20);
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => heights.top(index)),
      [0, 30, 80, 100],
    );
    assert.deepEqual(
      [-5, 0, 29.9, 30, 79, 80, 99, 100, 500].map((place) => heights.at(place)),
      [0, 0, 0, 1, 1, 2, 2, 2, 2],
    );
    assert.equal(heights.total, 100);
    assert.equal(of().total, 0);
    assert.equal(of().at(7), 0);
  });

  it('know a changed height from an unchanged one', () => {
    const heights = of(30, 50, 20);
    assert.equal(heights.set(1, 50.05), false);
    assert.equal(heights.set(1, 80), true);
    assert.equal(heights.set(-1, 80), false);
    assert.equal(heights.set(3, 80), false);
    assert.equal(heights.top(2), 110);
  });

  it('are the sums of what was set, in whatever order it is set and asked', () => {
    const height = fc.integer({ min: 1, max: 300 });
    const step = fc.record({
      index: fc.nat(40),
      height,
      asked: fc.nat(40),
      /** At the index, instead of a height of its own. */
      splice: fc.option(fc.record({ removed: fc.nat(3), heights: fc.array(height, { maxLength: 3 }) })),
    });
    fc.assert(
      fc.property(fc.array(height, { minLength: 1 }), fc.array(step), (first, steps) => {
        const heights = of(...first);
        const plain = [...first];
        for (const { index, height, asked, splice } of steps) {
          if (splice) {
            heights.splice(Math.min(index, plain.length), splice.removed, splice.heights);
            plain.splice(index, splice.removed, ...splice.heights);
          } else {
            if (index < plain.length) plain[index] = height;
            heights.set(index, height);
          }
          assert.equal(heights.count, plain.length);
          const at = Math.min(asked, plain.length);
          const top = plain.slice(0, at).reduce((sum, one) => sum + one, 0);
          assert.equal(heights.top(asked), top);
          if (at < plain.length) assert.equal(heights.at(top), at);
        }
      }),
    );
  });
});
