import { type Item, isIncident } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { foldRegister } from '../../core/register.ts';
import { formatInstant, hour, parseInstant } from '../../core/time.ts';
import { derivedUlid } from '../../core/ulids.ts';
import { fieldRecords } from '../../store/fieldRecords.ts';
import { recordFile, showInDocument } from '../changes.ts';
import type { PlanContext } from './plan.ts';
import { githubOrigin, type SyncContext } from './syncContext.ts';
import { pastOf } from './syncedField.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';

/** A server gets sub-issues by an update: it is asked again. */
const askedAgainAfter = 24 * hour;

/** What is to be done about the issue that an action item's issue belongs to. */
export type ParentStep =
  | { readonly kind: 'none' }
  /** Both sides say the same; that is to be remembered. */
  | { readonly kind: 'agreed'; readonly parent: number }
  /** GitHub is to be told: 0 for no parent. */
  | { readonly kind: 'send'; readonly parent: number }
  /** GitHub's is the newer word: 0 for no parent. */
  | { readonly kind: 'take'; readonly parent: number; readonly overruled: boolean };

const none: ParentStep = { kind: 'none' };

type ParentContext = Pick<PlanContext, 'services' | 'store' | 'rules' | 'mayPushInferred'>;

/**
 * An action item (front matter `incident`) is a sub-issue of its incident's issue. Who changed it last has the word; where
 * both did, GitHub's stands. A parent that stands for no incident of ours is people's own, and stays.
 */
export async function parentStep(context: ParentContext, item: Item, state: ItemState): Promise<ParentStep> {
  const { parent, agreedParent: agreed } = state;
  const wanted = wantedParent(context, item, state);
  if (wanted === undefined || parent === undefined || parent === 'elsewhere') return none;
  if (wanted === parent) return agreed === parent ? none : { kind: 'agreed', parent };
  const there = parent === 0 ? undefined : incidentOf(context, state, parent);
  if (parent !== 0 && there === undefined) return none;
  // The issue of an incident that is kept inside now is left as it is.
  if (there && wanted === 0 && context.rules.isWithheld(there)) return none;
  // Another issue of its own incident, which goes on in a lower one, is no other parent.
  const isDouble = there !== undefined && there.id === item.actionOf;
  const isChangedThere = !isDouble && parent !== (agreed ?? 0);
  const isChangedHere = wanted !== (agreed ?? 0);
  if (isChangedThere) return { kind: 'take', parent, overruled: isChangedHere };
  if (wanted === state.refusedParent || isKnownWithout(context)) return none;
  return (await mayDecide(context, item, state)) ? { kind: 'send', parent: wanted } : none;
}

/** Brings an action item and the parent of its issue in step. */
export async function settleParent(context: SyncContext, item: Item, start: ItemState): Promise<ItemState> {
  const state = await withPastParents(context, item, start);
  const step = await parentStep(context, item, state);
  switch (step.kind) {
    case 'none':
      return state;
    case 'agreed':
      return context.store.saveItem({ ...state, agreedParent: step.parent });
    case 'take':
      return takeParent(context, item, state, step);
    case 'send':
      return sendParent(context, item, state, step.parent);
  }
}

/** Remembers which records of it decide nothing any more: where one does, the checkout is one of the past. */
async function withPastParents(context: SyncContext, item: Item, state: ItemState): Promise<ItemState> {
  const records = fieldRecords(context.services.index.records(item.uid), 'incident');
  const past = records.length < 2 ? [] : pastOf(records, foldRegister(records)?.head);
  const { pastParents = [] } = state;
  if (past.every((id) => pastParents.includes(id))) return state;
  return context.store.saveItem({ ...state, pastParents: [...new Set([...pastParents, ...past])] });
}

/** The number of its incident's issue; 0 where it is no action item; undefined where that can't be told GitHub. */
function wantedParent({ services, store, rules }: ParentContext, item: Item, state: ItemState): number | undefined {
  if (item.actionOf === undefined) return 0;
  const incident = services.index.item(item.actionOf);
  if (!incident || !isIncident(incident) || incident.uid === item.uid || rules.isWithheld(incident)) return undefined;
  const known = store.item(incident.uid);
  return known?.stage === 'linked' && known.repository === state.repository ? known.number : undefined;
}

/** The incident that an issue stands for, or stood for before it was closed as a double. */
function incidentOf({ services, store }: ParentContext, { repository }: ItemState, number: number): Item | undefined {
  const isIts = (known: ItemState) => known.number === number || known.closedDoubles?.includes(number) === true;
  const known = store
    .items()
    .find((state) => state.stage === 'linked' && state.repository === repository && isIts(state));
  const item = known && services.index.item(known.uid);
  return item && isIncident(item) ? item : undefined;
}

/** This clone's own records go out from any branch but one of the past, what is only read in a file from the configured one. */
async function mayDecide(context: ParentContext, item: Item, state: ItemState): Promise<boolean> {
  const records = context.services.index.records(item.uid);
  const head = foldRegister(fieldRecords(records, 'incident'))?.head;
  const record = records.find(({ id }) => id === head);
  if (record && state.pastParents?.includes(record.id)) return false;
  if (record && isOwnRecord(context, record)) return true;
  return record?.origin !== githubOrigin && (await context.mayPushInferred());
}

function isKnownWithout({ services, store }: ParentContext): boolean {
  const since = store.cursor.noSubIssues;
  const age = services.now() - (since ?? 0);
  return since !== undefined && age >= 0 && age < askedAgainAfter;
}

async function sendParent(context: SyncContext, item: Item, state: ItemState, parent: number): Promise<ItemState> {
  if (state.issueId === undefined) return state;
  await context.checkpoint();
  // An answer that does not come is looked up by reading the issue again.
  await context.store.saveItem({ ...state, reread: true });
  try {
    if (parent === 0) await context.tracker.removeSubIssue(state.agreedParent ?? 0, state.issueId);
    else if (!(await context.tracker.addSubIssue(parent, state.issueId))) {
      await context.store.saveCursor({ noSubIssues: context.services.now() });
      return await context.store.saveItem(state);
    }
  } catch (error) {
    if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    const message = `It could not be made a sub-issue of #${parent}: ${error.message}`;
    context.report.problem({ code: 'notTaken', lasting: true, item: item.id, message });
    return context.store.saveItem({ ...state, refusedParent: parent });
  }
  if (context.store.cursor.noSubIssues !== undefined) await context.store.saveCursor({ noSubIssues: undefined });
  context.report.updated += 1;
  const { refusedParent: _, ...rest } = state;
  return context.store.saveItem({ ...rest, parent, agreedParent: parent });
}

/** The record of it is the same in every clone. When it was done and by whom GitHub's lists do not say. */
async function takeParent(
  context: SyncContext,
  item: Item,
  state: ItemState,
  { parent, overruled }: { readonly parent: number; readonly overruled: boolean },
): Promise<ItemState> {
  const value = parent === 0 ? '' : (incidentOf(context, state, parent)?.id ?? '');
  const before = item.actionOf ?? '';
  const records = context.services.index.records(item.uid);
  const head = foldRegister(fieldRecords(records, 'incident'))?.head ?? null;
  const follows = records.find(({ id }) => id === head);
  const time = parseInstant(follows?.at ?? '') ?? item.created ?? 0;
  const record = recordFile({
    id: derivedUlid(time, item.uid, 'incident', head, value),
    item: item.uid,
    set: { incident: value },
    prev: { incident: head },
    was: head === null ? { incident: before } : {},
    at: formatInstant(time),
    by: 'unknown',
    origin: githubOrigin,
  });
  await context.services.writer.createAll([record]);
  const now = context.services.index.item(item.uid) ?? item;
  await showInDocument(context.services, now, { incident: value === '' ? undefined : value });
  context.report.pulled += 1;
  if (overruled) {
    const there = value === '' ? 'nothing' : `"${value}"`;
    context.report.problem({
      code: 'overruled',
      item: item.id,
      message: `The incident was changed here to "${before}" and on GitHub to ${there} at the same time; GitHub's stands.`,
    });
  }
  return context.store.saveItem({ ...state, agreedParent: parent });
}
