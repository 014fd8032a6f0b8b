import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { notFound, validationFailed } from '../apiError.ts';
import { BodyFields, isRecord } from '../bodyFields.ts';
import { answerList } from '../pagination.ts';
import { Presenter } from '../present.ts';
import type { IssueRecord, LabelRecord } from '../records.ts';
import { IMPLICIT_LABEL_COLOR } from '../repository.ts';
import { requireIssue, requirePusher } from './access.ts';
import { checkImplicitLabelName, checkLabelColor, checkLabelDescription, checkLabelName } from './contentLimits.ts';

const ALL = '/repos/{owner}/{repo}/labels';
const ONE = '/repos/{owner}/{repo}/labels/{name}';
const OF_ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}/labels';

export const labelRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: ALL,
    docs: 'issues/labels#list-labels-for-a-repository',
    query: ['per_page', 'page'],
    handle: (request) => answerLabels(request, [...request.repository.labels.values()]),
  },
  { scope: 'repository', method: 'POST', template: ALL, docs: 'issues/labels#create-a-label', handle: createLabel },
  {
    scope: 'repository',
    method: 'GET',
    template: ONE,
    docs: 'issues/labels#get-a-label',
    handle: (request) => answerLabel(request, requireLabel(request)),
  },
  { scope: 'repository', method: 'PATCH', template: ONE, docs: 'issues/labels#update-a-label', handle: updateLabel },
  { scope: 'repository', method: 'DELETE', template: ONE, docs: 'issues/labels#delete-a-label', handle: deleteLabel },
  {
    scope: 'repository',
    method: 'GET',
    template: OF_ISSUE,
    docs: 'issues/labels#list-labels-for-an-issue',
    query: ['per_page', 'page'],
    handle: (request) => answerLabels(request, request.repository.labelsOf(requireIssue(request))),
  },
  {
    scope: 'repository',
    method: 'POST',
    template: OF_ISSUE,
    docs: 'issues/labels#add-labels-to-an-issue',
    handle: (request) => changeLabels(request, (before) => [...before, ...readLabels(request)]),
  },
  {
    scope: 'repository',
    method: 'PUT',
    template: OF_ISSUE,
    docs: 'issues/labels#set-labels-for-an-issue',
    handle: (request) => changeLabels(request, () => readLabels(request)),
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: OF_ISSUE,
    docs: 'issues/labels#remove-all-labels-from-an-issue',
    handle: (request) => ({ ...changeLabels(request, () => []), status: 204, body: undefined }),
  },
  {
    scope: 'repository',
    method: 'DELETE',
    template: `${OF_ISSUE}/{name}`,
    docs: 'issues/labels#remove-a-label-from-an-issue',
    handle: (request) => changeLabels(request, (before, issue) => without(request, before, issue)),
  },
];

function requireLabel(request: RepositoryRequest): LabelRecord {
  const label = request.repository.labelByName(request.params.name ?? '');
  if (!label) throw notFound();
  return label;
}

function createLabel(request: RepositoryRequest): ApiAnswer {
  const { repository } = request;
  requirePusher(request);
  const fields = new BodyFields(request.body).require('name');
  const name = fields.string('name') ?? '';
  const color = fields.string('color') ?? IMPLICIT_LABEL_COLOR;
  const description = fields.nullableString('description') ?? null;
  checkLabelName(name);
  checkLabelColor(color);
  checkLabelDescription(description);
  if (repository.labelByName(name)) throw nameTaken();
  const label = repository.createLabel(name, color, description);
  return { ...answerLabel(request, label, 201), headers: { location: request.urls.label(repository, name) } };
}

function updateLabel(request: RepositoryRequest): ApiAnswer {
  const label = requireLabel(request);
  requirePusher(request);
  const fields = new BodyFields(request.body);
  const name = fields.string('new_name') ?? label.name;
  const color = fields.string('color') ?? label.color;
  const description = fields.nullableString('description');
  checkLabelName(name);
  checkLabelColor(color);
  checkLabelDescription(description ?? null);
  const holder = request.repository.labelByName(name);
  if (holder && holder !== label) throw nameTaken();
  const changes = { name, color, description: description === undefined ? label.description : description };
  request.repository.editLabel(label, changes);
  return answerLabel(request, label);
}

function deleteLabel(request: RepositoryRequest): ApiAnswer {
  const label = requireLabel(request);
  requirePusher(request);
  request.repository.deleteLabel(label);
  return { status: 204 };
}

/** Only the label's name counts, and it must be on the issue. */
function without(request: RepositoryRequest, before: LabelRecord[], issue: IssueRecord): LabelRecord[] {
  const label = request.repository.labelByName(request.params.name ?? '');
  if (!label || !issue.labelIds.includes(label.id)) throw notFound('Label does not exist');
  return before.filter((known) => known !== label);
}

function changeLabels(
  request: RepositoryRequest,
  change: (before: LabelRecord[], issue: IssueRecord) => LabelRecord[],
): ApiAnswer {
  const { repository } = request;
  const issue = requireIssue(request);
  const viewer = requirePusher(request);
  repository.editIssue(viewer, issue, { labels: change(repository.labelsOf(issue), issue) });
  return answerLabels(request, repository.labelsOf(issue));
}

/** The labels of a body: `{labels: […]}`, or the array or the single name alone, which GitHub takes as well. */
function readLabels(request: RepositoryRequest): LabelRecord[] {
  const body = isRecord(request.body) ? request.body : { labels: [request.body].flat() };
  const names = new BodyFields(body).names('labels', 'name') ?? [];
  for (const name of names) checkImplicitLabelName(name);
  return names.map((name) => request.repository.ensureLabel(name));
}

function nameTaken() {
  return validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
}

function answerLabel(request: RepositoryRequest, label: LabelRecord, status = 200): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return { status, body: presenter.label(request.repository, label), lastModified: label.updatedAt };
}

function answerLabels(request: RepositoryRequest, labels: LabelRecord[]): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  const present = (label: LabelRecord) => presenter.label(request.repository, label);
  // Only lists are cut into pages; the answer to a change names every label.
  if (request.method !== 'GET') return { status: 200, body: labels.map(present) };
  return answerList(request, labels, present, { placeOf: (label) => [label.id, label.id], descending: false });
}
