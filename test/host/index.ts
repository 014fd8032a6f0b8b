import { specs } from 'firebreak:host-specs';
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { type Counts, type RunPlan, runPlanVariable, testLineMark } from './harness/runPlan.ts';

/**
 * What VS Code calls to run the tests of one suite in its extension host.
 * @throws Error when a test failed, which makes VS Code end with a status other than 0
 */
export async function run(): Promise<void> {
  const planFile = process.env[runPlanVariable];
  if (!planFile) throw new Error(`${runPlanVariable} is not set: start the host tests with npm test -- --only host.`);
  const plan: RunPlan = JSON.parse(readFileSync(planFile, 'utf8'));
  const { default: Mocha } = await import('mocha');
  // The console is shared with VS Code and all extensions, so the tests' own lines carry a mark.
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    for (const line of format(...args).split('\n')) console.log(testLineMark + line);
  };
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    color: false,
    reporter: 'spec',
    forbidOnly: true,
    forbidPending: true,
  });
  if (plan.grep) mocha.fgrep(plan.grep);
  for (const [file, load] of Object.entries(specs[plan.suite] ?? {})) {
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    load();
  }
  const counts = await new Promise<Counts>((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passes, failures, pending });
    });
  });
  writeFileSync(plan.countsFile, JSON.stringify(counts));
  if (counts.failures > 0) throw new Error(`${counts.failures} failed`);
}
