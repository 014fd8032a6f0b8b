import { FirebreakError } from '../../core/errors.ts';
import { type Item, isIncident } from '../../core/item.ts';
import { FileError } from '../../core/ports/files.ts';
import { type RemoteComment, type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../core/time.ts';
import { FrontMatterError } from '../../documents/frontMatterError.ts';
import { createIssue, linkIssue, longAgo, lookSince, lookUpIssue, writeLink } from './createIssue.ts';
import { keptOfDoubles, settleDoubles, withClosedDoubles, withDoubles } from './doubles.ts';
import { formerTexts } from './formerTexts.ts';
import { importComments } from './importComments.ts';
import { importIssue } from './importIssue.ts';
import { commentsOfMany, type ListedComments } from './manyComments.ts';
import { parseIssueBody, trimmedBody } from './markers.ts';
import { originalOf } from './ourMarker.ts';
import { settleParent } from './parentIssue.ts';
import { byUrgency, type Duty, dutyOf, type PlanContext, stateOf } from './plan.ts';
import { pushComments } from './pushComments.ts';
import { pushIssue } from './pushIssue.ts';
import { reconcileBody } from './reconcileBody.ts';
import { recoverReplaced } from './recoverReplaced.ts';
import { commentCounts, sweepComments } from './sweepComments.ts';
import type { SyncContext } from './syncContext.ts';
import { type ItemState, isUnread, type KnownRepository, type ListCursor, newItemState } from './syncState.ts';

/** GitHub's lists lag, and "since" may or may not include its own second (sync.md §1). */
const overlap = 5 * minute;
/** From so many items on, one list of everything is cheaper than to read each. */
const listInstead = 25;
const blockedFor = hour;
/** Other branches have items too, and other folders of one repository. */
const mostStrays = 500;

/** The repository has another name now: the round has to begin anew under that. */
export class RepositoryRenamed extends Error {
  constructor() {
    super('renamed');
    this.name = 'RepositoryRenamed';
  }
}

/** One pass over the linked items and those to be linked: first what GitHub has, then what it lacks. */
export class SyncRound {
  readonly #context: SyncContext;
  readonly #plan: PlanContext;
  /** On GitHub's clock: the latest that anything seen was changed. */
  #latest: Instant | undefined;
  /** How many comments the issues have that were read in this round, by number. */
  readonly #commentCounts = new Map<number, number>();

  constructor(context: Omit<SyncContext, 'seen'>) {
    this.#context = { ...context, seen: (thing) => this.#see(thing) };
    this.#plan = { ...this.#context, repositoryId: context.repository.id };
  }

  get repository(): KnownRepository {
    return this.#context.repository;
  }

  async pull(): Promise<void> {
    // Without a list to go by, each linked issue is read.
    const readAll = !this.#context.store.cursor.issues;
    const issues = await this.#listIssues();
    const doubles = await this.#adopt(issues?.entries ?? []);
    const linked = await this.#linked();
    for (const [uid, numbers] of doubles) {
      const state = this.#state(uid);
      if (state?.stage === 'linked') await this.#context.store.saveItem(withDoubles(state, numbers));
    }
    await this.#settleStrays();
    const read = new Set<string>();
    for (const issue of issues?.entries ?? []) {
      const uid = linked.get(issue.number);
      if (uid === undefined) await this.#noteAbsent(issue.number, { reread: true });
      else if (!isOutdated(this.#state(uid), issue)) {
        read.add(uid);
        await this.#guard(uid, () => this.#takeIssue(uid, issue));
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
        await this.#guard(uid, async () => this.#takeIssue(uid, await this.#context.tracker.issue(number)));
      } else if (!read.has(uid) && state) {
        await this.#guard(uid, () => this.#settleBody(uid, state));
      }
    }
    if (issues) await this.#context.store.saveCursor({ issues: issues.cursor });
    await this.#pullComments(linked);
    await this.#sweepComments(linked);
    await this.#beginCursors();
  }

  async push(): Promise<void> {
    const { services, report } = this.#context;
    const items = [...services.index.items()].sort(byUrgency);
    const begun = new Set(items.map(({ uid }) => uid));
    for (const { uid } of items) {
      const { created } = report;
      await this.#guard(uid, () => this.#pushItem(uid));
      // A long queue takes minutes: an incident that was declared meanwhile does not wait for its end.
      if (report.created === created) continue;
      for (const late of services.index.items().filter((item) => isIncident(item) && !begun.has(item.uid))) {
        begun.add(late.uid);
        await this.#guard(late.uid, () => this.#pushItem(late.uid));
      }
    }
    // An action item may have got its issue before its incident did.
    for (const { uid } of services.index.items()) await this.#guard(uid, () => this.#settleParent(uid));
    await this.#beginCursors();
  }

  async #pushItem(uid: string): Promise<void> {
    const context = this.#context;
    const item = context.services.index.item(uid);
    if (!item) return;
    if (this.#isBlocked(uid)) return;
    if (context.store.isChosen(uid)) await context.store.loadChosen();
    let duty: Duty = await dutyOf(this.#plan, item);
    if (duty === 'lookUp') {
      await lookUpIssue(context, item);
      duty = await dutyOf(this.#plan, context.services.index.item(uid) ?? item);
    }
    if (duty === 'create') {
      await createIssue(context, item);
      duty = await dutyOf(this.#plan, context.services.index.item(uid) ?? item);
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
      await this.#takeComments(uid, await context.tracker.issueComments(state.number));
    }
    await pushComments(context, now, this.#state(uid) ?? state);
  }

  async #settleParent(uid: string): Promise<void> {
    const item = this.#item(uid);
    const state = this.#state(uid);
    if (!item || state?.stage !== 'linked' || state.movedTo !== undefined) return;
    if ((await dutyOf(this.#plan, item)) === 'linked') await settleParent(this.#context, item, state);
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
        await this.#guard(uid, () => this.#takeIssue(uid, issue));
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
      const duty = await dutyOf(this.#plan, item);
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

  /**
   * Ties items to issues that carry their marker: another clone made them, or this one before it lost its state.
   * @returns by uid, the issues that carry the marker of an item beside the one that stands for it
   */
  async #adopt(issues: readonly RemoteIssue[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const { services, report } = this.#context;
    const doubles = new Map<string, number[]>();
    const strays = new Map<string, readonly number[]>();
    await this.#noteClosedDoubles(issues);
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
      if (
        item?.uid !== uid ||
        this.#context.rules.isWithheld(item) ||
        (item.github && !this.#context.isOurs(item.github))
      )
        continue;
      const state = this.#state(uid);
      const number = item.github?.number ?? (state?.stage === 'linked' ? state.number : undefined);
      const [first, ...others] = [...found].sort((left, right) => left.number - right.number);
      if (number === undefined && first && (!state || state.attempt || state.stage === 'queued')) {
        await this.#guard(uid, async () => void (await linkIssue(this.#context, item, first)));
      }
      const kept = number ?? first?.number;
      for (const issue of [...(first ? [first] : []), ...others]) {
        if (issue.number === kept) continue;
        if (issue.state === 'closed') report.over(item.id, 'twoIssues');
        doubles.set(uid, [...(doubles.get(uid) ?? []), issue.number]);
      }
    }
    await this.#noteStrays(strays);
    return doubles;
  }

  async #noteStrays(strays: ReadonlyMap<string, readonly number[]>): Promise<void> {
    if (strays.size === 0) return;
    const { store } = this.#context;
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

  /** Items that came since, and are linked, know their other issues then. */
  async #settleStrays(): Promise<void> {
    const { store } = this.#context;
    const strays = Object.entries(store.cursor.strays ?? {});
    const left: typeof strays = [];
    for (const [uid, numbers] of strays) {
      const state = this.#item(uid) && this.#state(uid);
      if (state?.stage === 'linked') await store.saveItem(withDoubles(state, numbers));
      else left.push([uid, numbers]);
    }
    if (left.length < strays.length) {
      await store.saveCursor({ strays: left.length === 0 ? undefined : Object.fromEntries(left) });
    }
  }

  /** What was posted on a double, by whichever clone, is to be found when it is purged. */
  async #noteClosedDoubles(issues: readonly RemoteIssue[]): Promise<void> {
    for (const issue of issues) {
      const marker = issue.trusted ? parseIssueBody(issue.body).marker : undefined;
      const state = marker?.same === undefined ? undefined : this.#state(marker.uid);
      if (state?.stage !== 'linked') continue;
      const noted = withClosedDoubles(state, [issue.number]);
      if (noted !== state) await this.#context.store.saveItem(noted);
    }
  }

  /** The items with an issue here, by its number. A copy of a document has no claim to the issue of the first. */
  async #linked(): Promise<Map<number, string>> {
    const linked = new Map<number, string>();
    for (const item of this.#context.services.index.items()) {
      if ((await dutyOf(this.#plan, item)) !== 'linked') continue;
      const known = this.#state(item.uid);
      const number = await this.#numberOf(item, known);
      if (number === undefined) continue;
      const other = linked.get(number);
      if (other !== undefined && !(known?.base && !this.#state(other)?.base)) {
        this.#reportCopy(item, number);
        continue;
      }
      if (known?.number !== number || known.stage === 'inflight' || known.stage === 'ambiguous') {
        // The link came by git, or by hand: what was known of another issue says nothing about this one.
        const fresh = newItemState(item.uid, this.#context.repository.id, 'linked');
        // The one before is a double now, in which this clone may have written what is written nowhere else.
        const { doubles = [], number: before = number } = known ?? {};
        const state = withDoubles(
          {
            ...fresh,
            ...keptOfDoubles(known),
            ...formerTexts(item, known),
            number,
            linkWritten: item.github !== undefined,
          },
          [...doubles, before],
        );
        if (known) await this.#context.store.saveItem(state);
        else this.#context.store.holdItem(state);
      }
      linked.set(number, item.uid);
    }
    return linked;
  }

  /** A file of an older branch may name an issue that was closed as a double since: what is known of the other stays. */
  async #numberOf({ github }: Item, known: ItemState | undefined): Promise<number | undefined> {
    const isOld = github !== undefined && known?.closedDoubles?.includes(github.number) === true;
    if (isOld && !(await this.#context.mayPushInferred())) return known?.number;
    return github?.number ?? known?.number;
  }

  #reportCopy(item: Item, number: number): void {
    this.#context.report.problem({
      code: 'twoIssues',
      item: item.id,
      message: `Another item is linked to issue #${number} too: take \`github\` out of the one that is a copy.`,
    });
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

  async #pullComments(linked: ReadonlyMap<number, string>): Promise<void> {
    const { store, tracker, services } = this.#context;
    const incidents = [...linked].filter(([, uid]) => {
      const item = services.index.item(uid);
      return item !== undefined && isIncident(item);
    });
    if (incidents.length === 0) return;
    const cursor = store.cursor.comments;
    const listed = cursor ? await tracker.comments(cursor.since, cursor.etag) : undefined;
    const byNumber = new Map<number, RemoteComment[]>();
    for (const comment of listed?.changed ? listed.value : []) {
      byNumber.set(comment.issueNumber, [...(byNumber.get(comment.issueNumber) ?? []), comment]);
    }
    for (const [number, comments] of byNumber) {
      const uid = linked.get(number);
      if (uid === undefined) await this.#noteAbsent(number, { commentsRead: false });
      else if (this.#state(uid)?.commentsRead) await this.#guard(uid, () => this.#takeComments(uid, comments));
    }
    const unread = incidents.filter(([number, uid]) => {
      const state = this.#state(uid);
      return state && !(state.commentsRead && cursor) && !isLost(state, number);
    });
    const all = await this.#listUnreadComments(unread);
    for (const [number, uid] of unread) {
      await this.#guard(uid, async () =>
        this.#takeComments(uid, all?.byIssue.get(number) ?? (await tracker.issueComments(number))),
      );
    }
    // The list may lag behind what else was read: what it does not show yet comes by the next, which begins where it ended.
    if (all && !cursor) await store.saveCursor({ comments: beginAt(all.latest ?? longAgo) });
    if (cursor && listed?.changed) {
      await store.saveCursor({ comments: advanced(cursor, listed.value, listed.etag) });
    }
  }

  /** Of many incidents whose comments were never read, as in a new clone: all at once, where that costs less. */
  async #listUnreadComments(unread: readonly (readonly [number, string])[]): Promise<ListedComments | undefined> {
    const counts = new Map<number, number>();
    for (const [number] of unread) {
      const count = this.#commentCounts.get(number);
      if (count !== undefined) counts.set(number, count);
    }
    return counts.size > listInstead ? commentsOfMany(this.#context.tracker, counts) : undefined;
  }

  /** Once a day: no list tells of a comment that was deleted. */
  async #sweepComments(linked: ReadonlyMap<number, string>): Promise<void> {
    const { store, services } = this.#context;
    const now = services.now();
    const age = now - (store.cursor.sweptAt ?? now);
    if (store.cursor.sweptAt !== undefined && age >= 0 && age < day) return;
    const incidents = [...linked].filter(([, uid]) => services.index.item(uid)?.incident !== undefined);
    if (store.cursor.sweptAt !== undefined && incidents.length > 0) {
      const counts = await commentCounts(
        this.#context,
        incidents.map(([number]) => number),
      );
      for (const [number, uid] of incidents) {
        const count = counts.get(number);
        if (count !== undefined) await this.#guard(uid, () => this.#sweep(uid, count));
      }
    }
    await store.saveCursor({ sweptAt: now });
  }

  async #sweep(uid: string, count: number): Promise<void> {
    const item = this.#context.services.index.item(uid);
    const state = this.#state(uid);
    if (item && isIncident(item) && state?.stage === 'linked') await sweepComments(this.#context, item, state, count);
  }

  async #takeComments(uid: string, comments: readonly RemoteComment[]): Promise<void> {
    const item = this.#context.services.index.item(uid);
    const state = this.#state(uid);
    if (!item || !state) return;
    for (const comment of comments) this.#see(comment);
    try {
      const next = await importComments(this.#context, item, state, comments);
      await this.#context.store.saveItem({ ...next, commentsRead: isIncident(item) });
    } catch (error) {
      // The list moves on without it, so all are read next time.
      await this.#context.store.saveItem({ ...state, commentsRead: false });
      throw error;
    }
  }

  /** An item whose file is on another branch is read whole when it is there again. */
  async #noteAbsent(number: number, change: { reread: true } | { commentsRead: false }): Promise<void> {
    for (const state of this.#context.store.items()) {
      if (state.number !== number || state.repository !== this.repository.id) continue;
      if (!this.#context.services.index.item(state.uid)) await this.#context.store.saveItem({ ...state, ...change });
    }
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
    return stateOf(this.#plan, uid);
  }

  /** Whether GitHub refused something of it a short while ago; says so again, since it still waits. */
  #isBlocked(uid: string): boolean {
    const blocked = this.#state(uid)?.blocked;
    if (!blocked) return false;
    const age = this.#context.services.now() - blocked.at;
    if (age < 0 || age >= blockedFor) return false;
    const { code, message } = blocked;
    this.#context.report.problem({ code, item: this.#context.services.index.item(uid)?.id ?? uid, message });
    return true;
  }

  /** What goes wrong with one item must not keep the others waiting. What stops everything is thrown on. */
  async #guard(uid: string, act: () => Promise<void>): Promise<void> {
    const { services, report, log } = this.#context;
    const id = services.index.item(uid)?.id ?? uid;
    try {
      await act();
    } catch (error) {
      if (TrackerError.is(error, 'ambiguous')) {
        report.wait({ reason: 'ambiguous', until: undefined, message: error.message });
      } else if (TrackerError.is(error, 'paced')) {
        // What creates nothing can go on.
        report.wait({ reason: 'paced', until: error.until, message: error.message });
      } else if (TrackerError.is(error, 'notFound', 'gone', 'moved', 'locked', 'refused')) {
        await this.#settleRefusal(uid, id, error);
      } else if (isFileTrouble(error)) {
        log.error(`${id} could not be synced`, error);
        report.problem({ code: 'file', item: id, message: error.message });
        const state = this.#state(uid);
        if (state?.stage === 'linked') await this.#context.store.saveItem({ ...state, reread: true });
      } else throw error;
    }
  }

  async #settleRefusal(uid: string, id: string, error: TrackerError): Promise<void> {
    const { report, store, services } = this.#context;
    if (error.reason !== 'locked' && error.reason !== 'refused') await this.#checkRepository();
    const state = this.#state(uid);
    const number = state?.number;
    const { reason } = error;
    if (reason === 'locked' || reason === 'refused') {
      report.problem({ code: reason, item: id, message: error.message });
      const blocked = { code: reason, message: error.message, at: services.now() };
      await store.saveItem({ ...(state ?? newItemState(uid, this.repository.id, 'queued')), blocked });
      return;
    }
    const code = reason === 'moved' ? 'moved' : 'gone';
    report.problem({ code, item: id, message: `Issue #${number ?? '?'}: ${error.message} It is not made again.` });
    if (state?.stage === 'linked') await store.saveItem({ ...state, stage: code });
  }

  /** Whether it is the issue that is gone, or all of the repository: then nothing is decided about the issue. */
  async #checkRepository(): Promise<void> {
    const found = await this.#context.tracker.repository();
    const { owner, repo, id } = this.repository;
    if (found.id !== id || !found.hasIssues || found.archived) {
      await this.#context.store.saveCursor({ repository: undefined });
      throw new TrackerError('notFound', `${owner}/${repo} is archived, without issues, or another repository now.`);
    }
    if (found.owner !== owner || found.repo !== repo) throw new RepositoryRenamed();
  }
}

/** Whether an issue is shown as it was before it was last seen, as by a list that lags: it is shown again as it is. */
function isOutdated(state: ItemState | undefined, issue: RemoteIssue): boolean {
  return state?.number === issue.number && state.seenAt !== undefined && issue.updatedAt < state.seenAt;
}

function isLost(state: ItemState | undefined, number: number): boolean {
  return (state?.stage === 'gone' || state?.stage === 'moved') && state.number === number;
}

/** @param latest on GitHub's clock */
function beginAt(latest: Instant): ListCursor {
  return { since: formatInstant((parseInstant(latest) ?? 0) - overlap) };
}

function advanced(
  cursor: ListCursor,
  entries: readonly { readonly updatedAt: Instant }[],
  etag: string | undefined,
): ListCursor {
  let latest = '';
  for (const { updatedAt } of entries) if (updatedAt > latest) latest = updatedAt;
  const time = parseInstant(latest);
  const since = time === undefined ? cursor.since : formatInstant(time - overlap);
  // An ETag speaks for one address alone, and `since` is part of it.
  if (since > cursor.since) return { since };
  return etag === undefined ? { since: cursor.since } : { since: cursor.since, etag };
}

function isFileTrouble(error: unknown): error is Error {
  return (
    FirebreakError.is(error, 'unreadableFile', 'readOnly', 'notFound', 'invalidInput') ||
    FileError.is(error) ||
    FrontMatterError.is(error)
  );
}
