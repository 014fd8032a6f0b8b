import type { Item } from '../core/item.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import type { ServiceContext } from './context.ts';

/** The incident's own events, without those of incidents merged into it: only they make its state. */
export async function ownEvents(context: Pick<ServiceContext, 'index'>, item: Item): Promise<TimelineEvent[]> {
  return (await context.index.events(item.uid)).map((stored) => stored.event);
}
