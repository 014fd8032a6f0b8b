import { sharedEnds } from '../core/sharedEnds.ts';
import { count, fields, list, wholeText } from './parse.ts';
import {
  type EventView,
  parseEvent,
  parseHeadParts,
  type TimelineHead,
  type TimelineView,
  viewLimits,
} from './timelineView.ts';

/** What makes one view of an incident into the next. Its size is that of the change, however many entries there are. */
export interface TimelineChange {
  /** The parts of the head that are other than before. */
  readonly head: Partial<TimelineHead>;
  /** From the first entries to the last. */
  readonly edits: readonly EntryEdit[];
}

/** A place in the list of entries where some go, some come, or some are replaced. */
export interface EntryEdit {
  /** The index in the list as it was before any of the edits. */
  readonly at: number;
  /** The ids of those that stood there. A list that has others there is not the one that this was made for. */
  readonly removed: readonly string[];
  readonly put: readonly EventView[];
}

/** Entries that are other than before: one that changed is in both lists. */
export interface EntryChanges {
  readonly removed: readonly EventView[];
  readonly put: readonly EventView[];
}

/** @returns undefined when both are the same */
export function changeBetween(before: TimelineView, after: TimelineView): TimelineChange | undefined {
  const { events: _, ...head } = after;
  const parts = Object.fromEntries(
    Object.entries(head).filter(([name, part]) => !isSame(before[name as keyof TimelineHead], part)),
  );
  const edits = editsBetween(before.events, after.events);
  return Object.keys(parts).length === 0 && edits.length === 0 ? undefined : { head: parts, edits };
}

/**
 * The view after a change, and the entries that differ. All others are the same objects as before.
 * @returns undefined when the change was made for another view
 */
export function applyChange(
  view: TimelineView,
  { head, edits }: TimelineChange,
): ({ readonly view: TimelineView } & EntryChanges) | undefined {
  if (edits.length === 0) return { view: { ...view, ...head }, removed: [], put: [] };
  const parts: (readonly EventView[])[] = [];
  const removed: EventView[] = [];
  let next = 0;
  for (const { at, removed: ids, put } of edits) {
    if (at < next || at > view.events.length) return undefined;
    const gone = view.events.slice(at, at + ids.length);
    if (gone.length < ids.length || gone.some(({ id }, index) => id !== ids[index])) return undefined;
    for (const event of gone) removed.push(event);
    parts.push(view.events.slice(next, at), put);
    next = at + ids.length;
  }
  parts.push(view.events.slice(next));
  return { view: { ...view, ...head, events: parts.flat() }, removed, put: edits.flatMap(({ put }) => put) };
}

/** Reads a change; undefined when anything in it is not as declared. */
export function parseTimelineChange(value: unknown): TimelineChange | undefined {
  const from = fields(value);
  const head = parseHeadParts(from?.head);
  const edits = list(from?.edits, parseEdit);
  return head && edits && { head, edits };
}

function parseEdit(value: unknown): EntryEdit | undefined {
  const from = fields(value);
  const at = count(from?.at);
  const removed = list(from?.removed, (id) => wholeText(id, viewLimits.id));
  const put = list(from?.put, parseEvent);
  return at === undefined || !removed || !put ? undefined : { at, removed, put };
}

/** Both lists are in display order, so one walk through what they do not share finds what differs. */
function editsBetween(allBefore: readonly EventView[], allAfter: readonly EventView[]): EntryEdit[] {
  const { head, tail } = sharedEnds(allBefore, allAfter);
  const before = allBefore.slice(head, allBefore.length - tail);
  const after = allAfter.slice(head, allAfter.length - tail);
  const edits: EntryEdit[] = [];
  let open: { at: number; removed: string[]; put: EventView[] } | undefined;
  let left = 0;
  let right = 0;
  for (let was = before[0], is = after[0]; was || is; was = before[left], is = after[right]) {
    if (was === is || (was?.id === is?.id && isSame(was, is))) {
      open = undefined;
      left++;
      right++;
      continue;
    }
    if (!open) {
      open = { at: head + left, removed: [], put: [] };
      edits.push(open);
    }
    const order = was && is ? compareEntries(was, is) : was ? -1 : 1;
    const isReplaced = was?.id === is?.id;
    if (was && (isReplaced || order < 0)) {
      open.removed.push(was.id);
      left++;
    }
    if (is && (isReplaced || order >= 0)) {
      open.put.push(is);
      right++;
    }
  }
  return edits;
}

/** Display order: by when it happened, corrections applied, then by id. */
export function compareEntries(left: Pick<EventView, 'at' | 'id'>, right: Pick<EventView, 'at' | 'id'>): number {
  return left.at - right.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

/** The same object nearly always, so that ten thousand entries cost ten thousand looks and no more. */
function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
