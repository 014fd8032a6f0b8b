import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Fetches a package of the registry into a temporary folder, reads it there, and deletes it: for what is too big to depend on.
 * @template T
 * @param {string} name
 * @param {string} version
 * @param {(folder: string) => Promise<T>} read gets the folder of the package
 * @returns {Promise<T>}
 */
export async function withNpmPackage(name, version, read) {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-package-'));
  try {
    await writeFile(path.join(folder, 'package.json'), '{"private":true}');
    const onWindows = process.platform === 'win32';
    await promisify(execFile)(
      onWindows ? 'npm.cmd' : 'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`],
      { cwd: folder, shell: onWindows },
    );
    return await read(path.join(folder, 'node_modules', name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
