import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSafeId, itemIdTime, makeItemId } from '../../../src/core/itemId.ts';
import { itemTypes } from '../../../src/core/itemType.ts';
import { severities } from '../../../src/core/severity.ts';
import { minute } from '../../../src/core/time.ts';
import { contentHash, derivedUlid, ulidFactory, ulidTime } from '../../../src/core/ulids.ts';

describe("the guide's ids", function () {
  this.timeout(20_000);

  it('tell type, severity and minute, and take the next suffix when they are taken', () => {
    const at = Date.UTC(2025, 8, 23, 14, 30, 59);
    assert.equal(makeItemId('bug', 'P0', at), 'BUG-P0-20250923-1430');
    const taken = new Set(['BUG-P0-20250923-1430', 'BUG-P0-20250923-1430-2']);
    assert.equal(
      makeItemId('bug', 'P0', at, (id) => taken.has(id)),
      'BUG-P0-20250923-1430-3',
    );
  });

  it('are file names, and tell when they were made', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...itemTypes),
        fc.constantFrom(...severities),
        fc.integer({ min: 0, max: 4e12 }),
        fc.nat({ max: 3 }),
        (type, severity, epochMs, taken) => {
          let left = taken;
          const id = makeItemId(type, severity, epochMs, () => left-- > 0);
          assert.ok(isSafeId(id));
          assert.equal(itemIdTime(id), Math.floor(epochMs / minute) * minute);
        },
      ),
    );
    assert.equal(itemIdTime('BUG-P2-20250923-gh41'), Date.UTC(2025, 8, 23));
    for (const id of [
      '',
      'BUG',
      'bug-P0-20250923-1430',
      'BUG-P5-20250923-1430',
      'BUG-P0-20251323-1430',
      'BUG-P0-20250923-2561',
      'x',
    ])
      assert.equal(itemIdTime(id), undefined, id);
  });

  it('are safe as names of files', () => {
    for (const id of ['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'a.', 'a b', 'é', 'a\n', 'x'.repeat(101)])
      assert.equal(isSafeId(id), false, id);
    for (const id of ['a', 'gh-123-41', '01K5V7M3QZ8W4T2N6R0HXJ9DCA', 'A_b.c-1']) assert.ok(isSafeId(id), id);
  });
});

describe('uids', function () {
  this.timeout(20_000);

  it('grow within a millisecond, and when the clock is set back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 2, maxLength: 20 }), (times) => {
        let number = 0;
        const next = ulidFactory(() => (number++ % 10) / 10);
        const made = times.map((time) => next(time));
        for (const [index, id] of made.entries()) {
          assert.ok(index === 0 || id > (made[index - 1] ?? ''), `${made[index - 1]} < ${id}`);
          assert.equal(ulidTime(id), Math.max(...times.slice(0, index + 1)));
        }
      }),
    );
  });

  it('are derived alike from the same facts, and differ for others', () => {
    const facts = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 4 });
    fc.assert(
      fc.property(facts, facts, fc.integer({ min: 0, max: 4e12 }), (one, other, time) => {
        const id = derivedUlid(time, ...one);
        assert.equal(id, derivedUlid(time, ...one));
        assert.equal(ulidTime(id), time);
        assert.ok(isSafeId(id));
        assert.equal(id === derivedUlid(time, ...other), JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('hash as everybody hashes', () => {
    assert.equal(contentHash('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
