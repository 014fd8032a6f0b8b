import type { ItemRecord, RecordedField } from '../core/item.ts';
import type { RegisterRecord } from '../core/register.ts';

/** The records of one field of an item, for folding. */
export function fieldRecords(records: readonly ItemRecord[], field: RecordedField): RegisterRecord<string>[] {
  const found: RegisterRecord<string>[] = [];
  for (const record of records) {
    const value = record.set[field];
    if (value === undefined) continue;
    const was = record.was[field];
    found.push({ id: record.id, value, prev: record.prev[field] ?? null, ...(was === undefined ? {} : { was }) });
  }
  return found;
}
