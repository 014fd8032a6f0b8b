import type { Stats } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAbsence } from './fileFault.ts';

/** The repository that a folder stands in. All paths are absolute, links resolved. */
export interface GitFolder {
  readonly workTree: string;
  /** `HEAD`, the index and what is under way: of this work tree alone. */
  readonly gitDir: string;
  /** What all work trees of the clone share. */
  readonly commonDir: string;
}

/** What a `.git` file says is one short line; anything larger is something else. */
const pointerLimitBytes = 16_384;

/**
 * Finds the repository by reading files as git does, without running git, upward from a folder. A linked work tree and
 * a submodule have a `.git` file that says where the git folder is; when it leads nowhere, git refuses the folder, and
 * so this says undefined. So it does for a folder inside a git folder, and where something may not be read.
 */
export async function findGitFolder(folder: string): Promise<GitFolder | undefined> {
  try {
    const start = await realpath(folder);
    for (let workTree = start; ; workTree = path.dirname(workTree)) {
      const found = await at(workTree);
      if (found === 'broken') return undefined;
      if (found) return isWithin(found.gitDir, start) || isWithin(found.commonDir, start) ? undefined : found;
      if (workTree === path.dirname(workTree)) return undefined;
    }
  } catch {
    // No right to read, a ring of links: Firebreak works without a repository then, as it does where there is none.
    return undefined;
  }
}

async function at(workTree: string): Promise<GitFolder | 'broken' | undefined> {
  const dotGit = path.join(workTree, '.git');
  const found = await stat(dotGit).catch(undefinedWhenAbsent);
  if (!found) return undefined;
  if (found.isDirectory()) return gitFolder(workTree, dotGit);
  return (found.isFile() && (await pointedTo(workTree, dotGit, found))) || 'broken';
}

async function pointedTo(workTree: string, dotGit: string, found: Stats): Promise<GitFolder | undefined> {
  if (found.size > pointerLimitBytes) return undefined;
  const target = /^gitdir: (.+?)[\r\n]*$/s.exec(await readFile(dotGit, 'utf8'))?.[1];
  return target === undefined ? undefined : gitFolder(workTree, path.resolve(workTree, target));
}

/** What git asks of a git folder: a HEAD, and objects and refs in it or in the one that it shares. */
async function gitFolder(workTree: string, dotGit: string): Promise<GitFolder | undefined> {
  const gitDir = await realpath(dotGit).catch(undefinedWhenAbsent);
  if (gitDir === undefined || !(await isHead(path.join(gitDir, 'HEAD')))) return undefined;
  const commonDir = await commonFolder(gitDir);
  if (commonDir === undefined) return undefined;
  const parts = await Promise.all(
    ['objects', 'refs'].map((name) => stat(path.join(commonDir, name)).catch(undefinedWhenAbsent)),
  );
  return parts.every((part) => part?.isDirectory()) ? { workTree, gitDir, commonDir } : undefined;
}

async function commonFolder(gitDir: string): Promise<string | undefined> {
  const pointer = await readFile(path.join(gitDir, 'commondir'), 'utf8').catch(undefinedWhenAbsent);
  if (pointer === undefined) return gitDir;
  return realpath(path.resolve(gitDir, pointer.replace(/[\r\n]+$/, ''))).catch(undefinedWhenAbsent);
}

async function isHead(file: string): Promise<boolean> {
  const found = await lstat(file).catch(undefinedWhenAbsent);
  if (found?.isSymbolicLink()) return true;
  if (!found?.isFile() || found.size > pointerLimitBytes) return false;
  return /^(?:ref: *refs\/|[0-9a-f]{40}(?:[0-9a-f]{24})?\s*$)/.test(await readFile(file, 'utf8'));
}

function isWithin(folder: string, candidate: string): boolean {
  return candidate === folder || candidate.startsWith(folder + path.sep);
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (!isAbsence(error)) throw error;
}
