import type { Item } from '../../core/item.ts';
import type { RemoteBodyEdit, Removals } from '../../core/ports/issueTracker.ts';
import { recordFirstEdit, recordHandEdits } from '../handEdits.ts';
import { baseValue } from './agreedFields.ts';
import { importIssue, withAgreement } from './importIssue.ts';
import { ownerOf } from './issuePeople.ts';
import { withKnownLinks } from './linksToSend.ts';
import { trimmedBody } from './markers.ts';
import { originalOf } from './ourMarker.ts';
import { fieldsOf, fits, isNothing, type Outgoing, outgoingOf } from './outgoing.ts';
import { patch } from './patchIssue.ts';
import { formerOwner, milestoneToSend, putOwner, refuseOwner, withoutOldRefusals } from './pushChoices.ts';
import { putLabels } from './pushLabels.ts';
import { isOldBody, reconcileBody } from './reconcileBody.ts';
import { recoverReplaced } from './recoverReplaced.ts';
import type { SyncContext } from './syncContext.ts';
import { type LocalFields, localFields, type SyncedField } from './syncedField.ts';
import type { ItemState } from './syncState.ts';

/**
 * Sends what changed of one linked item. The issue is read again first and people's changes are taken in; then only what
 * differs is written, and the answer is held against it.
 */
export async function pushIssue(context: SyncContext, uid: string, known: ItemState): Promise<ItemState> {
  const { index } = context.services;
  const before = index.item(uid);
  if (!before || known.number === undefined) return known;
  await reportUnsent(context, before, known);
  const standing = await localFields(context.services, uid);
  const start = withoutOldRefusals(context, before, known, standing);
  if (isNothing(await outgoingOf(context, before, start, standing))) {
    return context.store.saveItem(await withKnownLinks(context, before, withAgreement(start, standing)));
  }

  const remote = await context.tracker.issue(known.number);
  const movedTo = originalOf(before, remote);
  if (movedTo !== undefined) return context.store.saveItem({ ...start, movedTo });
  let state = await importIssue(context, before, start, remote);
  state = await reconcileBody(context, index.item(uid) ?? before, state);
  await context.store.saveItem(state);
  const item = index.item(uid);
  if (!item || !state.base) return state;
  let outgoing = await outgoingOf(context, item, state, await localFields(context.services, uid));
  if (isNothing(outgoing)) return state;
  const local = await explained(context, item, state, outgoing);
  const sprint = outgoing.sprint ? await milestoneToSend(context, item, state, local, remote) : undefined;
  if (sprint) {
    state = sprint.state;
    outgoing = { ...outgoing, sprint: sprint.milestone !== undefined };
  }
  if (outgoing.owner && !context.repository.canPush) {
    state = refuseOwner(context, item, state, local);
    outgoing = { ...outgoing, owner: false };
  }
  if (isNothing(outgoing)) return context.store.saveItem(state);
  const unassign = outgoing.owner ? formerOwner(state, local, remote) : undefined;

  await context.checkpoint();
  // Should the machine stop between two of the requests below, the issue is read again before anything is decided.
  await context.store.saveItem({
    ...state,
    reread: true,
    ...(unassign === undefined ? {} : { unassign }),
  });
  const patched = await patch(context, item, state, local, outgoing, remote, sprint?.milestone);
  const labelled = await putLabels(context, item, patched.state, local, outgoing, patched.labels);
  const assigned = outgoing.owner
    ? await putOwner(context, item, labelled.state, local, unassign, patched.assignees)
    : { state: labelled.state, outdated: [] };
  state = assigned.state;
  const edits = await takeOff(context, known.number, { labels: labelled.outdated, assignees: assigned.outdated });
  context.report.updated += 1;
  state = await context.store.saveItem(withAgreement({ ...state, reread: false }, local));
  return state.overwriting ? context.store.saveItem(await recoverReplaced(context, item, state, edits)) : state;
}

/** @returns the last versions of the text, where the server told them on the way */
async function takeOff(
  context: SyncContext,
  number: number,
  removals: Removals,
): Promise<readonly RemoteBodyEdit[] | undefined> {
  if (removals.labels.length === 0 && removals.assignees.length === 0) return undefined;
  await context.checkpoint();
  return context.tracker.takeOff(number, removals);
}

/** Gives each edit by hand that goes out a record, unless GitHub has no value yet that it could be a change of. */
async function explained(
  context: SyncContext,
  item: Item,
  { base }: ItemState,
  outgoing: Outgoing,
): Promise<LocalFields> {
  let local = await localFields(context.services, item.uid);
  // What was read just now may be what an edit by hand follows.
  const follows = (field: SyncedField) => local[field]?.origin === undefined && typeof local[field]?.head === 'string';
  if (fieldsOf(outgoing).some(follows) && (await context.mayPushInferred())) {
    await recordHandEdits(context.services);
    local = await localFields(context.services, item.uid);
  }
  for (const field of fieldsOf(outgoing)) {
    const entry = local[field];
    const sent = baseValue(base, field);
    const was = field === 'owner' && sent !== undefined ? ownerOf(sent) : sent;
    if ((field === 'owner' || field === 'sprint') && was === '') continue;
    // An incident's phase and severity are events; one that was written by hand without any goes on without.
    const isEvent = local.phase !== undefined && field === 'severity';
    if (!entry || entry.head !== null || was === undefined || sent === entry.sent) continue;
    if (field === 'phase' || isEvent) continue;
    await recordFirstEdit(context.services, item, field, entry.value, was);
  }
  return localFields(context.services, item.uid);
}

/** Says what differs and is not sent, each time: nobody should think that GitHub has it. */
async function reportUnsent(context: SyncContext, item: Item, state: ItemState): Promise<void> {
  const body = trimmedBody(item.body);
  if (context.namesPrivate(item.title) || context.namesPrivate(body)) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: 'Its title or text names a private item, so changes of that are not sent to GitHub.',
    });
  }
  if (state.baseBody === undefined || body === state.baseBody) return;
  if (!fits(body)) {
    context.report.problem({
      code: 'tooLong',
      item: item.id,
      message: 'Its text is longer than GitHub takes, so it is not sent.',
    });
  } else if (isOldBody(state, body)) {
    context.report.problem({
      code: 'staleBody',
      item: item.id,
      message:
        'Its file shows an earlier text, which is neither sent nor replaced: get the newer one from git, or edit it to send it.',
    });
  } else if (!(await context.mayPushInferred())) {
    context.report.problem({
      code: 'otherBranch',
      item: item.id,
      message:
        "Its text on this branch is not GitHub's. Texts go there from the default branch (or the one in firebreak.git.branch): it is sent once it is merged.",
    });
  }
}
