import type { Git, ShareResult } from '../core/ports/git.ts';

/** What Firebreak writes, and so what it commits. Everything else that is staged or changed is left alone. */
export const sharedPaths = [
  'backlog',
  'incidents',
  'runbooks',
  'sprints',
  'templates',
  '.firebreak',
  'incident-policy.yml',
] as const;

/**
 * Commits Firebreak's own paths.
 * @returns the number of files committed
 * @throws FirebreakError `gitBusy`, `gitFailed`
 */
export async function commitWorkspace(git: Git, what: string): Promise<number> {
  return git.commit(sharedPaths, `Firebreak: ${what}`);
}

/**
 * Fetches, commits, merges and pushes Firebreak's own paths.
 * @throws FirebreakError `gitBusy`, `gitFailed`
 */
export async function shareWorkspace(git: Git, what: string): Promise<ShareResult> {
  return git.share(sharedPaths, `Firebreak: ${what}`);
}
