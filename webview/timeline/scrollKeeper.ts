import type { TimelinePanelState } from '../../src/protocol/timelinePanelState.ts';
import type { RowWindow } from './rowWindow.ts';

/** This near to the end counts as being there (CSS pixels). */
const nearEnd = 32;
/** What is less is no scrolling, but rounding (CSS pixels). */
const least = 1;
/** Between a row that was gone to and what covers the view above it (CSS pixels). */
const air = 4;

type Anchor = TimelinePanelState['anchor'];

/**
 * Keeps the reader's place: at the newest entry as long as they follow it, else at the entry that they were reading,
 * whatever comes, goes or grows above it.
 */
export class ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #window: RowWindow;
  readonly #moved: (anchor: Anchor) => void;
  /** Height of what stands above the entries and does not scroll away. */
  readonly #covered: () => number;
  /** Null while the newest is followed. */
  #place: Anchor = null;
  /** Where the view was left by this class, or found by it. */
  #lastTop = 0;
  #pending: number | undefined;

  constructor(options: {
    scroller: HTMLElement;
    window: RowWindow;
    covered: () => number;
    moved: (anchor: Anchor) => void;
  }) {
    this.#scroller = options.scroller;
    this.#window = options.window;
    this.#covered = options.covered;
    this.#moved = options.moved;
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.settle()).observe(this.#scroller);
  }

  /** Whether the newest entry is kept in view. */
  get following(): boolean {
    return this.#place === null;
  }

  /** To be called when something on the page got another size, or other entries: goes where the reader is meant to be. */
  settle(): void {
    if (this.#place && !this.#window.has(this.#place.event)) this.#place = this.#anchor() ?? null;
    this.#window.render(() => this.#aim());
    this.#remember();
  }

  /** Rows got other heights by themselves: the place is kept at once, what that brings near comes with the next frame. */
  resized(): void {
    this.#aim();
    requestAnimationFrame(() => this.settle());
  }

  follow(): void {
    this.#place = null;
    this.settle();
  }

  /** Stays where it is, whatever comes. */
  stay(): void {
    this.#place = this.#anchor() ?? null;
    this.#remember();
  }

  /** Where the reader was, before the first entries are here. */
  restore(anchor: Anchor): void {
    this.#place = anchor;
  }

  /** Brings an entry into view, moving no more than it takes, or to the middle when it is far away. */
  show(event: string): void {
    if (!this.#window.has(event)) return;
    this.#window.keep(event);
    this.#window.render(() => {});
    const row = this.#window.place(event);
    if (!row) return;
    const { scrollTop, clientHeight } = this.#scroller;
    const covered = this.#covered();
    const heading = this.#window.headingHeight + air;
    const top = row.top - scrollTop - covered;
    const room = clientHeight - covered;
    if (top >= heading && top + row.height <= room) return;
    const far = top < -room || top > 2 * room;
    const offset = far
      ? Math.max(heading, (room - row.height) / 2)
      : top < heading
        ? heading
        : Math.max(heading, room - row.height - air);
    this.#place = { event, offset };
    this.settle();
    if (this.#atEnd()) this.#place = null;
  }

  #atEnd(): boolean {
    return this.#toEnd() <= nearEnd;
  }

  /** How far the end is below the view. */
  #toEnd(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #scrolled(): void {
    const top = this.#scroller.scrollTop;
    const by = top - this.#lastTop;
    if (Math.abs(by) < least) return;
    this.#lastTop = top;
    // Only a reader goes up, unless a wider page has shorter entries: then the view is at its end still. When entries grow, the
    // end moves away without that.
    const isLeaving = by < 0 && this.#toEnd() > least;
    if (by > 0 && this.#atEnd()) this.#place = null;
    else if (isLeaving || this.#place !== null) this.#place = this.#anchor() ?? null;
    this.settle();
  }

  /** Scrolls to where the reader is meant to be, as far as the heights are known. */
  #aim(): void {
    const to = this.#wanted();
    if (to !== undefined && Math.abs(this.#scroller.scrollTop - to) >= least / 2) this.#scroller.scrollTop = to;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #wanted(): number | undefined {
    if (this.#place === null) return this.#scroller.scrollHeight - this.#scroller.clientHeight;
    const row = this.#window.place(this.#place.event);
    return row && row.top - this.#covered() - this.#place.offset;
  }

  /** The first row that is not above the view, and how far below the top it begins. */
  #anchor(): { event: string; offset: number } | undefined {
    const top = this.#scroller.scrollTop + this.#covered();
    const row = this.#window.rowBelow(top);
    return row && { event: row.id, offset: row.top - top };
  }

  /** Tells the place, once for each frame. */
  #remember(): void {
    if (this.#pending !== undefined) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = undefined;
      this.#moved(this.#place);
    });
  }
}
