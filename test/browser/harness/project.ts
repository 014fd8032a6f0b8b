import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: the extension under test. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Pictures and logs of test runs; outside git. */
export const artifacts = path.join(root, 'artifacts');

/** Publisher and name, as VS Code knows the extension. */
export const extensionId = 'firebreak.firebreak';

/**
 * The package that `npm run package` made.
 * @throws Error when there is none
 */
export function packedExtension(): string {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, `${name}-${version}.vsix`);
  if (!existsSync(file)) throw new Error(`${file} is not there: make it with npm run package.`);
  return file;
}
