import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { FirebreakError } from '../core/errors.ts';

const marks = ['backlog', 'incidents', 'incident-policy.yml', '.firebreak'];

/**
 * The root folder: the one given, else the nearest from here upwards that holds any of Firebreak's own things, else the
 * top of the git work tree, else here. Nothing above a work tree is looked at: what is there belongs to somebody else.
 * @param given with `--root`, relative to `from`
 * @throws FirebreakError `noFolder`
 */
export function findRootFolder(given: string | undefined, from: string): string {
  if (given !== undefined) {
    const folder = path.resolve(from, given);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
    throw new FirebreakError('noFolder', `There is no folder ${folder}: make it, or name another with --root.`);
  }
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (marks.some((mark) => existsSync(path.join(folder, mark)))) return folder;
    if (existsSync(path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return path.resolve(from);
  }
}
