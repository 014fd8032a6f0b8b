import type { Instant } from '../../core/time.ts';
import type { LabelField } from './labels.ts';
import type { SyncedField } from './syncedField.ts';
import type { SyncProblem, Waiting } from './syncReport.ts';

/** A write that was sent and not answered. Kept on disk before it is sent. */
export interface Attempt {
  /** Epoch milliseconds on this machine's clock. */
  readonly at: number;
  /** On GitHub's clock: what the write made can't be older. undefined: all must be looked through. */
  readonly since: Instant | undefined;
  /** How often it was looked for in vain, not counting the look straight after. */
  readonly misses: number;
  /** When it was last looked for in vain. */
  readonly lookedAt: number;
}

/** What this clone and GitHub last agreed on. */
export interface Base {
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly labels: Readonly<Partial<Record<LabelField, string>>>;
  /** A login, or empty. */
  readonly owner?: string;
  /** An ISO week, or empty. */
  readonly sprint?: string;
}

/**
 * `queued` was refused for now. `linked` knows its number. `inflight` and `ambiguous` are creates without an answer: before and after somebody noticed.
 * `gone` and `moved` are issues that were deleted or transferred: they are never made again.
 */
export type Stage = 'queued' | 'inflight' | 'ambiguous' | 'linked' | 'gone' | 'moved';

/** What this clone knows about one item on GitHub. Can be thrown away: markers on GitHub tell it again. */
export interface ItemState {
  readonly uid: string;
  /** The id of the repository that all this is about. */
  readonly repository: number;
  readonly stage: Stage;
  readonly attempt?: Attempt;
  readonly number?: number;
  /** The id of the issue, by which GitHub knows it across repositories. */
  readonly issueId?: number;
  /** Other issues that carry the item's marker, lowest first: to be looked at. */
  readonly doubles?: readonly number[];
  /** The issue that it had before its link was changed by git, or by hand: looked at as a double. */
  readonly linkBefore?: number;
  /** The issue that the item goes on in, since this one was closed as its double. */
  readonly movedTo?: number;
  /** Issues of the item that were closed as doubles: what was posted there is there still. */
  readonly closedDoubles?: readonly number[];
  /** A double that is about to be closed: somebody may write into it between our reading and that. */
  readonly closing?: Closing;
  /** Purges that the comments of a closed double know of: `<purge>@<number>`. */
  readonly purgedDoubles?: readonly string[];
  /** Whether front matter has held the link: a file without it is then an old copy. */
  readonly linkWritten?: boolean;
  readonly base?: Base;
  /** Fields that have a second label on GitHub, beside the one agreed on: left over from a change, and to be removed. */
  readonly surplus?: readonly LabelField[];
  /** An assignee that our new owner takes the place of: added first, removed then, and a machine may stop in between. */
  readonly unassign?: string;
  /** Values that GitHub would not take: said once, and not sent again until they change. */
  readonly refused?: Readonly<Partial<Record<'owner' | 'sprint', string>>>;
  /** They were refused for want of push access: it may be had since. */
  readonly refusedWithoutPush?: true;
  /** The sprint was, since the issue is in a milestone of people's own: it may be out of that since. */
  readonly refusedForMilestone?: true;
  /** What the issue's marker said when it was last read: a field's record and value as one text (`fieldMark`). */
  readonly marked?: Marks;
  /** The same without what was announced there and had not arrived yet. */
  readonly settled?: Marks;
  /** How each field stood here when it last agreed with GitHub. */
  readonly agreed?: Marks;
  /** This clone's own records of a field that were known at some agreement: none of them is news, whatever is checked out. */
  readonly agreedRecords?: Readonly<Partial<Record<SyncedField, readonly string[]>>>;
  /** Records of a field that another was known to follow, or to have won over: where one decides, a checkout of the past is looked at. */
  readonly past?: Readonly<Partial<Record<SyncedField, readonly string[]>>>;
  /** The body that was last agreed on. */
  readonly baseBody?: string;
  /** The body that GitHub was last seen with. */
  readonly remoteBody?: string;
  /** Hashes of bodies that were agreed on before, newest last: a file that shows one is an old copy, not an edit. */
  readonly bodies: readonly string[];
  /** The hash of a body that GitHub did not take. */
  readonly refusedBody?: string;
  /** What Firebreak added below the text there, when it was last read. */
  readonly links?: string;
  /** What this clone last wanted there: while that is the same, another clone's word stands. */
  readonly wantedLinks?: string;
  /** The issue that it was a sub-issue of when it was last read; 0 for none. */
  readonly parent?: number | 'elsewhere';
  /** The same, as both sides last agreed; 0 for none. */
  readonly agreedParent?: number;
  /** Records of what incident it belongs to that another was known to follow, or to have won over. */
  readonly pastParents?: readonly string[];
  /** A parent that GitHub would not give it. */
  readonly refusedParent?: number;
  /** Keys of comment markers to comment ids. */
  readonly posted: Readonly<Record<string, number>>;
  readonly comment?: Attempt & { readonly keys: readonly string[] };
  /** Comments of ours with entries that an earlier one has too: to be looked at. */
  readonly spare?: readonly number[];
  /** Whether all comments have been read once. */
  readonly commentsRead: boolean;
  /** People's comments that were taken in: id to the time of the edit. */
  readonly comments: Readonly<Record<string, Instant>>;
  /** Comments that were deleted on GitHub. */
  readonly deleted?: readonly number[];
  /** What was on GitHub when it was last read before a write that replaces it: somebody may have been faster. */
  readonly overwriting?: Overwriting;
  /** When the issue had last been changed as it was last seen, on GitHub's clock: a list that lags shows what it was before. */
  readonly seenAt?: Instant;
  /** The issue has to be read again, whatever lists say. */
  readonly reread: boolean;
  /** GitHub refused a write; it is left alone for a while. */
  readonly blocked?: { readonly code: 'refused' | 'locked'; readonly message: string; readonly at: number };
}

/** What a write replaces. */
export interface Overwriting {
  /** When the issue had last been changed before, on GitHub's clock. */
  readonly readAt: Instant;
  readonly title?: Replaced;
  readonly sprint?: Replaced;
  /** With the marker. */
  readonly body?: Replaced;
}

export interface Replaced {
  readonly read: string;
  readonly sent: string;
}

/** What closing a double replaces: its text with the marker. */
export interface Closing extends Replaced {
  readonly number: number;
  /** When the issue had last been changed before, on GitHub's clock. */
  readonly readAt: Instant;
}

/** A text for each field. */
export type Marks = Readonly<Partial<Record<SyncedField, string>>>;

export function newItemState(uid: string, repository: number, stage: Stage): ItemState {
  return { uid, repository, stage, bodies: [], posted: {}, commentsRead: false, comments: {}, reread: false };
}

/** Whether the issue has to be read before anything can be decided; what an older version kept lacks some fields. */
export function isUnread({ base, links, parent, reread }: ItemState): boolean {
  const lacks = base?.owner === undefined || base.sprint === undefined || links === undefined || parent === undefined;
  return lacks || reread;
}

export interface ListCursor {
  /** On GitHub's clock, with an overlap. */
  readonly since: Instant;
  /** Belongs to exactly this `since`. */
  readonly etag?: string;
}

export interface KnownRepository {
  /** What it was asked for as, `acme/shop`. It may have been renamed since. */
  readonly configured: string;
  readonly owner: string;
  readonly repo: string;
  readonly id: number;
  readonly private: boolean;
  readonly canPush: boolean;
  /** Where people look at it; an older version did not keep it. */
  readonly url?: string;
  /** Epoch milliseconds on this machine's clock. */
  readonly checkedAt: number;
}

/** What this clone knows about the repository as a whole. */
export interface SyncCursor {
  readonly repository?: KnownRepository;
  readonly issues?: ListCursor;
  readonly comments?: ListCursor;
  /**
   * Issues with the marker of an item that is not here (yet), by its uid: a list shows them once, and git may bring the item
   * later, linked to another of them.
   */
  readonly strays?: Readonly<Record<string, readonly number[]>>;
  /** The uids of items that are kept inside, as the configured branch said. */
  readonly keptInside?: readonly string[];
  /** Our labels that are known to exist. */
  readonly labels: readonly string[];
  /** The numbers of the milestones that stand for sprints, by title. */
  readonly milestones?: Readonly<Record<string, number>>;
  /** When comments that were deleted were last looked for: epoch milliseconds on this machine's clock. */
  readonly sweptAt?: number;
  /** When the server was found to have no sub-issues: epoch milliseconds on this machine's clock. */
  readonly noSubIssues?: number;
  /** Epoch milliseconds: nothing is sent before. */
  readonly pausedUntil?: number;
  /** Somebody said that incidents may go to this public repository (by id). */
  readonly mayPublish?: number;
  /** Why the last sync left work behind. */
  readonly waiting: readonly Waiting[];
  /** What the last syncs found that needs a person. */
  readonly problems?: readonly SyncProblem[];
}

export const emptyCursor: SyncCursor = { labels: [], waiting: [] };

type Shape = Readonly<Record<string, unknown>>;

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOptional(value: unknown, type: 'string' | 'number' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}

function isAttempt(value: unknown): boolean {
  return (
    isShape(value) &&
    typeof value.at === 'number' &&
    isOptional(value.since, 'string') &&
    typeof value.misses === 'number' &&
    typeof value.lookedAt === 'number'
  );
}

function isMapOf(value: unknown, type: 'string' | 'number'): boolean {
  return isShape(value) && Object.values(value).every((entry) => typeof entry === type);
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function isListOfNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

function isClosing(value: unknown): boolean {
  if (!isShape(value) || typeof value.number !== 'number') return false;
  return [value.readAt, value.read, value.sent].every((part) => typeof part === 'string');
}

function isOverwriting(value: unknown): boolean {
  if (!isShape(value) || typeof value.readAt !== 'string') return false;
  return [value.title, value.sprint, value.body].every((part) => part === undefined || isMapOf(part, 'string'));
}

/** Whether a text on disk was a state; an older version's lacks some fields. */
export function isItemState(value: unknown): value is ItemState {
  if (!isShape(value)) return false;
  const { base, comment, blocked } = value;
  const known = ['queued', 'inflight', 'ambiguous', 'linked', 'gone', 'moved'].some((stage) => stage === value.stage);
  return (
    known &&
    typeof value.uid === 'string' &&
    typeof value.repository === 'number' &&
    isOptional(value.number, 'number') &&
    (value.stage !== 'linked' || value.number !== undefined) &&
    (value.attempt === undefined || isAttempt(value.attempt)) &&
    isOptional(value.issueId, 'number') &&
    isOptional(value.movedTo, 'number') &&
    isOptional(value.linkBefore, 'number') &&
    isOptional(value.seenAt, 'string') &&
    [value.doubles, value.closedDoubles, value.deleted, value.spare].every(
      (numbers) => numbers === undefined || isListOfNumbers(numbers),
    ) &&
    (value.closing === undefined || isClosing(value.closing)) &&
    [value.purgedDoubles, value.pastParents].every((texts) => texts === undefined || isListOfTexts(texts)) &&
    isOptional(value.linkWritten, 'boolean') &&
    (base === undefined ||
      (isShape(base) &&
        typeof base.title === 'string' &&
        (base.state === 'open' || base.state === 'closed') &&
        isMapOf(base.labels, 'string') &&
        isOptional(base.owner, 'string') &&
        isOptional(base.sprint, 'string'))) &&
    isOptional(value.unassign, 'string') &&
    (value.refused === undefined || isMapOf(value.refused, 'string')) &&
    isOptional(value.refusedWithoutPush, 'boolean') &&
    isOptional(value.refusedForMilestone, 'boolean') &&
    (value.surplus === undefined || Array.isArray(value.surplus)) &&
    [value.marked, value.settled, value.agreed].every((marks) => marks === undefined || isMapOf(marks, 'string')) &&
    [value.agreedRecords, value.past].every(
      (records) => records === undefined || (isShape(records) && Object.values(records).every(isListOfTexts)),
    ) &&
    (value.overwriting === undefined || isOverwriting(value.overwriting)) &&
    isOptional(value.baseBody, 'string') &&
    isOptional(value.remoteBody, 'string') &&
    Array.isArray(value.bodies) &&
    isOptional(value.refusedBody, 'string') &&
    isOptional(value.links, 'string') &&
    isOptional(value.wantedLinks, 'string') &&
    (value.parent === 'elsewhere' || isOptional(value.parent, 'number')) &&
    isOptional(value.agreedParent, 'number') &&
    isOptional(value.refusedParent, 'number') &&
    isMapOf(value.posted, 'number') &&
    (comment === undefined || (isAttempt(comment) && isShape(comment) && Array.isArray(comment.keys))) &&
    typeof value.commentsRead === 'boolean' &&
    isMapOf(value.comments, 'string') &&
    typeof value.reread === 'boolean' &&
    (blocked === undefined ||
      (isShape(blocked) && typeof blocked.at === 'number' && typeof blocked.message === 'string'))
  );
}

function isListCursor(value: unknown): boolean {
  return value === undefined || (isShape(value) && typeof value.since === 'string' && isOptional(value.etag, 'string'));
}

function isProblem(value: unknown): boolean {
  return isShape(value) && [value.item, value.code, value.message].every((part) => typeof part === 'string');
}

export function isCursor(value: unknown): value is SyncCursor {
  if (!isShape(value)) return false;
  const { repository } = value;
  return (
    isListCursor(value.issues) &&
    isListCursor(value.comments) &&
    Array.isArray(value.labels) &&
    (value.milestones === undefined || isMapOf(value.milestones, 'number')) &&
    Array.isArray(value.waiting) &&
    (value.keptInside === undefined || isListOfTexts(value.keptInside)) &&
    (value.strays === undefined || (isShape(value.strays) && Object.values(value.strays).every(isListOfNumbers))) &&
    (value.problems === undefined || (Array.isArray(value.problems) && value.problems.every(isProblem))) &&
    isOptional(value.sweptAt, 'number') &&
    isOptional(value.noSubIssues, 'number') &&
    isOptional(value.pausedUntil, 'number') &&
    isOptional(value.mayPublish, 'number') &&
    (repository === undefined ||
      (isShape(repository) &&
        typeof repository.configured === 'string' &&
        typeof repository.owner === 'string' &&
        typeof repository.repo === 'string' &&
        typeof repository.id === 'number' &&
        typeof repository.private === 'boolean' &&
        typeof repository.canPush === 'boolean' &&
        typeof repository.checkedAt === 'number'))
  );
}
