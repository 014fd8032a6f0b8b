import { setTimeout as pause } from 'node:timers/promises';
import type { ShareResult } from '../../core/ports/git.ts';
import { shownPath } from './bytePath.ts';
import { commitPaths } from './commitPaths.ts';
import { adopt, disown, equalCopies, type TreeFile } from './equalCopies.ts';
import { GitConfig } from './gitConfig.ts';
import { gitFailed } from './gitFailure.ts';
import { fetchShared, pushShared } from './gitServer.ts';
import { canMergeAside, changedBetween, forwardTo, mergeAside, mergeHere } from './mergeIncoming.ts';
import { refuseDuringOperation } from './operation.ts';
import { type ShareTarget, shareTarget } from './shareTarget.ts';
import { fromTop, pathspecs, resolve, text, unexpected, type WorkTree } from './workTree.ts';

/** How often a push that others were ahead of is tried again on top of theirs. */
const rounds = 5;
const longestPauseMs = 200;

interface Sharing {
  readonly tree: WorkTree;
  readonly config: GitConfig;
  readonly target: ShareTarget;
  readonly paths: readonly string[];
  readonly message: string;
  readonly aside: boolean;
}

interface Received {
  readonly files: number;
  readonly dropped: readonly string[];
}

/**
 * Fetches the branch's counterpart, commits what is below the paths, merges (never rebases) and pushes the branch.
 * @param silenceMs how long a server may give no sign, milliseconds
 * @throws FirebreakError `gitBusy`, `gitFailed`, `noGit`. What was committed stays committed; everything else is then as
 * it was.
 */
export async function shareBranch(
  found: WorkTree,
  paths: readonly string[],
  message: string,
  silenceMs: number,
): Promise<ShareResult> {
  const config = await GitConfig.read(found.git);
  const tree = { ...found, git: found.git.withSsh(config.get('core.sshcommand')) };
  const [branch, aside] = await Promise.all([
    localBranch(tree),
    canMergeAside(tree, config),
    refuseDuringOperation(tree),
  ]);
  const target = shareTarget(config, branch);
  const sharing = { tree, config, target, paths, message, aside };

  let committed = 0;
  let received = 0;
  const dropped: string[] = [];
  let refusal: { readonly error: Error; readonly incoming: string | undefined; readonly head: string } | undefined;
  for (let round = 1; ; round++) {
    const incoming = await fetchShared(tree, target, silenceMs);
    // The push was refused though nobody was ahead: trying again would change nothing.
    if (refusal && refusal.incoming === incoming) throw refusal.error;
    // An answer was lost on the way, but not the push.
    const arrived = refusal !== undefined && incoming !== undefined && (await contains(tree, incoming, refusal.head));

    const taken = await integrate(sharing, incoming, (files) => {
      committed += files;
    });
    if (taken === 'moved') {
      if (round >= rounds) throw overtaken(target);
      continue;
    }
    received += taken.files;
    dropped.push(...taken.dropped);

    const head = await resolve(tree.git, 'HEAD');
    if (head === undefined || head === incoming) return { committed, received, pushed: arrived, dropped };
    const outcome = await pushShared(tree, target, silenceMs);
    if (typeof outcome === 'boolean') return { committed, received, pushed: outcome || arrived, dropped };
    if (round >= rounds) throw overtaken(target, outcome);
    refusal = { error: outcome, incoming, head };
    // Two that collided should not collide again.
    await pause(Math.random() * longestPauseMs * (round - 1));
  }
}

/** Commits ours and takes theirs in. */
async function integrate(
  sharing: Sharing,
  incoming: string | undefined,
  onCommit: (files: number) => void,
): Promise<Received | 'moved'> {
  const { tree, paths, message, aside } = sharing;
  const before = await resolve(tree.git, 'HEAD');
  if (incoming === undefined) {
    onCommit(await commitPaths(tree, paths, message));
    return { files: 0, dropped: [] };
  }
  const base = before && (await mergeBase(sharing, before, incoming));
  // Without a way to merge aside, equal copies are committed like all else: both sides adding the same is no conflict.
  const mayDrop = base !== incoming && (aside || before === undefined);
  const equal = mayDrop ? await equalCopies(tree, paths, base, incoming) : [];
  const except = new Set(equal.map((file) => file.path));
  // Before the first commit theirs is taken first: two beginnings can't be merged.
  if (before !== undefined) onCommit(await commitPaths(tree, paths, message, except));
  const taken = await take(sharing, base, incoming, equal);
  if (taken === 'done' && before === undefined) onCommit(await commitPaths(tree, paths, message));
  if (taken === 'moved') return 'moved';
  const changed = taken === 'done' ? await changedFor(sharing, before, base, incoming) : 0;
  return { files: Math.max(0, changed - equal.length), dropped: equal.map((file) => shownPath(file.path)) };
}

/** How many files below the paths came in: what theirs changed since what was common. */
async function changedFor(
  { tree, paths }: Sharing,
  before: string | undefined,
  base: string | undefined,
  incoming: string,
): Promise<number> {
  const specs = pathspecs(fromTop(tree, paths));
  return (await changedBetween(tree, before && base, incoming, specs)).length;
}

async function take(
  sharing: Sharing,
  base: string | undefined,
  incoming: string,
  equal: readonly TreeFile[],
): Promise<'done' | 'moved' | 'nothing'> {
  const { tree, config, target, aside } = sharing;
  if (base === incoming) return 'nothing';
  const head = await resolve(tree.git, 'HEAD');
  const label = `Merge branch '${target.branch}' of ${target.remote}`;
  const forward = head === undefined || head === base;
  if (!forward && !aside) {
    await mergeHere(tree, head, incoming, label);
    return 'done';
  }
  const next = forward ? incoming : await mergeAside(tree, config, head, incoming, label);
  await adopt(tree, equal);
  let result: 'done' | 'moved' | undefined;
  try {
    result = await forwardTo(tree, head, next);
  } finally {
    // Unless somebody committed meanwhile: the files may be that commit's now.
    if (result === undefined) await disown(tree, equal);
  }
  return result;
}

async function mergeBase(sharing: Sharing, head: string, incoming: string): Promise<string> {
  const { tree, target } = sharing;
  const found = await tree.git.run(['merge-base', head, incoming]);
  if (found.code === 0) return text(found);
  if (found.code !== 1) throw unexpected(found);
  const there = `${target.remote}/${target.branch}`;
  const sentence = `${target.local} and ${there} have nothing in common, so git can't merge them: share from a clone of it.`;
  throw gitFailed('unrelated', sentence);
}

/** Whether a commit is among those that another follows. */
async function contains(tree: WorkTree, later: string, earlier: string): Promise<boolean> {
  return (await tree.git.run(['merge-base', '--is-ancestor', earlier, later])).code === 0;
}

async function localBranch(tree: WorkTree): Promise<string> {
  const branch = await currentBranch(tree);
  if (branch !== undefined) return branch;
  throw gitFailed('detached', 'No branch is checked out here: run "git switch <branch>", then share again.');
}

/** The branch that is checked out, be it without a commit yet; undefined on a detached HEAD. */
export async function currentBranch(tree: WorkTree): Promise<string | undefined> {
  const head = await tree.git.run(['symbolic-ref', '--quiet', 'HEAD']);
  return head.code === 0 ? /^refs\/heads\/(.+)$/s.exec(text(head))?.[1] : undefined;
}

function overtaken(target: ShareTarget, cause?: unknown): Error {
  const there = `${target.remote}/${target.branch}`;
  const sentence = `Others kept pushing to ${there} first: share again. Your commits are kept here.`;
  return gitFailed('overtaken', sentence, { cause });
}
