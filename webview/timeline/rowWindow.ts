import { element, setAttribute, setChildren } from '../dom.ts';
import { Heights } from './heights.ts';

/** Up to so many rows are all in the page: then it can be searched, selected and read like any document. */
const whole = 80;
/** How far beyond what can be seen rows are ready (CSS pixels). */
const reach = 500;
/** Each round brings rows whose true heights may ask for others. */
const mostRounds = 8;

export interface RowGroup {
  readonly key: string;
  readonly rows: readonly string[];
}

export interface RowWindowOptions {
  readonly scroller: HTMLElement;
  /** Makes the element of a row. */
  mount(id: string): HTMLElement;
  /** The element of a row has left the page. */
  unmount(id: string): void;
  /** Makes the heading of a group. It stays in view as long as the group does. */
  heading(group: string): HTMLElement;
  /** About how high a row will be (CSS pixels). */
  guess(id: string): number;
  /** Rows in the page got other heights by themselves. */
  resized(): void;
}

interface GroupElements {
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
  readonly list: HTMLOListElement;
}

/**
 * Groups of rows of which only those near the view are elements: ten thousand cost what a hundred do. What is left out
 * is space of the height that it had, or will about have.
 */
export class RowWindow {
  readonly element = element('div', { class: 'stretches' });
  readonly #options: RowWindowOptions;
  readonly #heights = new Heights();
  /** Heights that were measured, by line, for when the lines are set anew. */
  readonly #measured = new Map<string, number>();
  readonly #mounted = new Map<string, HTMLElement>();
  readonly #groups = new Map<string, GroupElements>();
  readonly #resized: ResizeObserver;
  #wanted: readonly RowGroup[] = [];
  /** The id of the row in each line; undefined for the heading of a group. */
  #lines: readonly (string | undefined)[] = [];
  /** Which group each line is in. */
  #groupOf: readonly number[] = [];
  readonly #indexes = new Map<string, number>();
  #kept: string | undefined;

  constructor(options: RowWindowOptions) {
    this.#options = options;
    this.#resized = new ResizeObserver(() => {
      if (!this.#measure(this.#mounted.keys())) return;
      this.#space();
      options.resized();
    });
  }

  /** @param groups none of them empty; a row is in one of them */
  set(groups: readonly RowGroup[]): void {
    this.#wanted = groups;
    const lines: (string | undefined)[] = [];
    const groupOf: number[] = [];
    for (const [group, { rows }] of groups.entries()) {
      lines.push(undefined);
      groupOf.push(group);
      for (const id of rows) {
        lines.push(id);
        groupOf.push(group);
      }
    }
    this.#setLines(lines);
    this.#groupOf = groupOf;
    for (const id of [...this.#mounted.keys()]) if (!this.#indexes.has(id)) this.#unmount(id);
    const keys = new Set(groups.map(({ key }) => key));
    for (const key of this.#groups.keys()) if (!keys.has(key)) this.#groups.delete(key);
    // Where the view is meant to be is found by the space that is there: else rows of another place would come first.
    this.#space();
  }

  /** Rows that are in the page no more, or not yet, show something else than they did: their height is a guess again. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#mounted.has(id)) continue;
      this.#measured.delete(id);
      const index = this.#indexes.get(id);
      if (index !== undefined) this.#heights.set(index, this.#guess(id));
    }
  }

  has(id: string): boolean {
    return this.#indexes.has(id);
  }

  /** The element of a row that is in the page. */
  row(id: string): HTMLElement | undefined {
    return this.#mounted.get(id);
  }

  /** A row that stays in the page wherever the view is: the one with the focus. */
  keep(id: string | undefined): void {
    this.#kept = id;
  }

  /** Where a row begins, from the top of the scroller's content, and its height (CSS pixels). */
  place(id: string): { readonly top: number; readonly height: number } | undefined {
    const index = this.#indexes.get(id);
    if (index === undefined) return undefined;
    return { top: this.#listTop() + this.#heights.top(index), height: this.#heights.height(index) };
  }

  /** The first row that ends below a place (from the top of the scroller's content), and where it begins. */
  rowBelow(place: number): { readonly id: string; readonly top: number } | undefined {
    const listTop = this.#listTop();
    let index = this.#heights.at(place - listTop);
    if (this.#lines[index] === undefined) index++;
    const id = this.#lines[index];
    return id === undefined ? undefined : { id, top: listTop + this.#heights.top(index) };
  }

  /** The height of a group's heading, which covers the top of the view. */
  get headingHeight(): number {
    return this.#measured.get('') ?? 0;
  }

  /**
   * Brings the rows near the view into the page.
   * @param aim scrolls to where the view is meant to be; called again as true heights become known
   */
  render(aim: () => void): void {
    for (let round = 0; round < mostRounds; round++) {
      aim();
      const before = this.#mounted.size;
      const fresh = this.#mountNear();
      const changed = this.#measure(fresh);
      // A row that leaves takes the space above it along.
      const isOther = fresh.length > 0 || this.#mounted.size !== before;
      if (changed || isOther || round === 0) this.#space();
      if (fresh.length === 0 && !changed) break;
    }
    aim();
  }

  /** Only the lines between those that are as they were at both ends are looked at, and moved. */
  #setLines(lines: readonly (string | undefined)[]): void {
    const before = this.#lines;
    const shorter = Math.min(before.length, lines.length);
    let head = 0;
    while (head < shorter && before[head] === lines[head]) head++;
    let tail = 0;
    while (tail < shorter - head && before.at(-1 - tail) === lines.at(-1 - tail)) tail++;
    this.#lines = lines;
    for (const id of before.slice(head, before.length - tail)) if (id !== undefined) this.#indexes.delete(id);
    const moved = lines.length === before.length ? lines.length - tail : lines.length;
    for (let index = head; index < moved; index++) {
      const id = lines[index];
      if (id !== undefined) this.#indexes.set(id, index);
    }
    const fresh = lines.slice(head, lines.length - tail);
    this.#heights.splice(
      head,
      before.length - tail - head,
      fresh.map((id) => this.#measured.get(id ?? '') ?? this.#guess(id)),
    );
  }

  #guess(id: string | undefined): number {
    return id === undefined ? 30 : this.#options.guess(id);
  }

  /** @returns the ids of the rows that are new in the page */
  #mountNear(): string[] {
    const near = this.#near();
    const fresh: string[] = [];
    const rows = new Map<number, HTMLElement[]>();
    for (const index of near) {
      const group = this.#groupOf[index] ?? 0;
      const ofGroup = rows.get(group) ?? [];
      rows.set(group, ofGroup);
      const id = this.#lines[index];
      if (id === undefined) continue;
      let row = this.#mounted.get(id);
      if (!row) {
        row = this.#options.mount(id);
        this.#mounted.set(id, row);
        fresh.push(id);
      }
      const { rows: all } = this.#wanted[group] ?? { rows: [] };
      setAttribute(row, 'aria-setsize', all.length);
      setAttribute(row, 'aria-posinset', index - this.#firstLine(group));
      ofGroup.push(row);
    }
    const sections: HTMLElement[] = [];
    for (const [group, elements] of rows) {
      const key = this.#wanted[group]?.key ?? '';
      const made = this.#groups.get(key) ?? this.#makeGroup(key);
      const heading = this.#options.heading(key);
      if (heading !== made.heading) made.section.replaceChildren(heading, made.list);
      this.#groups.set(key, { ...made, heading });
      setAttribute(made.list, 'aria-labelledby', heading.id);
      setChildren(made.list, elements);
      sections.push(made.section);
    }
    setChildren(this.element, sections);
    const wanted = new Set(near);
    for (const id of [...this.#mounted.keys()]) if (!wanted.has(this.#indexes.get(id) ?? -1)) this.#unmount(id);
    for (const id of fresh) {
      const row = this.#mounted.get(id);
      if (row) this.#resized.observe(row);
    }
    return fresh;
  }

  /** The lines that are to be in the page, in order. */
  #near(): number[] {
    const count = this.#lines.length;
    const listTop = this.#listTop();
    const { scrollTop, clientHeight } = this.#options.scroller;
    const all = this.#indexes.size <= whole;
    const first = all ? 0 : this.#heights.at(scrollTop - listTop - reach);
    const last = all ? count - 1 : this.#heights.at(scrollTop - listTop + clientHeight + reach);
    const lines: number[] = [];
    const kept = this.#kept === undefined ? undefined : this.#indexes.get(this.#kept);
    if (kept !== undefined && kept < first) lines.push(kept);
    for (let index = first; index <= last && index < count; index++) lines.push(index);
    if (kept !== undefined && kept > last) lines.push(kept);
    return lines;
  }

  #firstLine(group: number): number {
    const [first] = this.#wanted[group]?.rows ?? [];
    return first === undefined ? 0 : (this.#indexes.get(first) ?? 1) - 1;
  }

  #makeGroup(key: string): GroupElements {
    const heading = this.#options.heading(key);
    const list = element('ol', { class: 'events' });
    return { heading, list, section: element('section', { class: 'stretch' }, heading, list) };
  }

  #unmount(id: string): void {
    const row = this.#mounted.get(id);
    if (!row) return;
    this.#resized.unobserve(row);
    this.#mounted.delete(id);
    row.remove();
    this.#options.unmount(id);
  }

  /** @returns whether a height is another one than was thought */
  #measure(ids: Iterable<string>): boolean {
    let changed = false;
    const [group] = this.#groups.values();
    const heading = group?.section.isConnected ? group.heading.getBoundingClientRect().height : 0;
    if (heading > 0 && this.#measured.get('') !== heading) {
      this.#measured.set('', heading);
      for (const [index, id] of this.#lines.entries()) if (id === undefined) this.#heights.set(index, heading);
      changed = true;
    }
    for (const id of ids) {
      const height = this.#mounted.get(id)?.getBoundingClientRect().height ?? 0;
      if (height === 0) continue;
      this.#measured.set(id, height);
      changed = this.#heights.set(this.#indexes.get(id) ?? -1, height) || changed;
    }
    return changed;
  }

  /** Gives what is left out its space. */
  #space(): void {
    let end = 0;
    const shown = new Map<number, string[]>();
    for (const id of this.#mounted.keys()) {
      const group = this.#groupOf[this.#indexes.get(id) ?? -1] ?? -1;
      const ids = shown.get(group);
      if (ids) ids.push(id);
      else shown.set(group, [id]);
    }
    for (const [group, { key, rows }] of this.#wanted.entries()) {
      const made = this.#groups.get(key);
      if (!made?.section.isConnected) continue;
      const first = this.#firstLine(group);
      made.section.style.marginTop = pixels(this.#heights.top(first) - end);
      let below = this.#heights.top(first + 1);
      const indexes = (shown.get(group) ?? []).map((id) => this.#indexes.get(id) ?? 0).sort((a, b) => a - b);
      for (const index of indexes) {
        const row = this.#mounted.get(this.#lines[index] ?? '');
        if (row) row.style.marginTop = pixels(this.#heights.top(index) - below);
        below = this.#heights.top(index + 1);
      }
      end = this.#heights.top(first + 1 + rows.length);
      made.list.style.paddingBottom = pixels(end - below);
    }
    this.element.style.paddingBottom = pixels(this.#heights.total - end);
  }

  #listTop(): number {
    const { scroller } = this.#options;
    return this.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  }
}

function pixels(length: number): string {
  return length > 0.05 ? `${length}px` : '';
}
