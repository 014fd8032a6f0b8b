import { applyChange, type EntryChanges } from './timelineChange.ts';
import type { ViewMessage } from './timelineMessages.ts';
import type { TimelineView } from './timelineView.ts';

/** What a message did to the page's copy. */
export type Taken =
  | { readonly kind: 'whole'; readonly view: TimelineView }
  | ({ readonly kind: 'changed'; readonly view: TimelineView } & EntryChanges)
  | { readonly kind: 'gone' }
  /** Something between was lost: only the whole view helps. */
  | { readonly kind: 'missed' }
  /** The copy has it, or something newer, already. */
  | { readonly kind: 'late' };

/** The page's copy of an incident, kept by what a `TimelineFeed` says. */
export class TimelineCopy {
  #view: TimelineView | undefined;
  #revision = 0;
  #earlier = 0;

  get view(): TimelineView | undefined {
    return this.#view;
  }

  /** How many entries before the first one are still to come. */
  get earlier(): number {
    return this.#earlier;
  }

  /** That of the message which was taken last. */
  get revision(): number {
    return this.#revision;
  }

  take(message: ViewMessage): Taken {
    switch (message.type) {
      // Both count whatever their number: it may be the first of another feed.
      case 'incident':
        this.#view = message.incident;
        this.#revision = message.revision;
        this.#earlier = message.earlier;
        return { kind: 'whole', view: message.incident };
      case 'gone':
        this.#revision = message.revision;
        return { kind: 'gone' };
      case 'current':
        return { kind: message.revision === this.#revision ? 'late' : 'missed' };
      case 'changed': {
        if (!this.#view) return { kind: 'missed' };
        if (message.revision <= this.#revision) return { kind: 'late' };
        const changed = message.revision === this.#revision + 1 ? applyChange(this.#view, message.change) : undefined;
        if (!changed) return { kind: 'missed' };
        this.#view = changed.view;
        this.#revision = message.revision;
        this.#earlier = message.earlier;
        return { kind: 'changed', ...changed };
      }
    }
  }
}
