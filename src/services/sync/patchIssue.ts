import type { Item } from '../../core/item.ts';
import { type IssuePatch, type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';
import { contentHash } from '../../core/ulids.ts';
import { type IssueMarker, type MarkedField, markedBody, parseIssueBody, trimmedBody } from './markers.ts';
import { rememberedMarker, trustedMarker } from './ourMarker.ts';
import { fieldsOf, type Outgoing } from './outgoing.ts';
import { withRefused } from './pushChoices.ts';
import { agreedOn } from './reconcileBody.ts';
import { forgetMilestone, sprintOf } from './sprintMilestone.ts';
import type { SyncContext } from './syncContext.ts';
import { type LocalFields, markedValue, type SyncedField, sentTitle, syncedFields } from './syncedField.ts';
import type { ItemState, Marks } from './syncState.ts';
import { closingReason } from './wantedState.ts';

/**
 * The marker of an item: who and what Firebreak is about to write there.
 * @param sent the fields that are written; all of a new issue are
 * @param read when the issue had last been changed as it was read, on GitHub's clock; undefined for a new one
 */
export function markerOf(
  item: Item,
  local: LocalFields,
  keep: IssueMarker | undefined,
  sent: ReadonlySet<SyncedField>,
  read?: Instant,
): IssueMarker {
  const fields: Partial<Record<SyncedField, MarkedField>> = {};
  const asOf = read === undefined ? {} : { asOf: read };
  for (const field of syncedFields) {
    const entry = local[field];
    const kept = keep?.fields[field];
    if (entry && (sent.has(field) || read === undefined)) {
      const marked = { head: entry.head, value: markedValue(field, entry.sent) };
      fields[field] = kept?.head === marked.head && kept.value === marked.value ? kept : { ...marked, ...asOf };
    } else if (kept) fields[field] = kept;
  }
  return { uid: item.uid, fields };
}

interface Patched {
  readonly state: ItemState;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/**
 * Writes what one request can change: title, text with the marker, milestone, open or closed. The answer is held against it.
 * @param milestone the number of the sprint's milestone, null for none; undefined when that does not change
 */
export async function patch(
  context: SyncContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
  outgoing: Outgoing,
  remote: RemoteIssue,
  milestone: number | null | undefined,
): Promise<Patched> {
  const { text, links } = parseIssueBody(remote.body);
  const body = outgoing.body ? trimmedBody(item.body) : text;
  const sent = new Set<SyncedField>(fieldsOf(outgoing));
  if (outgoing.state !== undefined) sent.add(local.phase ? 'phase' : 'status');
  if (local.phase && sent.has('phase')) sent.add('status');
  const marker = markerOf(item, local, trustedMarker(item, remote), sent, remote.updatedAt);
  const whole = markedBody(body, marker, outgoing.links ?? links);
  const changes: IssuePatch = {
    ...(outgoing.title && local.title ? { title: local.title.sent } : {}),
    ...(milestone === undefined ? {} : { milestone }),
    ...(whole === remote.body ? {} : { body: whole }),
    ...(outgoing.state === undefined ? {} : { state: outgoing.state }),
    ...(outgoing.state === 'closed' ? closingOf(context, item, local) : {}),
    ...(outgoing.state === 'open' ? { stateReason: 'reopened' } : {}),
  };
  const { labels, assignees } = remote;
  if (Object.keys(changes).length === 0 || !state.base) return { state, labels, assignees };
  context.report.over(item.id, 'notTaken');
  const overwriting = overwritingOf(remote, changes, local.sprint?.sent);
  await context.store.saveItem({ ...(context.store.item(item.uid) ?? state), ...overwriting });
  const { answer, refused } = await updateIssue(context, remote, changes, local.sprint?.sent);
  const found = parseIssueBody(answer.body);
  const notTaken = (what: string) =>
    context.report.problem({
      code: 'notTaken',
      lasting: true,
      item: item.id,
      message: `GitHub answered and kept the old ${what} of issue #${remote.number}.`,
    });
  const reached = milestone === undefined || refused ? {} : { sprint: sprintOf(answer) };
  // What a person changed since we read it is theirs to be taken in: only what was sent is agreed on now.
  const title = changes.title === undefined ? state.base.title : sentTitle(answer.title);
  const base = {
    ...state.base,
    title,
    state: changes.state === undefined ? state.base.state : answer.state,
    ...reached,
  };
  const marked = rememberedMarker(found.marker);
  let next: ItemState = {
    ...state,
    ...overwriting,
    base,
    marked,
    settled: settledBy(sent, marked, state.settled),
    remoteBody: found.text,
    links: found.links,
    seenAt: answer.updatedAt,
    ...(outgoing.links === undefined ? {} : { wantedLinks: outgoing.links }),
  };
  if (changes.title !== undefined && base.title !== changes.title) {
    notTaken('title');
    next = { ...next, base: { ...base, title: changes.title } };
  }
  if (changes.state !== undefined && answer.state !== changes.state) notTaken('state');
  if (milestone !== undefined && !refused) {
    const taken = base.sprint === local.sprint?.sent;
    next = withRefused(next, 'sprint', taken ? undefined : local.sprint?.sent);
    if (!taken) notTaken('milestone');
  }
  const has = { labels: answer.labels, assignees: answer.assignees };
  if (!outgoing.body) return { state: next, ...has };
  if (found.text === body) return { state: agreedOn(next, body), ...has };
  notTaken('text');
  return { state: { ...next, refusedBody: contentHash(body) }, ...has };
}

/** What we wrote just now is settled; what another clone announced and has not carried out yet is so no more than before. */
function settledBy(sent: ReadonlySet<SyncedField>, marked: Marks, before: Marks | undefined): Marks {
  const settled: Partial<Record<SyncedField, string>> = { ...before };
  for (const field of sent) {
    const mark = marked[field];
    if (mark === undefined) delete settled[field];
    else settled[field] = mark;
  }
  return settled;
}

/** Why it is closed; what was merged into another item is the duplicate of that one's issue. */
function closingOf(context: SyncContext, item: Item, local: LocalFields): IssuePatch {
  const stateReason = closingReason(local.status?.value);
  const target = item.duplicateOf === undefined ? undefined : context.services.index.item(item.duplicateOf);
  if (stateReason !== 'duplicate' || !target || context.rules.isWithheld(target)) return { stateReason };
  const known = context.store.item(target.uid);
  const duplicateOf =
    known?.stage === 'linked' && known.repository === context.repository.id ? known.issueId : undefined;
  return { stateReason, ...(duplicateOf === undefined ? {} : { duplicateOf }) };
}

/**
 * Without the milestone or the original, where GitHub refuses all for their sake. A milestone was deleted then, and is
 * looked for again next time; an older server knows no duplicates at all.
 */
async function updateIssue(
  context: SyncContext,
  remote: RemoteIssue,
  changes: IssuePatch,
  sprint: string | undefined,
): Promise<{ readonly answer: RemoteIssue; readonly refused: boolean }> {
  const { milestone, duplicateOf, ...others } = changes;
  const hasMilestone = typeof milestone === 'number' && sprint !== undefined;
  const rest: IssuePatch = { ...others, ...(milestone === null ? { milestone } : {}) };
  const attempts = [changes];
  if (hasMilestone || duplicateOf !== undefined) attempts.push(rest);
  if (changes.stateReason === 'duplicate') attempts.push({ ...rest, stateReason: 'not_planned' });
  for (const [index, attempt] of attempts.entries()) {
    if (Object.keys(attempt).length === 0) break;
    try {
      return {
        answer: await context.tracker.updateIssue(remote.number, attempt),
        refused: hasMilestone && index > 0,
      };
    } catch (error) {
      if (!TrackerError.is(error, 'refused') || error.status !== 422 || index === attempts.length - 1) throw error;
      if (hasMilestone) await forgetMilestone(context, sprint);
    }
  }
  return { answer: remote, refused: true };
}

/** Kept on disk before the write, so that a machine that stops after it knows what to look for. */
function overwritingOf(
  remote: RemoteIssue,
  { title, body, milestone }: IssuePatch,
  sprint: string | undefined,
): Pick<ItemState, 'overwriting'> {
  if (title === undefined && body === undefined && milestone === undefined) return {};
  const overwriting = {
    readAt: remote.updatedAt,
    ...(title === undefined ? {} : { title: { read: sentTitle(remote.title), sent: title } }),
    ...(milestone === undefined || sprint === undefined ? {} : { sprint: { read: sprintOf(remote), sent: sprint } }),
    ...(body === undefined ? {} : { body: { read: remote.body, sent: body } }),
  };
  return { overwriting };
}
