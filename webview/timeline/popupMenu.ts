import { element } from '../dom.ts';
import { icon, type OtherIcon } from '../icons.ts';

/** CSS pixels. */
const gap = 4;

export interface MenuEntry {
  readonly label: string;
  readonly icon?: OtherIcon;
  /** The key that does the same without the menu. */
  readonly key?: string;
  readonly press: () => void;
}

/** A menu below what opened it, as VS Code's own: arrow keys, Home, End, Escape; gone as soon as the focus is. */
export class PopupMenu {
  readonly element = element('div', { class: 'popup', role: 'menu', hidden: true });
  #opener: HTMLElement | undefined;

  constructor() {
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget)) return;
      this.#close(false);
    });
    document.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(this.element)) this.#close(false);
    });
    window.addEventListener('resize', () => this.#close(false));
  }

  /** Opens it, or closes it where it is open for the same opener. */
  toggle(opener: HTMLElement, label: string, entries: readonly MenuEntry[]): void {
    if (this.#opener === opener) {
      this.#close(true);
      return;
    }
    this.#close(false);
    this.#opener = opener;
    opener.setAttribute('aria-expanded', 'true');
    this.element.setAttribute('aria-label', label);
    this.element.replaceChildren(...entries.map((entry) => this.#entry(entry)));
    this.element.hidden = false;
    this.#place(opener);
    this.#items()[0]?.focus({ preventScroll: true });
  }

  #entry({ label, icon: name, key, press }: MenuEntry): HTMLElement {
    const item = element(
      'button',
      { type: 'button', role: 'menuitem', class: 'popup-entry', tabindex: '-1' },
      name === undefined ? element('span', { class: 'popup-gap' }) : icon(name),
      element('span', { class: 'popup-label' }, label),
      key === undefined ? undefined : element('span', { class: 'popup-key', 'aria-hidden': 'true' }, key),
    );
    item.addEventListener('click', () => {
      this.#close(true);
      press();
    });
    return item;
  }

  #items(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>('.popup-entry')];
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to: Partial<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const next = to[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') this.#close(true);
    else if (next !== undefined) items[next]?.focus();
    // Enter and Space press the entry, as they do every button.
    else if (event.key === 'Enter' || event.key === ' ') {
      event.stopPropagation();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #close(withFocus: boolean): void {
    const opener = this.#opener;
    if (!opener) return;
    this.#opener = undefined;
    this.element.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    if (withFocus) opener.focus({ preventScroll: true });
  }

  #place(opener: HTMLElement): void {
    const at = opener.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.element;
    const below = at.bottom + gap;
    const fits = below + offsetHeight <= window.innerHeight - gap;
    this.element.style.top = `${Math.max(gap, fits ? below : at.top - gap - offsetHeight)}px`;
    this.element.style.left = `${Math.max(gap, Math.min(at.right - offsetWidth, window.innerWidth - offsetWidth - gap))}px`;
  }
}
