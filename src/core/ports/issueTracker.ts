import type { RepositoryName } from '../github.ts';
import type { Instant } from '../time.ts';

export interface RemoteRepository extends RepositoryName {
  readonly id: number;
  readonly private: boolean;
  readonly archived: boolean;
  readonly hasIssues: boolean;
  /** Without push access GitHub silently drops labels and assignees. */
  readonly canPush: boolean;
  /** Where people look at it. */
  readonly url: string;
}

export interface RemoteIssue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  /** LF line ends. */
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: string | undefined;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: RemoteMilestone | undefined;
  readonly author: string | undefined;
  /** Whether the author may write to the repository, or is us: only then does a marker in the body count. */
  readonly trusted: boolean;
  readonly url: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly closedAt: Instant | undefined;
  /** How many comments it has. */
  readonly comments: number;
  /** The number of the issue that it is a sub-issue of; `elsewhere` for one of another repository. */
  readonly parent: number | 'elsewhere' | undefined;
}

export interface RemoteMilestone {
  readonly number: number;
  readonly title: string;
}

export interface RemoteComment {
  readonly id: number;
  readonly issueNumber: number;
  /** LF line ends. */
  readonly body: string;
  readonly author: string | undefined;
  /** Whether the author may write to the repository, or is us: only then does a marker count. */
  readonly trusted: boolean;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly url: string;
}

/** Something that was done to an issue on GitHub. */
export interface RemoteIssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: string | undefined;
  readonly at: Instant;
  /** For `labeled` and `unlabeled`. */
  readonly label: string | undefined;
  /** For `renamed`. */
  readonly rename: { readonly from: string; readonly to: string } | undefined;
  /** The login, for `assigned` and `unassigned`. */
  readonly assignee: string | undefined;
  /** The title, for `milestoned` and `demilestoned`. */
  readonly milestone: string | undefined;
}

/** Which issues to go through. */
export interface IssueQuery {
  readonly state: 'open' | 'closed' | 'all';
  /** All of these. */
  readonly labels: readonly string[];
}

/** One page of a long list, so that the list never has to be in memory as a whole. */
export interface IssuePage {
  readonly issues: readonly RemoteIssue[];
  /** Where the next page begins; undefined after the last. May be kept, and may have expired when it is used. */
  readonly next: string | undefined;
}

/** One page of the comments of all issues. */
export interface CommentPage {
  readonly comments: readonly RemoteComment[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
}

/** One version of an issue's body. */
export interface RemoteBodyEdit {
  /** LF line ends. */
  readonly text: string;
  readonly editor: string | undefined;
  readonly at: Instant;
}

export interface IssueDraft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** Its number. */
  readonly milestone?: number;
}

/** What is to be taken off an issue. */
export interface Removals {
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
}

export interface IssuePatch {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly stateReason?: 'completed' | 'not_planned' | 'duplicate' | 'reopened';
  /** With `stateReason: 'duplicate'`: the id (not the number) of the issue that goes on. */
  readonly duplicateOf?: number;
  /** Its number; null takes it off. */
  readonly milestone?: number | null;
}

/** A page set read under a condition: `unchanged` costs no quota. */
export type Conditional<T> =
  | { readonly changed: false }
  | { readonly changed: true; readonly value: T; readonly etag: string | undefined };

export type TrackerErrorReason =
  /** Nobody answered, and the request cannot have been acted on, or was only a read. */
  | 'offline'
  /** A write that may or may not have happened: look it up before sending it again. */
  | 'ambiguous'
  | 'unauthorized'
  /** Not before `until`. */
  | 'rateLimited'
  /** Our own pace keeps it back until `until`; it was not sent. */
  | 'paced'
  | 'notFound'
  | 'gone'
  | 'moved'
  | 'locked'
  | 'refused'
  | 'server';

export class TrackerError extends Error {
  readonly reason: TrackerErrorReason;
  readonly status: number | undefined;
  /** Epoch milliseconds; for `rateLimited` and `paced`. */
  readonly until: number | undefined;

  constructor(
    reason: TrackerErrorReason,
    message: string,
    details: { status?: number; until?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'TrackerError';
    this.reason = reason;
    this.status = details.status;
    this.until = details.until;
  }

  /** By name, since the adapter's bundle holds a copy of this class. */
  static is(error: unknown, ...reasons: TrackerErrorReason[]): error is TrackerError {
    if (!(error instanceof Error) || error.name !== 'TrackerError' || !('reason' in error)) return false;
    return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
  }
}

/**
 * The issues of one repository. Writes are sent once: no implementation may repeat a write by itself, and one that may
 * have been acted on without an answer throws `ambiguous`. Every method throws {@link TrackerError} and nothing else.
 */
export interface IssueTracker {
  repository(): Promise<RemoteRepository>;
  issue(number: number): Promise<RemoteIssue>;
  /** All issues (no pull requests) updated at or after `since`, any state, oldest update first. */
  issues(since: Instant | undefined, etag?: string): Promise<Conditional<readonly RemoteIssue[]>>;
  /**
   * One page of issues (no pull requests), in the order in which they were made.
   * @param from `next` of the page before; undefined for the first
   */
  issuePage(query: IssueQuery, from?: string): Promise<IssuePage>;
  /** All comments of the repository's issues updated at or after `since`, oldest update first. */
  comments(since: Instant | undefined, etag?: string): Promise<Conditional<readonly RemoteComment[]>>;
  /**
   * One page of the comments of all issues, in the order in which they were made.
   * @param from `next` of the page before; undefined for the first
   */
  commentPage(from?: string): Promise<CommentPage>;
  issueComments(number: number): Promise<readonly RemoteComment[]>;
  issueEvents(number: number): Promise<readonly RemoteIssueEvent[]>;
  /** The last versions of an issue's body, in no certain order; undefined where the server does not tell. */
  bodyEdits(number: number): Promise<readonly RemoteBodyEdit[] | undefined>;
  labels(): Promise<readonly string[]>;
  createIssue(draft: IssueDraft): Promise<RemoteIssue>;
  updateIssue(number: number, patch: IssuePatch): Promise<RemoteIssue>;
  createLabel(name: string, color: string, description: string): Promise<void>;
  /** @returns the labels that the issue then has. */
  addLabels(number: number, labels: readonly string[]): Promise<readonly string[]>;
  /** Leaves the other assignees alone. @returns the logins that the issue then has: who can't be assigned is left out. */
  addAssignees(number: number, logins: readonly string[]): Promise<readonly string[]>;
  /**
   * Takes labels and assignees off an issue; what is not there is no failure. In one request where the server allows that.
   * @returns the last versions of the issue's body, as {@link bodyEdits} would then; undefined where that has to be asked
   */
  takeOff(number: number, removals: Removals): Promise<readonly RemoteBodyEdit[] | undefined>;
  /** All of the repository, open and closed. */
  milestones(): Promise<readonly RemoteMilestone[]>;
  /** @returns undefined when there is one with that title already. */
  createMilestone(title: string): Promise<RemoteMilestone | undefined>;
  /**
   * Makes an issue a sub-issue of another, also where it was one of a third.
   * @param childId the id of the issue, not its number
   * @returns false where the server has no sub-issues
   */
  addSubIssue(parent: number, childId: number): Promise<boolean>;
  removeSubIssue(parent: number, childId: number): Promise<void>;
  createComment(number: number, body: string): Promise<RemoteComment>;
  /** One comment by its id. @throws TrackerError `notFound` when it was deleted */
  comment(id: number): Promise<RemoteComment>;
  /** Replaces the text of a comment. Sending the same twice changes nothing more. */
  updateComment(id: number, body: string): Promise<RemoteComment>;
}
