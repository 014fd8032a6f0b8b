import { FileError, type Files } from '../../core/ports/files.ts';
import type { RunnableAction } from '../../core/runnableAction.ts';
import { contentHash } from '../../core/ulids.ts';

/** As many commands as a team has, and old ones of them. */
const mostKept = 1_000;
const path = 'approved-actions.json';

/**
 * Whether somebody at this clone has seen what an action runs, as it is now: a workspace may say anything, and nothing of it
 * runs unseen. What is unreadable counts as not seen.
 */
export async function isApproved(files: Files | undefined, action: RunnableAction): Promise<boolean> {
  return files !== undefined && action.command !== undefined && (await read(files)).includes(markOf(action));
}

/** Remembers that somebody has seen it, and wanted it run. */
export async function approve(files: Files | undefined, action: RunnableAction): Promise<void> {
  if (!files || action.command === undefined) return;
  const known = await read(files);
  const mark = markOf(action);
  if (known.includes(mark)) return;
  await files.write(path, `${JSON.stringify([...known, mark].slice(-mostKept))}\n`);
}

/** Whatever decides what happens is in it: a recipe that was changed has not been seen. */
function markOf({ id, command, cwd, behind, source }: RunnableAction): string {
  return contentHash(JSON.stringify([source, id, command, cwd, behind])).slice(0, 32);
}

async function read(files: Files): Promise<readonly string[]> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(path)));
    return Array.isArray(value) ? value.filter((mark) => typeof mark === 'string') : [];
  } catch (error) {
    if (FileError.is(error) || error instanceof SyntaxError) return [];
    throw error;
  }
}
