import type { Item } from '../../core/item.ts';
import { type IssuePatch, type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import { contentHash } from '../../core/ulids.ts';
import { baseValue } from './agreedFields.ts';
import { type IssueMarker, type MarkedField, markedBody, parseIssueBody, trimmedBody } from './markers.ts';
import { rememberedMarker, trustedMarker } from './ourMarker.ts';
import { fieldsOf, type Outgoing } from './outgoing.ts';
import { withRefused } from './pushChoices.ts';
import { agreedOn } from './reconcileBody.ts';
import { forgetMilestone, sprintOf } from './sprintMilestone.ts';
import { eventNumber, type SyncContext } from './syncContext.ts';
import {
  type LocalField,
  type LocalFields,
  markedValue,
  type SyncedField,
  sentTitle,
  syncedFields,
} from './syncedField.ts';
import type { ItemState } from './syncState.ts';
import { closingReason } from './wantedState.ts';

/** The marker of an item: who and what Firebreak is about to write there. */
export function markerOf(
  item: Item,
  local: LocalFields,
  keep: IssueMarker | undefined,
  sent: ReadonlySet<SyncedField>,
  repository: { readonly id: number },
): IssueMarker {
  const fields: Partial<Record<SyncedField, MarkedField>> = {};
  for (const field of syncedFields) {
    const entry = local[field];
    const kept = keep?.fields[field];
    if (entry && (sent.has(field) || kept === undefined)) {
      fields[field] = { head: entry.head, value: markedValue(field, entry.sent), ...lastEvent(entry, repository) };
    } else if (kept) fields[field] = kept;
  }
  return { uid: item.uid, fields };
}

/** What came from GitHub names its event itself. */
function lastEvent({ head, followed }: LocalField, repository: { readonly id: number }): Pick<MarkedField, 'after'> {
  if (head === null || eventNumber(repository, head) !== undefined) return {};
  const numbers = followed(head).map((id) => (id === null ? undefined : eventNumber(repository, id)));
  const after = Math.max(0, ...numbers.filter((number) => number !== undefined));
  return after === 0 ? {} : { after };
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
  // What agrees is marked with the record that stands behind it now.
  for (const field of syncedFields) if (agrees(field, local[field], state)) sent.add(field);
  if (local.phase && sent.has('phase')) sent.add('status');
  const marker = markerOf(item, local, trustedMarker(item, remote), sent, context.repository);
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
    settled: marked,
    remoteBody: found.text,
    links: found.links,
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

function agrees(field: SyncedField, entry: LocalField | undefined, { base }: ItemState): boolean {
  if (!entry || !base) return false;
  return entry.sent === baseValue(base, field);
}
