import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];

/** A new and empty folder that is removed at the end of the run. Its real path: VS Code compares paths as text. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'fb-flow-')));
  made.push(folder);
  return folder;
}

after('remove temporary folders', async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});
