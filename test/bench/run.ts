// What Firebreak costs, beside a limit or a peer: node --import tsx test/bench/run.ts [part…] [--no-host] [--json FILE]
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureDeclare } from './declare.ts';
import type { IdleResult } from './host/result.ts';
import { measureInHost } from './inHost.ts';
import { maskingRows } from './masking.ts';
import { panelRows } from './panel.ts';
import { measureReadItems } from './readItems.ts';
import { count, milliseconds, type Row } from './row.ts';
import { syncRows } from './sync/rows.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const mainBundleLimitBytes = 300_000;
/** What can be measured, in the order of the table; all of it unless parts are named. */
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  bundle: async () => [bundleRow()],
  host: hostRows,
  declare: async () => {
    const rows: Row[] = [];
    for (const items of [0, 1_000, 10_000]) rows.push(await declareRow(items));
    return rows;
  },
  read: async () => {
    const rows: Row[] = [];
    for (const items of [1_000, 10_000]) rows.push(...(await readRows(items)));
    return rows;
  },
  masking: maskingRows,
  panel: panelRows,
  sync: () => syncRows(root),
};

async function main(): Promise<void> {
  const options = { 'no-host': { type: 'boolean' }, json: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}: ${Object.keys(parts).join(', ')}`);
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    const isWanted = positionals.length === 0 ? !(name === 'host' && values['no-host']) : positionals.includes(name);
    if (isWanted) rows.push(...(await measure()));
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`;
  console.log(`\n${machine}\n\n${table(rows)}`);
  if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
}

function bundleRow(): Row {
  const bytes = statSync(path.join(root, 'dist/extension.js')).size;
  return {
    what: 'main bundle',
    measured: `${count(bytes)} bytes`,
    beside: `limit ${count(mainBundleLimitBytes)}`,
    ratio: bytes / mainBundleLimitBytes,
  };
}

async function hostRows(): Promise<Row[]> {
  const results = await measureInHost(root, [0, 1_000, 10_000]);
  const rows: Row[] = [];
  const bare = results.get(0);
  for (const [items, { activate, load, compile }] of results) {
    rows.push({
      what: `activate(), ${count(items)} items in the folder`,
      measured: milliseconds(activate),
      beside: `with none ${milliseconds(bare?.activate ?? activate)}`,
      ratio: activate / (bare?.activate ?? activate),
    });
    if (items > 0) continue;
    rows.push({
      what: 'loading the main bundle',
      measured: milliseconds(load),
      beside: `read and compiled only ${milliseconds(compile)}`,
      ratio: load / compile,
    });
  }
  if (bare?.idle) rows.push(...idleRows(bare.idle));
  for (const [items, { change }] of results) {
    if (!change) continue;
    rows.push(
      {
        what: `one changed file to the tree's rows, ${count(items)} items`,
        measured: `${milliseconds(change.refresh)}, at most ${milliseconds(change.greatest)}`,
        beside: `reading the file ${milliseconds(change.rawRead)}`,
        ratio: change.refresh / change.rawRead,
      },
      {
        what: `  the same beside all rows anew, ${count(items)} items`,
        measured: milliseconds(change.refresh),
        beside: `all rows ${milliseconds(change.wholeTree)}`,
        ratio: change.refresh / change.wholeTree,
      },
      {
        what: `  the same from the write on disk, ${count(items)} items`,
        measured: milliseconds(change.fromDisk),
        beside: `told at once ${milliseconds(change.refresh)}`,
        ratio: change.fromDisk / change.refresh,
      },
    );
  }
  return rows;
}

function idleRows({ none, open }: IdleResult): Row[] {
  const perMinute = (number: number) => `${number.toFixed(1)} a minute`;
  return [
    {
      what: "timers of Firebreak's that go off while nobody does anything: a P0 open, its panel shown",
      measured: perMinute(open.wakeUps),
      beside: `no incident open ${perMinute(none.wakeUps)}`,
      ratio: undefined,
    },
    {
      what: '  the extension host, milliseconds of a processor a minute',
      measured: milliseconds(open.processor),
      beside: `no incident open ${milliseconds(none.processor)}`,
      ratio: open.processor / none.processor,
    },
  ];
}

async function declareRow(items: number): Promise<Row> {
  console.error(`declaring beside ${items} items`);
  const result = await measureDeclare(items);
  return {
    what: `Enter to files on disk, ${count(items)} items`,
    measured: `${milliseconds(result.median)}, at most ${milliseconds(result.greatest)}`,
    beside: `${result.files} files bare, fsync ${milliseconds(result.bare)}, at most ${milliseconds(result.bareGreatest)}`,
    ratio: result.median / result.bare,
  };
}

async function readRows(items: number): Promise<Row[]> {
  console.error(`reading ${items} items`);
  const { load, rawRead, ratio, refresh } = await measureReadItems(items);
  return [
    {
      what: `reading ${count(items)} items`,
      measured: milliseconds(load),
      beside: `raw read ${milliseconds(rawRead)}`,
      ratio,
    },
    {
      what: `one changed file to the index, ${count(items)} items`,
      measured: milliseconds(refresh),
      beside: `reading all ${milliseconds(load)}`,
      ratio: refresh / load,
    },
  ];
}

function table(rows: readonly Row[]): string {
  const cells = [
    ['', 'measured', 'beside', 'ratio'],
    ...rows.map(({ what, measured, beside, ratio }) => [what, measured, beside, ratio?.toPrecision(2) ?? '']),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
