import type { RemoteBodyEdit } from '../../core/ports/issueTracker.ts';
import { formatInstant, parseInstant } from '../../core/time.ts';
import { listOf, ShapeError, shapeOf } from './remoteShapes.ts';

/** More than people can make between two requests. */
export const lastEdits = `fragment LastEdits on Issue {
  userContentEdits(first: 10) { nodes { diff editedAt editor { login } } }
}`;

export const bodyEditsQuery = `query BodyEdits($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) { ...LastEdits }
  }
}
${lastEdits}`;

/** An Enterprise Server has its REST API below `/api/v3`, and GraphQL beside that. */
export function graphQlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? `${apiUrl.slice(0, -'/v3'.length)}/graphql` : `${apiUrl}/graphql`;
}

/** GraphQL's limits come with status 200. */
export function isRateLimited(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return false;
  return data.errors.some((error) => typeof error === 'object' && error !== null && error.type === 'RATE_LIMITED');
}

/** @returns undefined when the server refused the query, or does not find the issue */
export function readBodyEdits(answer: unknown): RemoteBodyEdit[] | undefined {
  const { data } = shapeOf(answer, 'answer to a query');
  if (typeof data !== 'object' || data === null || !('repository' in data) || data.repository === null)
    return undefined;
  const { issue } = shapeOf(data.repository, 'repository');
  if (issue === null || issue === undefined) return undefined;
  return readEdits(shapeOf(issue, 'issue'));
}

export function readEdits({ userContentEdits }: Readonly<Record<string, unknown>>): RemoteBodyEdit[] {
  if (userContentEdits === null) return [];
  const { nodes } = shapeOf(userContentEdits, 'edits');
  return listOf(nodes ?? [], 'edits', readEdit).filter((edit) => edit !== undefined);
}

/** A version that a moderator has deleted has no text. */
function readEdit(value: unknown): RemoteBodyEdit | undefined {
  if (value === null) return undefined;
  const { diff, editedAt, editor } = shapeOf(value, 'edit');
  const time = typeof editedAt === 'string' ? parseInstant(editedAt) : undefined;
  if (time === undefined) throw new ShapeError('time of an edit');
  if (typeof diff !== 'string') return undefined;
  const login = typeof editor === 'object' && editor !== null && 'login' in editor ? editor.login : undefined;
  return {
    text: diff.replaceAll('\r\n', '\n'),
    editor: typeof login === 'string' ? login : undefined,
    at: formatInstant(time),
  };
}
