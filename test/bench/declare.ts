import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NodeFiles } from '../../src/adapters/node/nodeFiles.ts';
import { openPrivateState, originOf } from '../../src/adapters/node/privateState.ts';
import { silentLog } from '../../src/core/ports/environment.ts';
import { declareIncident } from '../../src/services/declareIncident.ts';
import { openSession } from '../../src/services/session.ts';
import { greatest, median, timeOf } from './statistics.ts';
import { benchWorkspace } from './workspace.ts';
import { writeBare } from './writeBare.ts';

const rounds = 20;
const minuteMs = 60_000;
/** 2026-03-02T09:00:00Z. */
const start = Date.UTC(2026, 2, 2, 9);

export interface DeclareResult {
  readonly items: number;
  /** Milliseconds from Enter to the files on disk and in the index. */
  readonly median: number;
  readonly greatest: number;
  /** The median of writing the same files with nothing around it, each flushed to the disk. */
  readonly bare: number;
  readonly bareGreatest: number;
  readonly files: number;
}

/**
 * Declares P0s in a workspace of so many items: journal, tree and index, as in the editor. Takes turns with writing the
 * same files bare, so that both meet the same machine.
 */
export async function measureDeclare(items: number): Promise<DeclareResult> {
  const workspace = await benchWorkspace(items);
  try {
    const state = await openPrivateState(workspace.folder, path.join(workspace.folder, '.state'));
    let now = start;
    const session = openSession({
      files: new NodeFiles(workspace.folder),
      privateFiles: state.files,
      origin: await originOf(state),
      now: () => now,
      random: () => 0.5,
      log: silentLog,
      git: async () => undefined,
      fallbackAuthor: 'Ada Example',
    });
    await session.index.load();
    const times: number[] = [];
    const bareTimes: number[] = [];
    let files = 0;
    for (let round = 0; round <= rounds; round++) {
      now += minuteMs;
      let folder = '';
      const time = await timeOf(async () => {
        const incident = await declareIncident(session.context, {
          title: `Checkout is down, round ${round}`,
          severity: 'P0',
          criteria: ['production-down'],
          commander: '@ada',
          impact: 'All users of the shop.',
        });
        folder = incident.incident.folder;
      });
      const written = await textsIn(path.join(workspace.folder, folder));
      files = written.size;
      const bare = await timeOf(() => writeBare(path.join(workspace.folder, 'bare', String(round)), written));
      // The first round warms the compiler.
      if (round === 0) continue;
      times.push(time);
      bareTimes.push(bare);
    }
    return {
      items,
      median: median(times),
      greatest: greatest(times),
      bare: median(bareTimes),
      bareGreatest: greatest(bareTimes),
      files,
    };
  } finally {
    await workspace.remove();
  }
}

/** Of the documents below a folder, by path. */
export async function textsIn(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.endsWith('.md')) texts.set(name, await readFile(path.join(folder, name), 'utf8'));
  }
  return texts;
}
