import { type ButtonControl, makeButton, makeTextField, makeToggle, type TextFieldControl } from '../controls.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { eventIcon, icon, type OtherIcon } from '../icons.ts';
import { strings } from '../strings.ts';
import { ChoiceMenu } from './choiceMenu.ts';
import type { EntryTally } from './entryTally.ts';
import { type EventFilter, isFiltering, mostFrequentFirst, type ViewKind } from './eventFilter.ts';

export interface ToolbarActions {
  filtered(filter: EventFilter): void;
  follow(following: boolean): void;
  /** Opens what entries can be exported as, below the button. */
  export(opener: HTMLElement): void;
  selectShown(selected: boolean): void;
  pinSelected(): void;
}

/** The filter above the timeline: words, kinds, and how many entries are left. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #field: TextFieldControl;
  readonly #kinds: ChoiceMenu<ViewKind>;
  readonly #people: ChoiceMenu<string>;
  readonly #pinned: HTMLButtonElement;
  readonly #export: HTMLButtonElement;
  readonly #selection: HTMLElement;
  readonly #selectionCount = element('span', { class: 'selection-count', role: 'status' });
  readonly #pinSelected: HTMLButtonElement;
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
    this.#kinds = new ChoiceMenu<ViewKind>(
      'kinds-menu',
      { label: strings.kinds, chosen: strings.kindsChosen, name: (kind) => strings.kind[kind], icon: eventIcon },
      filter.kinds,
      () => this.#tell(),
    );
    this.#people = new ChoiceMenu<string>(
      'people-menu',
      { label: strings.people, chosen: strings.peopleChosen, name: (person) => person },
      filter.people,
      () => this.#tell(),
    );
    this.#pinned = makeToggle({
      icon: icon('pin'),
      title: strings.onlyPinned,
      press: (pinned) => {
        setAttribute(this.#pinned, 'aria-pressed', String(pinned));
        this.#tell();
      },
    });
    setAttribute(this.#pinned, 'aria-pressed', String(filter.pinned));
    this.#export = plainButton('export', strings.export, () => actions.export(this.#export));
    this.#export.className = 'toggle';
    this.#export.setAttribute('aria-haspopup', 'menu');
    this.#pinSelected = plainButton('pin', strings.pinSelected, () => actions.pinSelected());
    this.#selection = element(
      'div',
      { class: 'selection', role: 'group', 'aria-label': strings.selection, hidden: true },
      this.#selectionCount,
      this.#pinSelected,
      plainButton('select', strings.selectAll, () => actions.selectShown(true)),
      plainButton('close', strings.selectNone, () => actions.selectShown(false)),
    );
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
      { class: 'tools' },
      element(
        'div',
        { class: 'toolbar', role: 'search' },
        this.#field,
        this.#kinds.element,
        this.#people.element,
        this.#pinned,
        this.#clear,
        this.#count,
        this.#export,
        this.#follow,
      ),
      this.#selection,
    );
    this.#showFiltering();
  }

  get filter(): EventFilter {
    return {
      text: this.#field.value,
      kinds: this.#kinds.chosen,
      people: this.#people.chosen,
      pinned: this.#pinned.getAttribute('aria-pressed') === 'true',
    };
  }

  setCounts({ kinds, people, pinned }: EntryTally): void {
    this.#kinds.setCounts(new Map(mostFrequentFirst(kinds)));
    this.#people.setCounts(new Map(mostFrequentFirst(people)));
    this.#pinned.hidden = !this.filter.pinned && pinned === 0;
  }

  setCount(shown: number, total: number): void {
    setText(this.#count, isFiltering(this.filter) ? strings.entriesShown(shown, total) : strings.entries(total));
  }

  /** @param changeable whether selected entries can be pinned */
  setSelected(count: number, changeable: boolean): void {
    this.#selection.hidden = count === 0;
    this.#pinSelected.hidden = !changeable;
    setText(this.#selectionCount, strings.selected(count));
  }

  setExportable(exportable: boolean, isPrivate: boolean): void {
    this.#export.disabled = !exportable;
    setAttribute(this.#export, 'title', isPrivate ? strings.exportPrivate : undefined);
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
    this.#people.clear();
    setAttribute(this.#pinned, 'aria-pressed', 'false');
    this.#tell();
  }

  #showFiltering(): void {
    const filtering = isFiltering(this.filter);
    this.#clear.hidden = !filtering;
    this.element.firstElementChild?.classList.toggle('filtering', filtering);
  }

  #tell(): void {
    this.#showFiltering();
    this.#actions.filtered(this.filter);
  }
}

function plainButton(name: OtherIcon, label: string, press: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'small' }, icon(name), element('span', {}, label));
  button.addEventListener('click', press);
  return button;
}
