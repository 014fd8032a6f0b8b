import { type ItemRecord, type RecordedField, recordedFields } from '../core/item.ts';
import { isSafeId } from '../core/itemId.ts';
import { isItemType, itemTypes } from '../core/itemType.ts';
import { oneOf } from '../core/oneOf.ts';
import type { Problem } from '../core/problem.ts';
import { isSeverity, severities } from '../core/severity.ts';
import { isStatus, statuses } from '../core/status.ts';
import { formatInstant, parseInstant } from '../core/time.ts';

const isRecordedField = oneOf(recordedFields);

const words: Partial<Record<RecordedField, { is: (value: unknown) => boolean; all: readonly string[] }>> = {
  type: { is: isItemType, all: itemTypes },
  severity: { is: isSeverity, all: severities },
  status: { is: isStatus, all: statuses },
};

/** Where a record is kept: `.firebreak/records/<item uid>/<id>.json`. */
export function recordPath(record: Pick<ItemRecord, 'item' | 'id'>): string {
  return `.firebreak/records/${record.item}/${record.id}.json`;
}

/** Reads a record's file. Never throws; a value that can't be is left out, with a problem. */
export function readRecord(
  path: string,
  source: string,
): { readonly record: ItemRecord | undefined; readonly problems: readonly Problem[] } {
  const problem = (code: Problem['code'], message: string, level: Problem['level']): Problem => ({
    path,
    code,
    message: `${message}: restore the file from git, or delete it.`,
    level,
  });
  const value = parseJson(source);
  if (!isObject(value)) return { record: undefined, problems: [problem('unreadable', 'This is no record', 'error')] };
  const [folder, name] = path.split('/').slice(-2);
  const id = value.id ?? name?.replace(/\.json$/, '');
  const item = value.item ?? folder;
  const { at } = value;
  const time = typeof at === 'string' ? parseInstant(at) : undefined;
  if (!isName(id) || !isName(item) || time === undefined || !isObject(value.set)) {
    return {
      record: undefined,
      problems: [problem('missingField', 'The record lacks its id, item, time or values', 'error')],
    };
  }
  const problems: Problem[] = [];
  const set: Partial<Record<RecordedField, string>> = {};
  const prev: Partial<Record<RecordedField, string | null>> = {};
  const was: Partial<Record<RecordedField, string>> = {};
  for (const [field, to] of Object.entries(value.set)) {
    // A field of a newer version is for that version.
    if (!isRecordedField(field)) continue;
    const allowed = words[field];
    if (typeof to !== 'string' || (allowed && !allowed.is(to))) {
      const which = allowed ? `one of ${allowed.all.join(', ')}` : 'text';
      problems.push(problem('unknownValue', `\`${field}\` of the record is not ${which}`, 'warning'));
      continue;
    }
    set[field] = to;
    const before = entryOf(value.prev, field);
    prev[field] = typeof before === 'string' ? before : null;
    const held = entryOf(value.was, field);
    if (typeof held === 'string') was[field] = held;
  }
  const { by, origin, purges } = value;
  const record: ItemRecord = {
    id,
    item,
    set,
    prev,
    was,
    at: formatInstant(time),
    by: typeof by === 'string' ? by : 'unknown',
    origin: typeof origin === 'string' ? origin : '',
    ...(typeof purges === 'string' ? { purges } : {}),
  };
  return { record, problems };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && isSafeId(value);
}

function entryOf(value: unknown, field: RecordedField): unknown {
  return isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

/** The text of a record: JSON, the same for the same record, one field a line. */
export function formatRecord(record: ItemRecord): string {
  const ordered = {
    id: record.id,
    item: record.item,
    at: record.at,
    by: record.by,
    origin: record.origin,
    set: inOrder(record.set),
    prev: inOrder(record.prev),
    was: inOrder(record.was),
    purges: record.purges,
  };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

function inOrder<T>(values: Readonly<Partial<Record<RecordedField, T>>>): Partial<Record<RecordedField, T>> {
  const ordered: Partial<Record<RecordedField, T>> = {};
  for (const field of recordedFields) if (values[field] !== undefined) ordered[field] = values[field];
  return ordered;
}
