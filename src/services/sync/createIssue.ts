import { formatIssueLink } from '../../core/github.ts';
import type { Item } from '../../core/item.ts';
import { type IssueDraft, type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import { day, formatInstant, type Instant } from '../../core/time.ts';
import { contentHash } from '../../core/ulids.ts';
import { changeDocument } from '../changes.ts';
import { isGivenUp, missed, nextLookAt } from './ambiguity.ts';
import { formerTexts } from './formerTexts.ts';
import { importIssue } from './importIssue.ts';
import { assignedLogins } from './issuePeople.ts';
import { shownLabelFields } from './labels.ts';
import { markedBody, parseIssueBody, trimmedBody } from './markers.ts';
import { trustedMarker } from './ourMarker.ts';
import { fits } from './outgoing.ts';
import { markerOf } from './patchIssue.ts';
import { droppedOf, ensureLabels, reportDropped } from './pushLabels.ts';
import { reconcileBody } from './reconcileBody.ts';
import { forgetMilestone, sprintMilestone, sprintOf } from './sprintMilestone.ts';
import type { SyncContext } from './syncContext.ts';
import { type LocalFields, localFields, sentTitle } from './syncedField.ts';
import { type Attempt, type Base, type ItemState, newItemState } from './syncState.ts';

/**
 * Makes the issue of an item. That it is about to be made is on disk first; an answer that does not come is looked for,
 * and only when it has been looked for in vain long enough is the issue made again (sync.md §6).
 */
export async function createIssue(context: SyncContext, item: Item): Promise<ItemState | undefined> {
  const body = trimmedBody(item.body);
  if (context.namesPrivate(item.title) || context.namesPrivate(body)) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: 'Its title or text names a private item, so no issue is made for it.',
    });
    return undefined;
  }
  if (!(await context.admit(item))) return undefined;
  const local = await localFields(context.services, item.uid);
  const labels = shownLabelFields(local).flatMap((field) => {
    const value = local[field]?.value;
    return value === undefined ? [] : [context.rules.labels.name(field, value)];
  });
  await ensureLabels(context, labels);
  const choices = await choicesOf(context, local);
  await context.checkpoint();
  const text = fits(body) ? body : shortened(body);
  const attempt: Attempt = { at: context.services.now(), since: lookSince(context, item), misses: 0, lookedAt: 0 };
  // What is sent is kept, so that a text that a person changed before we found the issue is known for theirs.
  const { bodies } = formerTexts(item, context.store.item(item.uid));
  const sent: ItemState = {
    ...newItemState(item.uid, context.repository.id, 'inflight'),
    bodies,
    attempt,
    baseBody: text,
  };
  await context.store.saveItem(sent);
  let made: RemoteIssue;
  try {
    const title = sentTitle(item.title) || item.id;
    made = await sendIssue(context, item, local, text, { title, labels, ...choices });
  } catch (error) {
    if (TrackerError.is(error, 'ambiguous')) {
      await context.store.saveItem({ ...sent, stage: 'ambiguous' });
      return lookUpIssue(context, item);
    }
    // It was refused for certain, so there is nothing to look for.
    if (bodies.length === 0) await context.store.forgetItem(item.uid);
    else await context.store.saveItem({ ...newItemState(item.uid, context.repository.id, 'queued'), bodies });
    throw error;
  }
  reportDropped(context, item, droppedOf(labels, made.labels));
  const asked = Object.fromEntries(shownLabelFields(local).map((field) => [field, local[field]?.value ?? '']));
  return linkIssue(context, item, made, {
    title: sentTitle(made.title),
    state: 'open',
    labels: asked,
    owner: assignedLogins(made.assignees).find((login) => login === local.owner?.sent) ?? '',
    sprint: sprintOf(made),
  });
}

/** Whom to assign, and the milestone, where it can be had: an incident's issue does not fail for it. */
async function choicesOf(
  context: SyncContext,
  { owner, sprint }: LocalFields,
): Promise<Pick<IssueDraft, 'assignees' | 'milestone'>> {
  if (!context.repository.canPush) return { assignees: [] };
  const milestone = sprint?.sent ? await milestoneOf(context, sprint.sent) : undefined;
  return { assignees: owner?.sent ? [owner.sent] : [], ...(milestone === undefined ? {} : { milestone }) };
}

async function milestoneOf(context: SyncContext, sprint: string): Promise<number | undefined> {
  try {
    const found = await sprintMilestone(context, sprint);
    return typeof found === 'number' ? found : undefined;
  } catch (error) {
    if (!TrackerError.is(error, 'ambiguous', 'server', 'refused', 'notFound')) throw error;
    return undefined;
  }
}

/**
 * GitHub refuses an issue for an assignee or a milestone that is not there: then it is made without, and they follow. The
 * marker announces what the issue is made with and no more: what a person then chooses is theirs.
 */
async function sendIssue(
  context: SyncContext,
  item: Item,
  local: LocalFields,
  text: string,
  draft: Omit<IssueDraft, 'body'>,
): Promise<RemoteIssue> {
  const { milestone, ...bare } = { ...draft, assignees: [] };
  const { canPush } = context.repository;
  const send = (choices: Omit<IssueDraft, 'body'>) => {
    const { owner, sprint, ...others } = local;
    const announced: LocalFields = {
      ...others,
      ...(owner && (owner.sent === '' || choices.assignees.length > 0 || !canPush) ? { owner } : {}),
      ...(sprint && (sprint.sent === '' || choices.milestone !== undefined || !canPush) ? { sprint } : {}),
    };
    const marker = markerOf(item, announced, undefined, new Set());
    return context.tracker.createIssue({ ...choices, body: markedBody(text, marker) });
  };
  try {
    return await send(draft);
  } catch (error) {
    const hasChoices = draft.assignees.length > 0 || milestone !== undefined;
    if (!hasChoices || !TrackerError.is(error, 'refused') || error.status !== 422) throw error;
    const sprint = local.sprint?.sent;
    if (milestone !== undefined && sprint !== undefined) await forgetMilestone(context, sprint);
    return send(bare);
  }
}

/** Before GitHub. */
export const longAgo: Instant = '2000-01-01T00:00:00Z';

/** Where an issue can't be older than: on GitHub's clock where that is known, else with room for a wrong local one. */
export function lookSince(context: Pick<SyncContext, 'store'>, item: Item): Instant | undefined {
  const known = context.store.cursor.issues?.since;
  if (known !== undefined) return known;
  return item.created === undefined ? undefined : formatInstant(item.created - 2 * day);
}

/** Looks for the issue of an item whose create got no answer. */
export async function lookUpIssue(context: SyncContext, item: Item): Promise<ItemState | undefined> {
  const state = context.store.item(item.uid);
  if (!state?.attempt) return undefined;
  const listed = await context.tracker.issues(state.attempt.since);
  const found = issueOf(item, listed.changed ? listed.value : []);
  if (found) return linkIssue(context, item, found);
  const attempt = missed(state.attempt, context.services.now());
  if (isGivenUp(attempt)) {
    await listAgainFrom(context, state.attempt.since);
    // Should it come up after all, its text is known for ours.
    const queued = newItemState(item.uid, context.repository.id, 'queued');
    await context.store.saveItem({ ...queued, ...formerTexts(item, state) });
    return undefined;
  }
  context.report.wait({
    reason: 'ambiguous',
    until: nextLookAt(attempt),
    message: `GitHub did not say whether it made an issue for ${item.id}; it is looked for before another is made.`,
  });
  return context.store.saveItem({ ...state, stage: 'ambiguous', attempt });
}

/** Should it have been made after all, and the lists be far behind, it has to come up in one of them: as a double. */
async function listAgainFrom({ store }: SyncContext, since: Instant = longAgo): Promise<void> {
  const known = store.cursor.issues?.since;
  if (known === undefined || since < known) await store.saveCursor({ issues: { since } });
}

/** The issue that carries an item's marker: of several the first, in every clone. */
export function issueOf(item: Item, issues: readonly RemoteIssue[]): RemoteIssue | undefined {
  return issues
    .filter((issue) => trustedMarker(item, issue) !== undefined)
    .sort((left, right) => left.number - right.number)[0];
}

/**
 * Ties an item to the issue that stands for it, and says so in its front matter.
 * @param base what the issue was just made with
 */
export async function linkIssue(context: SyncContext, item: Item, issue: RemoteIssue, base?: Base): Promise<ItemState> {
  context.seen(issue);
  const before = context.store.item(item.uid) ?? newItemState(item.uid, context.repository.id, 'linked');
  const { attempt, baseBody: sent, ...known } = before;
  const isSent = sent !== undefined && (base !== undefined || (await hasHeld(context, issue, sent)));
  const baseBody = isSent ? sent : knownText(before, issue);
  const linked: ItemState = {
    ...known,
    ...(isSent ? {} : formerTexts(item, before)),
    ...(baseBody === undefined ? {} : { baseBody }),
    stage: 'linked',
    number: issue.number,
    // A new issue has no comments that would have to be read.
    commentsRead: base !== undefined,
    ...(base ? { base } : {}),
  };
  let state = await importIssue(context, item, linked, issue);
  state = await context.store.saveItem(await reconcileBody(context, item, state));
  if (attempt !== undefined) context.report.created += 1;
  return writeLink(context, item.uid, state);
}

/** The text of an issue that this clone made, and gave up looking for. */
function knownText({ bodies }: ItemState, { body }: RemoteIssue): string | undefined {
  const { text } = parseIssueBody(body);
  return bodies.includes(contentHash(text)) ? text : undefined;
}

/**
 * Whether an issue was made with a text that this clone sent and got no answer for. Another clone may have been faster: what
 * differs from its text is then no change of a person, and the one here is no old copy.
 */
async function hasHeld({ tracker }: SyncContext, { number, body }: RemoteIssue, text: string): Promise<boolean> {
  if (parseIssueBody(body).text === text) return true;
  try {
    const edits = await tracker.bodyEdits(number);
    return edits?.some((edit) => parseIssueBody(edit.text).text === text) ?? false;
  } catch (error) {
    if (!TrackerError.is(error, 'server')) throw error;
    return false;
  }
}

/**
 * Writes the link. A file that lacks it later may be an old copy, and is left alone; but not on the configured branch,
 * where a merge has lost it, and the other clones with it.
 */
export async function writeLink(context: SyncContext, uid: string, state: ItemState): Promise<ItemState> {
  const item = context.services.index.item(uid);
  if (!item || state.number === undefined) return state;
  if (!item.github && (!state.linkWritten || (await context.mayPushInferred()))) {
    const { owner, repo } = context.repository;
    await changeDocument(context.services, item, { github: formatIssueLink({ owner, repo, number: state.number }) });
  }
  return context.store.saveItem({ ...state, linkWritten: true });
}

function shortened(body: string): string {
  const most = 60_000;
  return `${[...body].slice(0, most).join('').trimEnd()}\n\n*(Shortened: the whole text is in the repository.)*`;
}
