// What goes into the extension's package. Needs the project's packages (vsce) and its built files.
import { cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles, PackageManager } from '@vscode/vsce';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const allowed =
  /^(dist|media|schemas|snippets|syntaxes|l10n)\/|^(package\.json|package\.nls(\.[\w-]+)?\.json|README\.md|CHANGELOG\.md|LICENSE)$/i;

/**
 * The files of the package, relative to the project and sorted, with their sizes in bytes.
 * @throws Error when one is there that does not belong there, or one that the extension needs is missing
 */
export async function packageContents() {
  const names = (await listFiles({ cwd: root, packageManager: PackageManager.None })).sort();
  const strangers = names.filter((name) => !allowed.test(name));
  if (strangers.length > 0) throw new Error(`These files do not belong into the package: ${strangers.join(', ')}`);
  for (const needed of ['package.json', 'LICENSE', 'dist/extension.js']) {
    if (!names.includes(needed)) throw new Error(`${needed} is missing. Build first: npm run build`);
  }
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(path.join(root, name))).size })));
}

/**
 * Copies what the package would hold to a folder, as VS Code unpacks an installed extension.
 * @returns the folder
 */
export async function stageExtension(folder) {
  for (const { name } of await packageContents()) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(path.join(root, name), target);
  }
  return folder;
}
