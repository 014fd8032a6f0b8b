import { FileError, type Files } from '../../core/ports/files.ts';

const file = 'sync/changes.json';

/** A sync that wrote states of items. */
export interface StateChange {
  /** The same in no other sync. */
  readonly id: string;
  /** The uids of the items; `all` where they were many. */
  readonly items: readonly string[] | 'all';
}

/** So many uids are named of one sync, and of all that are kept together. */
const mostNamed = 100;
const mostKept = 300;

/** Oldest first; undefined where none were kept, as by an older version, or after somebody threw the state away. */
export async function readChanges(files: Files): Promise<readonly StateChange[] | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    const changes = typeof value === 'object' && value !== null && 'syncs' in value ? value.syncs : undefined;
    return Array.isArray(changes) && changes.every(isChange) ? changes : undefined;
  } catch (error) {
    if (FileError.is(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws FileError */
export async function writeChanges(files: Files, changes: readonly StateChange[]): Promise<void> {
  await files.write(file, `${JSON.stringify({ syncs: changes })}\n`);
}

/** @param now epoch milliseconds: clocks are set back, and the folder may be thrown away, but hardly both to one moment */
export function nextId(before: readonly StateChange[], now: number): string {
  const last = Number(before.at(-1)?.id.split('.')[1] ?? 0);
  return `${now}.${last + 1}`;
}

/** With one more; the oldest go when they name many items together. */
export function withChange(before: readonly StateChange[], { id, items }: StateChange): readonly StateChange[] {
  // Whoever has not seen this one has to read everything, whatever came before.
  if (items === 'all' || items.length > mostNamed) return [{ id, items: 'all' }];
  const kept: StateChange[] = [];
  let named = items.length;
  for (const change of [...before].reverse()) {
    named += change.items === 'all' ? 1 : change.items.length + 1;
    if (named > mostKept) break;
    kept.unshift(change);
  }
  return [...kept, { id, items }];
}

/** The items whose states were written after a sync; undefined where any may have been. */
export function changedSince(
  changes: readonly StateChange[],
  seen: string | undefined,
): ReadonlySet<string> | undefined {
  const at = seen === undefined ? -1 : changes.findIndex(({ id }) => id === seen);
  if (at < 0) return undefined;
  const items = new Set<string>();
  for (const change of changes.slice(at + 1)) {
    if (change.items === 'all') return undefined;
    for (const uid of change.items) items.add(uid);
  }
  return items;
}

function isChange(value: unknown): value is StateChange {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('items' in value)) return false;
  const { id, items } = value;
  const isList = Array.isArray(items) && items.every((uid) => typeof uid === 'string');
  return typeof id === 'string' && /^\d+\.\d+$/.test(id) && (items === 'all' || isList);
}
