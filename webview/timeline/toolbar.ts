import type { EventView } from '../../src/protocol/timelineView.ts';
import { type ButtonControl, makeButton, makeTextField, makeToggle, type TextFieldControl } from '../controls.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { strings } from '../strings.ts';
import { type EventFilter, isFiltering } from './eventFilter.ts';
import { KindMenu } from './kindMenu.ts';

export interface ToolbarActions {
  filtered(filter: EventFilter): void;
  follow(following: boolean): void;
}

/** The filter above the timeline: words, kinds, and how many entries are left. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #field: TextFieldControl;
  readonly #kinds: KindMenu;
  readonly #clear: ButtonControl;
  readonly #count = element('span', { class: 'count', role: 'status' });
  readonly #follow: HTMLButtonElement;
  readonly #actions: ToolbarActions;

  constructor(filter: EventFilter, actions: ToolbarActions) {
    this.#actions = actions;
    this.#follow = makeToggle({
      label: strings.follow,
      icon: icon('follow'),
      title: strings.followTitle,
      press: (pressed) => actions.follow(pressed),
    });
    this.#field = makeTextField({
      label: strings.filter,
      placeholder: strings.filterPlaceholder,
      input: () => this.#tell(),
    });
    this.#field.value = filter.text;
    this.#kinds = new KindMenu(filter.kinds, () => this.#tell());
    this.#clear = makeButton({
      appearance: 'icon',
      label: strings.clearFilter,
      icon: icon('close'),
      press: () => {
        this.clear();
        this.focus();
      },
    });
    this.element = element(
      'div',
      { class: 'toolbar', role: 'search' },
      this.#field,
      this.#kinds.element,
      this.#clear,
      this.#count,
      this.#follow,
    );
    this.#showFiltering();
  }

  get filter(): EventFilter {
    return { text: this.#field.value, kinds: this.#kinds.chosen };
  }

  setEvents(events: readonly EventView[]): void {
    this.#kinds.setEvents(events);
  }

  setCount(shown: number, total: number): void {
    setText(this.#count, isFiltering(this.filter) ? strings.entriesShown(shown, total) : strings.entries(total));
  }

  setFollowing(following: boolean): void {
    setAttribute(this.#follow, 'aria-pressed', String(following));
  }

  focus(): void {
    this.#field.focus();
    this.#field.control.select();
  }

  contains(target: Element | undefined): boolean {
    return target?.getRootNode() === this.#field.shadowRoot;
  }

  clear(): void {
    this.#field.value = '';
    this.#kinds.clear();
    this.#tell();
  }

  #showFiltering(): void {
    const filtering = isFiltering(this.filter);
    this.#clear.hidden = !filtering;
    this.element.classList.toggle('filtering', filtering);
  }

  #tell(): void {
    this.#showFiltering();
    this.#actions.filtered(this.filter);
  }
}
