import { makeItemId } from '../core/itemId.ts';
import type { ItemType } from '../core/itemType.ts';
import { FileError } from '../core/ports/files.ts';
import type { Severity } from '../core/severity.ts';
import type { ServiceContext } from './context.ts';
import type { NewFile } from './newFile.ts';

/** More than anybody declares in one minute. */
const mostAttempts = 100;

/**
 * Creates the files of a new item under the first id that is free. Two windows may choose the same in the same minute;
 * whoever comes second takes the next one.
 * @param files the files for an id, the document first
 * @throws FirebreakError `readOnly`
 */
export async function createUnderFreeId(
  context: ServiceContext,
  type: ItemType,
  severity: Severity,
  now: number,
  files: (id: string) => readonly NewFile[],
): Promise<void> {
  const taken = new Set<string>();
  for (;;) {
    const id = makeItemId(type, severity, now, (name) => taken.has(name) || context.index.item(name) !== undefined);
    try {
      return await context.writer.createAll(files(id));
    } catch (error) {
      if (!FileError.is(error, 'exists') || taken.size >= mostAttempts) throw error;
      taken.add(id);
    }
  }
}
