// Builds and packs the extension: `npm run package` makes firebreak-<version>.vsix in the project's folder.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, PackageManager } from '@vscode/vsce';
import { packageContents, root } from './package/contents.mjs';

const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = path.join(root, `${name}-${version}.vsix`);

// vsce runs `vscode:prepublish` first, which builds.
await createVSIX({
  cwd: root,
  packagePath: file,
  packageManager: PackageManager.None,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const contents = await packageContents();
for (const { name: inside, bytes } of contents) console.log(`${String(bytes).padStart(9)}  ${inside}`);
console.log(`${path.basename(file)}: ${contents.length} files, ${statSync(file).size} bytes packed`);
