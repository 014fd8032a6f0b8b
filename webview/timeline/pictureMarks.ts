import type { EventView } from '../../src/protocol/timelineView.ts';

export const lanes = ['alerts', 'updates', 'words', 'actions'] as const;
export type Lane = (typeof lanes)[number];

const laneOf: Readonly<Record<EventView['kind'], Lane>> = {
  alert: 'alerts',
  severity: 'alerts',
  impact: 'alerts',
  status: 'updates',
  message: 'updates',
  note: 'words',
  decision: 'words',
  hypothesis: 'words',
  acknowledge: 'words',
  phase: 'words',
  role: 'words',
  task: 'words',
  pin: 'words',
  correction: 'words',
  retraction: 'words',
  unknown: 'words',
  check: 'actions',
  action: 'actions',
  command: 'actions',
  commit: 'actions',
};

/** One entry, or several too near to each other to be told apart. */
export interface PictureMark {
  readonly lane: Lane;
  /** Where the first of them is (CSS pixels). */
  readonly x: number;
  /** In display order, at least one. */
  readonly events: readonly EventView[];
}

/** Entries nearer than this are one mark (CSS pixels). */
export const markWidth = 16;

/**
 * The marks of what can be seen: at most one for each lane and width of a mark, however many entries there are.
 * @param events in display order
 * @param place where an instant is (CSS pixels)
 */
export function pictureMarks(
  events: readonly EventView[],
  place: (epochMs: number) => number,
  width: number,
): PictureMark[] {
  const marks: { lane: Lane; x: number; events: EventView[] }[] = [];
  const last = new Map<Lane, (typeof marks)[number]>();
  for (const event of events) {
    const x = place(event.at);
    if (x < 0 || x > width) continue;
    const lane = laneOf[event.kind];
    const mark = last.get(lane);
    if (mark && x - mark.x < markWidth) mark.events.push(event);
    else {
      const made = { lane, x, events: [event] };
      last.set(lane, made);
      marks.push(made);
    }
  }
  return marks;
}

/** A number that fits into a mark: `7`, `99`, `420`, `12k`. */
export function shortCount(count: number): string {
  return count < 1_000 ? String(count) : `${Math.floor(count / 1_000)}k`;
}
