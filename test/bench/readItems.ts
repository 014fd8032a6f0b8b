// What the index costs beside the disk: npx tsx test/bench/readItems.ts [items…]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { NodeFiles } from '../../src/adapters/node/nodeFiles.ts';
import { silentLog } from '../../src/core/ports/environment.ts';
import { newItem } from '../../src/documents/itemDocument.ts';
import { inParallel } from '../../src/store/inParallel.ts';
import { WorkspaceIndex } from '../../src/store/workspaceIndex.ts';

/** Times in milliseconds, each the median of several runs. */
export interface ReadItemsResult {
  readonly items: number;
  /** Reading the bytes of the same files, as many at a time. */
  readonly rawRead: number;
  /** `WorkspaceIndex.load()` of a new index. */
  readonly load: number;
  /** `load` in units of `rawRead`. */
  readonly ratio: number;
  /** From a changed file to what listeners are told. */
  readonly refresh: number;
}

const rounds = 5;
/** Of one item's file, front matter included. */
const itemBytes = 1_500;

/**
 * Measures loading a folder of items of about 1.5 KB against a raw read of the same files, taking turns so that both meet
 * the same machine; and taking in one changed file.
 */
export async function measureReadItems(items: number): Promise<ReadItemsResult> {
  const root = mkdtempSync(path.join(tmpdir(), 'firebreak-bench-'));
  try {
    const paths = writeItems(root, items);
    const raw: number[] = [];
    const loads: number[] = [];
    const refreshes: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const rawTime = await timeOf(() =>
        inParallel(paths, async (name) => void (await readFile(path.join(root, name)))),
      );
      const index = new WorkspaceIndex({ files: new NodeFiles(root), log: silentLog });
      const loadTime = await timeOf(() => index.load());
      if (index.items().length !== items || index.problems().length > 0) throw new Error('The items were not read.');
      const refreshTime = await timeRefresh(root, index, paths[(round * 7919) % items] ?? '', round);
      // The first round warms the disk's cache and the compiler.
      if (round === 0) continue;
      raw.push(rawTime);
      loads.push(loadTime);
      refreshes.push(refreshTime);
    }
    const [rawRead, load] = [median(raw), median(loads)];
    return { items, rawRead, load, ratio: load / rawRead, refresh: median(refreshes) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeItems(root: string, items: number): string[] {
  mkdirSync(path.join(root, 'backlog'));
  const paths: string[] = [];
  for (let number = 0; number < items; number++) {
    const name = `backlog/BUG-P${number % 5}-20250923-1015-${number}.md`;
    writeFileSync(path.join(root, name), itemText(number, ''));
    paths.push(name);
  }
  return paths;
}

function itemText(number: number, note: string): string {
  const body = `${note}What happens, what should happen, and how to see it. `.repeat(30);
  return newItem({
    id: `BUG-P${number % 5}-20250923-1015-${number}`,
    uid: `01K5V7M3QZ8W4T2N6R${String(number).padStart(8, '0')}`,
    title: `Login times out for SSO users of region ${number}`,
    type: 'bug',
    date: '2025-09-23',
    tags: ['auth', 'sso', `region-${number}`],
    severity: 'P2',
    status: 'ready',
    owner: '@alice',
    github: `acme/shop#${number + 1}`,
    body,
  }).slice(0, itemBytes);
}

async function timeRefresh(root: string, index: WorkspaceIndex, name: string, round: number): Promise<number> {
  const number = Number(/(\d+)\.md$/.exec(name)?.[1]);
  writeFileSync(path.join(root, name), itemText(number, `Round ${round}. `));
  let told = false;
  const listener = index.onDidChange(() => {
    told = index.items().length > 0;
  });
  const time = await timeOf(() => index.refresh([name]));
  listener.dispose();
  if (!told) throw new Error('The change was not noticed.');
  return time;
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

async function main(sizes: readonly number[]): Promise<void> {
  console.log('  items   raw read       load   ratio   one changed file');
  for (const items of sizes) {
    const { rawRead, load, ratio, refresh } = await measureReadItems(items);
    const cells = [
      `${rawRead.toFixed(0)} ms`.padStart(10),
      `${load.toFixed(0)} ms`.padStart(10),
      ratio.toFixed(1).padStart(7),
    ];
    console.log(`${String(items).padStart(7)} ${cells.join(' ')} ${`${refresh.toFixed(1)} ms`.padStart(18)}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sizes = process.argv.slice(2).map(Number);
  void main(sizes.length > 0 ? sizes : [1_000, 10_000]);
}
