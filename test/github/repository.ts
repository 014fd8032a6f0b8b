import type {
  CommentRecord,
  IssueEventDetail,
  IssueEventRecord,
  IssueRecord,
  LabelRecord,
  MilestoneRecord,
  Permission,
  PullRequestPart,
  StateReason,
  Tombstone,
  UserRecord,
} from './records.ts';
import { Revisions } from './revisions.ts';

/** Where a repository gets its ids and its time from. */
export interface World {
  nextId(): number;
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export interface RepositoryInit {
  id: number;
  owner: UserRecord;
  name: string;
  private?: boolean;
  archived?: boolean;
  hasIssues?: boolean;
  defaultBranch?: string;
  description?: string | null;
}

export interface NewIssue {
  title: string;
  body?: string | null;
  labels?: LabelRecord[];
  assignees?: UserRecord[];
  milestone?: MilestoneRecord | null;
  pullRequest?: PullRequestPart | null;
}

/** The fields of an issue that one edit may change; a missing one stays. */
export interface IssueChanges {
  title?: string;
  body?: string | null;
  state?: 'open' | 'closed';
  stateReason?: StateReason | null;
  duplicateOf?: IssueRecord | null;
  labels?: LabelRecord[];
  assignees?: UserRecord[];
  milestone?: MilestoneRecord | null;
}

/** The labels that GitHub puts into every new repository (as recorded in @octokit/fixtures). */
const DEFAULT_LABELS: [name: string, color: string, description: string][] = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
];

/** The color of a label that came into being by being put on an issue (recorded). */
export const IMPLICIT_LABEL_COLOR = 'ededed';

/**
 * One repository with its issues: what happens when something is done to it, whoever does it and by whatever way. Who may
 * do what is decided before, by the routes and by the web person.
 */
/** One version of an issue's body. */
export interface BodyEdit {
  readonly text: string;
  readonly editorId: number;
  readonly at: string;
}

export class Repository {
  readonly id: number;
  readonly createdAt: string;
  readonly issues = new Map<number, IssueRecord>();
  readonly comments = new Map<number, CommentRecord>();
  readonly labels = new Map<number, LabelRecord>();
  readonly milestones = new Map<number, MilestoneRecord>();
  readonly events: IssueEventRecord[] = [];
  readonly tombstones = new Map<number, Tombstone>();
  readonly permissions = new Map<number, Permission>();
  owner: UserRecord;
  name: string;
  private: boolean;
  archived: boolean;
  hasIssues: boolean;
  defaultBranch: string;
  description: string | null;

  readonly #world: World;
  readonly #issueRevisions = new Revisions<IssueRecord>();
  readonly #commentRevisions = new Revisions<CommentRecord>();
  readonly #bodyEdits = new Map<number, readonly BodyEdit[]>();
  #lastNumber = 0;
  #lastMilestone = 0;

  constructor(world: World, init: RepositoryInit) {
    this.#world = world;
    this.id = init.id;
    this.owner = init.owner;
    this.name = init.name;
    this.private = init.private ?? false;
    this.archived = init.archived ?? false;
    this.hasIssues = init.hasIssues ?? true;
    this.defaultBranch = init.defaultBranch ?? 'main';
    this.description = init.description ?? null;
    this.createdAt = this.#timestamp();
    for (const [name, color, description] of DEFAULT_LABELS) this.#addLabel(name, color, description, true);
  }

  get fullName(): string {
    return `${this.owner.login}/${this.name}`;
  }

  // --- Reading -------------------------------------------------------------------------------------------------------

  /** What `user` may do here; anyone may read a public repository. */
  permissionOf(user: UserRecord | null): Permission {
    if (user?.id === this.owner.id) return 'admin';
    const granted = user && this.permissions.get(user.id);
    if (granted && granted !== 'none') return granted;
    return this.private ? 'none' : 'read';
  }

  canPush(user: UserRecord | null): boolean {
    const permission = this.permissionOf(user);
    return permission === 'write' || permission === 'admin';
  }

  /** Every issue and pull request, as it was `lagMs` ago. */
  issuesAsOf(lagMs: number): IssueRecord[] {
    return lagMs > 0 ? this.#issueRevisions.asOf(this.#world.now() - lagMs) : [...this.issues.values()];
  }

  /** Every comment of the repository, as it was `lagMs` ago, in the order of ids. */
  commentsAsOf(lagMs: number): CommentRecord[] {
    const comments = lagMs > 0 ? this.#commentRevisions.asOf(this.#world.now() - lagMs) : [...this.comments.values()];
    return comments.sort((a, b) => a.id - b.id);
  }

  commentsOf(issue: IssueRecord): CommentRecord[] {
    return this.commentsAsOf(0).filter((comment) => comment.issueNumber === issue.number);
  }

  eventsOf(issue: IssueRecord): IssueEventRecord[] {
    return this.events.filter((event) => event.issueNumber === issue.number);
  }

  issueById(id: number): IssueRecord | undefined {
    return [...this.issues.values()].find((issue) => issue.id === id);
  }

  /** Label names are compared without regard to case. */
  labelByName(name: string): LabelRecord | undefined {
    const wanted = name.toLowerCase();
    return [...this.labels.values()].find((label) => label.name.toLowerCase() === wanted);
  }

  labelsOf(issue: IssueRecord): LabelRecord[] {
    return issue.labelIds.flatMap((id) => this.labels.get(id) ?? []);
  }

  // --- Issues --------------------------------------------------------------------------------------------------------

  createIssue(actor: UserRecord, fields: NewIssue): IssueRecord {
    const now = this.#timestamp();
    this.#lastNumber += 1;
    const issue: IssueRecord = {
      id: this.#world.nextId(),
      number: this.#lastNumber,
      userId: actor.id,
      title: fields.title,
      body: fields.body ?? null,
      state: 'open',
      stateReason: null,
      labelIds: [],
      assigneeIds: [],
      milestoneNumber: null,
      locked: false,
      lockReason: null,
      comments: 0,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedById: null,
      duplicateOfId: null,
      parentNumber: null,
      subIssueNumbers: [],
      pullRequest: fields.pullRequest ?? null,
    };
    this.issues.set(issue.number, issue);
    this.#noteBody(actor, issue);
    this.#changeLabels(actor, issue, fields.labels ?? []);
    this.#changeAssignees(actor, issue, fields.assignees ?? []);
    this.#changeMilestone(actor, issue, fields.milestone ?? null);
    this.#recordIssue(issue);
    return issue;
  }

  /** Applies `changes`, leaves an event for each that GitHub leaves one for; what changes nothing leaves no trace. */
  editIssue(actor: UserRecord, issue: IssueRecord, changes: IssueChanges): void {
    let changed = false;
    if (changes.title !== undefined && changes.title !== issue.title) {
      this.#addEvent(actor, issue, { event: 'renamed', from: issue.title, to: changes.title });
      issue.title = changes.title;
      changed = true;
    }
    if (changes.body !== undefined && changes.body !== issue.body) {
      issue.body = changes.body;
      this.#noteBody(actor, issue);
      changed = true;
    }
    if (changes.labels) changed = this.#changeLabels(actor, issue, changes.labels) || changed;
    if (changes.assignees) changed = this.#changeAssignees(actor, issue, changes.assignees) || changed;
    if (changes.milestone !== undefined) {
      changed = this.#changeMilestone(actor, issue, changes.milestone) || changed;
    }
    if (changes.state !== undefined) changed = this.#changeState(actor, issue, changes) || changed;
    if (changed) this.#touchIssue(issue);
  }

  /** The texts that an issue had, newest first; none while it was never edited. */
  bodyEditsOf(issue: IssueRecord): readonly BodyEdit[] {
    const edits = this.#bodyEdits.get(issue.number) ?? [];
    return edits.length > 1 ? edits : [];
  }

  #noteBody(editor: UserRecord, issue: IssueRecord): void {
    const edit = { text: issue.body ?? '', editorId: editor.id, at: this.#timestamp() };
    this.#bodyEdits.set(issue.number, [edit, ...(this.#bodyEdits.get(issue.number) ?? [])]);
  }

  lockIssue(actor: UserRecord, issue: IssueRecord, reason: string | null): void {
    if (issue.locked) return;
    issue.locked = true;
    issue.lockReason = reason;
    this.#addEvent(actor, issue, { event: 'locked', lockReason: reason });
    this.#touchIssue(issue);
  }

  unlockIssue(actor: UserRecord, issue: IssueRecord): void {
    if (!issue.locked) return;
    issue.locked = false;
    issue.lockReason = null;
    this.#addEvent(actor, issue, { event: 'unlocked' });
    this.#touchIssue(issue);
  }

  /** Deletes the issue with its comments; reading it answers 410 from then on. */
  deleteIssue(issue: IssueRecord): void {
    this.#removeIssue(issue);
    this.tombstones.set(issue.number, { kind: 'deleted' });
  }

  /** Moves the issue with its comments to `target`; reading it here answers 301 from then on. */
  transferIssue(issue: IssueRecord, target: Repository): IssueRecord {
    target.#lastNumber += 1;
    const moved: IssueRecord = {
      ...issue,
      id: this.#world.nextId(),
      number: target.#lastNumber,
      labelIds: [],
      milestoneNumber: null,
      parentNumber: null,
      subIssueNumbers: [],
    };
    target.issues.set(moved.number, moved);
    for (const comment of this.commentsOf(issue)) {
      const copy: CommentRecord = { ...comment, id: this.#world.nextId(), issueNumber: moved.number };
      target.comments.set(copy.id, copy);
      target.#recordComment(copy);
    }
    target.#touchIssue(moved);
    this.#removeIssue(issue);
    this.tombstones.set(issue.number, { kind: 'transferred', repositoryId: target.id, number: moved.number });
    return moved;
  }

  addSubIssue(actor: UserRecord, parent: IssueRecord, child: IssueRecord): void {
    const former = child.parentNumber === null ? undefined : this.issues.get(child.parentNumber);
    if (former) this.removeSubIssue(actor, former, child);
    parent.subIssueNumbers.push(child.number);
    child.parentNumber = parent.number;
    this.#addEvent(actor, parent, { event: 'sub_issue_added', number: child.number });
    this.#addEvent(actor, child, { event: 'parent_issue_added', number: parent.number });
    this.#touchIssue(parent);
    this.#touchIssue(child);
  }

  removeSubIssue(actor: UserRecord, parent: IssueRecord, child: IssueRecord): void {
    parent.subIssueNumbers = parent.subIssueNumbers.filter((number) => number !== child.number);
    child.parentNumber = null;
    this.#addEvent(actor, parent, { event: 'sub_issue_removed', number: child.number });
    this.#addEvent(actor, child, { event: 'parent_issue_removed', number: parent.number });
    this.#touchIssue(parent);
    this.#touchIssue(child);
  }

  // --- Comments ------------------------------------------------------------------------------------------------------

  addComment(actor: UserRecord, issue: IssueRecord, body: string): CommentRecord {
    const now = this.#timestamp();
    const comment: CommentRecord = {
      id: this.#world.nextId(),
      issueNumber: issue.number,
      userId: actor.id,
      body,
      createdAt: now,
      updatedAt: now,
    };
    this.comments.set(comment.id, comment);
    this.#recordComment(comment);
    issue.comments += 1;
    this.#touchIssue(issue);
    return comment;
  }

  /**
   * Bumps the comment's own time and leaves the issue's alone: whether GitHub bumps the issue is not documented, and a
   * client that sees the edit here sees it there either way.
   */
  editComment(comment: CommentRecord, body: string): void {
    if (comment.body === body) return;
    comment.body = body;
    comment.updatedAt = this.#timestamp();
    this.#recordComment(comment);
  }

  /** Does not bump the issue's `updated_at`, as reported of GitHub (neomjs/neo#10092): no list shows that it went. */
  deleteComment(actor: UserRecord, comment: CommentRecord): void {
    this.comments.delete(comment.id);
    this.#commentRevisions.record(comment.id, null, this.#world.now());
    const issue = this.issues.get(comment.issueNumber);
    if (!issue) return;
    issue.comments -= 1;
    this.#addEvent(actor, issue, { event: 'comment_deleted' });
    this.#recordIssue(issue);
  }

  // --- Labels and milestones -----------------------------------------------------------------------------------------

  createLabel(name: string, color: string, description: string | null): LabelRecord {
    return this.#addLabel(name, color, description, false);
  }

  /** The label of that name, made with GitHub's grey where there is none: how putting one on an issue works. */
  ensureLabel(name: string): LabelRecord {
    return this.labelByName(name) ?? this.createLabel(name, IMPLICIT_LABEL_COLOR, null);
  }

  editLabel(label: LabelRecord, changes: Partial<Pick<LabelRecord, 'name' | 'color' | 'description'>>): void {
    Object.assign(label, changes, { updatedAt: this.#timestamp() });
  }

  /** Takes the label off every issue without bumping any (martinthomson/i-d-template#229). */
  deleteLabel(label: LabelRecord): void {
    this.labels.delete(label.id);
    for (const issue of this.issues.values()) issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  }

  createMilestone(actor: UserRecord, title: string, description: string | null, dueOn: string | null): MilestoneRecord {
    const now = this.#timestamp();
    this.#lastMilestone += 1;
    const milestone: MilestoneRecord = {
      id: this.#world.nextId(),
      number: this.#lastMilestone,
      title,
      description,
      state: 'open',
      dueOn,
      creatorId: actor.id,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
    };
    this.milestones.set(milestone.number, milestone);
    return milestone;
  }

  editMilestone(
    milestone: MilestoneRecord,
    changes: Partial<Pick<MilestoneRecord, 'title' | 'description' | 'state' | 'dueOn'>>,
  ): void {
    Object.assign(milestone, changes);
    milestone.updatedAt = this.#timestamp();
    milestone.closedAt = milestone.state === 'closed' ? (milestone.closedAt ?? milestone.updatedAt) : null;
  }

  deleteMilestone(milestone: MilestoneRecord): void {
    this.milestones.delete(milestone.number);
    for (const issue of this.issues.values()) {
      if (issue.milestoneNumber === milestone.number) issue.milestoneNumber = null;
    }
  }

  // --- Inner workings ------------------------------------------------------------------------------------------------

  #timestamp(): string {
    return `${new Date(this.#world.now()).toISOString().slice(0, 19)}Z`;
  }

  #touchIssue(issue: IssueRecord): void {
    issue.updatedAt = this.#timestamp();
    this.#recordIssue(issue);
  }

  #recordIssue(issue: IssueRecord): void {
    this.#issueRevisions.record(issue.number, issue, this.#world.now());
  }

  #recordComment(comment: CommentRecord): void {
    this.#commentRevisions.record(comment.id, comment, this.#world.now());
  }

  #removeIssue(issue: IssueRecord): void {
    for (const comment of this.commentsOf(issue)) {
      this.comments.delete(comment.id);
      this.#commentRevisions.record(comment.id, null, this.#world.now());
    }
    this.issues.delete(issue.number);
    this.#issueRevisions.record(issue.number, null, this.#world.now());
  }

  #addEvent(actor: UserRecord, issue: IssueRecord, detail: IssueEventDetail): void {
    this.events.push({
      id: this.#world.nextId(),
      issueNumber: issue.number,
      actorId: actor.id,
      createdAt: this.#timestamp(),
      detail,
    });
  }

  #addLabel(name: string, color: string, description: string | null, isDefault: boolean): LabelRecord {
    const updatedAt = this.#timestamp();
    const label: LabelRecord = { id: this.#world.nextId(), name, color, description, default: isDefault, updatedAt };
    this.labels.set(label.id, label);
    return label;
  }

  #changeLabels(actor: UserRecord, issue: IssueRecord, labels: LabelRecord[]): boolean {
    const wanted = [...new Set(labels.map((label) => label.id))];
    const added = wanted.filter((id) => !issue.labelIds.includes(id));
    const removed = issue.labelIds.filter((id) => !wanted.includes(id));
    for (const [event, ids] of [['labeled', added] as const, ['unlabeled', removed] as const]) {
      for (const id of ids) {
        const label = this.labels.get(id);
        if (label) this.#addEvent(actor, issue, { event, name: label.name, color: label.color });
      }
    }
    issue.labelIds = [...issue.labelIds.filter((id) => wanted.includes(id)), ...added];
    return added.length + removed.length > 0;
  }

  #changeAssignees(actor: UserRecord, issue: IssueRecord, assignees: UserRecord[]): boolean {
    const wanted = [...new Set(assignees.map((user) => user.id))];
    const added = wanted.filter((id) => !issue.assigneeIds.includes(id));
    const removed = issue.assigneeIds.filter((id) => !wanted.includes(id));
    for (const assigneeId of added) this.#addEvent(actor, issue, { event: 'assigned', assigneeId });
    for (const assigneeId of removed) this.#addEvent(actor, issue, { event: 'unassigned', assigneeId });
    issue.assigneeIds = [...issue.assigneeIds.filter((id) => wanted.includes(id)), ...added];
    return added.length + removed.length > 0;
  }

  #changeMilestone(actor: UserRecord, issue: IssueRecord, milestone: MilestoneRecord | null): boolean {
    const before = issue.milestoneNumber;
    const after = milestone?.number ?? null;
    if (before === after) return false;
    const former = before === null ? undefined : this.milestones.get(before);
    if (former) this.#addEvent(actor, issue, { event: 'demilestoned', milestone: former.title });
    if (milestone) this.#addEvent(actor, issue, { event: 'milestoned', milestone: milestone.title });
    issue.milestoneNumber = after;
    return true;
  }

  #changeState(actor: UserRecord, issue: IssueRecord, changes: IssueChanges): boolean {
    const reason = changes.stateReason ?? null;
    if (changes.state === 'closed') {
      const closedReason = reason ?? (issue.state === 'closed' ? issue.stateReason : 'completed');
      if (issue.state === 'closed' && closedReason === issue.stateReason) return false;
      issue.state = 'closed';
      issue.stateReason = closedReason;
      issue.closedAt = this.#timestamp();
      issue.closedById = actor.id;
      issue.duplicateOfId = changes.duplicateOf?.id ?? null;
      this.#addEvent(actor, issue, { event: 'closed', stateReason: closedReason });
      return true;
    }
    if (issue.state === 'open') return false;
    issue.state = 'open';
    issue.stateReason = 'reopened';
    issue.closedAt = null;
    issue.closedById = null;
    issue.duplicateOfId = null;
    this.#addEvent(actor, issue, { event: 'reopened', stateReason: 'reopened' });
    return true;
  }
}
