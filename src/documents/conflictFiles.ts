import { contentHash } from '../core/ulids.ts';

/**
 * A text that was changed here and on GitHub in one place is kept beside the item until somebody decided: what it was
 * before (`base`) and what it was here (`mine`). `resolved` says that somebody did, to clones that still hold copies.
 */
export type ConflictPart = 'base' | 'mine' | 'resolved';

export interface ConflictFile {
  /** The uid of the item. */
  readonly item: string;
  readonly id: string;
  readonly part: ConflictPart;
}

const endings: Readonly<Record<ConflictPart, string>> = {
  base: '.base.md',
  mine: '.mine.md',
  resolved: '.resolved',
};

/** The same for all clones, whichever wrote it: git has nothing to merge there. */
export const resolvedText = 'Resolved: the texts that were kept here are in the history of git.\n';

/** Where a conflict is kept: `.firebreak/conflicts/<item uid>/<id>.mine.md`. */
export function conflictPath({ item, id, part }: ConflictFile): string {
  return `.firebreak/conflicts/${item}/${id}${endings[part]}`;
}

export function readConflictPath(path: string): ConflictFile | undefined {
  const match = /^\.firebreak\/conflicts\/([^/]+)\/([^/.]+)(\.base\.md|\.mine\.md|\.resolved)$/.exec(path);
  const part = (Object.keys(endings) as ConflictPart[]).find((name) => endings[name] === match?.[3]);
  return match?.[1] === undefined || match[2] === undefined || !part
    ? undefined
    : { item: match[1], id: match[2], part };
}

/**
 * Follows from the texts, so that every clone that comes upon one conflict keeps the same files.
 * @param isResolved whether a conflict of this id was resolved before: then this is another one
 */
export function conflictId(
  item: string,
  base: string | undefined,
  mine: string,
  isResolved: (id: string) => boolean,
): string {
  const name = contentHash(JSON.stringify([item, base ?? null, mine])).slice(0, 12);
  let id = name;
  for (let number = 2; isResolved(id); number++) id = `${name}-${number}`;
  return id;
}
