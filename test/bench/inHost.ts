import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { chooseTestHost } from '../../scripts/host/choose.mjs';
import { Scratch } from '../../scripts/host/scratch.ts';
import { ElectronTestHost } from '../host/harness/electronTestHost.ts';
import type { TestHost } from '../host/harness/launch.ts';
import { makeRepository } from '../host/harness/repository.ts';
import { ServerTestHost } from '../host/harness/serverTestHost.ts';
import { benchPlanVariable, type HostBenchPlan, type HostBenchResult } from './host/result.ts';
import { fill } from './workspace.ts';

const limitMs = 600_000;

/** Measures in the extension hosts of real VS Codes, one for each number of items, one after the other. */
export async function measureInHost(root: string, sizes: readonly number[]): Promise<Map<number, HostBenchResult>> {
  const out = path.join(root, 'out/bench');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const testModule = path.join(out, 'index.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/bench/host/index.ts'],
    outfile: testModule,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    external: ['vscode'],
  });
  const { kind, why, executable } = await chooseTestHost();
  console.error(`host: ${kind === 'electron' ? 'desktop VS Code' : 'VS Code server in Chromium'} (${why})`);
  const host: TestHost = executable ? new ElectronTestHost(executable) : await ServerTestHost.start();
  const results = new Map<number, HostBenchResult>();
  try {
    for (const items of sizes) {
      console.error(`${items} items in VS Code`);
      results.set(items, await launch(host, root, out, testModule, items));
    }
  } finally {
    await host.close();
  }
  return results;
}

async function launch(
  host: TestHost,
  root: string,
  out: string,
  testModule: string,
  items: number,
): Promise<HostBenchResult> {
  const scratch = await Scratch.make('bench');
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no end after ${limitMs / 1000} s`)), limitMs);
  const printed: string[] = [];
  try {
    const folder = scratch.path('shop');
    await makeRepository(folder, { 'README.md': '# Shop\n' });
    await fill(folder, items);
    const copies = path.join(out, `copies-${items}`);
    await mkdir(copies, { recursive: true });
    const plan: HostBenchPlan = {
      mainBundle: path.join(root, 'dist/extension.js'),
      copies,
      data: scratch.folder,
      changes: items > 0,
      idle: items === 0,
      resultFile: scratch.path('result.json'),
    };
    await writeFile(scratch.path('plan.json'), JSON.stringify(plan));
    const status = await host.run(
      {
        suite: { name: 'bench', open: async () => ({ folder }) },
        opened: { folder },
        scratch,
        extension: root,
        testModule,
        env: scratch.environment({ [benchPlanVariable]: scratch.path('plan.json') }),
        print: (line) => printed.push(line),
      },
      abort.signal,
    );
    if (status !== 0) throw new Error(`VS Code ended with ${status}:\n${printed.slice(-30).join('\n')}`);
    return JSON.parse(await readFile(plan.resultFile, 'utf8'));
  } finally {
    clearTimeout(timer);
    await scratch.remove();
  }
}
