import type { Item } from '../../core/item.ts';
import type { SyncRules } from './syncRules.ts';

/**
 * The uids of what is kept inside, as the configured branch says. Another branch may be from before somebody said so, and
 * must not let it out again.
 * @param before the same when it was last looked at: of a file that is not here it still counts
 */
export function keptInside(
  before: readonly string[],
  items: readonly Item[],
  isWithheld: SyncRules['isWithheld'],
): readonly string[] {
  const here = new Set(items.map(({ uid }) => uid));
  const withheld = items.filter(isWithheld).map(({ uid }) => uid);
  return [...new Set([...before.filter((uid) => !here.has(uid)), ...withheld])].sort();
}

/** The rules, by which these stay inside too, whatever their files say. */
export function keeping(rules: SyncRules, kept: readonly string[]): SyncRules {
  const uids = new Set(kept);
  return { ...rules, isWithheld: (item) => uids.has(item.uid) || rules.isWithheld(item) };
}
