import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Script } from 'node:vm';
import * as vscode from 'vscode';
import { NodeFiles } from '../../../src/adapters/node/nodeFiles.ts';
import { WorkspaceFiles } from '../../../src/adapters/vscode/workspaceFiles.ts';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { Reporter } from '../../../src/ui/reporter.ts';
import { OpenRoot, type OpenSession } from '../../../src/ui/session/openRoot.ts';
import { SyncStanding } from '../../../src/ui/sync/syncStanding.ts';
import { type BacklogNode, BacklogTree } from '../../../src/ui/views/backlogTree.ts';
import { eventually } from '../../host/default/support/eventually.ts';
import { memoryMemento } from '../../host/default/support/memento.ts';
import { greatest, median, timeOf } from '../statistics.ts';
import { measureIdle } from './idle.ts';
import { benchPlanVariable, type ChangeResult, type HostBenchPlan, type HostBenchResult } from './result.ts';

const rounds = 20;
const loads = 7;

/** What VS Code calls in its extension host. */
export async function run(): Promise<void> {
  const plan: HostBenchPlan = JSON.parse(readFileSync(process.env[benchPlanVariable] ?? '', 'utf8'));
  const result: HostBenchResult = {
    activate: await activationTime(plan.data),
    load: median(await measureLoads(plan)),
    compile: median(measureCompiles(plan.mainBundle)),
    change: plan.changes ? await inRoot(measureChanges) : undefined,
    idle: plan.idle ? await inRoot((session) => measureIdle(session)) : undefined,
  };
  writeFileSync(plan.resultFile, JSON.stringify(result));
}

async function activationTime(data: string): Promise<number> {
  await vscode.extensions.getExtension('firebreak.firebreak')?.activate();
  return eventually('the line of the log', async () => {
    const names = (await readdir(data, { recursive: true })).filter((name) => name.endsWith('Firebreak.log'));
    const texts = await Promise.all(names.map((name) => readFile(path.join(data, name), 'utf8')));
    const found = /Activated in ([\d.]+) ms/.exec(texts.join('\n'))?.[1];
    return found === undefined ? undefined : Number(found);
  });
}

/** A file of another name each time: node keeps what it has loaded. */
async function measureLoads({ mainBundle, copies }: HostBenchPlan): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < loads; round++) {
    const copy = path.join(copies, `extension-${round}.js`);
    copyFileSync(mainBundle, copy);
    times.push(await timeOf(() => require(copy)));
  }
  return times;
}

function measureCompiles(mainBundle: string): number[] {
  return Array.from({ length: loads }, (_, round) => {
    const start = performance.now();
    // Another text each time: the engine keeps what it has compiled.
    new Script(`// ${round}\n(function () {${readFileSync(mainBundle, 'utf8')}\n})`);
    return performance.now() - start;
  });
}

async function inRoot<T>(act: (session: OpenSession, root: OpenRoot) => Promise<T>): Promise<T> {
  const root = new OpenRoot(portsOf, new Reporter(silentLog, () => undefined), memoryMemento());
  try {
    await root.open();
    return await act(await root.require(), root);
  } finally {
    root.dispose();
  }
}

async function measureChanges(session: OpenSession, root: OpenRoot): Promise<ChangeResult> {
  const tree = new BacklogTree(root, memoryMemento(), new SyncStanding());
  try {
    const rowsOf = (nodes: readonly BacklogNode[]): number => {
      let rows = 0;
      for (const node of nodes) {
        const row = tree.getTreeItem(node);
        rows += 1;
        if (row.collapsibleState === vscode.TreeItemCollapsibleState.Expanded) rows += rowsOf(tree.getChildren(node));
      }
      return rows;
    };
    const wholeTree = await measureWholeTree(() => rowsOf(tree.getChildren()));
    /** Asks as VS Code does: for the rows that were told, or for all. */
    const ask = () =>
      new Promise<void>((resolve) => {
        const listening = tree.onDidChangeTreeData((nodes) => {
          listening.dispose();
          rowsOf(nodes ?? tree.getChildren());
          resolve();
        });
      });
    const { refresh, raw } = await measureRefreshes(session, ask);
    const fromDisk = await measureFromDisk(session, ask);
    return {
      refresh: median(refresh),
      greatest: greatest(refresh),
      fromDisk: median(fromDisk),
      wholeTree,
      rawRead: median(raw),
    };
  } finally {
    tree.dispose();
  }
}

async function measureWholeTree(showAll: () => number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push(
      await timeOf(() => {
        if (showAll() < 2) throw new Error('The tree is empty.');
      }),
    );
  }
  return median(times);
}

/** The index is told of each change at once, so that no watcher is in what is measured. */
async function measureRefreshes(session: OpenSession, ask: () => Promise<void>) {
  const refresh: number[] = [];
  const raw: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { file, relative } = await changeOne(session, round);
    const rawTime = await timeOf(() => readFile(file));
    const time = await timeOf(async () => {
      const shown = ask();
      await session.index.refresh([relative]);
      await shown;
    });
    // The first round warms the compiler.
    if (round === 0) continue;
    refresh.push(time);
    raw.push(rawTime);
    // What the watcher tells later must find nothing new, and not fall into the next round.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return { refresh, raw };
}

async function measureFromDisk(session: OpenSession, ask: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push(
      await timeOf(async () => {
        const shown = ask();
        await changeOne(session, rounds + 1 + round);
        await shown;
      }),
    );
  }
  return times;
}

/** Gives one item that is in an open group another title, on disk. */
async function changeOne(session: OpenSession, round: number): Promise<{ file: string; relative: string }> {
  const open = session.index.items().filter((item) => !item.incident && item.status !== 'done');
  const item = open[(round * 7919) % open.length];
  if (!item) throw new Error('The backlog is empty.');
  const file = path.join(session.root.uri.fsPath, ...item.path.split('/'));
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^title: .*$/m, `title: "Round ${round} of ${item.id}"`));
  return { file, relative: item.path };
}

async function portsOf(root: vscode.Uri) {
  return {
    files: new WorkspaceFiles(new NodeFiles(root.fsPath), root),
    privateFiles: undefined,
    origin: randomBytes(3).toString('hex'),
    now: Date.now,
    random: Math.random,
    log: silentLog,
    git: async () => undefined,
    fallbackAuthor: 'Ada Example',
  };
}
