import { type RemoteComment, TrackerError } from '../../core/ports/issueTracker.ts';
import type { SyncContext } from './syncContext.ts';

/** One comment as it stands now; undefined once somebody has deleted it. */
export async function commentIfThere(
  { tracker }: Pick<SyncContext, 'tracker'>,
  id: number,
): Promise<RemoteComment | undefined> {
  try {
    return await tracker.comment(id);
  } catch (error) {
    if (TrackerError.is(error, 'notFound', 'gone')) return undefined;
    throw error;
  }
}
