/**
 * Small readers for values that crossed a border: each returns undefined for what it doesn't take. They build new
 * values, so nothing that isn't named comes through.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Text, cut to `limit` UTF-16 units. A cut never leaves half a surrogate pair. */
export function text(value: unknown, limit: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length <= limit) return value;
  const last = value.charCodeAt(limit - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** Text that is used to act on something, so it is whole or refused: 1 to `limit` UTF-16 units. */
export function wholeText(value: unknown, limit: number): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= limit ? value : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** Epoch milliseconds that a Date can hold. */
export function epoch(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15 ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A value that may be null; undefined when it is neither. */
export function nullable<T>(value: unknown, read: (value: unknown) => T | undefined): T | null | undefined {
  return value === null ? null : read(value);
}

/** All or nothing: one bad entry refuses the list. */
export function list<T>(value: unknown, read: (value: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const result: T[] = [];
  for (const entry of value) {
    const parsed = read(entry);
    if (parsed === undefined) return undefined;
    result.push(parsed);
  }
  return result;
}

/** The record when none of its values is undefined. */
export function complete<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T | undefined {
  return Object.values(record).includes(undefined) ? undefined : (record as T);
}
