import { type Item, isIncident } from '../../core/item.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';
import { adopt, linkedItems, settleStrays } from './adoption.ts';
import { createIssue, lookSince, lookUpIssue, writeLink } from './createIssue.ts';
import { settleDoubles, withDoubles } from './doubles.ts';
import { importIssue } from './importIssue.ts';
import { advanced, beginAt } from './listCursors.ts';
import { listInstead } from './manyComments.ts';
import { trimmedBody } from './markers.ts';
import { originalOf } from './ourMarker.ts';
import { settleParent } from './parentIssue.ts';
import { byUrgency, type Duty, dutyOf, stateOf } from './plan.ts';
import { pullComments, sweepAllComments, takeComments } from './pullComments.ts';
import { pushComments } from './pushComments.ts';
import { pushIssue } from './pushIssue.ts';
import { reconcileBody } from './reconcileBody.ts';
import { recoverReplaced } from './recoverReplaced.ts';
import { isLost, noteAbsent, type RoundContext } from './roundContext.ts';
import { guarded, isBlocked } from './roundGuard.ts';
import type { SyncContext } from './syncContext.ts';
import { type ItemState, isUnread, type KnownRepository, type ListCursor } from './syncState.ts';

/** One pass over the linked items and those to be linked: first what GitHub has, then what it lacks. */
export class SyncRound {
  readonly #context: RoundContext;
  /** On GitHub's clock: the latest that anything seen was changed. */
  #latest: Instant | undefined;
  /** How many comments the issues have that were read in this round, by number. */
  readonly #commentCounts = new Map<number, number>();

  constructor(context: Omit<SyncContext, 'seen'>) {
    this.#context = { ...context, repositoryId: context.repository.id, seen: (thing) => this.#see(thing) };
  }

  get repository(): KnownRepository {
    return this.#context.repository;
  }

  async pull(): Promise<void> {
    // Without a list to go by, each linked issue is read.
    const readAll = !this.#context.store.cursor.issues;
    const issues = await this.#listIssues();
    const doubles = await adopt(this.#context, issues?.entries ?? []);
    const linked = await linkedItems(this.#context);
    for (const [uid, numbers] of doubles) {
      const state = this.#state(uid);
      if (state?.stage === 'linked') await this.#context.store.saveItem(withDoubles(state, numbers));
    }
    await settleStrays(this.#context);
    const read = new Set<string>();
    for (const issue of issues?.entries ?? []) {
      const uid = linked.get(issue.number);
      if (uid === undefined) await noteAbsent(this.#context, issue.number, { reread: true });
      else if (!isOutdated(this.#state(uid), issue)) {
        read.add(uid);
        await guarded(this.#context, uid, () => this.#takeIssue(uid, issue));
      }
    }
    const isBehind = (number: number, uid: string) => {
      const state = this.#state(uid);
      return !read.has(uid) && (readAll || !state || isUnread(state)) && !isLost(state, number);
    };
    const behind = new Map([...linked].filter(([number, uid]) => isBehind(number, uid)));
    if (behind.size > listInstead) await this.#readMany(behind, read);
    for (const [number, uid] of linked) {
      const state = this.#state(uid);
      if (isBehind(number, uid)) {
        await guarded(this.#context, uid, async () => this.#takeIssue(uid, await this.#context.tracker.issue(number)));
      } else if (!read.has(uid) && state) {
        await guarded(this.#context, uid, () => this.#settleBody(uid, state));
      }
    }
    if (issues) await this.#context.store.saveCursor({ issues: issues.cursor });
    await pullComments(this.#context, linked, this.#commentCounts);
    await sweepAllComments(this.#context, linked);
    await this.#beginCursors();
  }

  async push(): Promise<void> {
    const { services, report } = this.#context;
    const items = [...services.index.items()].sort(byUrgency);
    const begun = new Set(items.map(({ uid }) => uid));
    for (const { uid } of items) {
      const { created } = report;
      await guarded(this.#context, uid, () => this.#pushItem(uid));
      // A long queue takes minutes: an incident that was declared meanwhile does not wait for its end.
      if (report.created === created) continue;
      for (const late of services.index.items().filter((item) => isIncident(item) && !begun.has(item.uid))) {
        begun.add(late.uid);
        await guarded(this.#context, late.uid, () => this.#pushItem(late.uid));
      }
    }
    // An action item may have got its issue before its incident did.
    for (const { uid } of services.index.items()) await guarded(this.#context, uid, () => this.#settleParent(uid));
    await this.#beginCursors();
  }

  async #pushItem(uid: string): Promise<void> {
    const context = this.#context;
    const item = context.services.index.item(uid);
    if (!item) return;
    if (isBlocked(this.#context, uid)) return;
    if (context.store.isChosen(uid)) await context.store.loadChosen();
    let duty: Duty = await dutyOf(this.#context, item);
    if (duty === 'lookUp') {
      await lookUpIssue(context, item);
      duty = await dutyOf(this.#context, context.services.index.item(uid) ?? item);
    }
    if (duty === 'create') {
      await createIssue(context, item);
      duty = await dutyOf(this.#context, context.services.index.item(uid) ?? item);
    }
    let state = this.#state(uid);
    if (duty !== 'linked' || state?.stage !== 'linked') return;
    state = await writeLink(context, uid, state);
    state = await settleDoubles(context, uid, state);
    if (state.movedTo !== undefined) return;
    state = await pushIssue(context, uid, state);
    const now = context.services.index.item(uid);
    if (!now || !isIncident(now) || state.number === undefined) return;
    if (!state.commentsRead) {
      // Ours may be among them, from before this clone's state was lost.
      await takeComments(this.#context, uid, await context.tracker.issueComments(state.number));
    }
    await pushComments(context, now, this.#state(uid) ?? state);
  }

  async #settleParent(uid: string): Promise<void> {
    const item = this.#item(uid);
    const state = this.#state(uid);
    if (!item || state?.stage !== 'linked' || state.movedTo !== undefined) return;
    if ((await dutyOf(this.#context, item)) === 'linked') await settleParent(this.#context, item, state);
  }

  /** Reads issues from one list of all, as after an import, or after git brought one. Page by page: they may be many. */
  async #readMany(wanted: ReadonlyMap<number, string>, read: Set<string>): Promise<void> {
    const { tracker } = this.#context;
    for (let from: string | undefined, isFirst = true; isFirst || from !== undefined; isFirst = false) {
      const page = await tracker.issuePage({ state: 'all', labels: [] }, from);
      for (const issue of page.issues) {
        const uid = wanted.get(issue.number);
        if (uid === undefined || isOutdated(this.#state(uid), issue)) continue;
        read.add(uid);
        await guarded(this.#context, uid, () => this.#takeIssue(uid, issue));
      }
      from = page.next;
    }
  }

  /** What changed since last time; undefined when there is no list to go by yet. */
  async #listIssues(): Promise<{ entries: readonly RemoteIssue[]; cursor: ListCursor | undefined } | undefined> {
    const { store, tracker } = this.#context;
    const cursor = store.cursor.issues;
    if (!cursor) return this.#firstList();
    const listed = await tracker.issues(cursor.since, cursor.etag);
    if (!listed.changed) return { entries: [], cursor };
    return { entries: listed.value, cursor: advanced(cursor, listed.value, listed.etag) };
  }

  /** Without a cursor, whatever may have been made before it was lost is looked for. */
  async #firstList(): Promise<{ entries: readonly RemoteIssue[]; cursor: ListCursor | undefined } | undefined> {
    const { services, store, tracker } = this.#context;
    const unread: Item[] = [];
    const unlinked: Item[] = [];
    for (const item of services.index.items()) {
      const duty = await dutyOf(this.#context, item);
      if (duty === 'linked') unread.push(item);
      else if (duty === 'create' || duty === 'lookUp') unlinked.push(item);
    }
    if (unlinked.length === 0 && unread.length <= listInstead) return undefined;
    const starts = unlinked.map((item) => lookSince({ store }, item));
    const everything = unread.length > listInstead || starts.includes(undefined);
    const since = everything ? undefined : starts.filter((start) => start !== undefined).sort()[0];
    const listed = await tracker.issues(since);
    const entries = listed.changed ? listed.value : [];
    for (const issue of entries) this.#see(issue);
    return { entries, cursor: undefined };
  }

  async #takeIssue(uid: string, issue: RemoteIssue): Promise<void> {
    const item = this.#context.services.index.item(uid);
    const before = this.#state(uid);
    if (!item || !before) return;
    this.#see(issue);
    this.#commentCounts.set(issue.number, issue.comments);
    const { blocked: _blocked, movedTo: _before, ...known } = before;
    const movedTo = originalOf(item, issue);
    if (movedTo !== undefined) {
      await this.#context.store.saveItem({ ...known, movedTo, reread: false });
      return;
    }
    // The machine stopped between a write and the look at what it replaced.
    const state = known.overwriting ? await recoverReplaced(this.#context, item, known) : known;
    await this.#settleBody(uid, await importIssue(this.#context, this.#item(uid) ?? item, state, issue));
  }

  #item(uid: string): Item | undefined {
    return this.#context.services.index.item(uid);
  }

  async #settleBody(uid: string, state: ItemState): Promise<void> {
    const item = this.#context.services.index.item(uid);
    if (!item) return;
    // Before a text is written it is on disk what GitHub was seen with.
    if (state.remoteBody !== trimmedBody(item.body)) await this.#context.store.saveItem(state);
    await this.#context.store.saveItem(await reconcileBody(this.#context, item, state));
  }

  /** What is known before the first list comes from the issues themselves: no clock but GitHub's decides. */
  async #beginCursors(): Promise<void> {
    const { store } = this.#context;
    if (this.#latest === undefined) return;
    const begin = beginAt(this.#latest);
    if (!store.cursor.issues) await store.saveCursor({ issues: begin });
    if (!store.cursor.comments) await store.saveCursor({ comments: begin });
  }

  #see(thing: { readonly updatedAt: Instant }): void {
    if (this.#latest === undefined || thing.updatedAt > this.#latest) this.#latest = thing.updatedAt;
  }

  #state(uid: string): ItemState | undefined {
    return stateOf(this.#context, uid);
  }
}

/** Whether an issue is shown as it was before it was last seen, as by a list that lags: it is shown again as it is. */
function isOutdated(state: ItemState | undefined, issue: RemoteIssue): boolean {
  return state?.number === issue.number && state.seenAt !== undefined && issue.updatedAt < state.seenAt;
}
