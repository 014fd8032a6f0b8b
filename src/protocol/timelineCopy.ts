import { applyChange, type EntryChanges } from './timelineChange.ts';
import type { ViewMessage } from './timelineMessages.ts';
import type { TimelineView } from './timelineView.ts';

/** What a message did to the page's copy. */
export type Taken =
  | { readonly kind: 'whole'; readonly view: TimelineView }
  | ({ readonly kind: 'changed'; readonly view: TimelineView } & EntryChanges)
  /** Something between was lost: only the whole view helps. */
  | { readonly kind: 'missed' }
  /** The copy has it, or something newer, already. */
  | { readonly kind: 'late' };

/** The page's copy of an incident, kept by what a `TimelineFeed` says. */
export class TimelineCopy {
  #view: TimelineView | undefined;
  #revision = 0;

  get view(): TimelineView | undefined {
    return this.#view;
  }

  take(message: ViewMessage): Taken {
    // A whole view counts whatever its number: it may be the first of another feed.
    if (message.type === 'incident') {
      this.#view = message.incident;
      this.#revision = message.revision;
      return { kind: 'whole', view: message.incident };
    }
    if (!this.#view) return { kind: 'missed' };
    if (message.revision <= this.#revision) return { kind: 'late' };
    const changed = message.revision === this.#revision + 1 ? applyChange(this.#view, message.change) : undefined;
    if (!changed) return { kind: 'missed' };
    this.#view = changed.view;
    this.#revision = message.revision;
    return { kind: 'changed', ...changed };
  }
}
