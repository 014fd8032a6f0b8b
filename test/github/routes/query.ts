import type { ApiRequest } from '../api.ts';
import { validationFailed } from '../apiError.ts';

/** One of a few words of the query string; 422 for another. */
export function readChoice<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly T[],
  resource: string,
): T | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw validationFailed({ resource, field: name, code: 'invalid', value });
  return choice;
}

/** The test that `since` stands for; whether it includes its own second is the server's `since` behaviour. */
export function readSince(request: ApiRequest, resource: string): (updatedAt: string) => boolean {
  const text = request.query.get('since');
  if (text === null) return () => true;
  const since = Date.parse(text);
  if (Number.isNaN(since)) throw validationFailed({ resource, field: 'since', code: 'invalid', value: text });
  return request.behaviour.since === 'after'
    ? (updatedAt) => Date.parse(updatedAt) > since
    : (updatedAt) => Date.parse(updatedAt) >= since;
}
