import { lstat } from 'node:fs/promises';
import { type BytePath, nulFields, quotedLines, systemPath } from './bytePath.ts';
import { succeedOnIndex } from './operation.ts';
import { fromTop, pathspecs, succeed, type WorkTree } from './workTree.ts';

/** A file of a tree of git's. */
export interface TreeFile {
  readonly mode: string;
  readonly object: string;
  readonly path: BytePath;
}

const regularFile = /^100/;

/**
 * Files below these paths that came into being in `incoming` after `base`, and of which an untracked copy stands here
 * with the same content: as git would store it, so line ends and filters make no difference.
 * @param base undefined when nothing is common, before the first commit
 */
export async function equalCopies(
  tree: WorkTree,
  paths: readonly string[],
  base: string | undefined,
  incoming: string,
): Promise<TreeFile[]> {
  const specs = pathspecs(fromTop(tree, paths));
  const untracked = new Set(
    nulFields((await succeed(tree.git, ['ls-files', '--others', '-z', '--', ...specs])).stdout),
  );
  if (untracked.size === 0) return [];
  const added = await (base === undefined ? allFiles(tree, incoming, specs) : addedFiles(tree, base, incoming, specs));
  const candidates: TreeFile[] = [];
  for (const file of added) {
    if (!regularFile.test(file.mode) || !untracked.has(file.path)) continue;
    const found = await lstat(systemPath(tree.git.folder, file.path)).catch(() => undefined);
    if (found?.isFile()) candidates.push(file);
  }
  if (candidates.length === 0) return [];
  const hashed = await tree.git.run(['hash-object', '--stdin-paths'], {
    input: quotedLines(candidates.map((file) => file.path)),
  });
  // A file went meanwhile, or a filter refused one: then none counts as equal, and all are committed as they are.
  if (hashed.code !== 0) return [];
  const objects = hashed.stdout.toString('latin1').split('\n');
  return candidates.filter((file, index) => file.object === objects[index]);
}

/**
 * Puts the incoming files into the index in place of the untracked copies. The merge then finds them there already, and
 * nothing on disk is touched: no moment at which a crash could lose a copy.
 */
export async function adopt(tree: WorkTree, files: readonly TreeFile[]): Promise<void> {
  if (files.length === 0) return;
  const entries = files.map((file) => `${file.mode} ${file.object} 0\t${file.path}\0`).join('');
  await succeedOnIndex(tree, ['update-index', '-z', '--index-info'], { input: Buffer.from(entries, 'latin1') });
}

/** Takes back what {@link adopt} did. */
export async function disown(tree: WorkTree, files: readonly TreeFile[]): Promise<void> {
  if (files.length === 0) return;
  const paths = Buffer.from(files.map((file) => `${file.path}\0`).join(''), 'latin1');
  await succeedOnIndex(tree, ['update-index', '--force-remove', '-z', '--stdin'], { input: paths });
}

async function addedFiles(
  tree: WorkTree,
  base: string,
  incoming: string,
  specs: readonly string[],
): Promise<TreeFile[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--diff-filter=A', base, incoming, '--', ...specs];
  const fields = nulFields((await succeed(tree.git, args)).stdout);
  const files: TreeFile[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    // `:000000 100644 0000… 1234… A`
    const [, mode = '', , object = ''] = (fields[index] ?? '').split(' ');
    files.push({ mode, object, path: fields[index + 1] as BytePath });
  }
  return files;
}

async function allFiles(tree: WorkTree, commit: string, specs: readonly string[]): Promise<TreeFile[]> {
  const { stdout } = await succeed(tree.git, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...specs]);
  return nulFields(stdout).map((entry) => {
    // `100644 blob 1234…<tab>path`
    const end = entry.indexOf('\t');
    const [mode = '', , object = ''] = entry.slice(0, end).split(' ');
    return { mode, object, path: entry.slice(end + 1) as BytePath };
  });
}
