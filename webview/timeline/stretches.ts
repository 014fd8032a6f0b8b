import type { EventView, PhaseSpanView } from '../../src/protocol/timelineView.ts';
import { dayKey } from '../localTime.ts';

/** A run of entries of one phase on one local day. */
export interface Stretch {
  /** The same for the same phase and day as long as the phases before it are the same. */
  readonly key: string;
  /** Undefined for what happened before the first phase. */
  readonly span: PhaseSpanView | undefined;
  /** An earlier stretch is of the same phase: this is its next day. */
  readonly continued: boolean;
  readonly events: readonly EventView[];
}

/**
 * Entries by the phase that the incident was in, and by local day.
 * @param events in display order
 * @param spans in the order of their beginnings
 */
export function stretches(events: readonly EventView[], spans: readonly PhaseSpanView[]): Stretch[] {
  const found: { key: string; span: PhaseSpanView | undefined; continued: boolean; events: EventView[] }[] = [];
  let current = -1;
  for (const event of events) {
    while (current + 1 < spans.length && (spans[current + 1]?.from ?? 0) <= event.at) current++;
    const key = `${current}/${dayKey(event.at)}`;
    const last = found.at(-1);
    if (last?.key === key) last.events.push(event);
    else {
      const continued = last?.key.startsWith(`${current}/`) ?? false;
      found.push({ key, span: spans[current], continued, events: [event] });
    }
  }
  return found;
}
