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
 * Entries by the phase that the incident was in, and by local day. Of what happened in the second of a step, that which
 * stands before the step belongs to the phase before.
 * @param events in display order
 * @param spans in the order of their beginnings
 */
export function stretches(events: readonly EventView[], spans: readonly PhaseSpanView[]): Stretch[] {
  const found: { key: string; span: PhaseSpanView | undefined; continued: boolean; events: EventView[] }[] = [];
  /** By the instant: where the last step of it stands. */
  const lastStep = new Map<number, number>();
  for (const [index, { at, kind }] of events.entries()) if (kind === 'phase') lastStep.set(at, index);
  let current = -1;
  for (const [index, event] of events.entries()) {
    const next = () => spans[current + 1]?.from ?? Number.POSITIVE_INFINITY;
    while (next() < event.at) current++;
    const isBeforeStep = (lastStep.get(event.at) ?? -1) > index;
    if (isBeforeStep && event.kind === 'phase' && next() === event.at) current++;
    while (!isBeforeStep && next() === event.at) current++;
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
