/**
 * Up to this share of the page's height what is above the entries may stay in place while they scroll. With the line for
 * a note below them, they have at least the half.
 */
const headShare = 0.43;

/**
 * Decides whether the header stays in place (`held`) or scrolls away with the entries, when the panel is too small to
 * spare its height; then one line stands in for it. It also tells the browser how much of the view is covered, so that
 * an entry that gets the focus is never brought in behind the header.
 */
export class PageLayout {
  readonly #page: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #heads: readonly HTMLElement[];
  readonly #bar: HTMLElement;
  readonly #arranged: () => void;

  /**
   * @param heads what stands above the entries, without the line that stands in for it
   * @param bar the part that stays in any case
   * @param arranged is told each time that the head of the page may have got another height
   */
  constructor(options: {
    page: HTMLElement;
    scroller: HTMLElement;
    heads: readonly HTMLElement[];
    bar: HTMLElement;
    arranged: () => void;
  }) {
    this.#page = options.page;
    this.#scroller = options.scroller;
    this.#heads = options.heads;
    this.#bar = options.bar;
    this.#arranged = options.arranged;
    const resized = new ResizeObserver(() => this.#arrange());
    for (const watched of [this.#page, this.#scroller, this.#bar, ...this.#heads]) resized.observe(watched);
  }

  /** Height of what covers the top of the scroller now (CSS pixels). */
  covered(): number {
    const top = this.#scroller.getBoundingClientRect().top;
    return Math.max(0, this.#bar.getBoundingClientRect().bottom - top);
  }

  #arrange(): void {
    const height = this.#heads.reduce((sum, head) => sum + head.offsetHeight, 0);
    this.#page.classList.toggle('held', height <= headShare * this.#page.clientHeight);
    const held = this.#page.classList.contains('held');
    const covered = held ? (this.#bar.parentElement?.offsetHeight ?? height) : this.#bar.offsetHeight;
    this.#page.style.setProperty('--covered', `${covered}px`);
    // Below it the heading of a stretch stays in view, too.
    this.#scroller.style.scrollPaddingTop = `${covered + 38}px`;
    this.#arranged();
  }
}
