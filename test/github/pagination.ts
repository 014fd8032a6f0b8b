import type { ApiAnswer, JsonValue, RepositoryRequest } from './api.ts';
import { ApiError } from './apiError.ts';

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;
/** From this row on GitHub's issue list refuses page numbers (josegonzalez/python-github-backup#449). */
const LARGE_DATASET = 10_000;

/** Where an item stands in a list: what the list is sorted by, then the id, which makes it unique. */
export type Place = readonly [key: string | number, id: number];

export interface ListOrder<T> {
  placeOf(item: T): Place;
  descending: boolean;
}

/**
 * Sorts `items`, cuts out the page that was asked for and links to its neighbours, below `/repositories/<id>` as GitHub
 * does. With `cursor` the `next` link also carries the place to go on from, so that items which move in front of it
 * neither repeat nor hide others.
 */
export function answerList<T>(
  request: RepositoryRequest,
  items: readonly T[],
  present: (item: T) => JsonValue,
  order: ListOrder<T>,
  cursor = false,
): ApiAnswer {
  const sorted = [...items].sort((a, b) => comparePlaces(order.placeOf(a), order.placeOf(b), order.descending));
  const perPage = Math.min(readPositive(request.query.get('per_page')) ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const page = readPositive(request.query.get('page')) ?? 1;
  const after = cursor ? request.query.get('after') : null;
  if (cursor && after === null && page * perPage >= LARGE_DATASET) throw largeDataset();

  const start = after === null ? (page - 1) * perPage : indexAfter(sorted, order, decodePlace(after));
  const shown = sorted.slice(start, start + perPage);
  const lastPage = Math.max(1, Math.ceil(sorted.length / perPage));
  const lastShown = shown.at(-1);
  const links: string[] = [];
  const link = (relation: string, to: number, place?: Place) =>
    links.push(`<${linkTo(request, to, place)}>; rel="${relation}"`);
  if (page > 1) link('prev', Math.min(page - 1, lastPage));
  if (start + perPage < sorted.length && lastShown !== undefined) {
    link('next', page + 1, cursor ? order.placeOf(lastShown) : undefined);
    link('last', lastPage);
  }
  if (page > 1) link('first', 1);
  return { status: 200, body: shown.map(present), headers: links.length > 0 ? { link: links.join(', ') } : {} };
}

/** GitHub takes nonsense for the default instead of complaining. */
function readPositive(text: string | null): number | undefined {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}

function linkTo(request: RepositoryRequest, page: number, place: Place | undefined): string {
  const query = new URLSearchParams(request.query);
  query.delete('after');
  query.delete('page');
  if (place) query.set('after', Buffer.from(JSON.stringify(place)).toString('base64url'));
  query.set('page', String(page));
  const url = new URL(`${request.urls.repositoryById(request.repository, request.subpath)}?${query}`);
  const { linkOrigin } = request.behaviour;
  return linkOrigin === null ? url.href : new URL(`${url.pathname}${url.search}`, linkOrigin).href;
}

function decodePlace(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place)) {
      const [key, id] = place as unknown[];
      if ((typeof key === 'string' || typeof key === 'number') && typeof id === 'number') return [key, id];
    }
  } catch {
    // Falls through to the one answer for every cursor that is not ours.
  }
  throw new ApiError(422, 'The cursor is invalid');
}

function indexAfter<T>(sorted: readonly T[], order: ListOrder<T>, place: Place): number {
  const index = sorted.findIndex((item) => comparePlaces(order.placeOf(item), place, order.descending) > 0);
  return index < 0 ? sorted.length : index;
}

function comparePlaces(a: Place, b: Place, descending: boolean): number {
  const ascending = a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1;
  return descending ? -ascending : ascending;
}

function largeDataset(): ApiError {
  return new ApiError(
    422,
    'Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)',
  );
}
