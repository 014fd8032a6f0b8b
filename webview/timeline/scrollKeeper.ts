import type { TimelinePanelState } from '../../src/protocol/timelinePanelState.ts';

/** This near to the end counts as being there (CSS pixels). */
const nearEnd = 32;

type Anchor = TimelinePanelState['anchor'];

interface Place {
  readonly row: HTMLElement;
  readonly offset: number;
}

/**
 * Keeps the reader's place: at the newest entry as long as they are there, else at the entry that they were reading.
 * (The browser's own scroll anchoring holds the place while entries come and go above it.)
 */
export class ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #rows: () => HTMLElement[];
  readonly #row: (id: string) => HTMLElement | undefined;
  readonly #moved: (anchor: Anchor) => void;
  /** Height of what stands above the entries and does not scroll away. */
  readonly #covered: () => number;
  #atNewest = true;
  #lastTop = 0;
  /** The kept place, as long as the reader has not moved on from it. */
  #returning: Place | undefined;
  #pending: number | undefined;

  constructor(options: {
    scroller: HTMLElement;
    content: HTMLElement;
    rows: () => HTMLElement[];
    row: (id: string) => HTMLElement | undefined;
    covered: () => number;
    moved: (anchor: Anchor) => void;
  }) {
    this.#scroller = options.scroller;
    this.#rows = options.rows;
    this.#row = options.row;
    this.#covered = options.covered;
    this.#moved = options.moved;
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // Rows get their true height only when they come near the view, so a place moves away after a jump to it.
    const resized = new ResizeObserver(() => this.settle());
    resized.observe(options.content);
    resized.observe(this.#scroller);
    for (const input of ['wheel', 'pointerdown', 'touchstart', 'keydown']) {
      window.addEventListener(input, () => this.#arrive(), { capture: true, passive: true });
    }
  }

  get atNewest(): boolean {
    return this.#atNewest;
  }

  /** To be called when something on the page got another size: goes again where the reader is meant to be. */
  settle(): void {
    if (this.#atNewest) this.#toEnd();
    else if (this.#returning) this.#place(this.#returning);
    else this.#remember();
  }

  toNewest(): void {
    this.#arrive();
    this.#atNewest = true;
    this.#toEnd();
    this.#moved(null);
  }

  /** Goes back to a kept place. */
  restore(anchor: Anchor): void {
    const row = anchor && this.#row(anchor.event);
    if (!row) {
      this.toNewest();
      return;
    }
    this.#atNewest = false;
    this.#returning = { row, offset: anchor.offset };
    row.scrollIntoView({ block: 'start' });
    this.#place(this.#returning);
  }

  /** From now on the place is the reader's own. */
  #arrive(): void {
    this.#returning = undefined;
  }

  #place({ row, offset }: Place): void {
    this.#scroller.scrollTop += this.#top(row) - offset;
  }

  #toEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const before = this.#lastTop;
    this.#lastTop = scrollTop;
    if (scrollHeight - clientHeight - scrollTop <= nearEnd) this.#atNewest = true;
    // Only a reader goes up. When entries grow, the end moves away without that.
    else if (scrollTop < before) this.#atNewest = false;
    this.#remember();
  }

  /** Tells the place, once for each frame. */
  #remember(): void {
    if (this.#pending !== undefined) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = undefined;
      this.#moved(this.#atNewest ? null : this.#anchor());
    });
  }

  /** The first row that is not above the view, found by halving: reading a place costs layout. */
  #anchor(): Anchor {
    const rows = this.#rows();
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row && this.#top(row) + row.offsetHeight > 0) high = middle;
      else low = middle + 1;
    }
    const row = rows[low];
    const event = row?.dataset.event;
    return row && event !== undefined ? { event, offset: this.#top(row) } : null;
  }

  /** Where a row begins, from the top of what can be seen. */
  #top(row: HTMLElement): number {
    return row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - this.#covered();
  }
}
