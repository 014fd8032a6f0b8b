import type { FirebreakError } from '../../core/errors.ts';
import { type BytePath, nulFields, shownPath } from './bytePath.ts';
import { explainIdentity, statusOf } from './commitPaths.ts';
import type { GitConfig } from './gitConfig.ts';
import { gitFailed, lastLine, someOf } from './gitFailure.ts';
import type { GitResult } from './gitProcess.ts';
import { operationIn, runOnIndex, succeedOnIndex } from './operation.ts';
import { resolve, succeed, text, unexpected, type WorkTree } from './workTree.ts';

/**
 * Git guesses that a file added to a folder belongs elsewhere when the other side moved all that was in the folder.
 * Declaring the only item of the backlog looks just so.
 */
const noGuesses = ['-c', 'merge.directoryRenames=false'];
/** A stash of the user's changes that then does not apply would be a second problem. Git refuses instead. */
const noStash = ['-c', 'merge.autoStash=false'];

/**
 * Whether a merge can be made before the index and the work tree are touched: git 2.38 (October 2022) or newer. Who asks
 * git to verify signatures in merges gets an ordinary one.
 */
export async function canMergeAside(tree: WorkTree, config: GitConfig): Promise<boolean> {
  if (config.isTrue('merge.verifysignatures')) return false;
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(text(await succeed(tree.git, ['version']))) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38);
}

/**
 * Makes the merge of two commits as a commit that no branch knows yet. A conflict leaves everything as it is.
 * @throws FirebreakError `gitFailed`
 */
export async function mergeAside(
  tree: WorkTree,
  config: GitConfig,
  head: string,
  incoming: string,
  message: string,
): Promise<string> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', head, incoming];
  const merged = await tree.git.run([...noGuesses, ...args]);
  const [treeId = '', ...conflicting] = nulFields(merged.stdout);
  if (merged.code === 1) throw conflict(conflicting);
  if (merged.code !== 0) throw unexpected(merged);
  const signed = config.isTrue('commit.gpgsign') ? ['-S'] : [];
  const made = await tree.git.run(['commit-tree', '-p', head, '-p', incoming, '-m', message, ...signed, treeId]);
  if (made.code === 0) return text(made);
  const details = { exitCode: made.code, output: made.stderr };
  throw (await explainIdentity(tree, details)) ?? unexpected(made);
}

/**
 * Brings the branch, the index and the work tree forward to a commit that follows HEAD. Git refuses where that would
 * overwrite something that is not committed; then nothing was changed.
 * @returns `moved` when HEAD is no more what it was: somebody committed meanwhile
 * @throws FirebreakError `gitBusy`, `gitFailed`
 */
export async function forwardTo(tree: WorkTree, head: string | undefined, commit: string): Promise<'done' | 'moved'> {
  const args = ['merge', '--ff-only', '--commit', '--no-squash', '--no-overwrite-ignore', commit];
  const forwarded = await runOnIndex(tree, [...noStash, ...args]);
  if (forwarded.code === 0) return 'done';
  if ((await resolve(tree.git, 'HEAD')) !== head) return 'moved';
  throw await overwritten(tree, forwarded, head, commit);
}

/**
 * The merge as git has always made it, in the index and the work tree, for git before 2.38. A failed one is taken back.
 * @throws FirebreakError `gitBusy`, `gitFailed`
 */
export async function mergeHere(tree: WorkTree, head: string, incoming: string, message: string): Promise<void> {
  const args = ['merge', '--no-edit', '--commit', '--no-squash', '--ff', '-m', message, incoming];
  const merged = await runOnIndex(tree, [...noGuesses, ...noStash, ...args]);
  if (merged.code === 0) return;
  const unmerged = await succeed(tree.git, ['diff', '--name-only', '--diff-filter=U', '-z']);
  const begun = (await operationIn(tree)) === 'merge';
  if (begun) await succeedOnIndex(tree, ['merge', '--abort']);
  if (unmerged.stdout.length > 0) throw conflict(nulFields(unmerged.stdout));
  if (!begun) throw await overwritten(tree, merged, head, incoming);
  const details = { exitCode: merged.code, output: merged.stderr };
  const said = lastLine(merged.stderr.replace(/^Not committing merge.*$/gm, ''));
  const sentence = `Git could not commit the merge${said ? `: ${said}` : ''}. It was taken back; mend that, then share again.`;
  throw (await explainIdentity(tree, details)) ?? gitFailed('hook', sentence, details);
}

function conflict(paths: readonly BytePath[]): FirebreakError {
  const files = [...new Set(paths)].map(shownPath);
  const sentence =
    `${someOf(files)} changed both here and there, and git can't merge that by itself: run "git pull", resolve the ` +
    'conflict, then share again. Your commit is kept and nothing was merged.';
  return gitFailed('conflict', sentence, { files });
}

/** Which files stand in the way: what would change, and is not committed here. */
async function overwritten(
  tree: WorkTree,
  refused: GitResult,
  head: string | undefined,
  commit: string,
): Promise<FirebreakError> {
  const changing = new Set(await changedBetween(tree, head, commit, []));
  const untracked = nulFields((await succeed(tree.git, ['ls-files', '--others', '-z'])).stdout);
  const status = await statusOf(tree, []);
  const here = [...status.map((entry) => entry.path), ...untracked];
  const details = { exitCode: refused.code, output: refused.stderr };
  const inTheWay = [...new Set(here.filter((path) => changing.has(path)))].map(shownPath);
  if (inTheWay.length > 0) {
    const sentence =
      `${someOf(inTheWay)} would be overwritten by what others shared: commit or move your version, then share again. ` +
      'Nothing was merged.';
    return gitFailed('wouldOverwrite', sentence, { ...details, files: inTheWay });
  }
  const staged = status.filter((entry) => /^[^ ?]/.test(entry.state)).map((entry) => shownPath(entry.path));
  if (staged.length > 0) {
    const sentence = `This git can't merge while ${someOf(staged)} is staged: commit or unstage it, then share again.`;
    return gitFailed('wouldOverwrite', sentence, { ...details, files: staged });
  }
  return unexpected(refused);
}

/** The paths that differ between two commits. @param from undefined for none at all @param specs pathspecs; all when none */
export async function changedBetween(
  tree: WorkTree,
  from: string | undefined,
  to: string,
  specs: readonly string[],
): Promise<BytePath[]> {
  const args =
    from === undefined
      ? ['ls-tree', '-r', '-z', '--name-only', '--full-tree', to, '--', ...specs]
      : ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to, '--', ...specs];
  return nulFields((await succeed(tree.git, args)).stdout);
}
