import type { Item } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { ownEvents } from '../ownEvents.ts';
import { commentIfThere } from './commentIfThere.ts';
import { entryHash, keysOf, type MarkedComment, markedComment, parseComment } from './commentMarker.ts';
import { isUntouched, placesOf } from './commentPlaces.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';

/** What is left of a comment that said nothing but what an earlier one says. */
const said = '*(said above)*';

/**
 * Takes out of comments what an earlier one says already: where a clone took over from another that was not lost, and the lists
 * lagged, both have posted it. The first stands, in every clone; whoever sends these events mends the other. What people
 * changed is left alone.
 */
export async function removeSpareEntries(context: SyncContext, item: Item, start: ItemState): Promise<ItemState> {
  const { spare = [], ...rest } = start;
  if (spare.length === 0) return start;
  const own = new Set(
    (await ownEvents(context.services, item)).filter((event) => isOwnRecord(context, event)).map(({ id }) => id),
  );
  for (const id of spare) {
    const found = await commentIfThere(context, id);
    const comment = found?.trusted && found.issueNumber === start.number ? parseComment(found.body) : undefined;
    const body = comment && isUntouched(comment) ? await withoutSpare(context, start, id, comment, own) : undefined;
    if (body === undefined) continue;
    await context.checkpoint();
    try {
      await context.tracker.updateComment(id, body);
      context.report.commented += 1;
    } catch (error) {
      // It stays there twice then.
      if (!TrackerError.is(error, 'refused', 'locked', 'notFound', 'gone')) throw error;
    }
  }
  return context.store.saveItem(rest);
}

/** @returns undefined when all of it is to stay */
async function withoutSpare(
  context: SyncContext,
  { posted }: ItemState,
  id: number,
  comment: MarkedComment,
  own: ReadonlySet<string>,
): Promise<string | undefined> {
  const texts = placesOf(comment);
  if (!texts) return undefined;
  const kept: number[] = [];
  for (const [index, { keys }] of comment.entries.entries()) {
    const first = keys[0] === undefined || !own.has(keys[0]) ? undefined : posted[keys[0]];
    const isElsewhere = first !== undefined && first !== id && keys.every((key) => posted[key] === first);
    if (!isElsewhere || !(await carries(context, first, keys))) kept.push(index);
  }
  if (kept.length === comment.entries.length) return undefined;
  if (kept.length === 0) return markedComment(said, [{ keys: [`said-above-${id}`], hash: entryHash(said) }]);
  const entries = comment.entries.filter((_, index) => kept.includes(index));
  return markedComment(texts.filter((_, index) => kept.includes(index)).join('\n'), entries);
}

/** Whether a comment is there and has these keys: somebody may have deleted it since. */
async function carries(context: SyncContext, id: number, keys: readonly string[]): Promise<boolean> {
  const found = await commentIfThere(context, id);
  const comment = found?.trusted ? parseComment(found.body) : undefined;
  const there = comment ? keysOf(comment) : [];
  return keys.every((key) => there.includes(key));
}
