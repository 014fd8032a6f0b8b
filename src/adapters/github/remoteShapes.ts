import type { RepositoryName } from '../../core/github.ts';
import type {
  RemoteComment,
  RemoteIssue,
  RemoteIssueEvent,
  RemoteMilestone,
  RemoteRepository,
} from '../../core/ports/issueTracker.ts';
import { formatInstant, type Instant, parseInstant } from '../../core/time.ts';

/** An answer that is not what GitHub's API description says. */
export class ShapeError extends Error {
  constructor(what: string) {
    super(`no ${what}`);
    this.name = 'ShapeError';
  }
}

type Shape = Readonly<Record<string, unknown>>;

/** Who wrote something, as far as the answer itself tells. */
export interface Authorship {
  readonly login: string | undefined;
  /** `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE`, … */
  readonly association: string;
}

export type Untrusted<T> = Omit<T, 'trusted'> & { readonly authorship: Authorship };

export function shapeOf(value: unknown, what: string): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(what);
  return value as Shape;
}

export function listOf<T>(value: unknown, what: string, read: (entry: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new ShapeError(what);
  return value.map(read);
}

export function readRepository(value: unknown): RemoteRepository {
  const shape = shapeOf(value, 'repository');
  return {
    ...readFullName(text(shape.full_name, 'repository name')),
    id: integer(shape.id, 'repository id'),
    private: shape.private === true,
    archived: shape.archived === true,
    hasIssues: shape.has_issues !== false,
    canPush:
      typeof shape.permissions === 'object' && shape.permissions !== null && 'push' in shape.permissions
        ? shape.permissions.push === true
        : false,
    url: optionalText(shape.html_url),
  };
}

function readFullName(fullName: string): RepositoryName {
  const [owner = '', repo = '', ...rest] = fullName.split('/');
  if (owner === '' || repo === '' || rest.length > 0) throw new ShapeError('repository name');
  return { owner, repo };
}

/** Pull requests are listed as issues too. */
export function isPullRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'pull_request' in value && value.pull_request != null;
}

export function readIssue(value: unknown): Untrusted<RemoteIssue> {
  const shape = shapeOf(value, 'issue');
  if (shape.state !== 'open' && shape.state !== 'closed') throw new ShapeError('issue state');
  const authorship = readAuthorship(shape);
  return {
    id: integer(shape.id, 'issue id'),
    number: integer(shape.number, 'issue number'),
    title: text(shape.title, 'issue title'),
    body: linefeeds(optionalText(shape.body)),
    state: shape.state,
    stateReason: typeof shape.state_reason === 'string' ? shape.state_reason : undefined,
    labels: readLabels(shape.labels),
    assignees: shape.assignees == null ? [] : listOf(shape.assignees, 'assignees', readLogin).filter(isText),
    milestone: shape.milestone == null ? undefined : readMilestone(shape.milestone),
    author: authorship.login,
    authorship,
    url: optionalText(shape.html_url),
    createdAt: instant(shape.created_at, 'creation time'),
    updatedAt: instant(shape.updated_at, 'update time'),
    closedAt: shape.closed_at == null ? undefined : instant(shape.closed_at, 'closing time'),
    comments: shape.comments == null ? 0 : integer(shape.comments, 'count of comments'),
    parent: readParent(shape),
  };
}

/** Addresses of both are given; those of one repository have the same beginning. */
function readParent(shape: Shape): RemoteIssue['parent'] {
  const address = optionalText(shape.parent_issue_url);
  if (address === '') return undefined;
  const [, repository, number] = /^(.+)\/issues\/(\d+)$/.exec(address) ?? [];
  const isHere = repository?.toLowerCase() === optionalText(shape.repository_url).toLowerCase();
  return isHere && number !== undefined ? Number(number) : 'elsewhere';
}

/** The numeric id in `https://host/repositories/123/issues/4`, the address that GitHub redirects renamed ones to. */
export function repositoryIdIn(address: string): number | undefined {
  const match = /\/repositories\/(\d+)(?:\/|$)/.exec(address);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

export function readComment(value: unknown, issueNumber?: number): Untrusted<RemoteComment> {
  const shape = shapeOf(value, 'comment');
  const authorship = readAuthorship(shape);
  const fromUrl = /\/issues\/(\d+)$/.exec(optionalText(shape.issue_url))?.[1];
  return {
    id: integer(shape.id, 'comment id'),
    issueNumber: issueNumber ?? integer(fromUrl === undefined ? undefined : Number(fromUrl), 'issue of a comment'),
    body: linefeeds(optionalText(shape.body)),
    author: authorship.login,
    authorship,
    createdAt: instant(shape.created_at, 'creation time'),
    updatedAt: instant(shape.updated_at, 'update time'),
    url: optionalText(shape.html_url),
  };
}

/** Comments of pull requests come in the same list. */
export function isOfPullRequest(comment: { readonly url: string }): boolean {
  return /\/pull\/\d+(?:#|$)/.test(comment.url);
}

export function readIssueEvent(value: unknown): RemoteIssueEvent {
  const shape = shapeOf(value, 'issue event');
  const label = shape.label == null ? undefined : readLabel(shape.label);
  const rename = shape.rename == null ? undefined : shapeOf(shape.rename, 'rename');
  return {
    id: integer(shape.id, 'event id'),
    event: text(shape.event, 'event name'),
    actor: readLogin(shape.actor),
    at: instant(shape.created_at, 'event time'),
    label,
    rename: rename && { from: text(rename.from, 'old title'), to: text(rename.to, 'new title') },
    assignee: readLogin(shape.assignee),
    milestone: shape.milestone == null ? undefined : text(shapeOf(shape.milestone, 'milestone').title, 'milestone'),
  };
}

export function readMilestone(value: unknown): RemoteMilestone {
  const shape = shapeOf(value, 'milestone');
  return { number: integer(shape.number, 'milestone number'), title: text(shape.title, 'milestone title') };
}

export function readLabels(value: unknown): string[] {
  return value == null ? [] : listOf(value, 'labels', readLabel).filter(isText);
}

export function readLabelName(value: unknown): string {
  return text(shapeOf(value, 'label').name, 'label');
}

function readLabel(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const name = shapeOf(value, 'label').name;
  return typeof name === 'string' ? name : undefined;
}

function readAuthorship(shape: Shape): Authorship {
  return {
    login: readLogin(shape.user),
    association: typeof shape.author_association === 'string' ? shape.author_association : 'NONE',
  };
}

/** A deleted account is `null`. */
export function readLogin(value: unknown): string | undefined {
  if (value == null) return undefined;
  const login = shapeOf(value, 'user').login;
  return typeof login === 'string' && login !== '' ? login : undefined;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new ShapeError(what);
  return value;
}

function optionalText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function integer(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new ShapeError(what);
  return value;
}

function instant(value: unknown, what: string): Instant {
  const epochMs = typeof value === 'string' ? parseInstant(value) : undefined;
  if (epochMs === undefined) throw new ShapeError(what);
  return formatInstant(epochMs);
}

/** Edits in a browser give CRLF, edits through the API keep what was sent: neither is a change. */
function linefeeds(value: string): string {
  return value.replace(/\r\n?/g, '\n');
}
