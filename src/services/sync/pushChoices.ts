import type { Item } from '../../core/item.ts';
import { type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import { assignedLogins } from './issuePeople.ts';
import { hasOtherMilestone, sprintMilestone } from './sprintMilestone.ts';
import type { SyncContext } from './syncContext.ts';
import type { LocalFields } from './syncedField.ts';
import type { ItemState } from './syncState.ts';

type Choice = 'owner' | 'sprint';

/** Remembers a value that GitHub would not take, until it changes or is taken. @param value undefined when it was taken */
export function withRefused(state: ItemState, field: Choice, value: string | undefined): ItemState {
  const { refused, refusedWithoutPush, refusedForMilestone, ...rest } = state;
  const { [field]: _, ...others } = refused ?? {};
  const now = value === undefined ? others : { ...others, [field]: value };
  if (Object.keys(now).length === 0) return rest;
  return {
    ...rest,
    refused: now,
    ...(refusedWithoutPush ? { refusedWithoutPush } : {}),
    ...(refusedForMilestone && field !== 'sprint' ? { refusedForMilestone } : {}),
  };
}

/** A sprint that stayed back for people's own milestone can be sent once the issue is out of that. */
export function withoutMilestoneRefusal(
  context: SyncContext,
  item: Item,
  state: ItemState,
  issue: RemoteIssue,
): ItemState {
  if (!state.refusedForMilestone || hasOtherMilestone(issue)) return state;
  context.report.over(item.id, 'sprintDropped');
  return withRefused(state, 'sprint', undefined);
}

/** What was refused is none any more once both sides agree, or once the token may do what it might not before. */
export function withoutOldRefusals(context: SyncContext, item: Item, start: ItemState, local: LocalFields): ItemState {
  let state = start;
  for (const [field, code] of [
    ['owner', 'ownerDropped'],
    ['sprint', 'sprintDropped'],
  ] as const) {
    if (state.refused?.[field] === undefined) continue;
    const agrees = local[field]?.sent === state.base?.[field];
    if (!agrees && !(state.refusedWithoutPush && context.repository.canPush)) continue;
    context.report.over(item.id, code);
    state = withRefused(state, field, undefined);
  }
  return state;
}

/** The assignee whose place our new owner takes: of all assignees the only one that is ours to take away. */
export function formerOwner(state: ItemState, local: LocalFields, remote: RemoteIssue): string | undefined {
  const owner = local.owner?.sent;
  const before = state.unassign ?? state.base?.owner;
  return before !== owner && assignedLogins(remote.assignees).find((login) => login === before) !== undefined
    ? before
    : undefined;
}

/**
 * Assigns our owner. All other assignees stay.
 * @returns the one before, to be taken off after that: in between, an issue without anybody would look as if a person had
 * taken them off
 */
export async function putOwner(
  context: SyncContext,
  item: Item,
  start: ItemState,
  local: LocalFields,
  former: string | undefined,
  present: readonly string[],
): Promise<{ readonly state: ItemState; readonly outdated: readonly string[] }> {
  const { unassign: _, ...state } = start;
  const owner = local.owner?.sent;
  context.report.over(item.id, 'ownerDropped');
  if (state.number === undefined || !state.base || owner === undefined) return { state, outdated: [] };
  if (owner !== '' && !assignedLogins(present).includes(owner)) {
    await context.checkpoint();
    if (!(await isAssigned(context, state.number, owner))) {
      return { state: refuseOwner(context, item, state, local), outdated: [] };
    }
  }
  const assigned = { ...withRefused(state, 'owner', undefined), base: { ...state.base, owner } };
  return { state: assigned, outdated: former === undefined ? [] : [former] };
}

async function isAssigned(context: SyncContext, number: number, owner: string): Promise<boolean> {
  try {
    return assignedLogins(await context.tracker.addAssignees(number, [owner])).includes(owner);
  } catch (error) {
    if (TrackerError.is(error, 'refused', 'notFound')) return false;
    throw error;
  }
}

/** Says once that the owner is not assigned on GitHub; they stay the owner here. */
export function refuseOwner(context: SyncContext, item: Item, start: ItemState, local: LocalFields): ItemState {
  const { unassign: _, ...state } = start;
  const { owner, repo } = context.repository;
  const { value = '', sent } = local.owner ?? {};
  const why = context.repository.canPush
    ? `GitHub knows nobody of that login who may be assigned in ${owner}/${repo}`
    : `the token may not assign people in ${owner}/${repo}`;
  const what = sent === '' ? 'Its assignee could not be taken off the issue' : `Its owner ${value} is not assigned`;
  context.report.problem({ code: 'ownerDropped', lasting: true, item: item.id, message: `${what}: ${why}.` });
  return withAccess(context, withRefused(state, 'owner', sent));
}

/**
 * The milestone to send for an item's sprint.
 * @returns its number, null to take the issue out of the one it has, undefined when nothing can be sent now
 */
export async function milestoneToSend(
  context: SyncContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
  remote: RemoteIssue,
): Promise<{ readonly state: ItemState; readonly milestone: number | null | undefined }> {
  const sprint = local.sprint?.sent;
  if (sprint === undefined) return { state, milestone: undefined };
  const refuse = (why: string) => {
    const message = `Its sprint ${local.sprint?.value || '(none)'} is not shown on GitHub: ${why}.`;
    context.report.problem({ code: 'sprintDropped', lasting: true, item: item.id, message });
    return { state: withAccess(context, withRefused(state, 'sprint', sprint)), milestone: undefined };
  };
  context.report.over(item.id, 'sprintDropped');
  if (hasOtherMilestone(remote)) {
    const refused = refuse(`issue #${remote.number} is in milestone "${remote.milestone?.title}"`);
    return { ...refused, state: { ...refused.state, refusedForMilestone: true } };
  }
  const { canPush, owner, repo } = context.repository;
  if (!canPush) return refuse(`the token may not set milestones in ${owner}/${repo}`);
  if (sprint === '') return { state, milestone: null };
  const milestone = await sprintMilestone(context, sprint);
  if (milestone === 'refused') return refuse(`GitHub refused to make a milestone of that name in ${owner}/${repo}`);
  if (milestone !== 'later') return { state, milestone };
  context.report.wait({
    reason: 'ambiguous',
    until: undefined,
    message: `GitHub has a milestone ${sprint} that its list does not show yet.`,
  });
  return { state, milestone: undefined };
}

function withAccess(context: SyncContext, state: ItemState): ItemState {
  return context.repository.canPush ? state : { ...state, refusedWithoutPush: true };
}
