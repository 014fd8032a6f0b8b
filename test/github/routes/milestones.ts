import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { notFound, validationFailed } from '../apiError.ts';
import { BodyFields } from '../bodyFields.ts';
import { answerList } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueState, MilestoneRecord } from '../records.ts';
import { requireIssuesEnabled, requirePusher } from './access.ts';
import { readChoice } from './query.ts';

const ALL = '/repos/{owner}/{repo}/milestones';
const ONE = '/repos/{owner}/{repo}/milestones/{milestone_number}';

export const milestoneRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: ALL,
    docs: 'issues/milestones#list-milestones',
    query: ['state', 'sort', 'direction', 'per_page', 'page'],
    handle: listMilestones,
  },
  {
    scope: 'repository',
    method: 'POST',
    template: ALL,
    docs: 'issues/milestones#create-a-milestone',
    handle: createMilestone,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: ONE,
    docs: 'issues/milestones#get-a-milestone',
    handle: (request) => answerMilestone(request, requireMilestone(request)),
  },
  {
    scope: 'repository',
    method: 'PATCH',
    template: ONE,
    docs: 'issues/milestones#update-a-milestone',
    handle: updateMilestone,
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: ONE,
    docs: 'issues/milestones#delete-a-milestone',
    handle: deleteMilestone,
  },
];

function listMilestones(request: RepositoryRequest): ApiAnswer {
  const { query, repository } = request;
  requireIssuesEnabled(repository);
  const state = readChoice(query, 'state', ['open', 'closed', 'all'], 'Milestone') ?? 'open';
  const sort = readChoice(query, 'sort', ['due_on', 'completeness'], 'Milestone') ?? 'due_on';
  const descending = readChoice(query, 'direction', ['asc', 'desc'], 'Milestone') === 'desc';
  const milestones = [...repository.milestones.values()].filter(
    (milestone) => state === 'all' || milestone.state === state,
  );
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return answerList(request, milestones, (milestone) => presenter.milestone(repository, milestone), {
    // No due date sorts behind every date.
    placeOf: (milestone) => [
      sort === 'due_on' ? (milestone.dueOn ?? '9999') : completeness(request, milestone),
      milestone.number,
    ],
    descending,
  });
}

function completeness({ repository }: RepositoryRequest, milestone: MilestoneRecord): number {
  const issues = [...repository.issues.values()].filter((issue) => issue.milestoneNumber === milestone.number);
  return issues.length === 0 ? 0 : issues.filter((issue) => issue.state === 'closed').length / issues.length;
}

function createMilestone(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  const viewer = requirePusher(request);
  requireIssuesEnabled(repository);
  const { title, state, ...changes } = readChanges(request);
  if (title === undefined) throw validationFailed({ resource: 'Milestone', field: 'title', code: 'missing_field' });
  const milestone = repository.createMilestone(viewer, title, changes.description ?? null, changes.dueOn ?? null);
  if (state === 'closed') repository.editMilestone(milestone, { state });
  const location = request.urls.milestone(repository, milestone.number);
  return { ...answerMilestone(request, milestone, 201), headers: { location } };
}

function updateMilestone(request: RepositoryRequest): ApiAnswer {
  const milestone = requireMilestone(request);
  requirePusher(request);
  request.repository.editMilestone(milestone, readChanges(request, milestone));
  return answerMilestone(request, milestone);
}

function deleteMilestone(request: RepositoryRequest): ApiAnswer {
  const milestone = requireMilestone(request);
  requirePusher(request);
  request.repository.deleteMilestone(milestone);
  return { status: 204 };
}

type MilestoneChanges = Partial<Pick<MilestoneRecord, 'title' | 'description' | 'state' | 'dueOn'>>;

/** The fields that the body has; `self` is the milestone whose title may stay as it is. */
function readChanges(request: RepositoryRequest, self?: MilestoneRecord): MilestoneChanges {
  const fields = new BodyFields(request.body);
  const changes: MilestoneChanges = {};
  const title = fields.string('title');
  if (title !== undefined) {
    if (title.trim() === '') throw validationFailed({ resource: 'Milestone', field: 'title', code: 'missing_field' });
    const taken = [...request.repository.milestones.values()].some((known) => known !== self && known.title === title);
    if (taken) throw validationFailed({ resource: 'Milestone', field: 'title', code: 'already_exists' });
    changes.title = title;
  }
  const state = fields.string('state');
  if (state !== undefined) changes.state = readState(state);
  const description = fields.nullableString('description');
  if (description !== undefined) changes.description = description;
  const dueOn = fields.nullableString('due_on');
  if (dueOn !== undefined) changes.dueOn = dueOn === null ? null : readInstant(dueOn);
  return changes;
}

function readState(state: string): IssueState {
  if (state === 'open' || state === 'closed') return state;
  throw validationFailed({ resource: 'Milestone', field: 'state', code: 'invalid', value: state });
}

function readInstant(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw validationFailed({ resource: 'Milestone', field: 'due_on', code: 'invalid' });
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function requireMilestone(request: RepositoryRequest): MilestoneRecord {
  const milestone = request.repository.milestones.get(Number(request.params.milestone_number));
  if (!milestone) throw notFound();
  return milestone;
}

function answerMilestone(request: RepositoryRequest, milestone: MilestoneRecord, status = 200): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return {
    status,
    body: presenter.milestone(request.repository, milestone),
    lastModified: milestone.updatedAt,
  };
}
