import { lstat } from 'node:fs/promises';
import { FirebreakError } from '../../core/errors.ts';
import { isTemporaryName } from '../../core/temporaryName.ts';
import { type BytePath, nulFields, nulList, pathspecList, systemPath } from './bytePath.ts';
import { gitFailed, lastLine } from './gitFailure.ts';
import type { GitResult } from './gitProcess.ts';
import { refuseDuringOperation, runOnIndex, succeedOnIndex } from './operation.ts';
import { fromTop, pathspecs, resolve, succeed, unexpected, type WorkTree } from './workTree.ts';

interface Change {
  readonly path: BytePath;
  readonly untracked: boolean;
}

/** So many paths fit on a command line of any system. */
const pathsAtOnce = 100;
const pathspecsFromInput = ['--pathspec-from-file=-', '--pathspec-file-nul'];
/** How often all is looked at again because something came between. */
const attempts = 5;

/**
 * Commits what is below these paths as it is in the work tree: changed, deleted and untracked files, no ignored ones, no
 * submodules and no repositories inside. Whatever else is staged stays staged as it is, in part or whole.
 * @param paths relative to the root; one where nothing is counts for nothing
 * @param except paths that are left out
 * @returns how many files were committed
 * @throws FirebreakError `gitBusy`, `gitFailed`; the index is then as it was
 */
export async function commitPaths(
  tree: WorkTree,
  paths: readonly string[],
  message: string,
  except: ReadonlySet<BytePath> = new Set(),
): Promise<number> {
  const announced = new Set<BytePath>();
  try {
    for (let attempt = 1; ; attempt++) {
      const [found] = await Promise.all([changesUnder(tree, paths), refuseDuringOperation(tree)]);
      const changes = found.filter((change) => !except.has(change.path));
      const failure = await commitChanges(tree, changes, announced, message);
      if (typeof failure === 'number') return failure;
      if (attempt >= attempts) throw failure;
    }
  } finally {
    await forget(tree, paths, announced);
  }
}

/** @returns how many files were committed, or why it may go better when all is looked at again */
async function commitChanges(
  tree: WorkTree,
  changes: readonly Change[],
  announced: Set<BytePath>,
  message: string,
): Promise<number | FirebreakError> {
  if (changes.length === 0) return 0;
  const untracked = changes.filter((change) => change.untracked).map((change) => change.path);
  if (untracked.length > 0) {
    const input = pathspecList(untracked);
    const added = await runOnIndex(tree, ['add', '--intent-to-add', ...pathspecsFromInput], { input });
    // A file may have gone since the list was made.
    if (added.code !== 0) return unexpected(added);
    for (const path of untracked) announced.add(path);
  }
  const paths = changes.map((change) => change.path);
  const input = pathspecList(paths);
  const [head, count] = await Promise.all([resolve(tree.git, 'HEAD'), countToCommit(tree, paths)]);
  if (typeof count !== 'number' || count === 0) return count;
  const args = ['commit', '--only', '--cleanup=whitespace', '-m', message.replaceAll('\0', ' '), ...pathspecsFromInput];
  const committed = await runOnIndex(tree, args, { input });
  if (committed.code === 0) {
    announced.clear();
    return count;
  }
  const failure = await explainCommit(tree, committed);
  // Somebody else's commit came between: ours goes on top of it.
  if ((await resolve(tree.git, 'HEAD')) !== head) return failure;
  throw failure;
}

/** Asks git itself: a file that was staged and then put back as it was is on the list, but is no change. */
async function countToCommit(tree: WorkTree, paths: readonly BytePath[]): Promise<number | FirebreakError> {
  const args = ['commit', '--only', '--dry-run', '--porcelain', '-z', '--untracked-files=no', ...pathspecsFromInput];
  // A rename is two files, on two fields.
  const result = await runOnIndex(tree, ['-c', 'status.renames=false', ...args], { input: pathspecList(paths) });
  // Git ends with 1 when there is nothing to commit, and also when it does not know one of the paths any more.
  if (result.code === 1 && !/^(?:error|fatal): /m.test(result.stderr)) return 0;
  if (result.code !== 0) return unexpected(result);
  // While somebody else commits, git lists what that commit brings too. A file in whose place a folder stands goes with
  // the files in that folder.
  const asked = new Set(paths);
  const isAsked = (path: BytePath) => asked.has(path) || paths.some((below) => below.startsWith(`${path}/`));
  return statusEntries(result.stdout).filter((entry) => entry.state[0] !== ' ' && isAsked(entry.path)).length;
}

/**
 * Takes back that untracked files were announced, where nothing more was done with them since. As well as can be: one
 * that stays announced is seen by the next commit like an untracked one, and why all this failed matters more.
 */
async function forget(tree: WorkTree, paths: readonly string[], announced: ReadonlySet<BytePath>): Promise<void> {
  if (announced.size === 0) return;
  try {
    const entries = await statusBelow(tree, fromTop(tree, paths));
    const left = entries.filter((entry) => /^[ D]A$/.test(entry.state) && announced.has(entry.path));
    if (left.length === 0) return;
    const input = nulList(left.map((entry) => entry.path));
    await succeedOnIndex(tree, ['update-index', '--force-remove', '-z', '--stdin'], { input });
  } catch (error) {
    if (!FirebreakError.is(error)) throw error;
  }
}

async function changesUnder(tree: WorkTree, paths: readonly string[]): Promise<Change[]> {
  const untracked = new Map<BytePath, boolean>();
  for (const { state, path } of await statusBelow(tree, fromTop(tree, paths))) {
    // A name that ends so is another repository's folder.
    if (path.endsWith('/') || isTemporaryName(path)) continue;
    if (state[1] === 'D' && (await isFolder(tree, path))) continue;
    // One path comes twice where it is deleted in the index and there again in the work tree.
    untracked.set(path, (untracked.get(path) ?? false) || state === '??');
  }
  return [...untracked].map(([path, isUntracked]) => ({ path, untracked: isUntracked }));
}

/** @param paths from the top; nothing when none */
async function statusBelow(tree: WorkTree, paths: readonly string[]): Promise<StatusEntry[]> {
  const entries: StatusEntry[] = [];
  for (let start = 0; start < paths.length; start += pathsAtOnce) {
    entries.push(...(await statusOf(tree, pathspecs(paths.slice(start, start + pathsAtOnce)))));
  }
  return entries;
}

/**
 * A folder now stands where a file was. Git can't commit such a path by its name; the files in the folder, which are
 * changes of their own, take its place.
 */
async function isFolder(tree: WorkTree, path: BytePath): Promise<boolean> {
  const found = await lstat(systemPath(tree.git.folder, path)).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

export interface StatusEntry {
  /** The two letters of git's short format: index, work tree. */
  readonly state: string;
  readonly path: BytePath;
}

/** Changed and untracked files, each on its own; submodules are nobody's change here. The index is not touched. */
export async function statusOf(tree: WorkTree, specs: readonly string[]): Promise<StatusEntry[]> {
  const { stdout } = await succeed(tree.git, [
    '--no-optional-locks',
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    '--no-renames',
    '--ignore-submodules=all',
    '--',
    ...specs,
  ]);
  return statusEntries(stdout);
}

function statusEntries(output: Buffer): StatusEntry[] {
  return nulFields(output).map((field) => ({ state: field.slice(0, 2), path: field.slice(3) as BytePath }));
}

async function explainCommit(tree: WorkTree, result: GitResult): Promise<FirebreakError> {
  const details = { exitCode: result.code, output: result.stderr };
  // There was something to commit, so only a hook makes git end with 1.
  if (result.code === 1) {
    const said = lastLine(result.stderr);
    return gitFailed(
      'hook',
      `A hook of this repository refused the commit${said ? `: ${said}` : ''}. Mend that, then commit again.`,
      details,
    );
  }
  return (await explainIdentity(tree, details)) ?? unexpected(result);
}

/** Asks git whether it knows who commits. @returns undefined when it does */
export async function explainIdentity(
  tree: WorkTree,
  details: { exitCode: number; output: string },
): Promise<FirebreakError | undefined> {
  const known = await tree.git.run(['var', 'GIT_COMMITTER_IDENT']);
  if (known.code === 0) return undefined;
  const sentence = 'Git does not know who you are: set user.name and user.email with "git config", then try again.';
  return gitFailed('identity', sentence, details);
}
