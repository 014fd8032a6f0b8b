import { formatInstant, type Instant, minute, parseInstant } from '../../core/time.ts';
import type { ListCursor } from './syncState.ts';

/** GitHub's lists lag, and "since" may or may not include its own second (sync.md §1). */
const overlap = 5 * minute;

/**
 * Where a list begins that is read for the first time.
 * @param latest on GitHub's clock
 */
export function beginAt(latest: Instant): ListCursor {
  return { since: formatInstant((parseInstant(latest) ?? 0) - overlap) };
}

/** Where it goes on after what was read. */
export function advanced(
  cursor: ListCursor,
  entries: readonly { readonly updatedAt: Instant }[],
  etag: string | undefined,
): ListCursor {
  let latest = '';
  for (const { updatedAt } of entries) if (updatedAt > latest) latest = updatedAt;
  const time = parseInstant(latest);
  const since = time === undefined ? cursor.since : formatInstant(time - overlap);
  // An ETag speaks for one address alone, and `since` is part of it.
  if (since > cursor.since) return { since };
  return etag === undefined ? { since: cursor.since } : { since: cursor.since, etag };
}
