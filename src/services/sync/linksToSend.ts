import { type Incident, type Item, isFinishedItem, isIncident } from '../../core/item.ts';
import { formatLinks, type ListedAction, listedIn } from './issueLinks.ts';
import type { OutgoingContext } from './outgoing.ts';
import type { ItemState } from './syncState.ts';

/**
 * What an incident's issue is to say below its text; undefined while that stands there, or is not this clone's to change. A
 * clone that lacks what another has from git must not take it away again: so it speaks only when what it wants changes.
 */
export async function linksToSend(context: OutgoingContext, item: Item, state: ItemState): Promise<string | undefined> {
  if (!isIncident(item) || state.links === undefined) return undefined;
  const wanted = await wantedLinks(context, item, state);
  // What a clone that knows nothing yet finds there is another's, and newer for all it knows.
  const before = state.wantedLinks ?? (state.links === '' ? '' : wanted);
  if (wanted === state.links || wanted === before) return undefined;
  return (await context.mayPushInferred()) ? wanted : undefined;
}

/** Remembers what is wanted there, once that stands there, or something else that is to stay. */
export async function withKnownLinks(context: OutgoingContext, item: Item, state: ItemState): Promise<ItemState> {
  if (!isIncident(item) || state.links === undefined) return state;
  const wanted = await wantedLinks(context, item, state);
  const isSettled = wanted === state.links || state.wantedLinks === undefined;
  return isSettled && wanted !== state.wantedLinks ? { ...state, wantedLinks: wanted } : state;
}

/** What this clone would have an incident's issue say. */
async function wantedLinks(context: OutgoingContext, incident: Incident, { links = '' }: ItemState): Promise<string> {
  const actions = context.store.cursor.noSubIssues === undefined ? [] : listedActions(context, incident, links);
  return formatLinks(await context.reviewUrl(incident), actions);
}

/**
 * Its action items that have an issue in the same repository; none that stays inside. Those that GitHub lists and nobody
 * here knows are another clone's, and stay.
 */
function listedActions(context: OutgoingContext, incident: Incident, links: string): ListedAction[] {
  const { actionsOf, services, store, rules } = context;
  const repository = store.item(incident.uid)?.repository;
  const isKnown = (number: number) =>
    store
      .items()
      .some(
        (state) =>
          state.number === number &&
          state.stage === 'linked' &&
          state.repository === repository &&
          services.index.item(state.uid) !== undefined,
      );
  const others = listedIn(links).filter(({ number }) => !isKnown(number));
  const own = actionsOf(incident).flatMap((item) => {
    const state = store.item(item.uid);
    if (rules.isWithheld(item) || state?.stage !== 'linked' || state.repository !== repository) return [];
    return state.number === undefined ? [] : [{ number: state.number, isDone: isFinishedItem(item) }];
  });
  return [...own, ...others];
}
