import type { GitIdentity } from '../people.ts';

export interface GitRemote {
  readonly name: string;
  readonly url: string;
}

/** What a share did, for the one sentence that the user reads. */
export interface ShareResult {
  /** Files. */
  readonly committed: number;
  /** Files below the shared paths that others changed, and that are here now; dropped copies are not counted. */
  readonly received: number;
  readonly pushed: boolean;
  /** Untracked copies that equalled an incoming file and were dropped for it. */
  readonly dropped: readonly string[];
}

/** Files that everybody finds on a remote, as far as the last fetch tells. */
export interface PublishedFiles {
  /** The remote's default branch. */
  readonly branch: string;
  /** Where the root stands below the top of the repository: empty, or ends with a slash. */
  readonly prefix: string;
  /** Relative to the root. */
  readonly paths: ReadonlySet<string>;
}

/** The repository that the root stands in. All of it runs the user's own git, with no prompt. */
export interface Git {
  identity(): Promise<GitIdentity>;
  /** Who committed here lately, the busiest first; none where there is no repository, or no commit. */
  authors(): Promise<readonly GitIdentity[]>;
  /** The one that is checked out, be it without a commit yet; undefined on a detached HEAD. */
  branch(): Promise<string | undefined>;
  /** The remote's default branch, `main`; undefined where no remote says. */
  defaultBranch(): Promise<string | undefined>;
  /** A merge, rebase, cherry-pick, revert, bisect or `am` under way, or a stash being applied. */
  operationUnderWay(): Promise<string | undefined>;
  remotes(): Promise<readonly GitRemote[]>;
  /**
   * The files of a name, in folders below the root, that are on a remote's default branch; undefined where there is no such
   * remote, or it was never fetched. Asks no server.
   * @param isMeant whether a remote's URL is that of the repository in question
   */
  published(name: string, isMeant: (url: string) => boolean): Promise<PublishedFiles | undefined>;
  /**
   * Commits exactly these paths (relative to the root; folders stand for what is in them) as they are in the work
   * tree, and leaves what else is staged as it was.
   * @returns the number of files committed; 0 when there was nothing to commit.
   * @throws FirebreakError `gitBusy`, `gitFailed`
   */
  commit(paths: readonly string[], message: string): Promise<number>;
  /** Fetches, drops untracked copies that equal the incoming file, commits, merges and pushes. @throws FirebreakError */
  share(paths: readonly string[], message: string): Promise<ShareResult>;
}
