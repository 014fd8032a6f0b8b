import { FileError, type Files } from '../core/ports/files.ts';
import { decodeText } from '../documents/decodeText.ts';

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Whether it may get a number in its name when another file has it: its words count, not its name. */
  readonly numbered?: boolean;
}

/** More files of one name than any second brings. */
const mostNumbers = 1000;

/**
 * Makes a file. One that is there with the same text is taken as made: what was cut short can be repeated.
 * @returns where it is, and whether it was made now
 * @throws FileError `exists` when another file has the name
 */
export async function createNew(
  files: Files,
  { path, text, numbered = false }: NewFile,
): Promise<{ readonly path: string; readonly made: boolean }> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : path.replace(/(\.[^./]*)?$/, `-${number}$1`);
    try {
      await files.create(candidate, text);
      return { path: candidate, made: true };
    } catch (error) {
      if (!FileError.is(error, 'exists')) throw error;
      if (await holds(files, candidate, text)) return { path: candidate, made: false };
      if (!numbered || number === mostNumbers) throw error;
    }
  }
}

async function holds(files: Files, path: string, text: string): Promise<boolean> {
  try {
    const decoded = decodeText(await files.read(path));
    return 'text' in decoded && decoded.text === text;
  } catch (error) {
    if (FileError.is(error)) return false;
    throw error;
  }
}
