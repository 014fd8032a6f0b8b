import type { Item } from '../../core/item.ts';

/** Shorter titles are ordinary words, which may stand in any text. */
const tellingTitle = 10;

/**
 * Makes a check whether a text names an item that is withheld, by id, uid, alias or title: what is private is not named in what is
 * sent either (design, "`private: true` closes every exit").
 */
export function privateNames(items: readonly Item[], isWithheld: (item: Item) => boolean): (text: string) => boolean {
  const names: string[] = [];
  for (const item of items) {
    if (!isWithheld(item)) continue;
    names.push(item.id, item.uid, ...item.aliases);
    if (item.title.length >= tellingTitle) names.push(item.title);
  }
  const lower = names.filter((name) => name !== '').map((name) => name.toLowerCase());
  return (text) => {
    const searched = text.toLowerCase();
    return lower.some((name) => searched.includes(name));
  };
}
