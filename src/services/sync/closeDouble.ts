import type { Item } from '../../core/item.ts';
import type { IssuePatch, RemoteIssue } from '../../core/ports/issueTracker.ts';
import { markedBody, parseIssueBody } from './markers.ts';
import { reconcileBody } from './reconcileBody.ts';
import { isLongAgo, replacedTexts } from './recoverReplaced.ts';
import type { SyncContext } from './syncContext.ts';
import type { ItemState } from './syncState.ts';

/**
 * Closes an issue as the double of the item's. Its marker leads clones that are linked there to the other. That replaces its
 * text: what a person wrote meanwhile is looked for, and goes on in the item.
 * @param leaveOpen where people have put something of their own into it: then it only leads to the other
 */
export async function closeDouble(
  context: SyncContext,
  item: Item,
  state: ItemState,
  issue: RemoteIssue,
  { leaveOpen = false }: { readonly leaveOpen?: boolean } = {},
): Promise<ItemState> {
  if (state.number === undefined) return state;
  const { text, marker } = parseIssueBody(issue.body);
  const sent = markedBody(text, { uid: item.uid, fields: marker?.fields ?? {}, same: state.number });
  await context.checkpoint();
  const closing = { number: issue.number, readAt: issue.updatedAt, read: issue.body, sent };
  const begun = await context.store.saveItem({ ...state, closing });
  const closed: IssuePatch = {
    state: 'closed',
    stateReason: 'duplicate',
    ...(state.issueId === undefined ? {} : { duplicateOf: state.issueId }),
  };
  await context.tracker.updateIssue(issue.number, { ...(leaveOpen ? {} : closed), body: sent });
  context.report.updated += 1;
  const known = { ...begun, closedDoubles: [...new Set([...(begun.closedDoubles ?? []), issue.number])] };
  return recoverClosed(context, item.uid, known);
}

/**
 * Takes what a person wrote into a double right before it was closed into the item's file, from where it goes to the issue
 * that goes on. Waits for the configured branch where the file may be old, and for GitHub where it does not tell now.
 */
export async function recoverClosed(context: SyncContext, uid: string, state: ItemState): Promise<ItemState> {
  const { closing, ...rest } = state;
  if (!closing) return state;
  const read = parseIssueBody(closing.read).text;
  let { bodies } = state;
  const lost = await replacedTexts(context, closing.number, closing);
  if (lost === 'later') return isLongAgo(context, closing.readAt) ? context.store.saveItem(rest) : state;
  for (const text of lost) {
    const item = context.services.index.item(uid);
    if (!item) return state;
    const merged = await reconcileBody(context, item, { ...rest, bodies, baseBody: read, remoteBody: text });
    if (merged.baseBody !== text) return state;
    ({ bodies } = merged);
  }
  return context.store.saveItem({ ...rest, bodies });
}
