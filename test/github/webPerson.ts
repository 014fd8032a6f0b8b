import type { GitHubState } from './gitHubState.ts';
import type { CommentRecord, IssueRecord, PullRequestPart, StateReason, UserRecord } from './records.ts';
import type { Repository } from './repository.ts';

/** What a person lets the web page make into an issue. */
export interface WebIssue {
  title: string;
  body?: string;
  labels?: string[];
  assignees?: string[];
  /** Opens a pull request instead. */
  pullRequest?: Partial<PullRequestPart>;
}

/**
 * Somebody at the web page of a repository: what other people do while a client is not looking. Text arrives with CRLF,
 * as browsers send it; who may not push is refused what the page would not offer.
 */
export class WebPerson {
  readonly #state: GitHubState;
  readonly #repository: Repository;
  readonly #user: UserRecord;

  /** Throws if the person can't see the repository. */
  constructor(state: GitHubState, repository: Repository, login: string) {
    this.#state = state;
    this.#repository = repository;
    this.#user = state.user(login);
    if (repository.permissionOf(this.#user) === 'none') throw new Error(`${login} can't see ${repository.fullName}`);
  }

  openIssue(issue: WebIssue): IssueRecord {
    const repository = this.#repository;
    if (issue.labels || issue.assignees) this.#mustPush('label and assign');
    return repository.createIssue(this.#user, {
      title: issue.title,
      body: issue.body === undefined ? null : toWebText(issue.body),
      labels: (issue.labels ?? []).map((name) => repository.ensureLabel(name)),
      assignees: (issue.assignees ?? []).map((login) => this.#state.user(login)),
      pullRequest: issue.pullRequest ? { draft: false, mergedAt: null, ...issue.pullRequest } : null,
    });
  }

  editTitle(number: number, title: string): void {
    this.#edit(number, (issue) => this.#repository.editIssue(this.#user, issue, { title }));
  }

  editBody(number: number, body: string): void {
    this.#edit(number, (issue) => this.#repository.editIssue(this.#user, issue, { body: toWebText(body) }));
  }

  comment(number: number, body: string): CommentRecord {
    const issue = this.#issue(number);
    if (issue.locked) this.#mustPush('comment on a locked issue');
    return this.#repository.addComment(this.#user, issue, toWebText(body));
  }

  editComment(id: number, body: string): void {
    this.#repository.editComment(this.#ownComment(id), toWebText(body));
  }

  deleteComment(id: number): void {
    this.#repository.deleteComment(this.#user, this.#ownComment(id));
  }

  close(number: number, stateReason: Exclude<StateReason, 'reopened'> = 'completed'): void {
    this.#edit(number, (issue) => this.#repository.editIssue(this.#user, issue, { state: 'closed', stateReason }));
  }

  reopen(number: number): void {
    this.#edit(number, (issue) => this.#repository.editIssue(this.#user, issue, { state: 'open' }));
  }

  addLabels(number: number, ...names: string[]): void {
    this.#mustPush('label');
    const issue = this.#issue(number);
    const added = names.map((name) => this.#repository.ensureLabel(name));
    const labels = [...this.#repository.labelsOf(issue), ...added];
    this.#repository.editIssue(this.#user, issue, { labels });
  }

  removeLabels(number: number, ...names: string[]): void {
    this.#mustPush('label');
    const issue = this.#issue(number);
    const removed = names.map((name) => this.#repository.labelByName(name));
    const labels = this.#repository.labelsOf(issue).filter((label) => !removed.includes(label));
    this.#repository.editIssue(this.#user, issue, { labels });
  }

  /** Renames the label wherever it is; no issue's `updated_at` moves. */
  renameLabel(name: string, newName: string): void {
    this.#mustPush('edit labels');
    this.#repository.editLabel(this.#label(name), { name: newName });
  }

  /** Takes the label off every issue; no issue's `updated_at` moves. */
  deleteLabel(name: string): void {
    this.#mustPush('edit labels');
    this.#repository.deleteLabel(this.#label(name));
  }

  /** Replaces the assignees. */
  assign(number: number, ...logins: string[]): void {
    this.#mustPush('assign');
    const assignees = logins.map((login) => this.#state.user(login));
    this.#repository.editIssue(this.#user, this.#issue(number), { assignees });
  }

  /** Puts it into the milestone of that title, made where there is none; null takes it out. */
  setMilestone(number: number, title: string | null): void {
    this.#mustPush('set milestones');
    const repository = this.#repository;
    const known = [...repository.milestones.values()].find((milestone) => milestone.title === title);
    const milestone = title === null ? null : (known ?? repository.createMilestone(this.#user, title, null, null));
    repository.editIssue(this.#user, this.#issue(number), { milestone });
  }

  /** Makes it a sub-issue of another, or of none. */
  setParent(number: number, parent: number | null): void {
    this.#mustPush('set parents');
    const issue = this.#issue(number);
    const former = issue.parentNumber;
    if (former === parent) return;
    if (parent !== null) this.#repository.addSubIssue(this.#user, this.#issue(parent), issue);
    else if (former !== null) this.#repository.removeSubIssue(this.#user, this.#issue(former), issue);
  }

  lock(number: number, reason: string | null = null): void {
    this.#mustPush('lock');
    this.#repository.lockIssue(this.#user, this.#issue(number), reason);
  }

  unlock(number: number): void {
    this.#mustPush('unlock');
    this.#repository.unlockIssue(this.#user, this.#issue(number));
  }

  deleteIssue(number: number): void {
    this.#mustPush('delete');
    this.#repository.deleteIssue(this.#issue(number));
  }

  /** Moves the issue to another repository and returns what it is there. */
  transfer(number: number, targetFullName: string): IssueRecord {
    this.#mustPush('transfer');
    return this.#repository.transferIssue(this.#issue(number), this.#state.repository(targetFullName));
  }

  #issue(number: number): IssueRecord {
    const issue = this.#repository.issues.get(number);
    if (!issue) throw new Error(`No issue ${number} in ${this.#repository.fullName}`);
    return issue;
  }

  #label(name: string) {
    const label = this.#repository.labelByName(name);
    if (!label) throw new Error(`No label ${name} in ${this.#repository.fullName}`);
    return label;
  }

  /** Issues may be edited by who opened them and by those with push access. */
  #edit(number: number, action: (issue: IssueRecord) => void): void {
    const issue = this.#issue(number);
    if (issue.userId !== this.#user.id) this.#mustPush('edit other people’s issues');
    action(issue);
  }

  #ownComment(id: number): CommentRecord {
    const comment = this.#repository.comments.get(id);
    if (!comment) throw new Error(`No comment ${id} in ${this.#repository.fullName}`);
    if (comment.userId !== this.#user.id) this.#mustPush('change other people’s comments');
    return comment;
  }

  #mustPush(what: string): void {
    if (!this.#repository.canPush(this.#user)) {
      throw new Error(`${this.#user.login} may not ${what} in ${this.#repository.fullName}`);
    }
  }
}

/** Text as a browser's form sends it: lines end with CRLF. */
export function toWebText(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
