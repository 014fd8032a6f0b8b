import type { RepositoryRequest } from '../api.ts';
import { ApiError, forbidden, issueDeleted, issuesDisabled, movedPermanently, notFound } from '../apiError.ts';
import type { CommentRecord, IssueRecord, UserRecord } from '../records.ts';
import type { Repository } from '../repository.ts';

/** Who writes: refuses the anonymous and whatever goes to an archived repository. */
export function requireWriter(request: RepositoryRequest): UserRecord {
  const { viewer } = request;
  if (!viewer) throw new ApiError(401, 'Requires authentication');
  if (request.repository.archived) throw forbidden('Repository was archived so is read-only.');
  return viewer;
}

/** Who writes what only those with push access may write. */
export function requirePusher(request: RepositoryRequest): UserRecord {
  const viewer = requireWriter(request);
  if (!request.repository.canPush(viewer)) throw forbidden('Must have admin rights to Repository.');
  return viewer;
}

export function requireIssuesEnabled(repository: Repository): void {
  if (!repository.hasIssues) throw issuesDisabled();
}

/**
 * The issue of the path. Throws what GitHub answers where there is none: 410 for a deleted one, 301 for one that was
 * transferred to where the viewer may look (404 else), 410 if the repository has no issues.
 */
export function requireIssue(request: RepositoryRequest): IssueRecord {
  const { repository } = request;
  const number = Number(request.params.issue_number);
  const issue = repository.issues.get(number);
  if (issue) {
    if (!issue.pullRequest) requireIssuesEnabled(repository);
    return issue;
  }
  requireIssuesEnabled(repository);
  const tombstone = repository.tombstones.get(number);
  if (tombstone?.kind === 'deleted') throw issueDeleted();
  const target = tombstone && request.state.repositories.get(tombstone.repositoryId);
  if (!target || target.permissionOf(request.viewer) === 'none') throw notFound();
  const rest = request.subpath.replace(/^\/issues\/\d+/, '');
  throw movedPermanently(request.urls.repositoryById(target, `/issues/${tombstone.number}${rest}`));
}

export function requireComment(request: RepositoryRequest): CommentRecord {
  const comment = request.repository.comments.get(Number(request.params.comment_id));
  if (!comment) throw notFound();
  return comment;
}

/** Whether a user can be assigned: those who may push. */
export function isAssignable(repository: Repository, user: UserRecord | undefined): user is UserRecord {
  return user !== undefined && !user.deleted && user.type === 'User' && repository.canPush(user);
}
