import type { RunnableAction } from '../../core/runnableAction.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { freezeOf } from './freeze.ts';

/** A freeze is set while there is none, and lifted while there is one; what has a command of its own is always of use. */
export function isOfUse(events: readonly TimelineEvent[]): (action: RunnableAction) => boolean {
  const frozen = freezeOf(events) !== undefined;
  return ({ source, freeze }) => source !== 'built-in' || (freeze === 'lift') === frozen;
}
