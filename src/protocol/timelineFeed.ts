import { changeBetween } from './timelineChange.ts';
import type { ViewMessage } from './timelineMessages.ts';
import type { EventView, TimelineView } from './timelineView.ts';

/** How many entries a page that begins is sent first, and how many more with each message after that. */
const portions = { first: 200, more: 2_000 };

/** What a page was sent of an incident: the whole once, and from then on what is other. */
export class TimelineFeed {
  readonly #portions: typeof portions;
  #sent: TimelineView | undefined;
  /** How many of the newest entries are sent; null for all of them. */
  #count: number | null = null;
  /** How many the page knows to be still to come. */
  #told = 0;
  /** Those that the page cannot begin without. */
  #needed: readonly string[] = [];
  #revision = 0;
  /** What the page said last that it shows. */
  #shown = 0;

  constructor(sizes = portions) {
    this.#portions = sizes;
  }

  /** Nobody knows what the page has: the whole is next. */
  restart(): void {
    this.#sent = undefined;
    this.#count = null;
  }

  /**
   * The page has nothing: the newest entries are next, and with each message more of the older ones. So a page is of use
   * as soon with ten thousand entries as with a hundred.
   * @param needed ids of entries that the first message must have
   */
  begin(needed: readonly string[]): void {
    this.#sent = undefined;
    this.#count = 0;
    this.#needed = needed;
  }

  /** Older entries are still to come: when the page shows what it has, the next message is due. */
  get hasMore(): boolean {
    return this.#count !== null;
  }

  /**
   * @param view undefined when the incident is gone
   * @returns undefined when the page was sent just this view already
   */
  next(view: TimelineView | undefined): ViewMessage | undefined {
    const before = this.#sent;
    if (!view) {
      this.restart();
      return { type: 'gone', revision: ++this.#revision };
    }
    const earlier = this.#earlier(view.events);
    const isTold = earlier === this.#told;
    const sent = earlier === 0 ? view : { ...view, events: view.events.slice(earlier) };
    this.#sent = sent;
    this.#told = earlier;
    if (!before) return { type: 'incident', revision: ++this.#revision, incident: sent, earlier };
    const change = changeBetween(before, sent);
    if (!change && isTold) return undefined;
    return { type: 'changed', revision: ++this.#revision, change: change ?? { head: {}, edits: [] }, earlier };
  }

  /** @returns how many of the entries wait for a later message */
  #earlier(events: readonly EventView[]): number {
    if (this.#count === null) return 0;
    if (this.#sent) this.#count += this.#portions.more;
    else {
      const needed = events.findIndex(({ id }) => this.#needed.includes(id));
      this.#count = Math.max(this.#portions.first, needed < 0 ? 0 : events.length - needed);
    }
    if (this.#count >= events.length) this.#count = null;
    return this.#count === null ? 0 : events.length - this.#count;
  }

  shown(revision: number): void {
    this.#shown = revision;
  }

  /** Asks the page for its answer to what was sent last; undefined when it has come. */
  question(): ViewMessage | undefined {
    return this.#shown === this.#revision ? undefined : { type: 'current', revision: this.#revision };
  }
}
