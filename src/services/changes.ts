import { FirebreakError } from '../core/errors.ts';
import type { Item, ItemRecord, RecordedField } from '../core/item.ts';
import { foldRegister } from '../core/register.ts';
import { roles } from '../core/role.ts';
import { formatInstant } from '../core/time.ts';
import { type FrontMatterValue, spliceFrontMatter } from '../documents/frontMatter.ts';
import { FrontMatterError } from '../documents/frontMatterError.ts';
import { formatRecord, recordPath } from '../documents/recordDocument.ts';
import { fieldRecords } from '../store/fieldRecords.ts';
import type { ServiceContext } from './context.ts';
import type { NewFile } from './newFile.ts';

/** What an item's field holds now, as records write it: the empty string when it holds nothing. */
export function fieldValue(item: Item, field: RecordedField): string {
  switch (field) {
    case 'duplicate-of':
      return item.duplicateOf ?? '';
    case 'incident':
      return item.actionOf ?? '';
    default:
      return item[field] ?? '';
  }
}

/**
 * The record of one person's change of an item, or undefined when nothing differs.
 * @param set the new values; an empty string takes a value away
 */
export async function newItemRecord(
  context: ServiceContext,
  item: Item,
  set: Partial<Record<RecordedField, string>>,
): Promise<ItemRecord | undefined> {
  const records = context.index.records(item.uid);
  const changed: Partial<Record<RecordedField, string>> = {};
  const prev: Partial<Record<RecordedField, string | null>> = {};
  const was: Partial<Record<RecordedField, string>> = {};
  for (const [field, value] of Object.entries(set) as [RecordedField, string][]) {
    const before = fieldValue(item, field);
    if (value === before) continue;
    changed[field] = value;
    const head = foldRegister(fieldRecords(records, field))?.head ?? null;
    prev[field] = head;
    if (head === null) was[field] = before;
  }
  if (Object.keys(changed).length === 0) return undefined;
  const now = context.now();
  return {
    id: context.newId(now),
    item: item.uid,
    set: changed,
    prev,
    was,
    at: formatInstant(now),
    by: await context.author(),
    origin: context.origin,
  };
}

export function recordFile(record: ItemRecord): NewFile {
  return { path: recordPath(record), text: formatRecord(record) };
}

export type FrontMatterChanges = Record<string, FrontMatterValue | undefined>;

/** The front-matter lines that show a record's values to readers. */
export function shown(record: ItemRecord | undefined): FrontMatterChanges {
  return linesOf(record?.set ?? {});
}

/** The front-matter lines of values as records write them: an empty one takes its line away. */
export function linesOf(set: Readonly<Partial<Record<RecordedField, string>>>): FrontMatterChanges {
  return Object.fromEntries(Object.entries(set).map(([field, value]) => [field, value === '' ? undefined : value]));
}

/**
 * Edits the text of an item's document.
 * @throws FirebreakError `unreadableFile` where its front matter gives no safe place to write to, `readOnly`, `notFound`
 */
export async function editDocument(
  context: ServiceContext,
  item: Item,
  edit: (source: string) => string,
): Promise<void> {
  try {
    await context.writer.change(item.path, edit);
  } catch (error) {
    if (!FrontMatterError.is(error)) throw error;
    throw new FirebreakError('unreadableFile', `${item.path} can't be changed: ${error.message}`, { cause: error });
  }
}

/** The lines that a hand-written file may lack. */
export function identityOf(item: Item): FrontMatterChanges {
  return item.uidInFile ? {} : { id: item.id, uid: item.uid };
}

/** Splices changes into the item's document, with the identity that it may lack. @throws like {@link editDocument} */
export async function changeDocument(context: ServiceContext, item: Item, changes: FrontMatterChanges): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await editDocument(context, item, (source) => spliceFrontMatter(source, { ...identityOf(item), ...changes }));
}

/**
 * Of these lines those that show an old value: an act that was cut short after its record, and is asked for again, finds
 * nothing to record and still has them to show. Lines that the document does not have stay away.
 */
export function staleLines(context: ServiceContext, item: Item, lines: FrontMatterChanges): FrontMatterChanges {
  const stale = new Set<string | undefined>();
  for (const { path, code, field } of context.index.problems()) {
    if (path === item.path && code === 'stale') stale.add(field);
  }
  const isStale = (key: string) => (key === 'roles' ? roles.some((role) => stale.has(role)) : stale.has(key));
  return Object.fromEntries(Object.entries(lines).filter(([key]) => isStale(key)));
}

/**
 * Shows readers in the item's document what a record or an event says already. One that can't take it (broken, in
 * conflict, gone) stays as it is: the record decides, the file's problem is on the list, and the person's act has
 * happened.
 * @param shouldBe further lines of the same act, written where an old value stands
 * @throws FirebreakError `readOnly`
 */
export async function showInDocument(
  context: ServiceContext,
  item: Item,
  changes: FrontMatterChanges,
  shouldBe: FrontMatterChanges = {},
): Promise<void> {
  try {
    await changeDocument(context, item, { ...staleLines(context, item, shouldBe), ...changes });
  } catch (error) {
    if (!FirebreakError.is(error, 'unreadableFile', 'notFound')) throw error;
  }
}
