import type { Item } from '../../core/item.ts';
import { contentHash } from '../../core/ulids.ts';
import { trimmedBody } from './markers.ts';
import type { ItemState } from './syncState.ts';

/** The hashes of texts that this clone gave an issue of the item before it came to the one that it has now. */
export function formerTexts(item: Item, state: ItemState | undefined): Pick<ItemState, 'bodies'> {
  const { bodies = [], baseBody } = state ?? {};
  const former = new Set([...bodies, ...(baseBody === undefined ? [] : [contentHash(baseBody)])]);
  former.delete(contentHash(trimmedBody(item.body)));
  return { bodies: [...former] };
}
