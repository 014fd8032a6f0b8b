import { FileError, type Files } from '../../core/ports/files.ts';

const file = 'sync/chosen.json';

/** The items that somebody chose to publish from this clone: they get an issue though they are no incidents of ours. */
export async function readChosen(files: Files): Promise<ReadonlySet<string>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    const uids = typeof value === 'object' && value !== null && 'items' in value ? value.items : undefined;
    return new Set(Array.isArray(uids) ? uids.filter((uid): uid is string => typeof uid === 'string') : []);
  } catch (error) {
    if (FileError.is(error, 'notFound') || error instanceof SyntaxError) return new Set();
    throw error;
  }
}

/** @param uids all that are chosen now; none takes the file away */
export async function writeChosen(files: Files, uids: ReadonlySet<string>): Promise<void> {
  if (uids.size === 0) await files.delete(file);
  else await files.write(file, `${JSON.stringify({ items: [...uids] })}\n`);
}
