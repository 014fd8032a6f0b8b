import type { Incident } from '../../core/item.ts';
import type { PublishedFiles } from '../../core/ports/git.ts';
import type { WorkspaceIndex } from '../../store/workspaceIndex.ts';
import { reviewPath } from '../postReview.ts';
import type { SyncContext } from './syncContext.ts';
import type { KnownRepository } from './syncState.ts';

/**
 * Where people read reviews on GitHub. One that was not pushed yet has no place there, so that no link leads nowhere. What
 * is published is asked once, and only when an incident needs it.
 */
export function reviewUrls(
  published: (() => Promise<PublishedFiles | undefined>) | undefined,
  repository: Pick<KnownRepository, 'url'> | undefined,
  index: Pick<WorkspaceIndex, 'hasReview'>,
): SyncContext['reviewUrl'] {
  let asked: Promise<PublishedFiles | undefined> | undefined;
  return async (incident: Incident) => {
    const base = repository?.url;
    if (!published || base === undefined || !/^https?:\/\//.test(base)) return undefined;
    // Most incidents have none, and git is asked for none of them.
    if (!index.hasReview(incident)) return undefined;
    asked ??= published();
    const files = await asked;
    const path = reviewPath(incident);
    if (!files?.paths.has(path)) return undefined;
    return `${base.replace(/\/$/, '')}/blob/${encodePath(`${files.branch}/${files.prefix}${path}`)}`;
  };
}

/** Also round brackets, which end a link in markdown. */
function encodePath(path: string): string {
  const hex = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return path
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, hex))
    .join('/');
}
