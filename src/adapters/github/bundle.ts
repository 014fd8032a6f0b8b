import type { IssueTracker } from '../../core/ports/issueTracker.ts';
import { OctokitIssueTracker, type TrackerOptions } from './octokitTracker.ts';

export type { TrackerOptions };

/**
 * What the bundle of its own, loaded at the first sync, gives to the composition roots.
 * @throws FirebreakError `unsafeAddress`, `noToken`
 */
export function createIssueTracker(options: TrackerOptions): IssueTracker {
  return new OctokitIssueTracker(options);
}
