/**
 * What the fake GitHub remembers. Instants are GitHub's: ISO 8601 in UTC with whole seconds, so that two edits in one
 * second carry the same time, as they do there.
 */

/** The four legacy levels of GitHub's collaborator API; push access is `write` or `admin`. */
export type Permission = 'admin' | 'write' | 'read' | 'none';

export type IssueState = 'open' | 'closed';

export type StateReason = 'completed' | 'not_planned' | 'duplicate' | 'reopened';

export interface UserRecord {
  readonly id: number;
  login: string;
  name: string | null;
  email: string | null;
  readonly type: 'User' | 'Organization' | 'Bot';
  readonly createdAt: string;
  /** A deleted account: GitHub answers `user: null` for what it wrote. */
  deleted: boolean;
}

export interface LabelRecord {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly default: boolean;
  updatedAt: string;
}

export interface MilestoneRecord {
  readonly id: number;
  readonly number: number;
  title: string;
  description: string | null;
  state: IssueState;
  dueOn: string | null;
  readonly creatorId: number;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface CommentRecord {
  readonly id: number;
  readonly issueNumber: number;
  readonly userId: number;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** What makes an issue a pull request in GitHub's issue lists. */
export interface PullRequestPart {
  draft: boolean;
  mergedAt: string | null;
}

export interface IssueRecord {
  /** GitHub's database id, never equal to the number. */
  readonly id: number;
  readonly number: number;
  readonly userId: number;
  title: string;
  body: string | null;
  state: IssueState;
  stateReason: StateReason | null;
  labelIds: number[];
  assigneeIds: number[];
  milestoneNumber: number | null;
  locked: boolean;
  lockReason: string | null;
  /** Count of comments, kept here so that a lagging list shows the count of its own moment. */
  comments: number;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  /** The id of the issue this one was closed as a duplicate of. */
  duplicateOfId: number | null;
  parentNumber: number | null;
  subIssueNumbers: number[];
  readonly pullRequest: PullRequestPart | null;
}

export type IssueEventDetail =
  | { event: 'closed'; stateReason: StateReason | null }
  | { event: 'reopened'; stateReason: StateReason | null }
  | { event: 'renamed'; from: string; to: string }
  | { event: 'labeled' | 'unlabeled'; name: string; color: string }
  | { event: 'assigned' | 'unassigned'; assigneeId: number }
  | { event: 'milestoned' | 'demilestoned'; milestone: string }
  | { event: 'locked'; lockReason: string | null }
  | { event: 'unlocked' }
  | { event: 'comment_deleted' }
  | { event: 'sub_issue_added' | 'sub_issue_removed' | 'parent_issue_added' | 'parent_issue_removed'; number: number };

export interface IssueEventRecord {
  readonly id: number;
  readonly issueNumber: number;
  readonly actorId: number;
  readonly createdAt: string;
  readonly detail: IssueEventDetail;
}

/** What is left where an issue was: deleted, or moved to another repository. */
export type Tombstone = { kind: 'deleted' } | { kind: 'transferred'; repositoryId: number; number: number };
