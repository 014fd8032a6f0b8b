import { type Item, isIncident } from '../../core/item.ts';
import { isNothing, outgoingOf } from './outgoing.ts';
import { parentStep } from './parentIssue.ts';
import { commentWork } from './pushComments.ts';
import type { SyncContext } from './syncContext.ts';
import { localFields } from './syncedField.ts';
import type { PlannedStep } from './syncReport.ts';
import { isUnread } from './syncState.ts';
import { declarationOf, isOwnRecord } from './takeOver.ts';

/** What a sync would do with one item next. */
export type Duty = 'none' | 'create' | 'lookUp' | 'linked';

/** What deciding needs; nothing of it speaks to GitHub. */
export type PlanContext = Pick<
  SyncContext,
  'services' | 'store' | 'isOurs' | 'mayPushInferred' | 'namesPrivate' | 'rules' | 'reviewUrl' | 'actionsOf'
> & {
  /** undefined before GitHub was asked for the first time. */
  readonly repositoryId: number | undefined;
};

/** Private items have no duties at all: not even a look at what GitHub has of them. */
export async function dutyOf(context: PlanContext, item: Item): Promise<Duty> {
  if (context.rules.isWithheld(item)) return 'none';
  const state = stateOf(context, item.uid);
  if (item.github) return context.isOurs(item.github) ? 'linked' : 'none';
  if (state?.stage === 'linked') return 'linked';
  if (state?.stage === 'inflight' || state?.stage === 'ambiguous') return 'lookUp';
  if (state && state.stage !== 'queued') return 'none';
  return (await isToBeMade(context, item)) ? 'create' : 'none';
}

/** What is known of an item, in this repository. */
export function stateOf(context: Pick<PlanContext, 'store' | 'repositoryId'>, uid: string) {
  const state = context.store.item(uid);
  return state && (context.repositoryId === undefined || state.repository === context.repositoryId) ? state : undefined;
}

/**
 * An incident gets its issue from the clone that declared it, so that no two clones make one each; everything else where
 * somebody chose it.
 */
async function isToBeMade(context: PlanContext, item: Item): Promise<boolean> {
  const given = item.status === 'declined' || item.status === 'duplicate';
  if (given) return false;
  if (context.store.isChosen(item.uid)) return true;
  if (!isIncident(item)) return false;
  const events = await context.services.index.events(item.uid);
  const first = declarationOf(events.map(({ event }) => event));
  return first !== undefined && isOwnRecord(context, first);
}

/** P0 first, and incidents before the rest: what burns is on GitHub before anything else is. */
export function byUrgency(left: Urgent, right: Urgent): number {
  if (left.severity !== right.severity) return left.severity < right.severity ? -1 : 1;
  return Number(right.incident !== undefined) - Number(left.incident !== undefined);
}

type Urgent = Pick<Item, 'severity' | 'incident'>;

/** What the next sync would do, as far as this clone can tell without asking GitHub. */
export async function planSync(context: PlanContext): Promise<PlannedStep[]> {
  const steps: PlannedStep[] = [];
  for (const item of [...context.services.index.items()].sort(byUrgency)) {
    const duty = await dutyOf(context, item);
    const add = (step: PlannedStep['step'], detail: string) => steps.push({ item: item.id, step, detail });
    if (duty === 'create') {
      if (context.namesPrivate(item.title) || context.namesPrivate(item.body)) continue;
      add('create', `make an issue: ${item.title}`);
    }
    if (duty === 'lookUp') add('lookUp', 'look for the issue whose making got no answer');
    if (duty === 'linked' && isLost(context, item)) continue;
    if (duty === 'linked') await planLinked(context, item, add);
    if (duty === 'create' || duty === 'linked') await planComments(context, item, add);
  }
  return steps;
}

/** Whether its issue was deleted or transferred: nothing is sent there, nor made anew. */
function isLost(context: PlanContext, item: Item): boolean {
  const state = stateOf(context, item.uid);
  const isGone = state?.stage === 'gone' || state?.stage === 'moved';
  return isGone && (item.github === undefined || item.github.number === state.number);
}

type Add = (step: PlannedStep['step'], detail: string) => void;

async function planLinked(context: PlanContext, item: Item, add: Add): Promise<void> {
  const state = stateOf(context, item.uid);
  if (!state || isUnread(state) || (isIncident(item) && !state.commentsRead)) add('read', 'read the issue');
  if (!state) return;
  if (state.movedTo !== undefined) {
    add('lookUp', `follow to issue #${state.movedTo}, of which this one was a double`);
    return;
  }
  for (const number of state.doubles ?? []) add('lookUp', `look at issue #${number}, which carries its marker too`);
  const outgoing = await outgoingOf(context, item, state, await localFields(context.services, item.uid));
  const parent = await parentStep(context, item, state);
  if (parent.kind === 'send') {
    const { agreedParent = 0 } = state;
    const leaves =
      parent.parent === 0 ? `take it out of issue #${agreedParent}` : `make it a sub-issue of #${parent.parent}`;
    add('update', leaves);
  }
  if (isNothing(outgoing)) return;
  const parts = [
    ...(outgoing.title ? ['title'] : []),
    ...(outgoing.body ? ['text'] : []),
    ...outgoing.labels,
    ...(outgoing.owner ? ['owner'] : []),
    ...(outgoing.sprint ? ['sprint'] : []),
    ...(outgoing.state === undefined ? [] : [outgoing.state]),
    ...(outgoing.links === undefined ? [] : ['links']),
  ];
  add('update', `change ${parts.join(', ')}`);
}

async function planComments(context: PlanContext, item: Item, add: Add): Promise<void> {
  const { drafts, changed, purges } = await commentWork(context, item, stateOf(context, item.uid));
  if (context.store.review(item.uid) !== undefined) add('comment', 'post the review');
  for (const _ of purges) add('comment', 'take what was purged out of a comment');
  for (const entries of changed.values()) {
    add('comment', `correct ${entries.length === 1 ? 'an event' : `${entries.length} events`}`);
  }
  for (const draft of drafts)
    add('comment', `post ${draft.keys.length === 1 ? 'an event' : `${draft.keys.length} events`}`);
}
