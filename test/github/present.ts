import type { JsonObject } from './api.ts';
import type { GitHubState } from './gitHubState.ts';
import type {
  CommentRecord,
  IssueEventRecord,
  IssueRecord,
  LabelRecord,
  MilestoneRecord,
  UserRecord,
} from './records.ts';
import type { Repository } from './repository.ts';
import type { Urls } from './urls.ts';

/** Templates of a repository's addresses that nothing here serves, but that GitHub's schema requires. */
const REPOSITORY_ADDRESSES: [field: string, template: string][] = [
  ['archive_url', '/{archive_format}{/ref}'],
  ['assignees_url', '/assignees{/user}'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['branches_url', '/branches{/branch}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['comments_url', '/comments{/number}'],
  ['commits_url', '/commits{/sha}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['contents_url', '/contents/{+path}'],
  ['contributors_url', '/contributors'],
  ['deployments_url', '/deployments'],
  ['downloads_url', '/downloads'],
  ['events_url', '/events'],
  ['forks_url', '/forks'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['hooks_url', '/hooks'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['issue_events_url', '/issues/events{/number}'],
  ['issues_url', '/issues{/number}'],
  ['keys_url', '/keys{/key_id}'],
  ['labels_url', '/labels{/name}'],
  ['languages_url', '/languages'],
  ['merges_url', '/merges'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['pulls_url', '/pulls{/number}'],
  ['releases_url', '/releases{/id}'],
  ['stargazers_url', '/stargazers'],
  ['statuses_url', '/statuses/{sha}'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['tags_url', '/tags'],
  ['teams_url', '/teams'],
  ['trees_url', '/git/trees{/sha}'],
];

/** GitHub's stand-in for deleted accounts. */
const GHOST: UserRecord = {
  id: 10137,
  login: 'ghost',
  name: 'Deleted user',
  email: null,
  type: 'User',
  createdAt: '2008-05-13T06:14:25Z',
  deleted: false,
};

/** Turns records into the JSON that GitHub sends. */
export class Presenter {
  readonly #state: GitHubState;
  readonly #urls: Urls;
  readonly #subIssues: boolean;

  constructor(state: GitHubState, urls: Urls, subIssues: boolean) {
    this.#state = state;
    this.#urls = urls;
    this.#subIssues = subIssues;
  }

  /** `null` for a deleted account. */
  userById(id: number | null): JsonObject | null {
    const user = id === null ? undefined : this.#state.users.get(id);
    return user && !user.deleted ? this.user(user) : null;
  }

  user(user: UserRecord): JsonObject {
    const url = this.#urls.user(user.login);
    return {
      login: user.login,
      id: user.id,
      node_id: nodeId(user.type, user.id),
      avatar_url: `${this.#urls.html}/avatars/u/${user.id}`,
      gravatar_id: '',
      url,
      html_url: `${this.#urls.html}/${user.login}`,
      followers_url: `${url}/followers`,
      following_url: `${url}/following{/other_user}`,
      gists_url: `${url}/gists{/gist_id}`,
      starred_url: `${url}/starred{/owner}{/repo}`,
      subscriptions_url: `${url}/subscriptions`,
      organizations_url: `${url}/orgs`,
      repos_url: `${url}/repos`,
      events_url: `${url}/events{/privacy}`,
      received_events_url: `${url}/received_events`,
      type: user.type,
      user_view_type: 'public',
      site_admin: false,
    };
  }

  /** The longer form of `GET /user` and `GET /users/{username}`. */
  profile(user: UserRecord): JsonObject {
    return {
      ...this.user(user),
      name: user.name,
      company: null,
      blog: '',
      location: null,
      email: user.email,
      hireable: null,
      bio: null,
      twitter_username: null,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: user.createdAt,
      updated_at: user.createdAt,
    };
  }

  /** The short form, as embedded in events. */
  simpleRepository(repository: Repository): JsonObject {
    const url = this.#urls.repository(repository);
    return {
      id: repository.id,
      node_id: nodeId('Repository', repository.id),
      name: repository.name,
      full_name: repository.fullName,
      owner: this.user(repository.owner),
      private: repository.private,
      html_url: this.#urls.htmlRepository(repository),
      description: repository.description,
      fork: false,
      url,
      ...Object.fromEntries(REPOSITORY_ADDRESSES.map(([field, template]) => [field, `${url}${template}`])),
    };
  }

  repository(repository: Repository, viewer: UserRecord | null): JsonObject {
    const permission = repository.permissionOf(viewer);
    const push = repository.canPush(viewer);
    const open = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
    const html = this.#urls.htmlRepository(repository);
    return {
      ...this.simpleRepository(repository),
      clone_url: `${html}.git`,
      git_url: `${html.replace(/^https?:/, 'git:')}.git`,
      ssh_url: `git@${new URL(html).host}:${repository.fullName}.git`,
      svn_url: html,
      mirror_url: null,
      homepage: null,
      language: null,
      license: null,
      default_branch: repository.defaultBranch,
      visibility: repository.private ? 'private' : 'public',
      archived: repository.archived,
      disabled: false,
      has_issues: repository.hasIssues,
      has_projects: false,
      has_wiki: false,
      has_pages: false,
      has_discussions: false,
      forks: 0,
      forks_count: 0,
      network_count: 0,
      open_issues: open,
      open_issues_count: open,
      size: 0,
      stargazers_count: 0,
      subscribers_count: 0,
      watchers: 0,
      watchers_count: 0,
      created_at: repository.createdAt,
      pushed_at: repository.createdAt,
      updated_at: repository.createdAt,
      permissions: {
        admin: permission === 'admin',
        maintain: permission === 'admin',
        push,
        triage: push,
        pull: permission !== 'none',
      },
    };
  }

  label(repository: Repository, label: LabelRecord): JsonObject {
    return {
      id: label.id,
      node_id: nodeId('Label', label.id),
      url: this.#urls.label(repository, label.name),
      name: label.name,
      color: label.color,
      default: label.default,
      description: label.description,
    };
  }

  milestone(repository: Repository, milestone: MilestoneRecord): JsonObject {
    const url = this.#urls.milestone(repository, milestone.number);
    const issues = [...repository.issues.values()].filter((issue) => issue.milestoneNumber === milestone.number);
    return {
      url,
      html_url: `${this.#urls.htmlRepository(repository)}/milestone/${milestone.number}`,
      labels_url: `${url}/labels`,
      id: milestone.id,
      node_id: nodeId('Milestone', milestone.id),
      number: milestone.number,
      title: milestone.title,
      description: milestone.description,
      creator: this.userById(milestone.creatorId),
      open_issues: issues.filter((issue) => issue.state === 'open').length,
      closed_issues: issues.filter((issue) => issue.state === 'closed').length,
      state: milestone.state,
      created_at: milestone.createdAt,
      updated_at: milestone.updatedAt,
      due_on: milestone.dueOn,
      closed_at: milestone.closedAt,
    };
  }

  issue(repository: Repository, issue: IssueRecord): JsonObject {
    const url = this.#urls.issue(repository, issue.number);
    const assignees = issue.assigneeIds.flatMap<JsonObject>((id) => this.userById(id) ?? []);
    const milestone = issue.milestoneNumber === null ? undefined : repository.milestones.get(issue.milestoneNumber);
    return {
      url,
      repository_url: this.#urls.repository(repository),
      labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      html_url: this.#urls.htmlIssue(repository, issue),
      id: issue.id,
      node_id: nodeId(issue.pullRequest ? 'PullRequest' : 'Issue', issue.id),
      number: issue.number,
      title: issue.title,
      user: this.userById(issue.userId),
      labels: repository.labelsOf(issue).map((label) => this.label(repository, label)),
      state: issue.state,
      locked: issue.locked,
      assignee: assignees[0] ?? null,
      assignees,
      milestone: milestone ? this.milestone(repository, milestone) : null,
      comments: issue.comments,
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.closedAt,
      author_association: this.#authorAssociation(repository, issue.userId),
      active_lock_reason: issue.lockReason,
      ...this.#pullRequestPart(repository, issue),
      body: issue.body,
      closed_by: this.userById(issue.closedById),
      reactions: reactions(url),
      timeline_url: `${url}/timeline`,
      performed_via_github_app: null,
      state_reason: issue.stateReason,
      ...this.#subIssuePart(repository, issue),
    };
  }

  comment(repository: Repository, comment: CommentRecord): JsonObject {
    const url = this.#urls.comment(repository, comment.id);
    const issue = repository.issues.get(comment.issueNumber) ?? { number: comment.issueNumber, pullRequest: null };
    return {
      url,
      html_url: `${this.#urls.htmlIssue(repository, issue)}#issuecomment-${comment.id}`,
      issue_url: this.#urls.issue(repository, comment.issueNumber),
      id: comment.id,
      node_id: nodeId('IssueComment', comment.id),
      user: this.userById(comment.userId),
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      author_association: this.#authorAssociation(repository, comment.userId),
      body: comment.body,
      reactions: reactions(url),
      performed_via_github_app: null,
    };
  }

  /** An entry of an issue's events; `withIssue` adds the issue, as the list of the whole repository has it. */
  event(repository: Repository, event: IssueEventRecord, withIssue = false): JsonObject {
    const issue = withIssue ? repository.issues.get(event.issueNumber) : undefined;
    return {
      id: event.id,
      node_id: nodeId('IssueEvent', event.id),
      url: `${this.#urls.repository(repository)}/issues/events/${event.id}`,
      actor: this.#userOrGhost(event.actorId),
      event: event.detail.event,
      commit_id: null,
      commit_url: null,
      created_at: event.createdAt,
      performed_via_github_app: null,
      ...this.#eventDetail(repository, event),
      ...(issue ? { issue: this.issue(repository, issue) } : {}),
    };
  }

  /** A comment as an entry of the timeline. */
  commentEvent(repository: Repository, comment: CommentRecord): JsonObject {
    return { ...this.comment(repository, comment), event: 'commented', actor: this.#userOrGhost(comment.userId) };
  }

  /** Events never lack an actor: GitHub puts its `ghost` account where the real one was deleted. */
  #userOrGhost(id: number): JsonObject {
    return this.userById(id) ?? this.user(GHOST);
  }

  #pullRequestPart(repository: Repository, issue: IssueRecord): JsonObject {
    if (!issue.pullRequest) return {};
    const html = this.#urls.htmlIssue(repository, issue);
    return {
      draft: issue.pullRequest.draft,
      pull_request: {
        url: `${this.#urls.repository(repository)}/pulls/${issue.number}`,
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        merged_at: issue.pullRequest.mergedAt,
      },
    };
  }

  #subIssuePart(repository: Repository, issue: IssueRecord): JsonObject {
    if (!this.#subIssues) return {};
    const children = issue.subIssueNumbers.flatMap((number) => repository.issues.get(number) ?? []);
    const completed = children.filter((child) => child.state === 'closed').length;
    return {
      sub_issues_summary: {
        total: children.length,
        completed,
        percent_completed: children.length === 0 ? 0 : Math.floor((completed * 100) / children.length),
      },
      parent_issue_url: issue.parentNumber === null ? undefined : this.#urls.issue(repository, issue.parentNumber),
    };
  }

  #authorAssociation(repository: Repository, userId: number): string {
    const user = this.#state.users.get(userId);
    if (!user || user.deleted) return 'NONE';
    if (user.id === repository.owner.id) return 'OWNER';
    const granted = repository.permissions.get(user.id) ?? 'none';
    if (granted === 'none') return 'NONE';
    return repository.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  }

  #eventDetail(repository: Repository, { actorId, detail }: IssueEventRecord): JsonObject {
    switch (detail.event) {
      case 'closed':
      case 'reopened':
        return { state_reason: detail.stateReason };
      case 'renamed':
        return { rename: { from: detail.from, to: detail.to } };
      case 'labeled':
      case 'unlabeled':
        return { label: { name: detail.name, color: detail.color } };
      case 'assigned':
      case 'unassigned':
        return { assignee: this.#userOrGhost(detail.assigneeId), assigner: this.#userOrGhost(actorId) };
      case 'milestoned':
      case 'demilestoned':
        return { milestone: { title: detail.milestone } };
      case 'locked':
        return { lock_reason: detail.lockReason };
      case 'unlocked':
        return { lock_reason: null };
      case 'comment_deleted':
        return {};
      case 'sub_issue_added':
      case 'sub_issue_removed':
        return { sub_issue: this.#issueReference(repository, detail.number) };
      case 'parent_issue_added':
      case 'parent_issue_removed':
        return { parent_issue: this.#issueReference(repository, detail.number) };
    }
  }

  #issueReference(repository: Repository, number: number): JsonObject | null {
    const issue = repository.issues.get(number);
    if (!issue) return null;
    return {
      number,
      title: issue.title,
      state: issue.state,
      state_reason: issue.stateReason,
      repository: this.simpleRepository(repository),
      issue_type: null,
    };
  }
}

/** GitHub's opaque global id; what it encodes is nobody's business, that it is stable and unique is. */
export function nodeId(kind: string, id: number): string {
  return `${kind.slice(0, 1)}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

function reactions(url: string): JsonObject {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
