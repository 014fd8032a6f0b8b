import { type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import type { SyncContext } from './syncContext.ts';

/** One issue as it stands now; undefined once it was deleted or transferred. */
export async function issueIfThere(
  { tracker }: Pick<SyncContext, 'tracker'>,
  number: number,
): Promise<RemoteIssue | undefined> {
  try {
    return await tracker.issue(number);
  } catch (error) {
    if (TrackerError.is(error, 'notFound', 'gone', 'moved')) return undefined;
    throw error;
  }
}
