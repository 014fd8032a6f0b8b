import type { Observation } from '../recording.ts';

/** What is done with the repository, by whatever program: read from git's own records of it. */
export interface GitActivity {
  /**
   * Commits, branch switches, pushes and tags, the oldest first.
   * @param since epoch milliseconds; git tells whole seconds
   */
  since(since: number): Promise<readonly Observation[]>;
  /** Is told that something may have been done; where the system can't watch, it is told nothing. */
  watch(changed: () => void): { dispose(): void };
}
