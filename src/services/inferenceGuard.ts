import type { Git } from '../core/ports/git.ts';

/**
 * Whether what differs in files may be taken for edits by hand: never while git itself is writing them, and only on the
 * branch that counts, since a checkout of an old one looks like somebody's edits (design, "Hand edits count").
 * @param git undefined where there is no repository: then every difference was made by hand
 * @param configured the branch that counts; empty for the remote's default branch, or any where no remote says
 */
export async function mayInferEdits(git: Git | undefined, configured: string): Promise<boolean> {
  if (!git) return true;
  if ((await git.operationUnderWay()) !== undefined) return false;
  const wanted = configured || (await git.defaultBranch());
  const branch = await git.branch();
  return branch !== undefined && (wanted === undefined || branch === wanted);
}
