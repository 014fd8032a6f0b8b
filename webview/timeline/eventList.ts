import { eventMarks } from '../../src/core/eventMarks.ts';
import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { element, setChildren, setText } from '../dom.ts';
import { dayKey, localDay } from '../localTime.ts';
import { strings } from '../strings.ts';
import { type EventFilter, isFiltering, passes } from './eventFilter.ts';
import { EventRow, type RowActions } from './eventRow.ts';

interface Day {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly list: HTMLOListElement;
}

/** How many entries to either side of the one in view are rendered at once. */
const reach = 40;
/** How long the page may be busy with bodies that nobody looks at yet (milliseconds). */
const sliceMs = 12;

/** The events in order, under a heading for each local day. Rows are kept by the event's id across updates. */
export class EventList {
  readonly element: HTMLElement;
  readonly #days = new Map<string, Day>();
  readonly #rows = new Map<string, EventRow>();
  readonly #empty: HTMLElement;
  readonly #list: HTMLElement;
  readonly #actions: Omit<RowActions, 'reveal'>;
  #order: EventRow[] = [];
  readonly #bodiless: EventRow[] = [];
  #completing = false;
  /** The entry that the reader went to last. */
  #current: string | undefined;
  #tabStop: EventRow | undefined;
  #filter: EventFilter = { text: '', kinds: [] };

  constructor(actions: Omit<RowActions, 'reveal'>) {
    this.#actions = actions;
    this.#list = element('div', { class: 'days' });
    this.#empty = element('div', { class: 'empty' });
    this.element = element(
      'main',
      { class: 'timeline', 'aria-labelledby': 'timeline-title' },
      element('h2', { class: 'sr-only', id: 'timeline-title' }, strings.timeline),
      element('p', { class: 'sr-only' }, strings.timelineKeys),
      this.#list,
      this.#empty,
    );
    this.element.addEventListener('focusin', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.event') : null;
      if (row?.dataset.event === undefined) return;
      this.#current = row.dataset.event;
      this.#setTabStop();
    });
  }

  /**
   * @param near the entry whose surroundings will be in view; undefined for the newest
   * @returns the events that were not there before
   */
  update(view: TimelineView, near?: string): EventView[] {
    const marks = eventMarks(view.events);
    const byId = new Map(view.events.map((event) => [event.id, event]));
    const focused = document.activeElement?.closest<HTMLElement>('.event')?.dataset.event;
    const added: EventView[] = [];
    const order: EventRow[] = [];
    const inView = surroundings(view.events, near);
    for (const event of byId.values()) {
      const model = {
        event,
        mark: marks.get(event.id),
        about: event.replaces === null ? undefined : byId.get(event.replaces),
        declaredAt: view.declaredAt,
        readOnly: view.readOnly,
      };
      let row = this.#rows.get(event.id);
      if (row) row.update(model);
      else {
        row = new EventRow(model, { ...this.#actions, reveal: (id) => this.focus(id) }, inView.has(event.id));
        if (!inView.has(event.id)) this.#bodiless.push(row);
        this.#rows.set(event.id, row);
        added.push(event);
      }
      order.push(row);
    }
    for (const id of this.#rows.keys()) if (!byId.has(id)) this.#rows.delete(id);
    this.#order = order;
    this.#arrange();
    this.#applyFilter();
    this.#completeBodies();
    // A row that moved to another day lost the focus on its way.
    if (focused !== undefined && document.activeElement === document.body) this.#rows.get(focused)?.element.focus();
    return added;
  }

  /** @returns how many entries are shown */
  setFilter(filter: EventFilter): number {
    this.#filter = filter;
    return this.#applyFilter();
  }

  get total(): number {
    return this.#order.length;
  }

  /** The rows that are shown, in order. */
  shown(): HTMLElement[] {
    return this.#order.map((row) => row.element).filter((row) => !row.hidden);
  }

  row(id: string): HTMLElement | undefined {
    return this.#rows.get(id)?.element;
  }

  /** Focuses a row and brings it into view, also when the filter hides it. */
  focus(id: string): void {
    const row = this.row(id);
    if (!row) return;
    row.hidden = false;
    const day = row.closest<HTMLElement>('.day');
    if (day) day.hidden = false;
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
  }

  /** Bodies out of view are rendered once the page is drawn, in slices, the newest first. */
  #completeBodies(): void {
    if (this.#completing || this.#bodiless.length === 0) return;
    this.#completing = true;
    setTimeout(() => {
      this.#completing = false;
      const end = performance.now() + sliceMs;
      while (performance.now() < end) {
        const row = this.#bodiless.pop();
        if (!row) return;
        row.completeBody();
      }
      this.#completeBodies();
    });
  }

  #arrange(): void {
    const wanted = new Map<string, HTMLElement[]>();
    for (const row of this.#order) {
      const key = dayKey(row.model.event.at);
      const rows = wanted.get(key);
      if (rows) rows.push(row.element);
      else wanted.set(key, [row.element]);
      if (!this.#days.has(key)) this.#days.set(key, makeDay(key, row.model.event.at));
    }
    for (const key of this.#days.keys()) if (!wanted.has(key)) this.#days.delete(key);
    const days: HTMLElement[] = [];
    for (const [key, rows] of wanted) {
      const day = this.#days.get(key);
      if (!day) continue;
      setChildren(day.list, rows);
      days.push(day.element);
    }
    setChildren(this.#list, days);
  }

  #applyFilter(): number {
    let shown = 0;
    for (const row of this.#order) {
      const visible = passes(row.model.event.kind, row.searched, this.#filter);
      row.element.hidden = !visible;
      if (visible) shown++;
    }
    for (const day of this.#days.values()) day.element.hidden = day.list.querySelector('.event:not([hidden])') === null;
    this.#showEmpty(shown);
    this.#setTabStop();
    return shown;
  }

  #showEmpty(shown: number): void {
    this.#empty.hidden = shown > 0;
    if (shown > 0) return;
    const filtered = this.#order.length > 0 && isFiltering(this.#filter);
    const wanted = filtered ? [strings.noMatch] : [strings.noEntries, strings.noEntriesHint];
    if (this.#empty.textContent !== wanted.join('')) {
      this.#empty.replaceChildren(...wanted.map((text) => element('p', {}, text)));
    }
  }

  /** The tab key comes to the entry that the reader went to last, else to the newest; the arrow keys go on from there. */
  #setTabStop(): void {
    const current = this.#current === undefined ? undefined : this.#rows.get(this.#current);
    const wanted = current && !current.element.hidden ? current : this.#order.findLast((row) => !row.element.hidden);
    if (wanted === this.#tabStop) return;
    this.#tabStop?.setTabStop(false);
    wanted?.setTabStop(true);
    this.#tabStop = wanted;
  }
}

/** The entries of about three screens around one. */
function surroundings(events: readonly EventView[], near: string | undefined): Set<string> {
  const at = near === undefined ? -1 : events.findIndex((event) => event.id === near);
  const middle = at < 0 ? events.length : at;
  return new Set(events.slice(Math.max(0, middle - reach), middle + reach).map((event) => event.id));
}

function makeDay(key: string, at: number): Day {
  const heading = element('h3', { class: 'day-title', id: `day-${key}` });
  setText(heading, localDay(at));
  const list = element('ol', { class: 'events', 'aria-labelledby': heading.id });
  return { heading, list, element: element('section', { class: 'day' }, heading, list) };
}
