import { lstat } from 'node:fs/promises';
import type { FirebreakError } from '../../core/errors.ts';
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
const attempts = 3;

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
  await refuseDuringOperation(tree);
  for (let attempt = 1; ; attempt++) {
    const changes = (await changesUnder(tree, paths)).filter((change) => !except.has(change.path));
    if (changes.length === 0) return 0;
    const untracked = changes.filter((change) => change.untracked).map((change) => change.path);
    if (untracked.length > 0) {
      const announced = await runOnIndex(tree, ['add', '--intent-to-add', ...pathspecsFromInput], {
        input: pathspecList(untracked),
      });
      if (announced.code !== 0) {
        // A file may have gone since the list was made.
        if (attempt < attempts) continue;
        throw unexpected(announced);
      }
    }
    return await commitChanges(tree, changes, untracked, message);
  }
}

async function commitChanges(
  tree: WorkTree,
  changes: readonly Change[],
  untracked: readonly BytePath[],
  message: string,
): Promise<number> {
  const input = pathspecList(changes.map((change) => change.path));
  const head = await resolve(tree.git, 'HEAD');
  try {
    const count = await countToCommit(tree, input);
    if (count > 0) {
      const args = [
        'commit',
        '--only',
        '--cleanup=whitespace',
        '-m',
        message.replaceAll('\0', ' '),
        ...pathspecsFromInput,
      ];
      const committed = await runOnIndex(tree, args, { input });
      if (committed.code !== 0) throw await explainCommit(tree, committed);
      return count;
    }
  } catch (error) {
    await forget(tree, untracked, head);
    throw error;
  }
  await forget(tree, untracked, head);
  return 0;
}

/** Asks git itself: a file that was staged and then put back as it was is on the list, but is no change. */
async function countToCommit(tree: WorkTree, input: Buffer): Promise<number> {
  const args = ['commit', '--only', '--dry-run', '--porcelain', '-z', '--untracked-files=no', ...pathspecsFromInput];
  const result = await runOnIndex(tree, args, { input });
  if (result.code === 1) return 0;
  if (result.code !== 0) throw unexpected(result);
  return statusEntries(result.stdout).filter((entry) => entry.state[0] !== ' ').length;
}

/** Takes back that untracked files were announced, unless somebody committed meanwhile: they may be that commit's now. */
async function forget(tree: WorkTree, untracked: readonly BytePath[], head: string | undefined): Promise<void> {
  if (untracked.length === 0 || (await resolve(tree.git, 'HEAD')) !== head) return;
  await succeedOnIndex(tree, ['update-index', '--force-remove', '-z', '--stdin'], { input: nulList(untracked) });
}

async function changesUnder(tree: WorkTree, paths: readonly string[]): Promise<Change[]> {
  const untracked = new Map<BytePath, boolean>();
  const asked = fromTop(tree, paths);
  for (let start = 0; start < asked.length; start += pathsAtOnce) {
    const some = pathspecs(asked.slice(start, start + pathsAtOnce));
    for (const { state, path } of await statusOf(tree, some)) {
      // A name that ends so is another repository's folder.
      if (path.endsWith('/') || isTemporaryName(path)) continue;
      if (state[1] === 'D' && (await isFolder(tree, path))) continue;
      // One path comes twice where it is deleted in the index and there again in the work tree.
      untracked.set(path, (untracked.get(path) ?? false) || state === '??');
    }
  }
  return [...untracked].map(([path, isUntracked]) => ({ path, untracked: isUntracked }));
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
