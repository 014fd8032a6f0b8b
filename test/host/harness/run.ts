// Runs the host tests:  node --import tsx test/host/harness/run.ts [--suite NAME,…] [--grep TEXT] [--counts FILE]
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chooseTestHost } from '../../../scripts/host/choose.mjs';
import { Scratch } from '../../../scripts/host/scratch.ts';
import { assertNoSecrets, holdsSecret } from '../../support/secretScan.ts';
import { suites } from '../suites.ts';
import { bundleHostTests, specFiles } from './bundle.ts';
import { ElectronTestHost } from './electronTestHost.ts';
import type { TestHost } from './launch.ts';
import { type Counts, type RunPlan, runPlanVariable, testLineMark } from './runPlan.ts';
import { keepLogs, ServerTestHost } from './serverTestHost.ts';
import type { HostSuite } from './suite.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const defaultTimeoutMs = 240_000;

async function main(): Promise<Counts> {
  const { values } = parseArgs({
    options: { suite: { type: 'string' }, grep: { type: 'string' }, counts: { type: 'string' } },
  });
  const files = await specFiles(path.join(root, 'test/host'), suites);
  const testModule = await bundleHostTests(root, files);
  const wanted = values.suite?.split(',');
  const chosen = suites.filter((suite) => files.has(suite.name) && (!wanted || wanted.includes(suite.name)));
  if (chosen.length === 0) throw new Error(`No host suite has the name ${values.suite} and a spec file.`);
  const { kind, why, executable } = await chooseTestHost();
  console.log(`host: ${kind === 'electron' ? 'desktop VS Code' : 'VS Code server in Chromium'} (${why})`);
  const host: TestHost = executable ? new ElectronTestHost(executable) : await ServerTestHost.start();
  const total: Counts = { passes: 0, failures: 0, pending: 0 };
  try {
    for (const suite of chosen) {
      const counts = await runSuite(host, suite, testModule, values.grep);
      total.passes += counts.passes;
      total.failures += counts.failures;
      total.pending += counts.pending;
    }
  } finally {
    await host.close();
  }
  if (values.counts) await writeFile(values.counts, JSON.stringify(total));
  console.log(`host tests: ${total.passes} passed, ${total.failures} failed`);
  return total;
}

/** One launch. A launch that does not come to its end counts as one failure, with what is known printed. */
async function runSuite(host: TestHost, suite: HostSuite, testModule: string, grep?: string): Promise<Counts> {
  console.log(`\nhost suite ${suite.name}`);
  const scratch = await Scratch.make('host');
  const artifacts = path.join(root, 'artifacts/host', suite.name);
  await rm(artifacts, { recursive: true, force: true });
  const abort = new AbortController();
  const noise: string[] = [];
  const timeoutMs = suite.timeoutMs ?? defaultTimeoutMs;
  const timer = setTimeout(() => abort.abort(new Error(`no end after ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    const workspace = scratch.path('workspace');
    await mkdir(workspace);
    const plan: RunPlan = { suite: suite.name, grep, countsFile: scratch.path('counts.json') };
    await writeFile(scratch.path('plan.json'), JSON.stringify(plan));
    const status = await host.run(
      {
        suite,
        opened: await suite.open(workspace),
        scratch,
        extension: root,
        testModule,
        env: scratch.environment({ ...suite.env, [runPlanVariable]: scratch.path('plan.json') }),
        print: (line) => {
          const mark = line.indexOf(testLineMark);
          if (mark >= 0) console.log(line.slice(mark + testLineMark.length));
          else noise.push(line);
          if (mark < 0 && process.env.FIREBREAK_VERBOSE) console.log(line);
        },
      },
      abort.signal,
    );
    const counts: Counts = JSON.parse(await readFile(plan.countsFile, 'utf8').catch(() => 'null'));
    if (!counts) throw new Error(`VS Code ended the tests with ${status} before they were over`);
    if (status !== 0 && counts.failures === 0) throw new Error(`all tests passed, but VS Code ended with ${status}`);
    withoutSecrets(scratch, noise);
    if (counts.failures > 0) await keep(noise, scratch, artifacts);
    return counts;
  } catch (error) {
    console.error(`host suite ${suite.name} did not run to its end: ${error instanceof Error ? error.message : error}`);
    await keep(noise, scratch, artifacts);
    return { passes: 0, failures: 1, pending: 0 };
  } finally {
    clearTimeout(timer);
    await scratch.remove();
  }
}

/** The tests' own tokens must be nowhere: not in the data of VS Code, not in its logs, not in the workspace. */
function withoutSecrets(scratch: Scratch, noise: readonly string[]): void {
  assertNoSecrets(scratch.folder);
  if (holdsSecret(noise.join('\n'))) throw new Error('A token was printed to the console');
}

async function keep(noise: string[], scratch: Scratch, artifacts: string): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  await writeFile(path.join(artifacts, 'console.log'), noise.join('\n'));
  await keepLogs(scratch.path('server'), artifacts);
  console.error(`its logs: ${artifacts}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
main().then(
  // A handle that a browser left open must not keep the run from ending.
  (counts) => process.exit(counts.failures > 0 ? 1 : 0),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
