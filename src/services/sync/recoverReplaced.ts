import type { Item } from '../../core/item.ts';
import { type RemoteBodyEdit, type RemoteIssueEvent, TrackerError } from '../../core/ports/issueTracker.ts';
import { day, parseInstant } from '../../core/time.ts';
import { recordFile } from '../changes.ts';
import type { NewFile } from '../newFile.ts';
import { overruledText, showValues } from './importIssue.ts';
import { parseIssueBody } from './markers.ts';
import { reconcileBody } from './reconcileBody.ts';
import { changesOf, type RemoteChange } from './remoteChanges.ts';
import { itemRecord } from './remoteRecords.ts';
import { remoteId, type SyncContext } from './syncContext.ts';
import type { ItemState, Overwriting, Replaced } from './syncState.ts';

/**
 * GitHub has no conditional writes: what somebody wrote between our reading and our writing was replaced by ours. GitHub's
 * history tells of it, so it is looked at after each such write, and nothing of it is lost (sync.md §6, "audit").
 * @param edits the versions of the text, where they were told after the write
 */
export async function recoverReplaced(
  context: SyncContext,
  item: Item,
  state: ItemState,
  edits?: readonly RemoteBodyEdit[],
): Promise<ItemState> {
  const { overwriting, ...rest } = state;
  if (!overwriting || state.number === undefined) return rest;
  let next: ItemState = rest;
  next = await recoverFields(context, item, next, overwriting);
  if (!overwriting.body) return next;
  const now = context.services.index.item(item.uid) ?? item;
  const recovered = await recoverBodies(context, now, next, overwriting.body, overwriting.readAt, edits);
  // On another branch the file may be old, and GitHub may have trouble: it is looked at again.
  return recovered ?? { ...next, reread: true, overwriting: { readAt: overwriting.readAt, body: overwriting.body } };
}

/** A title or sprint that was replaced becomes a record beside ours; as with any two changes at once, GitHub's stands. */
async function recoverFields(
  context: SyncContext,
  item: Item,
  state: ItemState,
  overwriting: Overwriting,
): Promise<ItemState> {
  if (!overwriting.title && !overwriting.sprint) return state;
  const events = await context.tracker.issueEvents(state.number ?? 0);
  let next = state;
  for (const field of ['title', 'sprint'] as const) {
    const replaced = overwriting[field];
    if (replaced && (await recoverField(context, item, events, field, replaced))) next = { ...next, reread: true };
  }
  return next;
}

/** @returns whether something was replaced */
async function recoverField(
  context: SyncContext,
  item: Item,
  events: readonly RemoteIssueEvent[],
  field: 'title' | 'sprint',
  { read, sent }: Replaced,
): Promise<boolean> {
  const changes = changesOf(field, events, () => '', context.rules.labels).filter(({ passing }) => !passing);
  const records = new Set(context.services.index.records(item.uid).map(({ id }) => id));
  const idOf = (change: RemoteChange) => remoteId(context.repository, change.key);
  const lost: RemoteChange[] = [];
  let at = changes.findLastIndex(({ value }) => value === sent);
  for (let change = changes[at]; change && change.from !== read; change = changes[at]) {
    at -= 1;
    const before = changes[at];
    if (!before || before.value === read || records.has(idOf(before))) break;
    lost.unshift(before);
  }
  if (lost.length === 0) return false;
  const files: NewFile[] = [];
  let link: { readonly prev: string | null; readonly was?: string } = { prev: null, was: read };
  for (const change of lost) {
    files.push(recordFile(itemRecord(item, field, change, { id: idOf(change), ...link })));
    link = { prev: idOf(change) };
  }
  await context.services.writer.createAll(files);
  context.report.pulled += 1;
  await showValues(context, item, [field]);
  context.report.problem({
    code: 'overruled',
    item: item.id,
    message: overruledText(field, sent, lost.at(-1)?.value ?? ''),
  });
  return true;
}

/**
 * A text that was replaced is merged into the file, as one that is still there would be, and goes to GitHub from there.
 * @returns undefined when that has to wait for the configured branch, or for GitHub
 */
async function recoverBodies(
  context: SyncContext,
  item: Item,
  state: ItemState,
  { read, sent }: Replaced,
  readAt: string,
  told: readonly RemoteBodyEdit[] | undefined,
): Promise<ItemState | undefined> {
  const lost = await replacedTexts(context, state.number ?? 0, { read, sent, readAt }, told);
  if (lost === 'later') return isLongAgo(context, readAt) ? state : undefined;
  const [readText, sentText] = [parseIssueBody(read).text, parseIssueBody(sent).text];
  let next = state;
  for (const text of lost) {
    const now = context.services.index.item(item.uid) ?? item;
    const merged = await reconcileBody(context, now, { ...next, baseBody: readText, remoteBody: text });
    if (merged.baseBody !== text) return undefined;
    next = { ...merged, baseBody: sentText, remoteBody: sentText };
  }
  return next;
}

/**
 * The texts that somebody gave an issue between our reading and our writing, oldest first; none where the server does not
 * tell, or our text never got there. `later` while what tells of them has trouble: all else goes on without.
 */
export async function replacedTexts(
  context: SyncContext,
  number: number,
  { read, sent, readAt }: Replaced & { readonly readAt: string },
  told?: readonly RemoteBodyEdit[],
): Promise<ReadonlySet<string> | 'later'> {
  const edits = told ?? (await editsOf(context, number));
  if (edits === 'later') return edits;
  const inOrder = oldestFirst(edits ?? []);
  const ours = inOrder.findLastIndex(({ text }) => text === sent);
  // A server that does not tell, or not in whole texts.
  if (ours < 0) return new Set();
  const known = inOrder.slice(0, ours).findLastIndex(({ text }) => text === read);
  const [readText, sentText] = [parseIssueBody(read).text, parseIssueBody(sent).text];
  const lost = inOrder
    .slice(known + 1, ours)
    .filter(({ at }) => known >= 0 || at > readAt)
    .map(({ text }) => parseIssueBody(text).text)
    .filter((text) => text !== readText && text !== sentText);
  return new Set(lost);
}

/** A server that has had trouble with it for so long will not tell. */
export function isLongAgo({ services }: SyncContext, readAt: string): boolean {
  return services.now() - (parseInstant(readAt) ?? 0) > day;
}

async function editsOf({ tracker }: SyncContext, number: number) {
  try {
    return await tracker.bodyEdits(number);
  } catch (error) {
    if (TrackerError.is(error, 'server')) return 'later';
    throw error;
  }
}

/** Edits of one second are in the order of the list, which is the newest first unless its times say otherwise. */
function oldestFirst(edits: readonly RemoteBodyEdit[]): readonly RemoteBodyEdit[] {
  const [first, last] = [edits[0], edits.at(-1)];
  return first && last && first.at < last.at ? edits : [...edits].reverse();
}
