import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { notFound } from '../apiError.ts';
import { BodyFields } from '../bodyFields.ts';
import { answerList } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueRecord, UserRecord } from '../records.ts';
import { isAssignable, requireIssue, requireWriter } from './access.ts';
import { checkAssigneeCount } from './contentLimits.ts';
import { answerIssue } from './issues.ts';

const OF_ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}/assignees';

export const assigneeRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/assignees',
    docs: 'issues/assignees#list-assignees',
    query: ['per_page', 'page'],
    handle: listAssignees,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/assignees/{assignee}',
    docs: 'issues/assignees#check-if-a-user-can-be-assigned',
    handle: checkAssignee,
  },
  {
    scope: 'repository',
    method: 'POST',
    template: OF_ISSUE,
    docs: 'issues/assignees#add-assignees-to-an-issue',
    handle: (request) => changeAssignees(request, 201, (before, named) => [...before, ...named]),
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: OF_ISSUE,
    docs: 'issues/assignees#remove-assignees-from-an-issue',
    handle: (request) =>
      changeAssignees(request, 200, (before, named) => before.filter((user) => !named.includes(user))),
  },
  {
    scope: 'repository',
    method: 'GET',
    template: `${OF_ISSUE}/{assignee}`,
    docs: 'issues/assignees#check-if-a-user-can-be-assigned-to-a-issue',
    handle: (request) => {
      requireIssue(request);
      return checkAssignee(request);
    },
  },
];

function listAssignees(request: RepositoryRequest): ApiAnswer {
  const { repository, state } = request;
  const users = [...state.users.values()].filter((user) => isAssignable(repository, user));
  const presenter = new Presenter(state, request.urls, request.behaviour.subIssues);
  return answerList(request, users, (user) => presenter.user(user), {
    placeOf: (user) => [user.id, user.id],
    descending: false,
  });
}

function checkAssignee(request: RepositoryRequest): ApiAnswer {
  const user = request.state.findUser(request.params.assignee ?? '');
  if (!isAssignable(request.repository, user)) throw notFound();
  return { status: 204 };
}

/** "Only users with push access can add assignees to an issue. Assignees are silently ignored otherwise." */
function changeAssignees(
  request: RepositoryRequest,
  status: number,
  change: (before: UserRecord[], named: UserRecord[]) => UserRecord[],
): ApiAnswer {
  const { repository, state } = request;
  const issue = requireIssue(request);
  const viewer = requireWriter(request);
  const logins = new BodyFields(request.body).names('assignees', 'login') ?? [];
  if (repository.canPush(viewer)) {
    const named = logins.map((login) => state.findUser(login)).filter((user) => isAssignable(repository, user));
    const assignees = change(assigneesOf(request, issue), named);
    checkAssigneeCount(new Set(assignees).size);
    repository.editIssue(viewer, issue, { assignees });
  }
  return answerIssue(request, issue, status);
}

function assigneesOf(request: RepositoryRequest, issue: IssueRecord): UserRecord[] {
  return issue.assigneeIds.flatMap((id) => request.state.users.get(id) ?? []);
}
