import type { Item } from '../../core/item.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { linkIssue } from './createIssue.ts';
import { keptOfDoubles, withClosedDoubles, withDoubles } from './doubles.ts';
import { formerTexts } from './formerTexts.ts';
import { issueIfThere } from './issueIfThere.ts';
import { parseIssueBody } from './markers.ts';
import { trustedMarker } from './ourMarker.ts';
import { dutyOf, stateOf } from './plan.ts';
import type { RoundContext } from './roundContext.ts';
import { guarded } from './roundGuard.ts';
import { type ItemState, newItemState } from './syncState.ts';

/** Other branches have items too, and other folders of one repository. */
const mostStrays = 500;

/**
 * Ties items to issues that carry their marker: another clone made them, or this one before it lost its state.
 * @returns by uid, the issues that carry the marker of an item beside the one that stands for it
 */
export async function adopt(
  context: RoundContext,
  issues: readonly RemoteIssue[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { services, report } = context;
  const doubles = new Map<string, number[]>();
  const strays = new Map<string, readonly number[]>();
  await noteClosedDoubles(context, issues);
  const byUid = new Map<string, RemoteIssue[]>();
  for (const issue of issues) {
    const marker = issue.trusted ? parseIssueBody(issue.body).marker : undefined;
    const uid = marker?.same === undefined ? marker?.uid : undefined;
    if (uid !== undefined) byUid.set(uid, [...(byUid.get(uid) ?? []), issue]);
  }
  for (const [uid, found] of byUid) {
    const item = services.index.item(uid);
    if (!item) {
      strays.set(
        uid,
        found.map(({ number }) => number),
      );
    }
    if (item?.uid !== uid || context.rules.isWithheld(item) || (item.github && !context.isOurs(item.github))) continue;
    const state = stateOf(context, uid);
    const number = item.github?.number ?? (state?.stage === 'linked' ? state.number : undefined);
    const [first, ...others] = [...found].sort((left, right) => left.number - right.number);
    if (number === undefined && first && mayAdopt(context, item)) {
      await guarded(context, uid, async () => void (await linkIssue(context, item, first)));
    }
    const kept = number ?? first?.number;
    for (const issue of [...(first ? [first] : []), ...others]) {
      if (issue.number === kept) continue;
      if (issue.state === 'closed') report.over(item.id, 'twoIssues');
      doubles.set(uid, [...(doubles.get(uid) ?? []), issue.number]);
    }
  }
  await noteStrays(context, strays);
  return doubles;
}

/** Markers of items that are not here: they may come by git. */
async function noteStrays({ store }: RoundContext, strays: ReadonlyMap<string, readonly number[]>): Promise<void> {
  if (strays.size === 0) return;
  const known = new Map(Object.entries(store.cursor.strays ?? {}));
  for (const [uid, numbers] of strays) {
    const all = new Set([...(known.get(uid) ?? []), ...numbers]);
    known.delete(uid);
    known.set(
      uid,
      [...all].sort((left, right) => left - right),
    );
  }
  await store.saveCursor({ strays: Object.fromEntries([...known].slice(-mostStrays)) });
}

/** Items that came since know their issues then: the one that stands for them, and others. */
export async function settleStrays(context: RoundContext): Promise<void> {
  const { services, store } = context;
  const strays = Object.entries(store.cursor.strays ?? {});
  const left: typeof strays = [];
  for (const [uid, numbers] of strays) {
    const item = services.index.item(uid);
    let isLookedAt = false;
    if (item && mayAdopt(context, item)) {
      await guarded(context, uid, async () => {
        await adoptFirst(context, item, numbers);
        isLookedAt = true;
      });
    }
    const state = item && stateOf(context, uid);
    if (state?.stage === 'linked') await store.saveItem(withDoubles(state, numbers));
    else if (!isLookedAt) left.push([uid, numbers]);
  }
  if (left.length < strays.length) {
    await store.saveCursor({ strays: left.length === 0 ? undefined : Object.fromEntries(left) });
  }
}

/** Whether nothing here says which issue stands for an item. */
function mayAdopt(context: RoundContext, item: Item): boolean {
  const state = stateOf(context, item.uid);
  if (item.github || context.rules.isWithheld(item)) return false;
  return !state || state.attempt !== undefined || state.stage === 'queued';
}

/** A list showed its issues before git brought the item, and does not show them again. */
async function adoptFirst(context: RoundContext, item: Item, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const issue = await issueIfThere(context, number);
    if (!issue || trustedMarker(item, issue) === undefined) continue;
    await linkIssue(context, item, issue);
    return;
  }
}

/** What was posted on a double, by whichever clone, is to be found when it is purged. */
async function noteClosedDoubles(context: RoundContext, issues: readonly RemoteIssue[]): Promise<void> {
  for (const issue of issues) {
    const marker = issue.trusted ? parseIssueBody(issue.body).marker : undefined;
    const state = marker?.same === undefined ? undefined : stateOf(context, marker.uid);
    if (state?.stage !== 'linked') continue;
    const noted = withClosedDoubles(state, [issue.number]);
    if (noted !== state) await context.store.saveItem(noted);
  }
}

/** The items with an issue here, by its number. A copy of a document has no claim to the issue of the first. */
export async function linkedItems(context: RoundContext): Promise<Map<number, string>> {
  const linked = new Map<number, string>();
  for (const item of context.services.index.items()) {
    if ((await dutyOf(context, item)) !== 'linked') continue;
    const known = stateOf(context, item.uid);
    const number = await numberOf(context, item, known);
    if (number === undefined) continue;
    const other = linked.get(number);
    if (other !== undefined && !(known?.base && !stateOf(context, other)?.base)) {
      reportCopy(context, item, number);
      continue;
    }
    if (known?.number !== number || known.stage === 'inflight' || known.stage === 'ambiguous') {
      // The link came by git, or by hand: what was known of another issue says nothing about this one.
      const fresh = newItemState(item.uid, context.repository.id, 'linked');
      // The one before is a double now, in which this clone may have written what is written nowhere else.
      const { doubles = [], number: before = number } = known ?? {};
      const state = withDoubles(
        {
          ...fresh,
          ...keptOfDoubles(known),
          ...formerTexts(item, known),
          ...(before === number ? {} : { linkBefore: before }),
          number,
          linkWritten: item.github !== undefined,
        },
        [...doubles, before],
      );
      if (known) await context.store.saveItem(state);
      else context.store.holdItem(state);
    }
    linked.set(number, item.uid);
  }
  return linked;
}

/** A file of an older branch may name an issue that was closed as a double since: what is known of the other stays. */
async function numberOf(
  context: RoundContext,
  { github }: Item,
  known: ItemState | undefined,
): Promise<number | undefined> {
  const isOld = github !== undefined && known?.closedDoubles?.includes(github.number) === true;
  if (isOld && !(await context.mayPushInferred())) return known?.number;
  return github?.number ?? known?.number;
}

function reportCopy(context: RoundContext, item: Item, number: number): void {
  context.report.problem({
    code: 'twoIssues',
    item: item.id,
    message: `Another item is linked to issue #${number} too: take \`github\` out of the one that is a copy.`,
  });
}
