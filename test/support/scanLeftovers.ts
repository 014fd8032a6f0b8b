// The last stage of npm test: what the others left for people to look at, and what is shipped, holds no token.
//   node --import tsx test/support/scanLeftovers.ts [FOLDER…]
import { existsSync } from 'node:fs';
import path from 'node:path';
import { filesWithSecrets } from './secretScan.ts';

const root = path.join(import.meta.dirname, '../..');
const given = process.argv.slice(2);
const folders = given.length > 0 ? given : ['artifacts', 'dist'].map((name) => path.join(root, name));
let found = 0;
for (const folder of folders.filter(existsSync)) {
  for (const file of filesWithSecrets(folder)) {
    console.error(`A token was left in ${path.join(folder, file)}`);
    found += 1;
  }
}
console.log(found === 0 ? 'no token in any of what was left' : `${found} files with tokens`);
process.exitCode = found === 0 ? 0 : 1;
