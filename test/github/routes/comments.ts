import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { forbidden, issueLocked, validationFailed } from '../apiError.ts';
import { BodyFields } from '../bodyFields.ts';
import { answerList, type ListOrder } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { CommentRecord, UserRecord } from '../records.ts';
import { requireComment, requireIssue, requireIssuesEnabled, requireWriter } from './access.ts';
import { bodyTooLong, isTooLongForBody } from './contentLimits.ts';
import { readChoice, readSince } from './query.ts';

const ONE = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const OF_ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}/comments';

export const commentRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/comments',
    docs: 'issues/comments#list-issue-comments-for-a-repository',
    query: ['sort', 'direction', 'since', 'per_page', 'page'],
    handle: listForRepository,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: OF_ISSUE,
    docs: 'issues/comments#list-issue-comments',
    query: ['since', 'per_page', 'page'],
    handle: listForIssue,
  },
  {
    scope: 'repository',
    method: 'POST',
    template: OF_ISSUE,
    docs: 'issues/comments#create-an-issue-comment',
    handle: createComment,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: ONE,
    docs: 'issues/comments#get-an-issue-comment',
    handle: (request) => answerComment(request, requireComment(request)),
  },
  {
    scope: 'repository',
    method: 'PATCH',
    template: ONE,
    docs: 'issues/comments#update-an-issue-comment',
    handle: updateComment,
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: ONE,
    docs: 'issues/comments#delete-an-issue-comment',
    handle: deleteComment,
  },
];

const ASCENDING_BY_ID: ListOrder<CommentRecord> = {
  placeOf: (comment) => [comment.id, comment.id],
  descending: false,
};

function listForRepository(request: RepositoryRequest): ApiAnswer {
  requireIssuesEnabled(request.repository);
  return answerComments(request, () => true, readOrder(request.query));
}

function listForIssue(request: RepositoryRequest): ApiAnswer {
  const issue = requireIssue(request);
  return answerComments(request, (comment) => comment.issueNumber === issue.number, ASCENDING_BY_ID);
}

function answerComments(
  request: RepositoryRequest,
  belongs: (comment: CommentRecord) => boolean,
  order: ListOrder<CommentRecord>,
): ApiAnswer {
  const { repository, behaviour } = request;
  const since = readSince(request, 'IssueComment');
  const comments = repository
    .commentsAsOf(behaviour.listLagMs)
    .filter((comment) => belongs(comment) && since(comment.updatedAt));
  const presenter = new Presenter(request.state, request.urls, behaviour.subIssues);
  return answerList(request, comments, (comment) => presenter.comment(repository, comment), order);
}

/** "By default, issue comments are ordered by ascending ID", and a direction without `sort` is ignored. */
function readOrder(query: URLSearchParams): ListOrder<CommentRecord> {
  const sort = readChoice(query, 'sort', ['created', 'updated'], 'IssueComment');
  const direction = readChoice(query, 'direction', ['asc', 'desc'], 'IssueComment');
  if (sort === undefined) return ASCENDING_BY_ID;
  const placeOf: ListOrder<CommentRecord>['placeOf'] =
    sort === 'created' ? (comment) => [comment.createdAt, comment.id] : (comment) => [comment.updatedAt, comment.id];
  return { placeOf, descending: direction === 'desc' };
}

function createComment(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const issue = requireIssue(request);
  const viewer = requireWriter(request);
  if (issue.locked && !repository.canPush(viewer)) throw issueLocked();
  const comment = repository.addComment(viewer, issue, readBody(request));
  const answer = answerComment(request, comment, 201);
  return { ...answer, headers: { location: request.urls.comment(repository, comment.id) } };
}

function updateComment(request: RepositoryRequest): ApiAnswer {
  const comment = requireComment(request);
  requireAuthor(request, comment);
  request.repository.editComment(comment, readBody(request));
  return answerComment(request, comment);
}

function deleteComment(request: RepositoryRequest): ApiAnswer {
  const comment = requireComment(request);
  request.repository.deleteComment(requireAuthor(request, comment), comment);
  return { status: 204 };
}

/** Comments may be changed by who wrote them and by those with push access. */
function requireAuthor(request: RepositoryRequest, comment: CommentRecord): UserRecord {
  const viewer = requireWriter(request);
  if (comment.userId !== viewer.id && !request.repository.canPush(viewer)) {
    throw forbidden('Must have admin rights to Repository.');
  }
  return viewer;
}

function readBody(request: RepositoryRequest): string {
  const body = new BodyFields(request.body).require('body').string('body') ?? '';
  if (body.trim() === '') throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  if (isTooLongForBody(body)) throw validationFailed(bodyTooLong('IssueComment'));
  return body;
}

function answerComment(request: RepositoryRequest, comment: CommentRecord, status = 200): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return { status, body: presenter.comment(request.repository, comment), lastModified: comment.updatedAt };
}
