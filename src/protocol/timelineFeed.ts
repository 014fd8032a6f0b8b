import { changeBetween } from './timelineChange.ts';
import type { ViewMessage } from './timelineMessages.ts';
import type { TimelineView } from './timelineView.ts';

/** What a page was sent of an incident: the whole once, and from then on what is other. */
export class TimelineFeed {
  #sent: TimelineView | undefined;
  #revision = 0;
  /** What the page said last that it shows. */
  #shown = 0;

  /** The page has nothing, or nobody knows what it has: the whole is next. */
  restart(): void {
    this.#sent = undefined;
  }

  /**
   * @param view undefined when the incident is gone
   * @returns undefined when the page was sent just this view already
   */
  next(view: TimelineView | undefined): ViewMessage | undefined {
    const before = this.#sent;
    this.#sent = view;
    if (!view) return { type: 'gone', revision: ++this.#revision };
    if (!before) return { type: 'incident', revision: ++this.#revision, incident: view };
    const change = changeBetween(before, view);
    return change && { type: 'changed', revision: ++this.#revision, change };
  }

  shown(revision: number): void {
    this.#shown = revision;
  }

  /** Asks the page for its answer to what was sent last; undefined when it has come. */
  question(): ViewMessage | undefined {
    return this.#shown === this.#revision ? undefined : { type: 'current', revision: this.#revision };
  }
}
