import assert from 'node:assert/strict';
import fc from 'fast-check';
import { foldIncident } from '../../../src/core/incidentState.ts';
import { phases } from '../../../src/core/phase.ts';
import { foldRegister, heldValues, type RegisterRecord, reconcile } from '../../../src/core/register.ts';
import { roles } from '../../../src/core/role.ts';
import { severities } from '../../../src/core/severity.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { anEvent } from '../support/documents.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const value = fc.constantFrom('inbox', 'ready', 'doing', 'done');

/** Any records, broken ones among them: that follow what is not there, themselves, or each other in a ring. */
const anyRecords: fc.Arbitrary<RegisterRecord<string>[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...ids),
    value,
    prev: fc.option(fc.constantFrom(...ids, 'gone')),
    was: fc.option(value, { nil: undefined }),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);

/** Records that people could have made: each follows what its author saw of those before. */
const history: fc.Arbitrary<RegisterRecord<string>[]> = fc
  .array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 8 })
  .map((steps) =>
    steps.map(([seen, to], index) => ({
      id: ids[index] ?? '',
      value: to,
      prev: index === 0 ? null : (ids[seen % index] ?? null),
      ...(index === 0 ? { was: 'inbox' } : {}),
    })),
  );

/** The same entries in another order, some of them twice. */
function disorder<T>(entries: readonly T[], seed: readonly number[]): T[] {
  const shuffled = entries.map((entry, index) => [seed[index % seed.length] ?? 0, index, entry] as const);
  shuffled.sort(([left, first], [right, second]) => left - right || second - first);
  const again = entries.filter((_, index) => (seed[index % seed.length] ?? 0) % 2 === 0);
  return [...shuffled.map(([, , entry]) => entry), ...again];
}

const seed = fc.array(fc.nat({ max: 9 }), { minLength: 8, maxLength: 8 });

describe('the value of a field', function () {
  this.timeout(20_000);

  it('does not depend on the order or the repetition of its records', () => {
    fc.assert(
      fc.property(fc.oneof(anyRecords, history), seed, (records, order) => {
        assert.deepEqual(foldRegister(disorder(records, order)), foldRegister(records));
        for (const inFile of ['inbox', 'ready', 'lunch', undefined]) {
          assert.deepEqual(reconcile(inFile, disorder(records, order)), reconcile(inFile, records));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is that of a record, of one that none follows where there is one', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const state = foldRegister(records);
        assert.equal(state === undefined, records.length === 0);
        if (!state) return;
        const followed = new Set(records.filter(({ id, prev }) => prev !== id).map(({ prev }) => prev));
        const heads = records
          .map(({ id }) => id)
          .filter((id) => !followed.has(id))
          .sort();
        if (heads.length > 0) assert.deepEqual(state.heads, heads);
        assert.ok(state.heads.includes(state.head));
        assert.equal(state.value, records.find(({ id }) => id === state.head)?.value);
      }),
    );
  });

  it('is what the last one set, where each followed what was there', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.shuffledSubarray([...ids], { minLength: 8 }),
        (values, names) => {
          // A clock that runs backwards gives lower ids to later records, and changes nothing.
          const records = values.map((to, index) => ({
            id: names[index] ?? '',
            value: to,
            prev: names[index - 1] ?? null,
          }));
          assert.deepEqual(foldRegister(records), {
            value: values.at(-1),
            head: names[values.length - 1],
            heads: [names[values.length - 1]],
          });
        },
      ),
    );
  });

  it('converges when two clones exchange what they have', () => {
    fc.assert(
      fc.property(history, seed, (records, choice) => {
        const left = records.filter((_, index) => (choice[index] ?? 0) % 3 !== 0);
        const right = records.filter((_, index) => (choice[index] ?? 0) % 3 !== 1);
        assert.deepEqual(foldRegister([...left, ...right]), foldRegister([...right, ...left]));
        assert.deepEqual(foldRegister([...left, ...right]), foldRegister(records));
      }),
    );
  });

  it('ends with records that follow each other in a ring', () => {
    const ring = [
      { id: 'a', value: '1', prev: 'b' },
      { id: 'b', value: '2', prev: 'a' },
    ];
    assert.deepEqual(foldRegister(ring), { value: '2', head: 'b', heads: ['b'] });
    assert.equal(foldRegister([{ id: 'a', value: '1', prev: 'a' }])?.value, '1');
  });
});

describe('a value in a file', function () {
  this.timeout(20_000);

  const records: RegisterRecord<string>[] = [
    { id: 'a', value: 'ready', prev: null, was: 'inbox' },
    { id: 'b', value: 'doing', prev: 'a' },
  ];

  for (const [found, expected] of [
    ['doing', { kind: 'agrees', value: 'doing' }],
    [undefined, { kind: 'agrees', value: 'doing' }],
    ['ready', { kind: 'stale', value: 'doing', found: 'ready' }],
    ['inbox', { kind: 'stale', value: 'doing', found: 'inbox' }],
    ['done', { kind: 'edited', value: 'done', prev: 'b' }],
  ] as const) {
    it(`that says ${found ?? 'nothing'} ${expected.kind === 'agrees' ? 'agrees' : `is ${expected.kind}`}`, () => {
      assert.deepEqual(reconcile<string>(found, records), expected);
    });
  }

  it('is all there is without records', () => {
    assert.deepEqual(reconcile('inbox', []), { kind: 'agrees', value: 'inbox' });
    assert.equal(reconcile(undefined, []), undefined);
  });

  it('is never taken for an edit when the field had it before, in any history', () => {
    fc.assert(
      fc.property(history, value, (all, inFile) => {
        const result = reconcile(inFile, all);
        if (heldValues(all).has(inFile)) assert.notEqual(result?.kind, 'edited');
        else assert.deepEqual(result, { kind: 'edited', value: inFile, prev: foldRegister(all)?.head });
      }),
    );
  });

  it('is an edit once: what is recorded of it explains it', () => {
    fc.assert(
      fc.property(history, fc.constantFrom('lunch', 'done'), (all, inFile) => {
        const result = reconcile(inFile, all);
        if (result?.kind !== 'edited') return;
        const recorded = [...all, { id: 'z', value: result.value, prev: result.prev }];
        assert.deepEqual(reconcile(inFile, recorded), { kind: 'agrees', value: inFile });
      }),
    );
  });
});

describe('the state of an incident', function () {
  this.timeout(20_000);

  const events: fc.Arbitrary<TimelineEvent[]> = fc.uniqueArray(
    fc
      .record({
        id: fc.constantFrom(...ids),
        prev: fc.option(fc.constantFrom(...ids)),
        change: fc.oneof(
          fc.constantFrom(...phases).map((to) => ({ kind: 'phase' as const, to })),
          fc.constantFrom(...severities).map((to) => ({ kind: 'severity' as const, to })),
          fc
            .tuple(fc.constantFrom(...roles), fc.constantFrom('@a', '@b', ''))
            .map(([role, to]) => ({ kind: 'role' as const, role, to })),
          fc.constantFrom({ kind: 'note' as const }),
        ),
      })
      .map(({ id, prev, change }) => anEvent({ id, prev, ...change })),
    { selector: ({ id }) => id, maxLength: 8 },
  );

  it('does not depend on the order or the repetition of its events', () => {
    fc.assert(
      fc.property(events, seed, (all, order) => {
        assert.deepEqual(foldIncident(disorder(all, order)), foldIncident(all));
      }),
    );
  });

  it('keeps phase, severity and each role apart', () => {
    const state = foldIncident([
      anEvent({ id: 'a', kind: 'phase', to: 'declared', prev: null }),
      anEvent({ id: 'b', kind: 'severity', to: 'P0', prev: null }),
      anEvent({ id: 'c', kind: 'role', role: 'commander', to: '@alice', prev: null }),
      anEvent({ id: 'd', kind: 'role', role: 'scribe', to: '@bob', prev: null }),
      anEvent({ id: 'e', kind: 'role', role: 'commander', to: '', prev: 'c' }),
      anEvent({ id: 'f', kind: 'phase', to: 'triage', prev: 'a' }),
    ]);
    assert.deepEqual(
      [
        state.phase?.value,
        state.severity?.value,
        state.roles.commander?.value,
        state.roles.scribe?.value,
        state.roles.operations,
      ],
      ['triage', 'P0', '', '@bob', undefined],
    );
  });

  it('goes on with the severity from before it was declared', () => {
    const declared = anEvent({ id: 'b', kind: 'severity', to: 'P0', prev: 'z' });
    assert.equal(foldIncident([declared], [{ id: 'z', value: 'P2', prev: null }]).severity?.value, 'P0');
    // Without what it follows the record still stands; a lower id of the other changes nothing.
    assert.equal(foldIncident([declared], [{ id: 'a', value: 'P2', prev: null }]).severity?.value, 'P0');
  });
});
