import type { Item } from '../../core/item.ts';
import { contentHash } from '../../core/ulids.ts';
import { inferredOrigin } from '../handEdits.ts';
import { mostCharacters } from './commentText.ts';
import { isImported, isUnlabelled } from './importedItem.ts';
import { type LabelField, shownLabelFields } from './labels.ts';
import { linksToSend } from './linksToSend.ts';
import { trimmedBody } from './markers.ts';
import { isOldBody } from './reconcileBody.ts';
import { githubOrigin, type SyncContext } from './syncContext.ts';
import { headOf, type LocalField, type LocalFields, type SyncedField } from './syncedField.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';
import { wantedState } from './wantedState.ts';

/** What of an item this clone has to send. */
export interface Outgoing {
  readonly title: boolean;
  readonly body: boolean;
  readonly labels: readonly LabelField[];
  readonly owner: boolean;
  readonly sprint: boolean;
  readonly state: 'open' | 'closed' | undefined;
  /** What is to stand below the text; undefined where that does not change. */
  readonly links: string | undefined;
}

const nothing: Outgoing = {
  title: false,
  body: false,
  labels: [],
  owner: false,
  sprint: false,
  state: undefined,
  links: undefined,
};

/** Whether there is nothing to send. */
export function isNothing(outgoing: Outgoing): boolean {
  const { title, body, labels, owner, sprint, state, links } = outgoing;
  const isUnchanged = state === undefined && links === undefined;
  return !title && !body && labels.length === 0 && !owner && !sprint && isUnchanged;
}

export type OutgoingContext = Pick<
  SyncContext,
  'services' | 'store' | 'mayPushInferred' | 'namesPrivate' | 'rules' | 'reviewUrl' | 'actionsOf'
>;

/**
 * What differs from what was last agreed on and is this clone's to send: its own records from any branch, what is only
 * inferred from the configured one.
 */
export async function outgoingOf(
  context: OutgoingContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
): Promise<Outgoing> {
  const { base } = state;
  if (!base) return nothing;
  const { title, phase, status, owner, sprint } = local;
  const isOurs = (field: SyncedField, entry: LocalField) => isToSend(context, state, field, entry);
  const labels: LabelField[] = [];
  for (const field of shownLabelFields(local)) {
    const entry = local[field];
    if (!entry) continue;
    const there = base.labels[field];
    if (entry.value !== there) {
      const isGuess = there === undefined && entry.head === null && isImported(item.uid);
      if (isGuess && isUnlabelled(field, entry.value, base.state)) continue;
      if (await isOurs(field, entry)) labels.push(field);
    } else if (state.surplus?.includes(field) && (entry.origin === githubOrigin || (await isOurs(field, entry)))) {
      labels.push(field);
    }
  }
  const isChosen = async (field: 'owner' | 'sprint', entry: LocalField | undefined) =>
    entry !== undefined &&
    base[field] !== undefined &&
    entry.sent !== base[field] &&
    entry.sent !== state.refused?.[field] &&
    (await isOurs(field, entry));
  const wanted = wantedState(phase?.value, status?.value);
  const decides = phase ?? status;
  return {
    title:
      title !== undefined &&
      title.sent !== base.title &&
      title.sent !== '' &&
      (await isOurs('title', title)) &&
      !context.namesPrivate(title.value),
    body: await bodyIsOutgoing(context, item, state),
    labels,
    owner: state.unassign !== undefined || (await isChosen('owner', owner)),
    sprint: await isChosen('sprint', sprint),
    state:
      wanted !== undefined && wanted !== base.state && decides && (await isOurs(phase ? 'phase' : 'status', decides))
        ? wanted
        : undefined,
    links: await linksToSend(context, item, state),
  };
}

async function bodyIsOutgoing(context: OutgoingContext, item: Item, state: ItemState): Promise<boolean> {
  const body = trimmedBody(item.body);
  if (state.baseBody === undefined || body === state.baseBody || isOldBody(state, body)) return false;
  if (state.refusedBody === contentHash(body) || !fits(body) || context.namesPrivate(body)) return false;
  return context.mayPushInferred();
}

/**
 * Whether this clone sends a field that differs. It does what it recorded itself, and what nobody did. Where GitHub shows
 * the record of another clone that git has not brought yet, the difference is that clone's doing: only what was recorded
 * here since both agreed goes out then.
 */
async function isToSend(
  context: OutgoingContext,
  state: ItemState,
  field: SyncedField,
  entry: LocalField,
): Promise<boolean> {
  if (entry.head !== null && state.past?.[field]?.includes(entry.head)) return false;
  const head = headOf(state.marked?.[field] ?? '');
  const agreed = state.agreed?.[field];
  const lacks = (record: string) => record !== '' && !entry.records.has(record);
  // Nor is anything news in a checkout of the past, which lacks what both agreed on.
  const isBehind = lacks(head) || lacks(headOf(agreed ?? ''));
  if (isOwnRecord(context, { id: entry.head ?? '', origin: entry.origin })) {
    // What was taken over from another clone may be as old as anything.
    const isMade = entry.head !== null && entry.own.includes(entry.head);
    const isNew = isMade && !state.agreedRecords?.[field]?.includes(entry.head ?? '');
    // Where something between it and the last word is lacking, an old record of one's own looks like the last.
    const isLast = !isBehind && (head === '' || entry.isWhole(head));
    return isLast || (agreed !== undefined && isNew);
  }
  if (isBehind) return false;
  if (entry.origin === githubOrigin) {
    // Closing on GitHub enters a phase that GitHub's labels do not show yet. All else that came from there is there,
    // unless a clone that did not know of it wrote over it. Where something before that is lacking, it looks just so.
    const isOverwritten = agreed !== undefined && head !== '' && head !== entry.head && entry.isWhole(head);
    return field === 'phase' || field === 'status' || isOverwritten;
  }
  return (entry.origin === undefined || entry.origin === inferredOrigin) && context.mayPushInferred();
}

/** Whether a text is one that GitHub takes, with the marker below it. */
export function fits(body: string): boolean {
  return body.length <= mostCharacters - 2_048;
}

/** The fields among what is sent that records keep. */
export function fieldsOf({ title, labels, owner, sprint }: Outgoing): SyncedField[] {
  return [
    ...(title ? (['title'] as const) : []),
    ...labels,
    ...(owner ? (['owner'] as const) : []),
    ...(sprint ? (['sprint'] as const) : []),
  ];
}
