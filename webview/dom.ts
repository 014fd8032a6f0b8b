export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | undefined | false;

/**
 * Makes an element. Text goes in as text and attributes as attributes, so nothing is ever read as HTML. `true` sets an
 * empty attribute, `false` and undefined none. There are no style attributes: the page's content policy forbids them.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  for (const child of children) if (child !== undefined && child !== false) made.append(child);
  return made;
}

/** Sets, changes or removes an attribute; an unchanged one is not touched, so that screen readers stay calm. */
export function setAttribute(target: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) target.removeAttribute(name);
  else {
    const text = value === true ? '' : String(value);
    if (target.getAttribute(name) !== text) target.setAttribute(name, text);
  }
}

export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Puts `wanted` into `parent` in that order, moving as little as possible, and removes what else is there. */
export function setChildren(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

/** Text for screen readers only. */
export function hidden(text: string): HTMLSpanElement {
  return element('span', { class: 'sr-only' }, text);
}

/** What an event was really aimed at: a control's shadow root hides it from `target`. */
export function eventTarget(event: Event): Element | undefined {
  const target = event.composedPath()[0];
  return target instanceof Element ? target : undefined;
}

/** Whether typing goes into this element. */
export function takesText(target: Element | undefined): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
}
