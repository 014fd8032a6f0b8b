import { formatIssueLink } from '../../core/github.ts';
import type { Item } from '../../core/item.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { contentHash } from '../../core/ulids.ts';
import { changeDocument } from '../changes.ts';
import { closeDouble, recoverClosed } from './closeDouble.ts';
import { parseCommentMarker } from './commentMarker.ts';
import { linkIssue } from './createIssue.ts';
import { formerTexts } from './formerTexts.ts';
import { issueIfThere } from './issueIfThere.ts';
import { parseIssueBody, trimmedBody } from './markers.ts';
import { originalOf, trustedMarker } from './ourMarker.ts';
import { isOldBody } from './reconcileBody.ts';
import type { SyncContext } from './syncContext.ts';
import { localFields, markedValue, sentTitle } from './syncedField.ts';
import { type ItemState, newItemState } from './syncState.ts';

/** Notes other issues that carry the item's marker: they are looked at before anything is sent. */
export function withDoubles(state: ItemState, numbers: Iterable<number>): ItemState {
  const { doubles, ...rest } = state;
  const known = [...new Set([...(doubles ?? []), ...numbers])].filter((number) => number !== state.number);
  return known.length === 0 ? rest : { ...rest, doubles: known.sort((left, right) => left - right) };
}

/** Notes issues of the item that are doubles and closed. */
export function withClosedDoubles(state: ItemState, numbers: Iterable<number>): ItemState {
  const known = new Set([...(state.closedDoubles ?? []), ...numbers]);
  known.delete(state.number ?? 0);
  if (known.size === (state.closedDoubles?.length ?? 0)) return state;
  return { ...state, closedDoubles: [...known].sort((left, right) => left - right) };
}

/** What is known of an item's other issues stays known when it goes on in another. */
export function keptOfDoubles(
  state: ItemState | undefined,
): Pick<ItemState, 'closedDoubles' | 'closing' | 'purgedDoubles'> {
  const { closedDoubles, closing, purgedDoubles } = state ?? {};
  return {
    ...(closedDoubles === undefined ? {} : { closedDoubles }),
    ...(closing === undefined ? {} : { closing }),
    ...(purgedDoubles === undefined ? {} : { purgedDoubles }),
  };
}

/**
 * Of two issues of one item the lowest number stands for it, in every clone, unless somebody linked it to one that no clone
 * has made. The other is closed as its duplicate, and says so if it was closed already, unless people have put something of
 * their own into it. What a clone closed already is left alone by the next, and leads it, if it is linked there, to the other.
 */
export async function settleDoubles(context: SyncContext, uid: string, start: ItemState): Promise<ItemState> {
  let state = await recoverClosed(context, uid, await followed(context, uid, start));
  for (let number = state.doubles?.[0]; number !== undefined; number = state.doubles?.[0]) {
    const item = context.services.index.item(uid);
    // One after the other: what was replaced in the last has to wait for the configured branch.
    if (!item || state.number === undefined || state.movedTo !== undefined || state.closing) return state;
    const issue = await issueIfThere(context, number);
    const isDouble = issue !== undefined && trustedMarker(item, issue) !== undefined && !isDuplicate(issue);
    const isChosen = isDouble && isLeftByHand(state, number);
    // What this branch shows may be old.
    if (isChosen && !(await context.mayPushInferred())) return state;
    if (isDouble && !isChosen && number < state.number && (await isWrittenByUs(context, item, state, issue))) {
      if (!(await context.mayPushInferred())) return state;
      state = await moveLink(context, item, state, issue);
      continue;
    }
    if (isDouble) state = await settle(context, item, state, issue);
    if (issue && originalOf(item, issue) !== undefined) state = withClosedDoubles(state, [number]);
    state = await context.store.saveItem(without(state, number));
  }
  return state;
}

/** Where another clone has closed the item's issue as a double, the item follows to the one that goes on. */
async function followed(context: SyncContext, uid: string, state: ItemState): Promise<ItemState> {
  const item = context.services.index.item(uid);
  if (!item || state.movedTo === undefined || !(await context.mayPushInferred())) return state;
  const issue = await issueIfThere(context, state.movedTo);
  if (issue && trustedMarker(item, issue)) return moveLink(context, item, state, issue);
  context.report.problem({
    code: 'twoIssues',
    lasting: true,
    item: item.id,
    message: `Issue #${state.number} was closed as a double of #${state.movedTo}, which is not its issue: link the right one in \`github\`.`,
  });
  return state;
}

/** Whether somebody chose another issue in the place of one: the other carries no marker yet, so no clone made it. */
function isLeftByHand({ marked = {}, linkBefore }: ItemState, number: number): boolean {
  return number === linkBefore && Object.keys(marked).length === 0;
}

function isDuplicate({ state, stateReason }: RemoteIssue): boolean {
  return state === 'closed' && stateReason === 'duplicate';
}

/** Whether an issue holds nothing but what Firebreak wrote: a person who copies a text has something in mind with it. */
async function isWrittenByUs(context: SyncContext, item: Item, state: ItemState, issue: RemoteIssue): Promise<boolean> {
  const { title } = await localFields(context.services, item.uid);
  const issueTitle = sentTitle(issue.title);
  const { text, marker } = parseIssueBody(issue.body);
  // As its own marker names it, whatever the title became since.
  const isAsWritten = marker?.fields.title?.value === markedValue('title', issueTitle);
  const hasOurTitle =
    isAsWritten || issueTitle === title?.sent || issueTitle === state.base?.title || title?.held.has(issueTitle);
  return hasOurTitle === true && (text === trimmedBody(item.body) || text === state.baseBody || isOldBody(state, text));
}

/** The item goes on in the other issue; its own is the double then. */
async function moveLink(context: SyncContext, item: Item, state: ItemState, issue: RemoteIssue): Promise<ItemState> {
  const { owner, repo, id } = context.repository;
  await changeDocument(context.services, item, { github: formatIssueLink({ owner, repo, number: issue.number }) });
  const others = [...(state.doubles ?? []), ...(state.number === undefined ? [] : [state.number])];
  const fresh: ItemState = {
    ...newItemState(item.uid, id, 'linked'),
    ...keptOfDoubles(state),
    ...knownTexts(item, state, parseIssueBody(issue.body).text),
    number: issue.number,
    linkWritten: true,
  };
  await context.store.saveItem(withDoubles(fresh, others));
  context.report.over(item.id, 'twoIssues');
  return linkIssue(context, context.services.index.item(item.uid) ?? item, issue);
}

/** Where the other issue shows a text of ours from before, what was written since goes there, and is no conflict. */
function knownTexts(item: Item, state: ItemState, text: string): Partial<Pick<ItemState, 'baseBody' | 'bodies'>> {
  if (text !== state.baseBody && !isOldBody(state, text)) return {};
  const { bodies } = formerTexts(item, state);
  return { baseBody: text, bodies: bodies.filter((known) => known !== contentHash(text)) };
}

async function settle(context: SyncContext, item: Item, state: ItemState, issue: RemoteIssue): Promise<ItemState> {
  const isChosen = isLeftByHand(state, issue.number);
  const mayChange =
    context.repository.canPush && state.number !== undefined && (isChosen || issue.number > state.number);
  const isOurs =
    mayChange &&
    (await isWrittenByUs(context, item, state, issue)) &&
    (await context.tracker.issueComments(issue.number)).every(isOurComment);
  if (isOurs || (mayChange && isChosen)) {
    const closed = await closeDouble(context, item, state, issue, { leaveOpen: !isOurs });
    context.report.over(item.id, 'twoIssues');
    return closed;
  }
  if (issue.state === 'closed') {
    context.report.over(item.id, 'twoIssues');
    return withClosedDoubles(state, [issue.number]);
  }
  context.report.problem({
    code: 'twoIssues',
    lasting: true,
    item: item.id,
    message: `Issue #${issue.number} carries its marker too, beside #${state.number}: close the one that is a copy.`,
  });
  return state;
}

function isOurComment(comment: { readonly trusted: boolean; readonly body: string }): boolean {
  return comment.trusted && parseCommentMarker(comment.body) !== undefined;
}

function without(state: ItemState, number: number): ItemState {
  const { doubles, linkBefore, ...rest } = state;
  return withDoubles(
    linkBefore === undefined || linkBefore === number ? rest : { ...rest, linkBefore },
    (doubles ?? []).filter((other) => other !== number),
  );
}
