import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/** What the steps of one round share. */
export interface RoundContext extends SyncContext {
  /** Of the repository: what is known of another says nothing here. */
  readonly repositoryId: number;
}

/** Whether an issue is gone for good: it is not asked for any more. */
export function isLost(state: ItemState | undefined, number: number): boolean {
  return (state?.stage === 'gone' || state?.stage === 'moved') && state.number === number;
}

/** An item whose file is on another branch is read whole when it is there again. */
export async function noteAbsent(
  context: RoundContext,
  number: number,
  change: { reread: true } | { commentsRead: false },
): Promise<void> {
  for (const state of context.store.items()) {
    if (state.number !== number || state.repository !== context.repositoryId) continue;
    if (!context.services.index.item(state.uid)) await context.store.saveItem({ ...state, ...change });
  }
}
