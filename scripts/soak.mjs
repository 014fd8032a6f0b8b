// Plays random histories of sync for as long as asked: npm run soak -- [--histories N] [--seed N] [--shards N] [--fresh]
//   --histories N   how many in all; 10,000 unless told
//   --seed N        the first seed; each has 50 histories
//   --shards N      how many processes; one for each processor unless told
//   --fresh         begins anew; else what an earlier run of the same seeds has done is not done again
// Ends with status 1 when a history ended in a violation, and prints its steps.
import './lib/nodeVersion.mjs';
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const perSeed = 50;

async function main() {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      shards: { type: 'string', default: String(availableParallelism()) },
      fresh: { type: 'boolean', default: false },
    },
  });
  const [histories, first, shards] = [values.histories, values.seed, values.shards].map(Number);
  if (![histories, first, shards].every((number) => Number.isInteger(number) && number > 0)) {
    throw new Error('--histories, --seed and --shards take whole numbers above 0.');
  }
  await ensureDependencies(root);
  const file = path.join(root, 'artifacts', 'soak', `from-${first}.json`);
  const done = values.fresh ? [] : read(file);
  const known = new Set(done.map(({ seed }) => seed));
  const seeds = Array.from({ length: Math.ceil(histories / perSeed) }, (_, index) => first + index);
  const open = seeds.filter((seed) => !known.has(seed));
  if (known.size > 0) console.log(`${known.size} seeds are done already (${path.relative(root, file)}).`);
  const start = performance.now();
  mkdirSync(path.dirname(file), { recursive: true });
  await Promise.all(
    Array.from({ length: Math.min(shards, open.length) }, () =>
      shard(open, (outcome) => {
        done.push(outcome);
        writeFileSync(file, JSON.stringify(done));
        const seconds = Math.round((performance.now() - start) / 1000);
        const said = outcome.violation ? `VIOLATION ${outcome.violation.message}` : 'no violation';
        console.log(`seed ${outcome.seed}: ${outcome.runs} histories, ${outcome.steps} steps, ${said} (${seconds} s)`);
        for (const step of outcome.violation?.history ?? []) console.log(`  ${JSON.stringify(step)}`);
      }),
    ),
  );
  const asked = done.filter(({ seed }) => seeds.includes(seed));
  const sum = (count) => asked.reduce((total, outcome) => total + count(outcome), 0);
  const violations = asked.filter(({ violation }) => violation);
  console.log(
    `${sum(({ runs }) => runs)} histories of the seeds ${first} to ${seeds.at(-1)}, ${sum(({ steps }) => steps)} steps: ` +
      `${violations.length} seeds with a violation${violations.map(({ seed }) => ` ${seed}`).join('')}`,
  );
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/** One process that takes one seed after the other. */
async function shard(open, onDone) {
  const child = fork(path.join(root, 'test/model/soakShard.ts'), { execArgv: ['--import', 'tsx'], cwd: root });
  try {
    for (let seed = open.shift(); seed !== undefined; seed = open.shift()) {
      onDone(
        await new Promise((resolve, reject) => {
          child.once('message', resolve);
          child.once('exit', (code) => reject(new Error(`A shard ended (status ${code}).`)));
          child.send({ seed, runs: perSeed });
        }),
      );
      child.removeAllListeners('exit');
    }
  } finally {
    child.kill();
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
