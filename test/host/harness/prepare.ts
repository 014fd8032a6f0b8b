// Makes everything ready for the host tests to run under a debugger (F5, "Host Tests"): the bundle of the tests, a fresh
// workspace, and the plan to run the default suite.  node --import tsx test/host/harness/prepare.ts
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suites } from '../suites.ts';
import { bundleHostTests, specFiles } from './bundle.ts';
import type { RunPlan } from './runPlan.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const out = path.join(root, 'out/test/host');

async function main(): Promise<void> {
  const suite = suites.find((candidate) => candidate.name === 'default');
  if (!suite) throw new Error('There is no host suite "default".');
  await bundleHostTests(root, await specFiles(path.join(root, 'test/host'), suites));
  const workspace = path.join(out, 'workspace');
  await rm(workspace, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  const opened = await suite.open(workspace);
  // .vscode/launch.json opens this folder.
  if (!('folder' in opened) || opened.folder !== path.join(workspace, 'shop'))
    throw new Error('launch.json opens another folder.');
  const plan: RunPlan = { suite: suite.name, countsFile: path.join(out, 'counts.json') };
  await writeFile(path.join(out, 'plan.json'), JSON.stringify(plan));
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
