import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { SyncWorld, tokenOf } from '../../unit/services/sync/syncWorld.ts';
import { openIssues } from './filledRepository.ts';
import type { ImportTaskResult } from './importTask.ts';

export interface ImportTime {
  readonly issues: number;
  readonly imported: ImportTaskResult;
  /** Getting the same pages by bare `fetch`. */
  readonly fetched: ImportTaskResult;
}

const run = promisify(execFile);

/** Imports so many issues from a GitHub on loopback, and gets the same pages bare, each in a process of its own. */
export async function measureImport(root: string, issues: number): Promise<ImportTime> {
  const world = await SyncWorld.start({ strict: false });
  try {
    openIssues(world, issues);
    const measure = async (task: 'import' | 'fetch'): Promise<ImportTaskResult> => {
      const script = path.join(root, 'test/bench/sync/importTask.ts');
      const given = ['--import', 'tsx', script, task, world.gitHub.url, tokenOf('alice')];
      const { stdout } = await run(process.execPath, given, { cwd: root });
      const result: ImportTaskResult = JSON.parse(stdout);
      if (result.issues !== issues) throw new Error(`${task}: ${result.issues} of ${issues} issues.`);
      return result;
    };
    // The first time warms the server.
    await measure('fetch');
    const fetched = await measure('fetch');
    return { issues, fetched, imported: await measure('import') };
  } finally {
    await world.stop();
  }
}
