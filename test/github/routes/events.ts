import type { ApiAnswer, JsonObject, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { notFound } from '../apiError.ts';
import { answerList } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueEventRecord } from '../records.ts';
import { requireIssue, requireIssuesEnabled } from './access.ts';

export const eventRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/events',
    docs: 'issues/events#list-issue-events-for-a-repository',
    query: ['per_page', 'page'],
    handle: listForRepository,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/events/{event_id}',
    docs: 'issues/events#get-an-issue-event',
    handle: getEvent,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/events',
    docs: 'issues/events#list-issue-events',
    query: ['per_page', 'page'],
    handle: listForIssue,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/timeline',
    docs: 'issues/timeline#list-timeline-events-for-an-issue',
    query: ['per_page', 'page'],
    handle: listTimeline,
  },
];

const placeOf = (event: IssueEventRecord) => [event.id, event.id] as const;

/** Newest first, with the issue in each, and without the events of issues that are gone. */
function listForRepository(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  requireIssuesEnabled(repository);
  const presenter = presenterFor(request);
  const events = repository.events.filter((event) => repository.issues.has(event.issueNumber));
  return answerList(request, events, (event) => presenter.event(repository, event, true), {
    placeOf,
    descending: true,
  });
}

function getEvent(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const event = repository.events.find((known) => known.id === Number(request.params.event_id));
  if (!event || !repository.issues.has(event.issueNumber)) throw notFound();
  return { status: 200, body: presenterFor(request).event(repository, event, true) };
}

function listForIssue(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const presenter = presenterFor(request);
  const events = repository.eventsOf(requireIssue(request));
  return answerList(request, events, (event) => presenter.event(repository, event), { placeOf, descending: false });
}

/** Events and comments in one list; their ids grow together, so that the order of ids is that of time. */
function listTimeline(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const issue = requireIssue(request);
  const presenter = presenterFor(request);
  const entries: { id: number; present: () => JsonObject }[] = [
    ...repository.eventsOf(issue).map((event) => ({ id: event.id, present: () => presenter.event(repository, event) })),
    ...repository
      .commentsOf(issue)
      .map((comment) => ({ id: comment.id, present: () => presenter.commentEvent(repository, comment) })),
  ];
  return answerList(request, entries, (entry) => entry.present(), {
    placeOf: (entry) => [entry.id, entry.id],
    descending: false,
  });
}

function presenterFor(request: RepositoryRequest): Presenter {
  return new Presenter(request.state, request.urls, request.behaviour.subIssues);
}
