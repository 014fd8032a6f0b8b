import { type CheckboxControl, makeButton, makeCheckbox } from '../controls.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { strings } from '../strings.ts';

/** CSS pixels. */
const gap = 4;
const minHeight = 120;

export interface ChoiceWords<T> {
  /** Of the button while nothing is chosen, and of the menu. */
  readonly label: string;
  readonly chosen: (count: number) => string;
  readonly name: (value: T) => string;
  readonly icon?: (value: T) => SVGElement;
}

/** A button with values to choose from below it. None chosen means all. */
export class ChoiceMenu<T extends string> {
  readonly element: HTMLElement;
  readonly #button;
  // Not a span: the toolkit makes those in a button as small as an icon.
  readonly #label = element('div', { class: 'kinds-label' });
  readonly #menu = element('div', {
    class: 'kinds-menu',
    role: 'group',
  });
  readonly #words: ChoiceWords<T>;
  readonly #boxes = new Map<T, { readonly box: CheckboxControl; readonly text: HTMLElement }>();
  readonly #changed: () => void;
  #chosen: T[];

  /** @param id of the menu's element */
  constructor(id: string, words: ChoiceWords<T>, chosen: readonly T[], changed: () => void) {
    this.#words = words;
    this.#menu.id = id;
    setAttribute(this.#menu, 'aria-label', words.label);
    this.#chosen = [...chosen];
    this.#changed = changed;
    this.#button = makeButton({
      appearance: 'secondary',
      label: '',
      press: () => this.#open(this.#menu.hidden !== false),
    });
    const arrow = icon('chevron');
    arrow.setAttribute('slot', 'end');
    this.#button.append(this.#label, arrow);
    setAttribute(this.#button, 'aria-expanded', 'false');
    setAttribute(this.#button, 'aria-controls', this.#menu.id);
    this.#menu.hidden = true;
    this.element = element('div', { class: 'kinds' }, this.#button, this.#menu);
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#menu.hidden) return;
      // Only the menu closes; the page's own Escape would clear the filter with it.
      event.stopPropagation();
      this.#open(false);
      this.#button.focus();
    });
    this.element.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && !this.element.contains(event.relatedTarget)) this.#open(false);
    });
    document.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(this.element)) this.#open(false);
    });
    window.addEventListener('resize', () => this.#open(false));
    this.#showChosen();
  }

  get chosen(): readonly T[] {
    return this.#chosen;
  }

  clear(): void {
    this.#chosen = [];
    for (const { box } of this.#boxes.values()) box.checked = false;
    this.#showChosen();
  }

  /** Offers the values that there are, in this order; a chosen one stays on offer when its last entry has gone. */
  setCounts(found: ReadonlyMap<T, number>): void {
    const counts = new Map(found);
    for (const value of this.#chosen) if (!counts.has(value)) counts.set(value, 0);
    for (const [value, { box }] of this.#boxes) {
      if (counts.has(value)) continue;
      box.remove();
      this.#boxes.delete(value);
    }
    for (const [value, count] of counts) {
      const made = this.#boxes.get(value) ?? this.#addBox(value);
      const label = strings.kindCount(this.#words.name(value), count);
      setText(made.text, label);
      // The toolkit named the box when it came into the page, and by then it had no words.
      setAttribute(made.box, 'aria-label', label);
    }
    this.element.hidden = counts.size < 2;
  }

  #addBox(value: T): { box: CheckboxControl; text: HTMLElement } {
    const box = makeCheckbox({
      checked: this.#chosen.includes(value),
      change: (checked) => {
        const others = this.#chosen.filter((other) => other !== value);
        this.#chosen = checked ? [...others, value] : others;
        this.#showChosen();
        this.#changed();
      },
    });
    const text = element('span');
    box.append(element('span', { class: 'kind-option' }, this.#words.icon?.(value), text));
    this.#menu.append(box);
    const made = { box, text };
    this.#boxes.set(value, made);
    return made;
  }

  #open(open: boolean): void {
    if (this.#menu.hidden === !open) return;
    this.#menu.hidden = !open;
    setAttribute(this.#button, 'aria-expanded', String(open));
    if (!open) return;
    this.#place();
    this.#boxes.values().next().value?.box.focus({ preventScroll: true });
  }

  /** Below the button, within the window. */
  #place(): void {
    const button = this.#button.getBoundingClientRect();
    const top = button.bottom + gap;
    this.#menu.style.top = `${top}px`;
    this.#menu.style.maxHeight = `${Math.max(minHeight, window.innerHeight - top - 2 * gap)}px`;
    const left = Math.min(button.left, window.innerWidth - this.#menu.offsetWidth - 2 * gap);
    this.#menu.style.left = `${Math.max(gap, left)}px`;
  }

  #showChosen(): void {
    setText(this.#label, this.#chosen.length === 0 ? this.#words.label : this.#words.chosen(this.#chosen.length));
    this.element.classList.toggle('active', this.#chosen.length > 0);
  }
}
