import { FirebreakError } from '../core/errors.ts';
import type { Item } from '../core/item.ts';
import type { SyncRules } from './sync/syncRules.ts';

/** Whether nothing of an item may leave, by whatever exit: it is private, or excluded. */
export type IsWithheld = SyncRules['isWithheld'];

/** @throws FirebreakError `privateItem`, `excludedItem` */
export function requireMayLeave(item: Pick<Item, 'id' | 'uid' | 'private' | 'path'>, isWithheld: IsWithheld): void {
  if (item.private) throw new FirebreakError('privateItem', `${item.id} is private: nothing of it is sent anywhere.`);
  if (!isWithheld(item)) return;
  throw new FirebreakError(
    'excludedItem',
    `${item.id} is kept inside by "firebreak.github.exclude": nothing of it is sent anywhere.`,
  );
}
