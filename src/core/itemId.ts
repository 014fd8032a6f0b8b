import type { ItemType } from './itemType.ts';
import type { Severity } from './severity.ts';
import { compactInstant } from './time.ts';

/**
 * The guide's id, `BUG-P0-20250923-1430` (UTC). It never changes, even when the severity does.
 * @param taken tells whether an id is in use; then the next suffix (`-2`, `-3`, …) is tried.
 */
export function makeItemId(
  type: ItemType,
  severity: Severity,
  epochMs: number,
  taken: (id: string) => boolean = () => false,
): string {
  const stamp = compactInstant(epochMs);
  const base = `${type.toUpperCase()}-${severity}-${stamp.slice(0, 8)}-${stamp.slice(9, 13)}`;
  let id = base;
  for (let suffix = 2; taken(id); suffix++) id = `${base}-${suffix}`;
  return id;
}

const idPattern = /^(BUG|FEATURE|TASK)-(P[0-4])-(\d{4})(\d{2})(\d{2})-(?:(\d{2})(\d{2})|gh\d+)(?:-[\w-]+)?$/;

/** When the item with this id was made (epoch milliseconds, whole minutes, UTC), if the id says. */
export function itemIdTime(id: string): number | undefined {
  const match = idPattern.exec(id);
  if (!match) return undefined;
  const [, , , year, month, date, hours = '00', minutes = '00'] = match;
  const epochMs = Date.parse(`${year}-${month}-${date}T${hours}:${minutes}Z`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** Ids become file names, so they keep to characters that every file system and git take. */
export function isSafeId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(id) && !id.endsWith('.');
}
