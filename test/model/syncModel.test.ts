import assert from 'node:assert/strict';
import { playHistories, sampleHistories, violationOf } from './histories.ts';
import { NaiveSync } from './naiveSync.ts';
import { regressions } from './regressions.ts';

// Others: MODEL_SEED=1234 MODEL_HISTORIES=1000; one of a failure's: paste its steps into regressions.ts.
const firstSeed = Number(process.env.MODEL_SEED ?? 1);
const histories = Number(process.env.MODEL_HISTORIES ?? 400);
const perTest = 50;

describe('Sync, in random histories of three clones, a web page and a failing GitHub', function () {
  this.timeout(900_000);

  for (let done = 0; done < histories; done += perTest) {
    const seed = firstSeed + done / perTest;
    it(`${Math.min(perTest, histories - done)} of seed ${seed} end in no violation`, async () => {
      const { violation } = await playHistories(seed, Math.min(perTest, histories - done), 60_000);
      if (!violation) return;
      const steps = violation.history.map((step) => JSON.stringify(step)).join('\n');
      assert.fail(`${violation.message}\nseed ${seed}, path ${violation.path}:\n${steps}`);
    });
  }

  describe('once ended in a violation, because', () => {
    for (const [reason, history] of Object.entries(regressions)) {
      it(reason, async () => {
        assert.equal(await violationOf(history), undefined);
      });
    }
  });

  it('shows what is wrong with a naive syncer', async () => {
    const found = new Map<string, number>();
    const sampled = sampleHistories(firstSeed, 30).filter((history) => history.length > 10);
    for (const history of sampled) {
      const violation = await violationOf(history, { makeSyncer: (clone) => new NaiveSync(clone) });
      const kind = /^Invariant \d+/.exec(violation ?? '')?.[0] ?? violation ?? 'none';
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    assert.equal(found.get('none') ?? 0, 0, `every one of ${sampled.length} has to end in a violation`);
    assert.ok((found.get('Invariant 1') ?? 0) > 0, 'doubles are among them');
  });
});
