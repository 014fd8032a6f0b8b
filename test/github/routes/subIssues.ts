import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { invalidRequest, notFound, validationFailed } from '../apiError.ts';
import { BodyFields } from '../bodyFields.ts';
import { answerList } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueRecord } from '../records.ts';
import { requireIssue, requirePusher } from './access.ts';
import { answerIssue } from './issues.ts';

const OF_ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';
/** Closed ones count (community#207865). */
const MAX_SUB_ISSUES = 100;
const MAX_LEVELS = 8;

/** Every one of them is 404 where sub-issues are switched off, as with GitHub Enterprise Server's REST API. */
export const subIssueRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: `${OF_ISSUE}/sub_issues`,
    docs: 'issues/sub-issues#list-sub-issues',
    query: ['per_page', 'page'],
    handle: listSubIssues,
  },
  {
    scope: 'repository',
    method: 'POST',
    template: `${OF_ISSUE}/sub_issues`,
    docs: 'issues/sub-issues#add-sub-issue',
    handle: addSubIssue,
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: `${OF_ISSUE}/sub_issue`,
    docs: 'issues/sub-issues#remove-sub-issue',
    handle: removeSubIssue,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: `${OF_ISSUE}/parent`,
    docs: 'issues/sub-issues#get-parent-issue',
    handle: getParent,
  },
];

function listSubIssues(request: RepositoryRequest): ApiAnswer {
  requireSubIssues(request);
  const { repository } = request;
  const parent = requireIssue(request);
  const children = parent.subIssueNumbers.flatMap((number, place) => {
    const issue = repository.issues.get(number);
    return issue ? [{ issue, place }] : [];
  });
  const presenter = new Presenter(request.state, request.urls, true);
  return answerList(request, children, ({ issue }) => presenter.issue(repository, issue), {
    placeOf: ({ place }) => [place, place],
    descending: false,
  });
}

function addSubIssue(request: RepositoryRequest): ApiAnswer {
  requireSubIssues(request);
  const { repository } = request;
  const parent = requireIssue(request);
  const viewer = requirePusher(request);
  const child = readChild(request);
  const replaces = new BodyFields(request.body).boolean('replace_parent') === true;
  if (child.parentNumber === parent.number) throw refuse('Issue may not contain duplicate sub-issues');
  if (child.parentNumber !== null && !replaces) throw refuse('Sub issue may only have one parent');
  if (ancestorsOf(request, parent).includes(child)) throw refuse('Sub issue may not create a circular dependency');
  if (parent.subIssueNumbers.length >= MAX_SUB_ISSUES) throw refuse('Parent cannot have more than 100 sub-issues');
  if (ancestorsOf(request, parent).length + heightOf(request, child) > MAX_LEVELS) {
    throw refuse('Parent cannot have more than 8 levels of sub-issues');
  }
  repository.addSubIssue(viewer, parent, child);
  return { ...answerIssue(request, parent, 201), headers: { location: request.urls.issue(repository, parent.number) } };
}

function removeSubIssue(request: RepositoryRequest): ApiAnswer {
  requireSubIssues(request);
  const parent = requireIssue(request);
  const viewer = requirePusher(request);
  const child = readChild(request);
  if (child.parentNumber !== parent.number) throw notFound();
  request.repository.removeSubIssue(viewer, parent, child);
  return answerIssue(request, parent);
}

function getParent(request: RepositoryRequest): ApiAnswer {
  requireSubIssues(request);
  const child = requireIssue(request);
  const parent = child.parentNumber === null ? undefined : request.repository.issues.get(child.parentNumber);
  if (!parent) throw notFound();
  return answerIssue(request, parent);
}

function requireSubIssues(request: RepositoryRequest): void {
  if (!request.behaviour.subIssues) throw notFound();
}

/** The body names the child by its database id; a number, the usual mistake, is somebody else's id or nobody's. */
function readChild(request: RepositoryRequest): IssueRecord {
  const id = new BodyFields(request.body).require('sub_issue_id').nullableInteger('sub_issue_id');
  if (typeof id !== 'number') throw invalidRequest('"sub_issue_id" wasn\'t supplied.');
  const child = request.repository.issueById(id);
  if (!child) throw notFound('The provided sub-issue does not exist');
  return child;
}

/** The issue itself and everything above it. */
function ancestorsOf({ repository }: RepositoryRequest, issue: IssueRecord): IssueRecord[] {
  const found: IssueRecord[] = [];
  for (let at: IssueRecord | undefined = issue; at && !found.includes(at); ) {
    found.push(at);
    at = at.parentNumber === null ? undefined : repository.issues.get(at.parentNumber);
  }
  return found;
}

function heightOf(request: RepositoryRequest, issue: IssueRecord): number {
  const children = issue.subIssueNumbers.flatMap((number) => request.repository.issues.get(number) ?? []);
  return children.length === 0 ? 0 : 1 + Math.max(...children.map((child) => heightOf(request, child)));
}

function refuse(message: string) {
  return validationFailed({ resource: 'SubIssue', field: 'sub_issue_id', code: 'custom', message });
}
