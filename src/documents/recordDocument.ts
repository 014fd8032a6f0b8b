import type { ItemRecord } from '../core/item.ts';
import type { Problem } from '../core/problem.ts';

/** Where a record is kept: `.firebreak/records/<item uid>/<id>.json`. */
export function recordPath(record: Pick<ItemRecord, 'item' | 'id'>): string {
  return `.firebreak/records/${record.item}/${record.id}.json`;
}

/** Reads a record's file. Never throws; a value that can't be is left out, with a problem. */
export function readRecord(
  path: string,
  source: string,
): { readonly record: ItemRecord | undefined; readonly problems: readonly Problem[] } {
  throw new Error(`not written yet ${path} ${source}`);
}

/** The text of a record: JSON, the same for the same record, one field a line. */
export function formatRecord(record: ItemRecord): string {
  throw new Error(`not written yet ${record.id}`);
}
