import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtCli } from './builtCli.ts';
import { KilledSyncs, type Round } from './killedSyncs.ts';

// More of them, or others: KILL_HISTORIES=200 KILL_SEED=7
const histories = Number(process.env.KILL_HISTORIES ?? 3);
const firstSeed = Number(process.env.KILL_SEED ?? 1);
const roundsOfEach = 10;

/** Most syncs have few requests, and the first change is the one that can be doubled. */
const number = fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 6);

const round: fc.Arbitrary<Round> = fc.record({
  acts: fc.array(
    fc.constantFrom(
      ...(['declare', 'note', 'note', 'update', 'phase', 'severity'] as const),
      ...(['publish', 'write', 'webComment', 'webTitle', 'webText'] as const),
    ),
    { maxLength: 2 },
  ),
  kill: fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ at: fc.constant('moment' as const), part: fc.double({ min: 0, max: 1.1, noNaN: true }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        at: fc.constantFrom('sending' as const, 'coming' as const, 'answering' as const),
        // Changes are where it hurts; reads are counted too at times.
        of: fc.constantFrom('changes' as const, 'changes' as const, 'requests' as const),
        number,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        at: fc.constant('later' as const),
        of: fc.constantFrom('changes' as const, 'requests' as const),
        number,
        milliseconds: fc.integer({ min: 0, max: 25 }),
      }),
    },
  ),
});

describe('firebreak sync, killed', function () {
  this.timeout(60_000 + histories * 60_000);
  before(() => builtCli());

  let kills = 0;

  for (let seed = firstSeed; seed < firstSeed + histories; seed++) {
    it(`loses and doubles nothing, however often (seed ${seed})`, async () => {
      const plan = fc.sample(fc.array(round, { minLength: roundsOfEach, maxLength: roundsOfEach, size: 'max' }), {
        seed,
        numRuns: 1,
      });
      const syncs = await KilledSyncs.start();
      try {
        for (const one of plan[0] ?? []) await syncs.play(one);
        await syncs.restartUntilQuiet();
        await syncs.assertWhole();
      } finally {
        kills += syncs.kills;
        await syncs.stop();
      }
    });
  }

  after(() => {
    // A round whose sync was over before its moment came kills nothing; most must have.
    assert.ok(kills >= (histories * roundsOfEach) / 2, `only ${kills} syncs were killed`);
  });
});
