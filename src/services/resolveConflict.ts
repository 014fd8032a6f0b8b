import { FirebreakError } from '../core/errors.ts';
import type { Item, KeptConflict } from '../core/item.ts';
import { mergeText } from '../core/mergeText.ts';
import type { Files } from '../core/ports/files.ts';
import { conflictPath, resolvedText } from '../documents/conflictFiles.ts';
import { decodeText } from '../documents/decodeText.ts';
import { parseFrontMatter, replaceBody } from '../documents/frontMatter.ts';
import { editDocument } from './changes.ts';
import { requireItem, type ServiceContext } from './context.ts';

/** The three sides of a conflict. */
export interface ConflictTexts {
  /** What both grew out of; empty where that is not known. */
  readonly base: string;
  readonly mine: string;
  /** What the item's file holds: GitHub's text, and what has become of it since. */
  readonly theirs: string;
}

/** @throws FirebreakError `notFound` when it is resolved already, `unreadableFile`; FileError */
export async function conflictTexts(
  files: Pick<Files, 'read'>,
  item: Item,
  { base, mine }: KeptConflict,
): Promise<ConflictTexts> {
  const read = async (path: string): Promise<string> => {
    const decoded = decodeText(await files.read(path));
    if ('text' in decoded) return asBody(decoded.text);
    throw new FirebreakError('unreadableFile', `${path} can't be read: it is not a text file.`);
  };
  return {
    base: base === undefined ? '' : await read(base),
    mine: await read(mine),
    theirs: asBody(item.body),
  };
}

/** The conflict of an item with this id, or its first. @throws FirebreakError `notFound` */
export function requireConflict(item: Item, id?: string): KeptConflict {
  const found = id === undefined ? item.conflicts[0] : item.conflicts.find((conflict) => conflict.id === id);
  if (found) return found;
  throw new FirebreakError('notFound', `${item.id} has no conflict, or it is resolved already.`);
}

/** The text with one side's lines where both sides changed one place, and both sides' lines elsewhere. */
export function preferring(side: 'mine' | 'theirs', { base, mine, theirs }: ConflictTexts): string {
  return mergeText(base, mine, theirs, side === 'mine' ? 'ours' : 'theirs');
}

/**
 * Writes what somebody decided on into the item's file, as an edit that syncs like any other, and puts the kept texts
 * away.
 * @param decided the text
 * @param shown what the file held when they decided; what came since is merged
 * @throws FirebreakError `notFound` when it is resolved already, `invalidInput` when the file changed since in the same
 *   place, `unreadableFile`, `readOnly`
 */
export async function resolveConflict(
  context: ServiceContext,
  uid: string,
  id: string,
  { decided, shown }: { readonly decided: string; readonly shown: string },
): Promise<void> {
  const item = requireItem(context.index, uid);
  const { mine, base } = requireConflict(item, id);
  await writeDecision(context, item, asBody(decided), asBody(shown));
  // The word that it is resolved comes first: a copy without it would be a conflict again.
  await context.writer.createAll([{ path: conflictPath({ item: uid, id, part: 'resolved' }), text: resolvedText }]);
  await context.writer.remove([mine, ...(base === undefined ? [] : [base])]);
}

/**
 * Decides once more what is resolved already, in an editor that is still open.
 * @param shown what was decided before
 * @throws FirebreakError like {@link resolveConflict}
 */
export async function reviseDecision(
  context: ServiceContext,
  uid: string,
  { decided, shown }: { readonly decided: string; readonly shown: string },
): Promise<void> {
  await writeDecision(context, requireItem(context.index, uid), asBody(decided), asBody(shown));
}

async function writeDecision(context: ServiceContext, item: Item, decided: string, shown: string): Promise<void> {
  await editDocument(context, item, (source) => {
    const now = asBody(parseFrontMatter(source).body);
    const text = mergeText(shown, decided, now);
    if (text === undefined) {
      throw new FirebreakError(
        'invalidInput',
        `The text of ${item.id} was changed in the same place meanwhile: open the conflict again.`,
      );
    }
    return text === now ? source : replaceBody(source, text);
  });
}

/** A body as it is compared: LF line ends, and blank lines around it are no difference. */
function asBody(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}
