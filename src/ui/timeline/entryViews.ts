import type { AlertState } from '../../core/alert.ts';
import { eventMarks, type Mark } from '../../core/eventMarks.ts';
import { pinned, standingPins } from '../../core/pins.ts';
import { sharedEnds } from '../../core/sharedEnds.ts';
import { parseInstant } from '../../core/time.ts';
import type { StoredEvent, TaskEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import { compareEntries } from '../../protocol/timelineChange.ts';
import type { ChangeView, EventView } from '../../protocol/timelineView.ts';

export interface EntryWords {
  /** A phase as people call it; other words stay as they are. */
  phase(name: string): string;
  readonly states: Readonly<Record<NonNullable<TaskEvent['state']> | AlertState, string>>;
}

/** All that an entry's view is made of. */
interface Facts {
  readonly path: string;
  readonly missing: boolean;
  /** The correction that counts. */
  readonly corrected: TimelineEvent | undefined;
  readonly pinned: boolean;
  /** For a state event: what its field held before. */
  readonly before: string | undefined;
  /** The title of the incident that it was merged in from. */
  readonly from: string | null;
}

/**
 * The entries of one timeline as the panel shows them. One that is as it was is the same object again, and is not looked at:
 * so what a change costs is the change, and who compares two views need not look inside.
 */
export class EntryViews {
  readonly #words: EntryWords;
  #last: Last = { stored: [], told: toldBy([]), views: [], isInOrder: true, isMerged: false };
  readonly #made = new WeakMap<TimelineEvent, { readonly facts: Facts; readonly view: EventView }>();

  constructor(words: EntryWords) {
    this.#words = words;
  }

  /**
   * @param mergedFrom the title of the incident that an event was merged in from, null for an own one; undefined when all
   * are own
   */
  of(stored: readonly StoredEvent[], mergedFrom?: (entry: StoredEvent) => string | null): readonly EventView[] {
    const before = this.#last;
    const { head, tail } = sharedEnds(before.stored, stored);
    const gone = before.stored.slice(head, before.stored.length - tail);
    const come = stored.slice(head, stored.length - tail);
    const isAlone = !mergedFrom && !before.isMerged && !gone.some(isTelling) && !come.some(isTelling);
    const told = isAlone ? before.told : toldBy(stored);
    const made = (isAlone ? come : stored).map((entry) => this.#view(entry, told, mergedFrom?.(entry) ?? null));
    const views = isAlone ? before.views.toSpliced(head, gone.length, ...made) : made;
    // The index has them by the times in their files.
    const isInOrder = isAlone
      ? before.isInOrder && isSorted(views.slice(Math.max(0, head - 1), head + made.length + 1))
      : isSorted(views);
    this.#last = { stored, told, views, isInOrder, isMerged: mergedFrom !== undefined };
    return isInOrder ? views : [...views].sort(compareEntries);
  }

  #view({ event, path, missing }: StoredEvent, { marks, pins, befores }: Told, from: string | null): EventView {
    const mark = marks.get(event.id);
    const facts = {
      path,
      missing,
      corrected: mark?.kind === 'corrected' ? mark.by : undefined,
      pinned: pins.has(event.id),
      before: befores.get(event.id),
      from,
    };
    const known = this.#made.get(event);
    if (known && isSame(known.facts, facts)) return known.view;
    const view = eventView(event, facts, this.#words);
    this.#made.set(event, { facts, view });
    return view;
  }
}

/** What some entries say about others. Of ten thousand these are few, and all that others depend on. */
interface Told {
  readonly marks: ReadonlyMap<string, Mark<TimelineEvent>>;
  /** The ids of what is pinned. */
  readonly pins: ReadonlySet<string | undefined>;
  /** For state events: what their field held before. */
  readonly befores: ReadonlyMap<string, string>;
}

/** A timeline as it was asked for last. */
interface Last {
  readonly stored: readonly StoredEvent[];
  readonly told: Told;
  /** In the order of `stored`. */
  readonly views: readonly EventView[];
  readonly isInOrder: boolean;
  readonly isMerged: boolean;
}

function toldBy(stored: readonly StoredEvent[]): Told {
  const telling = stored.filter(isTelling).map(({ event }) => event);
  return {
    marks: eventMarks(telling),
    pins: new Set(standingPins(telling).map(pinned)),
    befores: valuesBefore(telling),
  };
}

function isSorted(views: readonly EventView[]): boolean {
  return views.every((view, index) => {
    const next = views[index + 1];
    return next === undefined || compareEntries(view, next) <= 0;
  });
}

function isTelling({ event }: StoredEvent): boolean {
  switch (event.kind) {
    case 'correction':
    case 'retraction':
    case 'phase':
    case 'severity':
    case 'role':
    case 'pin':
      return true;
    default:
      return false;
  }
}

function isSame(left: Facts, right: Facts): boolean {
  return (
    left.path === right.path &&
    left.missing === right.missing &&
    left.corrected === right.corrected &&
    left.pinned === right.pinned &&
    left.before === right.before &&
    left.from === right.from
  );
}

function eventView(event: TimelineEvent, facts: Facts, words: EntryWords): EventView {
  const run = event.kind === 'action' || event.kind === 'command' || event.kind === 'check' ? event : undefined;
  const replacing = event.kind === 'correction' || event.kind === 'retraction' ? event : undefined;
  const { at, writtenAt } = timesOf(event, facts.corrected);
  return {
    id: event.id,
    kind: event.kind,
    writtenKind: event.kind === 'unknown' ? event.writtenKind : null,
    at,
    writtenAt,
    recorded: parseInstant(event.recorded) ?? parseInstant(event.at) ?? 0,
    by: event.by,
    body: event.body,
    truncated: false,
    change: changeView(event, facts.before, words),
    replaces: replacing?.replaces ?? null,
    about: ('about' in event ? event.about : 'task' in event ? event.task : undefined) ?? null,
    standing: standingOf(event, words),
    pinned: facts.pinned,
    exit: run?.exit ?? null,
    duration: run?.duration ?? null,
    missing: facts.missing,
    hasFile: !facts.missing && facts.path !== '',
    fromGitHub: event.origin === 'github',
    fromIncident: facts.from,
  };
}

/** When it happened, as far as is known now. */
function timesOf(event: TimelineEvent, by: TimelineEvent | undefined): Pick<EventView, 'at' | 'writtenAt'> {
  const written = parseInstant(event.at) ?? 0;
  // A correction's time is that of the other entry. It is read where it was made.
  if (event.kind === 'correction') return { at: parseInstant(event.recorded) ?? written, writtenAt: null };
  // A correction that happened when it was written down says nothing of when the other did.
  const at = by && by.at !== by.recorded ? (parseInstant(by.at) ?? written) : written;
  return { at, writtenAt: at === written ? null : written };
}

/** For each state event: what its field held before, where that is known. */
function valuesBefore(events: readonly TimelineEvent[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const event of events) if ('to' in event) values.set(event.id, event.to);
  const before = new Map<string, string>();
  for (const event of events) {
    if (!('to' in event)) continue;
    const value = event.prev === null ? event.was : values.get(event.prev);
    if (value) before.set(event.id, value);
  }
  return before;
}

function standingOf(event: TimelineEvent, { states }: EntryWords): string | null {
  if (event.kind !== 'task' && event.kind !== 'alert') return null;
  const owner = event.kind === 'task' ? event.owner : undefined;
  const words = [event.state === undefined ? '' : states[event.state], owner ?? ''].filter((word) => word !== '');
  return words.length === 0 ? null : words.join(', ');
}

function changeView(event: TimelineEvent, before: string | undefined, words: EntryWords): ChangeView | null {
  switch (event.kind) {
    case 'phase':
      return {
        field: 'phase',
        role: null,
        from: before === undefined ? null : words.phase(before),
        to: words.phase(event.to),
      };
    case 'severity':
      return { field: 'severity', role: null, from: before ?? null, to: event.to };
    case 'role':
      return { field: 'role', role: event.role, from: before ?? null, to: event.to };
    default:
      return null;
  }
}
