import type { EventView, PhaseSpanView } from '../../src/protocol/timelineView.ts';
import { localDayOf } from '../localTime.ts';

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
  let next = spans[0]?.from ?? Number.POSITIVE_INFINITY;
  const enter = () => {
    current++;
    next = spans[current + 1]?.from ?? Number.POSITIVE_INFINITY;
  };
  // Asked of the calendar once for each day: for each entry it would cost more than all the rest.
  let day: ReturnType<typeof localDayOf> | undefined;
  let open: { readonly phase: number; readonly day: string; readonly events: EventView[] } | undefined;
  for (const [index, event] of events.entries()) {
    while (next < event.at) enter();
    if (next === event.at) {
      const isBeforeStep = (lastStep.get(event.at) ?? -1) > index;
      if (isBeforeStep && event.kind === 'phase') enter();
      while (!isBeforeStep && next === event.at) enter();
    }
    if (!day || event.at < day.from || event.at >= day.to) day = localDayOf(event.at);
    if (open?.phase === current && open.day === day.key) {
      open.events.push(event);
      continue;
    }
    const stretch = {
      key: `${current}/${day.key}`,
      span: spans[current],
      continued: open?.phase === current,
      events: [event],
    };
    found.push(stretch);
    open = { phase: current, day: day.key, events: stretch.events };
  }
  return found;
}
