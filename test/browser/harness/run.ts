// Runs the browser flows:  node --import tsx test/browser/harness/run.ts [--grep TEXT] [--counts FILE] [FILE…]
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { ensureChromium } from '../../../scripts/host/chromium.mjs';
import { ensureHost } from '../../../scripts/host/install.mjs';
import { artifacts, root } from './project.ts';

/** A flow of many steps through a real window, on a machine that does other things as well. */
const testTimeoutMs = 120_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { grep: { type: 'string' }, counts: { type: 'string' } },
    allowPositionals: true,
  });
  const folder = path.join(root, 'test/browser');
  const found = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.test.ts')).sort();
  const files = positionals.length > 0 ? positionals : found.map((name) => path.join(folder, name));
  await ensureHost();
  await ensureChromium();
  await rm(path.join(artifacts, 'failures'), { recursive: true, force: true });
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: testTimeoutMs,
    reporter: 'spec',
    forbidOnly: true,
    forbidPending: true,
  });
  if (values.grep) mocha.fgrep(values.grep);
  for (const file of files) mocha.addFile(path.resolve(file));
  await mocha.loadFilesAsync();
  const counts = await new Promise<{ passes: number; failures: number; pending: number }>((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passes, failures, pending });
    });
  });
  if (values.counts) await writeFile(values.counts, JSON.stringify(counts));
  return counts.failures;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
main().then(
  (failures) => process.exit(failures > 0 ? 1 : 0),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
