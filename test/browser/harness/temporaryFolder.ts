import { rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesWithSecrets } from '../../support/secretScan.ts';

const made: string[] = [];

/** A new and empty folder that is removed at the end of the run. Its real path: VS Code compares paths as text. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'fb-flow-')));
  made.push(folder);
  return folder;
}

// At the very end, also of a run that is interrupted: windows that are open until then may still write.
process.once('exit', () => {
  for (const folder of made) {
    for (const file of filesWithSecrets(folder)) {
      console.error(`A token was left in ${path.join(folder, file)}`);
      process.exitCode = 1;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
