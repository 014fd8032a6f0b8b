import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assertNoSecrets, type LegitimatePlace } from '../../../support/secretScan.ts';

/** A new empty folder for the tests of one `describe`, gone after each test; one with a token left in it fails the test. */
export function temporaryFolder(legitimate: readonly LegitimatePlace[] = []): {
  readonly path: string;
  at(...names: string[]): string;
} {
  let folder = '';
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'firebreak-unit-')));
  });
  afterEach(async () => {
    try {
      assertNoSecrets(folder, legitimate);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  return {
    get path() {
      return folder;
    },
    at: (...names) => path.join(folder, ...names),
  };
}
