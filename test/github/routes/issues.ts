import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { forbidden, validationFailed } from '../apiError.ts';
import { BodyFields } from '../bodyFields.ts';
import { answerList, type ListOrder } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueRecord, LabelRecord, MilestoneRecord, StateReason, UserRecord } from '../records.ts';
import type { IssueChanges } from '../repository.ts';
import { isAssignable, requireIssue, requireIssuesEnabled, requirePusher, requireWriter } from './access.ts';
import {
  bodyTooLong,
  checkAssigneeCount,
  checkImplicitLabelName,
  checkTitle,
  isTooLongForBody,
} from './contentLimits.ts';
import { readChoice, readSince } from './query.ts';

const STATE_REASONS: readonly StateReason[] = ['completed', 'not_planned', 'duplicate', 'reopened'];
const LOCK_REASONS: readonly string[] = ['off-topic', 'too heated', 'resolved', 'spam'];

export const issueRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues',
    docs: 'issues/issues#list-repository-issues',
    query: [
      ...['state', 'since', 'sort', 'direction', 'labels', 'assignee', 'creator', 'milestone'],
      ...['per_page', 'page', 'after'],
    ],
    handle: listIssues,
  },
  {
    scope: 'repository',
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues',
    docs: 'issues/issues#create-an-issue',
    handle: createIssue,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}',
    docs: 'issues/issues#get-an-issue',
    handle: (request) => answerIssue(request, requireIssue(request)),
  },
  {
    scope: 'repository',
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/issues/{issue_number}',
    docs: 'issues/issues#update-an-issue',
    handle: updateIssue,
  },
  {
    scope: 'repository',
    method: 'PUT',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/lock',
    docs: 'issues/issues#lock-an-issue',
    handle: lockIssue,
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/lock',
    docs: 'issues/issues#unlock-an-issue',
    handle: unlockIssue,
  },
];

/** A single issue, with the time by which it can be asked for conditionally. */
export function answerIssue(request: RepositoryRequest, issue: IssueRecord, status = 200): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return { status, body: presenter.issue(request.repository, issue), lastModified: issue.updatedAt };
}

function listIssues(request: RepositoryRequest): ApiAnswer {
  const { query, repository, behaviour } = request;
  requireIssuesEnabled(repository);
  const filters = [
    filterByState(query),
    filterByMilestone(request),
    ...filterByPeople(request),
    filterByLabels(request),
  ];
  const since = readSince(request, 'Issue');
  const issues = repository
    .issuesAsOf(behaviour.listLagMs)
    .filter((issue) => since(issue.updatedAt) && filters.every((filter) => filter(issue)));
  const presenter = new Presenter(request.state, request.urls, behaviour.subIssues);
  return answerList(
    request,
    issues,
    (issue) => presenter.issue(repository, issue),
    readOrder(query),
    behaviour.pagination === 'cursor',
  );
}

type IssueFilter = (issue: IssueRecord) => boolean;

function filterByState(query: URLSearchParams): IssueFilter {
  const state = readChoice(query, 'state', ['open', 'closed', 'all'], 'Issue') ?? 'open';
  return (issue) => state === 'all' || issue.state === state;
}

function filterByMilestone({ query, repository }: RepositoryRequest): IssueFilter {
  const wanted = query.get('milestone');
  if (wanted === null) return () => true;
  if (wanted === '*') return (issue) => issue.milestoneNumber !== null;
  if (wanted === 'none') return (issue) => issue.milestoneNumber === null;
  const milestone = repository.milestones.get(Number(wanted));
  if (!milestone) throw validationFailed({ resource: 'Issue', field: 'milestone', code: 'invalid', value: wanted });
  return (issue) => issue.milestoneNumber === milestone.number;
}

function filterByPeople({ query, state }: RepositoryRequest): IssueFilter[] {
  const filters: IssueFilter[] = [];
  const assignee = query.get('assignee');
  if (assignee === '*') filters.push((issue) => issue.assigneeIds.length > 0);
  else if (assignee === 'none') filters.push((issue) => issue.assigneeIds.length === 0);
  else if (assignee !== null) {
    const user = state.findUser(assignee);
    if (!user) throw validationFailed({ resource: 'Issue', field: 'assignee', code: 'invalid', value: assignee });
    filters.push((issue) => issue.assigneeIds.includes(user.id));
  }
  const creator = query.get('creator');
  if (creator !== null) {
    const user = state.findUser(creator);
    if (!user) throw validationFailed({ resource: 'Issue', field: 'creator', code: 'invalid', value: creator });
    filters.push((issue) => issue.userId === user.id);
  }
  return filters;
}

function filterByLabels({ query, repository }: RepositoryRequest): IssueFilter {
  const names = (query.get('labels') ?? '').split(',').filter((name) => name.trim() !== '');
  const wanted = names.map((name) => repository.labelByName(name.trim())?.id);
  return (issue) => wanted.every((id) => id !== undefined && issue.labelIds.includes(id));
}

function readOrder(query: URLSearchParams): ListOrder<IssueRecord> {
  const sort = readChoice(query, 'sort', ['created', 'updated', 'comments'], 'Issue') ?? 'created';
  const descending = (readChoice(query, 'direction', ['asc', 'desc'], 'Issue') ?? 'desc') === 'desc';
  const keys = {
    created: (issue: IssueRecord) => issue.createdAt,
    updated: (issue: IssueRecord) => issue.updatedAt,
    comments: (issue: IssueRecord) => issue.comments,
  };
  return { placeOf: (issue) => [keys[sort](issue), issue.number], descending };
}

function createIssue(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const viewer = requireWriter(request);
  requireIssuesEnabled(repository);
  const fields = new BodyFields(request.body).require('title');
  const title = fields.string('title') ?? '';
  checkTitle(title, 'Issue');
  const body = fields.nullableString('body') ?? null;
  if (body !== null && isTooLongForBody(body)) throw validationFailed(bodyTooLong('Issue'));
  const issue = repository.createIssue(viewer, { title, body, ...readPusherFields(request, viewer, fields) });
  const answer = answerIssue(request, issue, 201);
  return { ...answer, headers: { location: request.urls.issue(repository, issue.number) } };
}

function updateIssue(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const issue = requireIssue(request);
  const viewer = requireWriter(request);
  if (!repository.canPush(viewer) && issue.userId !== viewer.id) {
    throw forbidden('Must have admin rights to Repository.');
  }
  const fields = new BodyFields(request.body);
  const changes: IssueChanges = readPusherFields(request, viewer, fields);
  const title = fields.nullableString('title');
  if (typeof title === 'string') {
    checkTitle(title, 'Issue');
    changes.title = title;
  }
  const body = fields.nullableString('body');
  // Measured: an oversized body is answered by 200 and the old body, unlike on creation (objectstack-ai/objectstack#18793).
  if (body !== undefined && !(body !== null && isTooLongForBody(body))) changes.body = body;
  Object.assign(changes, readState(request, fields));
  repository.editIssue(viewer, issue, changes);
  return answerIssue(request, issue);
}

function readState(request: RepositoryRequest, fields: BodyFields): IssueChanges {
  const state = fields.string('state');
  if (state !== undefined && state !== 'open' && state !== 'closed') {
    throw validationFailed({ resource: 'Issue', field: 'state', code: 'invalid', value: state });
  }
  const reason = fields.nullableString('state_reason') ?? null;
  const stateReason = STATE_REASONS.find((known) => known === reason) ?? null;
  if (reason !== stateReason) {
    throw validationFailed({ resource: 'Issue', field: 'state_reason', code: 'invalid', value: reason });
  }
  const duplicateId = fields.nullableInteger('duplicate_issue_id') ?? null;
  if (duplicateId === null) return { state, stateReason };
  const duplicateOf = request.repository.issueById(duplicateId);
  if (!duplicateOf) {
    throw validationFailed({ resource: 'Issue', field: 'duplicate_issue_id', code: 'invalid', value: duplicateId });
  }
  return { state, stateReason, duplicateOf };
}

/**
 * Labels, assignees and milestone of a body. Without push access they are dropped without a word, as GitHub's
 * description says; unknown labels come into being, unknown people and milestones are refused.
 */
function readPusherFields(
  request: RepositoryRequest,
  viewer: UserRecord,
  fields: BodyFields,
): { labels?: LabelRecord[]; assignees?: UserRecord[]; milestone?: MilestoneRecord | null } {
  const { repository } = request;
  const labelNames = fields.names('labels', 'name');
  const logins = fields.names('assignees', 'login') ?? readSingleAssignee(fields);
  const milestoneNumber = fields.nullableInteger('milestone');
  if (!repository.canPush(viewer)) return {};

  const assignees = logins?.map((login) => {
    const user = request.state.findUser(login);
    if (isAssignable(repository, user)) return user;
    throw validationFailed({ resource: 'Issue', field: 'assignees', code: 'invalid', value: login });
  });
  checkAssigneeCount(assignees?.length ?? 0);
  const milestone = typeof milestoneNumber === 'number' ? repository.milestones.get(milestoneNumber) : milestoneNumber;
  if (typeof milestoneNumber === 'number' && !milestone) {
    throw validationFailed({ resource: 'Issue', field: 'milestone', code: 'invalid', value: milestoneNumber });
  }
  for (const name of labelNames ?? []) checkImplicitLabelName(name);
  return { labels: labelNames?.map((name) => repository.ensureLabel(name)), assignees, milestone };
}

/** The old field `assignee`: one login, or `null` or an empty string for nobody. */
function readSingleAssignee(fields: BodyFields): string[] | undefined {
  const login = fields.nullableString('assignee');
  if (login === undefined) return undefined;
  return login === null || login === '' ? [] : [login];
}

function lockIssue(request: RepositoryRequest): ApiAnswer {
  const issue = requireIssue(request);
  const viewer = requirePusher(request);
  const reason = new BodyFields(request.body).nullableString('lock_reason') ?? null;
  if (reason !== null && !LOCK_REASONS.includes(reason)) {
    throw validationFailed({ resource: 'Issue', field: 'lock_reason', code: 'invalid', value: reason });
  }
  request.repository.lockIssue(viewer, issue, reason);
  return { status: 204 };
}

function unlockIssue(request: RepositoryRequest): ApiAnswer {
  const issue = requireIssue(request);
  request.repository.unlockIssue(requirePusher(request), issue);
  return { status: 204 };
}
