import type { Item } from '../../core/item.ts';
import { mergeByTwoRoads } from '../../core/mergeByTwoRoads.ts';
import { FileError } from '../../core/ports/files.ts';
import { contentHash } from '../../core/ulids.ts';
import { type ConflictPart, conflictId, conflictPath } from '../../documents/conflictFiles.ts';
import { parseFrontMatter, replaceBody } from '../../documents/frontMatter.ts';
import { editDocument } from '../changes.ts';
import { trimmedBody } from './markers.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

const keptBodies = 20;
/** How often a text is looked at again that a person keeps changing. */
const mostAttempts = 5;

/** The file holds other words than those that were merged: somebody is faster than the watcher. */
class BodyChanged extends Error {}

/**
 * Takes the body that GitHub was last seen with into the item's file: as it is when only GitHub's changed, merged when both
 * did. Where that takes a person, GitHub's text stays and the local one is kept beside. On another branch than the
 * configured one the file may be old, so all this waits.
 */
export async function reconcileBody(context: SyncContext, item: Item, state: ItemState): Promise<ItemState> {
  if (state.remoteBody === undefined || state.remoteBody === state.baseBody) return state;
  const { index } = context.services;
  for (let attempt = 1; ; attempt++) {
    // What stands in the file now counts, and not what was last told of it.
    await index.refresh([item.path]);
    try {
      return await reconcileWith(context, index.item(item.uid) ?? item, state, state.remoteBody);
    } catch (error) {
      if (!(error instanceof BodyChanged)) throw error;
      if (attempt === mostAttempts) return { ...state, reread: true };
    }
  }
}

async function reconcileWith(context: SyncContext, item: Item, state: ItemState, remote: string): Promise<ItemState> {
  const base = state.baseBody;
  const local = trimmedBody(item.body);
  if (local === remote) return agreedOn(state, remote);
  if (!(await context.mayPushInferred())) return state;
  if (base === undefined && remote === '') return agreedOn(state, remote);
  if (local === (base ?? '') || isOldBody(state, local)) {
    await writeBody(context, item, remote);
    return agreedOn(state, remote);
  }
  const merged = base === undefined ? undefined : mergeByTwoRoads(base, local, remote);
  if (merged !== undefined) {
    await writeBody(context, item, merged);
    return agreedOn(state, remote);
  }
  const path = await keepTexts(context, item, base, local);
  await writeBody(context, item, remote);
  context.report.problem({
    code: 'conflict',
    item: item.id,
    path,
    message: `The text was changed here and on GitHub in one place: GitHub's stays, and yours is kept in ${path}.`,
  });
  return agreedOn(state, remote);
}

/** A text that the file had before, as after a checkout: no edit, and nothing to send. */
export function isOldBody(state: ItemState, body: string): boolean {
  return state.bodies.includes(contentHash(body));
}

/** @param body what the file and GitHub both hold, or will once the rest is sent */
export function agreedOn(state: ItemState, body: string): ItemState {
  const before = state.baseBody;
  const hash = contentHash(body);
  const bodies = before === undefined ? state.bodies : [...state.bodies, contentHash(before)];
  return {
    ...state,
    baseBody: body,
    remoteBody: body,
    bodies: [...new Set(bodies)].filter((known) => known !== hash).slice(-keptBodies),
  };
}

async function writeBody(context: SyncContext, item: Item, body: string): Promise<void> {
  const merged = trimmedBody(item.body);
  if (body === merged) return;
  await editDocument(context.services, item, (source) => {
    if (trimmedBody(parseFrontMatter(source).body) !== merged) throw new BodyChanged();
    return replaceBody(source, body);
  });
  context.report.pulled += 1;
}

/**
 * Keeps the text that GitHub's takes the place of, and the one that both grew out of, until somebody decides.
 * @returns where the local text is
 */
async function keepTexts(context: SyncContext, item: Item, base: string | undefined, mine: string): Promise<string> {
  const { index, writer } = context.services;
  const id = conflictId(item.uid, base, mine, (name) => index.isResolved(item.uid, name));
  const file = (part: ConflictPart, text: string) => ({
    path: conflictPath({ item: item.uid, id, part }),
    text: text === '' ? '' : `${text}\n`,
  });
  const kept = file('mine', mine);
  for (const one of [kept, ...(base === undefined ? [] : [file('base', base)])]) {
    try {
      await writer.createAll([one]);
    } catch (error) {
      // Kept before the machine stopped, and somebody has worked on it since.
      if (!FileError.is(error, 'exists')) throw error;
    }
  }
  return kept.path;
}
