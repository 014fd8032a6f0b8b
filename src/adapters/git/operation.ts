import { access } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gitFailed } from './gitFailure.ts';
import type { GitResult, RunOptions } from './gitProcess.ts';
import { succeed, unexpected, type WorkTree } from './workTree.ts';

/** Files in the git folder that are there while something is under way; the first that is found tells (git's `wt-status.c`). */
const signs: readonly (readonly [file: string, operation: string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_START', 'bisect'],
  ['BISECT_LOG', 'bisect'],
];

const lockPatienceMs = 3_000;
const lookPatienceMs = 1_000;
const waitMs = 50;

/** What is under way in the work tree, in git's word for it; `conflict` where a stash or the like left files unmerged. */
export async function operationIn(tree: WorkTree): Promise<string | undefined> {
  for (const [file, operation] of signs) {
    if (await exists(path.join(tree.gitDir, file))) return operation;
  }
  const unmerged = await succeed(tree.git, ['ls-files', '--unmerged', '-z']);
  return unmerged.stdout.length > 0 ? 'conflict' : undefined;
}

/**
 * As {@link operationIn}, and `git command` while one holds the index: a checkout or a stash that is just writing files.
 * A lock of a moment, such as an editor's look at the status, is waited for.
 */
export async function operationOrCommandIn(tree: WorkTree): Promise<string | undefined> {
  for (let waitedMs = 0; await exists(indexLock(tree)); waitedMs += waitMs) {
    if (waitedMs >= lookPatienceMs) return 'git command';
    await pause(waitMs);
  }
  return operationIn(tree);
}

/** @throws FirebreakError `gitBusy` */
export async function refuseDuringOperation(tree: WorkTree): Promise<void> {
  const operation = await operationIn(tree);
  if (operation === undefined) return;
  const sentence =
    operation === 'conflict'
      ? 'Files here have unresolved conflicts: resolve them, then try again. What you wrote is on disk.'
      : `A git ${operation} is under way here: finish or abort it, then try again. What you wrote is on disk.`;
  throw gitFailed('operation', sentence);
}

/**
 * Runs a command that writes the index, when need be again until another git command has given it back.
 * @throws FirebreakError `gitBusy` when it does not
 */
export async function runOnIndex(tree: WorkTree, args: readonly string[], options?: RunOptions): Promise<GitResult> {
  for (let waitedMs = 0; ; waitedMs += waitMs) {
    const result = await tree.git.run(args, options);
    // The name of the file stands in what git says whatever the language.
    if (result.code === 0 || !result.stderr.includes('index.lock')) return result;
    if (waitedMs >= lockPatienceMs) {
      const sentence = (await exists(indexLock(tree)))
        ? `Another git command is running here; if none is, delete ${indexLock(tree)}. Then try again.`
        : 'Another git command was running here: try again.';
      throw gitFailed('locked', sentence, { exitCode: result.code, output: result.stderr });
    }
    await pause(waitMs);
  }
}

/** As {@link runOnIndex}, for what has no other reason to fail. @throws FirebreakError `gitBusy`, `gitFailed` */
export async function succeedOnIndex(
  tree: WorkTree,
  args: readonly string[],
  options?: RunOptions,
): Promise<GitResult> {
  const result = await runOnIndex(tree, args, options);
  if (result.code !== 0) throw unexpected(result);
  return result;
}

function indexLock(tree: WorkTree): string {
  return path.join(tree.gitDir, 'index.lock');
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
