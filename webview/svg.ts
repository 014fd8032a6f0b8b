const namespace = 'http://www.w3.org/2000/svg';

/** Makes an element of a drawing. Text goes in as text, so nothing is ever read as markup. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, typeof value === 'number' ? String(round(value)) : value);
  }
  made.append(...children);
  return made;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
