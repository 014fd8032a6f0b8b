import type { EventView } from '../../src/protocol/timelineView.ts';
import { excerpt } from './bodyExcerpt.ts';

/** CSS pixels. */
const headHeight = 34;
const lineHeight = 19;
const cardHeight = 22;
/** Characters that about fill a line. */
const lineLength = 100;

/** About how high the row of an event will be, from its source alone: nothing is drawn to know. */
export function guessHeight(event: Pick<EventView, 'kind' | 'body'> | undefined): number {
  const body = event?.body ?? '';
  if (body === '') return headHeight;
  const shown = excerpt(body) ?? body;
  const lines = shown.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0);
  return headHeight + lines * lineHeight + (event?.kind === 'status' ? cardHeight : 0);
}
