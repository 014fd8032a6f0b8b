import type { Item } from '../../core/item.ts';
import { recordFile } from '../changes.ts';
import type { NewFile } from '../newFile.ts';
import { itemRecord, showValues } from './importIssue.ts';
import { changesOf, type RemoteChange } from './remoteChanges.ts';
import { remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/**
 * GitHub has no conditional writes: a title that somebody gave between our reading and our writing was replaced by ours.
 * The issue's events tell of it. It becomes a record beside ours, and as with any two changes at once GitHub's stands
 * (sync.md §6, "audit").
 */
export async function recoverTitle(context: SyncContext, item: Item, state: ItemState): Promise<ItemState> {
  const { overwriting, ...done } = state;
  if (!overwriting || state.number === undefined) return state;
  const events = await context.tracker.issueEvents(state.number);
  const changes = changesOf('title', events, () => '', context.rules.labels);
  const ours = changes.findLastIndex(({ value }) => value === overwriting.sent);
  const records = new Set(context.services.index.records(item.uid).map(({ id }) => id));
  const idOf = (change: RemoteChange) => remoteId(context.repository, change.key);
  const lost: RemoteChange[] = [];
  for (let at = ours, change = changes[at]; change && change.from !== overwriting.title; change = changes[at]) {
    at -= 1;
    const before = changes[at];
    if (!before || before.value === overwriting.title || records.has(idOf(before))) break;
    lost.unshift(before);
  }
  if (lost.length === 0) return done;
  const files: NewFile[] = [];
  let link: { readonly prev: string | null; readonly was?: string } = { prev: null, was: overwriting.title };
  for (const change of lost) {
    files.push(recordFile(itemRecord(item, 'title', change, { id: idOf(change), ...link })));
    link = { prev: idOf(change) };
  }
  await context.services.writer.createAll(files);
  context.report.pulled += 1;
  await showValues(context, item, ['title']);
  context.report.problem({
    code: 'overruled',
    item: item.id,
    message: `The title was changed here to "${overwriting.sent}" and on GitHub to "${lost.at(-1)?.value}" at the same time; GitHub's stands.`,
  });
  return { ...done, reread: true };
}
