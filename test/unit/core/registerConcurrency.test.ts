import assert from 'node:assert/strict';
import fc from 'fast-check';
import { foldRegister, type RegisterRecord } from '../../../src/core/register.ts';

const record = (id: string, prev: string | null, value = id): RegisterRecord<string> => ({ id, prev, value });

describe('concurrent writes of a field', () => {
  it('are decided by the highest id', () => {
    assert.deepEqual(foldRegister([record('b', 'x'), record('a', 'x'), record('x', null)]), {
      value: 'b',
      head: 'b',
      heads: ['a', 'b'],
    });
  });

  it('stay decided for whoever goes on from the one that won, even with a clock that is behind', () => {
    // `c` won over `b`, and somebody changed what they saw: their id is lower than the loser's.
    assert.equal(foldRegister([record('b', null), record('c', null), record('a', 'c')])?.value, 'a');
    // The same after a change from GitHub, whose ids are above all others.
    assert.equal(
      foldRegister([record('gh-1-e5', null), record('gh-1-e7', null), record('01K', 'gh-1-e7')])?.value,
      '01K',
    );
    // What both sides share does not decide between them.
    const shared = record('gh-1-e5', null);
    const [won, lost] = [record('z', 'gh-1-e5'), record('m', 'gh-1-e5')];
    assert.equal(foldRegister([shared, won, lost, record('k', 'z')])?.value, 'k');
  });

  it('a write that follows what its author saw takes effect, whatever its id, in any order of arrival', () => {
    const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 999 }), fc.nat(20), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 999 }), fc.nat(), (steps, last, seed) => {
        const records: RegisterRecord<string>[] = [];
        for (const [number, from, current] of steps) {
          const id = `r${String(number).padStart(3, '0')}`;
          if (records.some((known) => known.id === id)) continue;
          const prev = current ? (foldRegister(records)?.head ?? null) : (records[from]?.id ?? null);
          records.push(record(id, prev));
        }
        const id = `r${String(last).padStart(3, '0')}x`;
        records.push(record(id, foldRegister(records)?.head ?? null));
        const shuffled = [...records].sort(
          (left, right) => ((left.id.length * seed) % 7) - ((right.id.length * seed) % 5),
        );
        assert.equal(foldRegister(shuffled)?.value, id);
        assert.equal(foldRegister([...shuffled, ...shuffled].reverse())?.value, id);
      }),
      { numRuns: 1_000 },
    );
  });
});
