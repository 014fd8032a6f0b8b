import type { EventView } from '../../src/protocol/timelineView.ts';
import { element } from '../dom.ts';
import { strings } from '../strings.ts';
import { kindLabel } from './eventPhrase.ts';

const spokenEntries = 3;
const spokenLength = 200;

/** Tells screen readers what came in, and which clock came to stand otherwise; nothing that ticks. */
export class Announcer {
  readonly #entries = element('div', { 'aria-live': 'polite' });
  readonly #standings = element('div', { role: 'status' });
  readonly element = element('div', { class: 'sr-only' }, this.#entries, this.#standings);

  entries(added: readonly EventView[]): void {
    if (added.length === 0) return;
    const words =
      added.length > spokenEntries
        ? [strings.newEntries(added.length)]
        : added.map((event) => strings.newEntry(kindLabel(event), event.by, event.body.slice(0, spokenLength)));
    this.#entries.replaceChildren(...words.map((text) => element('p', {}, text)));
  }

  standing(text: string): void {
    this.#standings.replaceChildren(element('p', {}, text));
  }
}
