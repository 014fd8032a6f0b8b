/** One write of one field: what it set, and which record it followed. */
export interface RegisterRecord<T> {
  readonly id: string;
  readonly value: T;
  /** The record this one follows; null when it is the first that Firebreak knows of. */
  readonly prev: string | null;
  /** With `prev: null`: the value that stood in the file before, so that a stale copy of it is recognised. */
  readonly was?: T;
}

export interface RegisterState<T> {
  readonly value: T;
  /** The record that decides. */
  readonly head: string;
  /** All records that nothing follows, lowest id first: more than one means concurrent changes. */
  readonly heads: readonly string[];
}

/**
 * The value of a field from its records, whatever their order or repetition: the head that nothing follows; among
 * concurrent heads the one whose chain, since they parted, holds the highest id. So who changes a value that they see has the last word over
 * all that had lost before, and no clock decides: a wrong one changes nothing (design, "State comes from the events").
 * Records that follow each other in a ring are broken input; then the highest id decides.
 */
export function foldRegister<T>(records: Iterable<RegisterRecord<T>>): RegisterState<T> | undefined {
  const byId = new Map<string, RegisterRecord<T>>();
  const followed = new Set<string>();
  for (const record of records) {
    byId.set(record.id, record);
    if (record.prev !== null && record.prev !== record.id) followed.add(record.prev);
  }
  const ids = [...byId.keys()].sort();
  const free = ids.filter((id) => !followed.has(id));
  const heads = free.length > 0 ? free : ids.slice(-1);
  let head = heads[0];
  for (const candidate of heads.slice(1)) {
    if (head === undefined || wins(chainOf(byId, candidate), chainOf(byId, head))) head = candidate;
  }
  const record = head === undefined ? undefined : byId.get(head);
  return record && { value: record.value, head: record.id, heads };
}

/** A head and all that it follows, directly or not. */
function chainOf<T>(byId: ReadonlyMap<string, RegisterRecord<T>>, head: string): Set<string> {
  const chain = new Set<string>();
  for (let id: string | null = head; id !== null && !chain.has(id); id = byId.get(id)?.prev ?? null) chain.add(id);
  return chain;
}

/** Since they parted: what they share says nothing about which of them was seen by whom. */
function wins(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return highestOnlyIn(left, right) > highestOnlyIn(right, left);
}

function highestOnlyIn(chain: ReadonlySet<string>, other: ReadonlySet<string>): string {
  let highest = '';
  for (const id of chain) if (id > highest && !other.has(id)) highest = id;
  return highest;
}

/** Every value that the field is known to have had: a file that shows an old one is a stale copy, not an edit. */
export function heldValues<T>(records: Iterable<RegisterRecord<T>>): Set<T> {
  const values = new Set<T>();
  for (const record of records) {
    values.add(record.value);
    if (record.was !== undefined) values.add(record.was);
  }
  return values;
}

export type Reconciled<T> =
  | { readonly kind: 'agrees'; readonly value: T }
  /** The file holds a value that no record explains: an edit by hand, to be recorded as following `prev`. */
  | { readonly kind: 'edited'; readonly value: T; readonly prev: string }
  /** The file holds a value from before: a stale copy. The records decide. */
  | { readonly kind: 'stale'; readonly value: T; readonly found: T };

/** Holds the value in a file against the field's records. `undefined` in the file means that it does not say. */
export function reconcile<T>(inFile: T | undefined, records: readonly RegisterRecord<T>[]): Reconciled<T> | undefined {
  const state = foldRegister(records);
  if (!state) return inFile === undefined ? undefined : { kind: 'agrees', value: inFile };
  if (inFile === undefined || inFile === state.value) return { kind: 'agrees', value: state.value };
  if (heldValues(records).has(inFile)) return { kind: 'stale', value: state.value, found: inFile };
  return { kind: 'edited', value: inFile, prev: state.head };
}
