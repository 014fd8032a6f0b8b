import { eventMarks, type Mark } from '../../src/core/eventMarks.ts';
import type { EntryChanges } from '../../src/protocol/timelineChange.ts';
import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { element } from '../dom.ts';
import { strings } from '../strings.ts';
import type { EntryStanding } from './entryMenu.ts';
import { type EventFilter, isFiltering, noFilter, passes, searchText } from './eventFilter.ts';
import { EventRow, type RowActions, type RowModel } from './eventRow.ts';
import { guessHeight } from './guessHeight.ts';
import { RowWindow } from './rowWindow.ts';
import { type Stretch, stretches } from './stretches.ts';
import { StretchHeading } from './stretchHeading.ts';

/** The events in order, under a heading for each phase and local day. Only those near the view have rows. */
export class EventList {
  readonly element: HTMLElement;
  readonly window: RowWindow;
  readonly #rows = new Map<string, EventRow>();
  readonly #headings = new Map<string, StretchHeading>();
  readonly #expanded = new Set<string>();
  readonly #empty = element('div', { class: 'empty' });
  readonly #actions: RowActions;
  readonly #shownChanged: () => void;
  readonly #selectionChanged: () => void;
  readonly #texts = new WeakMap<EventView, string>();
  /** Whether entries pass the filter, as far as they were looked at. */
  #passing = new WeakMap<EventView, boolean>();
  #view: TimelineView | undefined;
  #byId = new Map<string, EventView>();
  #marks = new Map<string, Mark<EventView>>();
  #stretches = new Map<string, Stretch>();
  /** The entries that pass the filter, in order. */
  #shownEvents: readonly EventView[] = [];
  #shown: readonly string[] = [];
  /** The entry that the reader went to last. */
  #current: string | undefined;
  #tabStop: EventRow | undefined;
  #filter: EventFilter = noFilter;
  /** What was added to an entry later, by its id. */
  #additions = new Map<string, EventView[]>();
  #selected = new Set<string>();
  /** Those that pins are seen by: the pins and what takes them back. */
  #pinning: readonly EventView[] = [];
  /** A pin is seen at what it pins, as is the pin's taking back: lines of their own would only be noise. */
  #markOnly: ReadonlySet<string> = new Set();
  #lastSelected: string | undefined;

  constructor(options: {
    scroller: HTMLElement;
    actions: Omit<RowActions, 'reveal' | 'expand' | 'select'>;
    /** Brings an entry into view. */
    show: (id: string) => void;
    /** Rows got other heights by themselves. */
    resized: () => void;
    selectionChanged: () => void;
    /** Other entries are shown than before: the view is to be drawn. */
    shownChanged: () => void;
  }) {
    this.#shownChanged = options.shownChanged;
    this.#selectionChanged = options.selectionChanged;
    this.#actions = {
      ...options.actions,
      reveal: (id) => this.reveal(id),
      select: (id, selected, through) => this.select(id, selected, through),
      expand: (id, expanded) => {
        if (expanded) this.#expanded.add(id);
        else this.#expanded.delete(id);
        this.#refresh(id);
      },
    };
    this.#show = options.show;
    this.window = new RowWindow({
      scroller: options.scroller,
      mount: (id) => this.#mount(id),
      unmount: (id) => this.#rows.delete(id),
      heading: (key) => this.#heading(key),
      guess: (id) => guessHeight(this.#byId.get(id)),
      resized: options.resized,
    });
    this.element = element(
      'main',
      { class: 'timeline', 'aria-labelledby': 'timeline-title' },
      element('h2', { class: 'sr-only', id: 'timeline-title' }, strings.timeline),
      element('p', { class: 'sr-only' }, strings.timelineKeys),
      this.window.element,
      this.#empty,
    );
    this.element.addEventListener('focusin', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.event') : null;
      if (row?.dataset.event !== undefined) this.#goTo(row.dataset.event);
    });
  }

  readonly #show: (id: string) => void;

  /**
   * @param changes what is other than in the view before; without it, everything may be
   * @returns the events that were not there before
   */
  update(view: TimelineView, changes?: EntryChanges): EventView[] {
    this.#view = view;
    const added = changes ? this.#takeChanges(view, changes) : this.#takeAll(view);
    this.#markOnly = new Set(this.#pinning.filter((event) => this.#isMarkOnly(event)).map(({ id }) => id));
    const focused = document.activeElement?.closest<HTMLElement>('.event')?.dataset.event;
    this.#arrange();
    if (changes) this.window.forget(changes.put.map(({ id }) => id));
    for (const id of this.#rows.keys()) this.#refresh(id);
    this.#shownChanged();
    // A row that moved to another stretch lost the focus on its way.
    if (focused !== undefined && document.activeElement === document.body) this.#rows.get(focused)?.element.focus();
    return added;
  }

  #takeAll(view: TimelineView): EventView[] {
    const before = this.#byId;
    this.#byId = new Map(view.events.map((event) => [event.id, event]));
    this.#marks = eventMarks(view.events);
    this.#additions = additionsOf(view.events, this.#marks);
    this.#pinning = view.events.filter(isPinning);
    for (const id of this.#selected) if (!this.#byId.has(id)) this.#selected.delete(id);
    return view.events.filter((event) => !before.has(event.id));
  }

  #takeChanges(view: TimelineView, { removed, put }: EntryChanges): EventView[] {
    const before = new Set(removed.map(({ id }) => id));
    for (const id of before) this.#byId.delete(id);
    for (const event of put) this.#byId.set(event.id, event);
    for (const id of before) if (!this.#byId.has(id)) this.#selected.delete(id);
    const others = [...removed, ...put];
    if (others.some(isPinning)) this.#pinning = view.events.filter(isPinning);
    const isMarkedAnew = others.some(({ replaces }) => replaces !== null);
    if (isMarkedAnew) this.#marks = eventMarks(view.events);
    if (isMarkedAnew || others.some(({ about }) => about !== null)) {
      this.#additions = additionsOf(view.events, this.#marks);
    }
    return put.filter((event) => !before.has(event.id));
  }

  setFilter(filter: EventFilter): void {
    this.#filter = filter;
    this.#passing = new WeakMap();
    this.#arrange();
    this.#shownChanged();
  }

  /** How many entries there are. What only marks another one is none. */
  get total(): number {
    return (this.#view?.events.length ?? 0) - this.#markOnly.size;
  }

  /** The ids of those that are selected, in order. */
  get selected(): string[] {
    if (this.#selected.size === 0) return [];
    return (this.#view?.events ?? []).flatMap(({ id }) => (this.#selected.has(id) ? [id] : []));
  }

  /** @param through selects what is shown between it and the one that was selected last, too */
  select(id: string, selected: boolean, through = false): void {
    const ids = through ? this.#between(this.#lastSelected, id) : [id];
    for (const one of ids) {
      if (selected) this.#selected.add(one);
      else this.#selected.delete(one);
      this.#refresh(one);
    }
    this.#lastSelected = id;
    this.#selectionChanged();
  }

  selectShown(selected: boolean): void {
    this.#selected = new Set(selected ? this.#shown : []);
    for (const id of this.#rows.keys()) this.#refresh(id);
    this.#selectionChanged();
  }

  #between(from: string | undefined, to: string): string[] {
    const ends = [from ?? to, to].map((id) => this.#shown.indexOf(id));
    return ends.includes(-1) ? [to] : this.#shown.slice(Math.min(...ends), Math.max(...ends) + 1);
  }

  /** What an entry is like, for those who act on it by keys. */
  standing(id: string): EntryStanding | undefined {
    return this.#rows.get(id)?.standing;
  }

  get actions(): RowActions {
    return this.#actions;
  }

  /** The ids of the entries that pass the filter, in order. */
  get shown(): readonly string[] {
    return this.#shown;
  }

  /** The entries that pass the filter, in order. */
  get shownEvents(): readonly EventView[] {
    return this.#shownEvents;
  }

  /** The entry that the tab key comes to: the one that the reader went to last, else the newest. */
  get current(): string | undefined {
    return this.#current !== undefined && this.window.has(this.#current) ? this.#current : this.#shown.at(-1);
  }

  /** Brings an entry into view and gives it the focus. */
  focus(id: string | undefined): void {
    if (id === undefined || !this.window.has(id)) return;
    this.#goTo(id);
    this.#show(id);
    this.window.row(id)?.focus({ preventScroll: true });
  }

  /** As {@link focus}, also for an entry that the filter hides: it is shown until the filter changes. */
  reveal(id: string): void {
    if (!this.#byId.has(id)) return;
    if (!this.window.has(id)) {
      this.#arrange(id);
      this.#shownChanged();
    }
    this.focus(id);
  }

  #goTo(id: string): void {
    this.#current = id;
    this.#setTabStop();
  }

  /** @param also an entry that is shown though the filter hides it */
  #arrange(also?: string): void {
    if (!this.#view) return;
    const filtering = isFiltering(this.#filter);
    const isAll = !filtering && this.#markOnly.size === 0;
    const isShown = (event: EventView) =>
      event.id === also ||
      ((this.#filter.kinds.includes(event.kind) || !this.#markOnly.has(event.id)) &&
        (!filtering || this.#passes(event)));
    const events = isAll ? this.#view.events : this.#view.events.filter(isShown);
    this.#shownEvents = events;
    this.#shown = events.map(({ id }) => id);
    const found = stretches(events, this.#view.phases);
    this.#stretches = new Map(found.map((stretch) => [stretch.key, stretch]));
    for (const [key, heading] of this.#headings) {
      const stretch = this.#stretches.get(key);
      if (stretch) heading.update(stretch);
      else this.#headings.delete(key);
    }
    this.window.set(found.map(({ key, events: own }) => ({ key, rows: own.map(({ id }) => id) })));
    this.#showEmpty(filtering);
    this.#setTabStop();
  }

  #isMarkOnly(event: EventView): boolean {
    const pin = event.kind === 'retraction' && event.replaces !== null ? this.#byId.get(event.replaces) : event;
    return pin?.kind === 'pin' && pin.about !== null && this.#byId.has(pin.about);
  }

  #passes(event: EventView): boolean {
    const known = this.#passing.get(event) ?? passes(event, () => this.#textOf(event), this.#filter);
    this.#passing.set(event, known);
    return known;
  }

  #textOf(event: EventView): string {
    const known = this.#texts.get(event) ?? searchText(event);
    this.#texts.set(event, known);
    return known;
  }

  #mount(id: string): HTMLElement {
    const row = new EventRow(this.#modelOf(id), this.#actions);
    this.#rows.set(id, row);
    row.setTabStop(id === this.current);
    if (id === this.current) this.#tabStop = row;
    return row.element;
  }

  #heading(key: string): HTMLElement {
    const stretch = this.#stretches.get(key);
    let heading = this.#headings.get(key);
    if (!heading && stretch) {
      heading = new StretchHeading(stretch);
      this.#headings.set(key, heading);
    }
    return heading?.element ?? element('h3');
  }

  #refresh(id: string): void {
    if (this.#byId.has(id)) this.#rows.get(id)?.update(this.#modelOf(id));
  }

  #modelOf(id: string): RowModel {
    const event = this.#byId.get(id);
    const view = this.#view;
    if (!event || !view) throw new RangeError(`There is no entry ${id} to show`);
    return {
      event,
      mark: this.#marks.get(id),
      about: this.#byId.get(event.replaces ?? event.about ?? ''),
      additions: this.#additions.get(id) ?? [],
      attachments: view.attachments,
      declaredAt: view.declaredAt,
      readOnly: view.readOnly,
      expanded: this.#expanded.has(id),
      selected: this.#selected.has(id),
    };
  }

  #showEmpty(filtering: boolean): void {
    this.#empty.hidden = this.#shown.length > 0;
    if (this.#shown.length > 0) return;
    const wanted = filtering && this.total > 0 ? [strings.noMatch] : [strings.noEntries, strings.noEntriesHint];
    if (this.#empty.textContent !== wanted.join('')) {
      this.#empty.replaceChildren(...wanted.map((text) => element('p', {}, text)));
    }
  }

  /** The tab key comes to one entry; the arrow keys go on from there. */
  #setTabStop(): void {
    const { current } = this;
    this.window.keep(current);
    const wanted = current === undefined ? undefined : this.#rows.get(current);
    if (wanted === this.#tabStop) return;
    this.#tabStop?.setTabStop(false);
    wanted?.setTabStop(true);
    this.#tabStop = wanted;
  }
}

function isPinning({ kind }: EventView): boolean {
  return kind === 'pin' || kind === 'retraction';
}

/** Notes that are about another entry and count: they are shown with it. */
function additionsOf(
  events: readonly EventView[],
  marks: ReadonlyMap<string, Mark<EventView>>,
): Map<string, EventView[]> {
  const found = new Map<string, EventView[]>();
  for (const event of events) {
    if (event.about === null || event.kind !== 'note' || marks.has(event.id)) continue;
    const others = found.get(event.about);
    if (others) others.push(event);
    else found.set(event.about, [event]);
  }
  return found;
}
