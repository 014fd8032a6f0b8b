import { FirebreakError } from '../core/errors.ts';
import { parseRepositoryName, type RepositoryName, repositoryOfRemote } from '../core/github.ts';
import type { GitRemote } from '../core/ports/git.ts';

/** The host whose repositories an API serves: `api.github.com` serves `github.com`. */
function hostOf(apiUrl: string): string {
  const { hostname } = new URL(apiUrl);
  return hostname === 'api.github.com' ? 'github.com' : hostname;
}

/**
 * The repository to sync with: the setting, else the remote on the API's own host; `upstream` before `origin` before
 * others, since issues live where a fork came from.
 * @throws FirebreakError `noRepository`, `invalidInput`
 */
export function syncRepository(
  setting: string | undefined,
  remotes: readonly GitRemote[],
  apiUrl: string,
): RepositoryName {
  if (setting) {
    const named = parseRepositoryName(setting);
    if (!named) throw new FirebreakError('invalidInput', `"${setting}" is no repository: name it like acme/shop.`);
    return named;
  }
  const host = hostOf(apiUrl);
  const rank = (name: string) => ['upstream', 'origin'].indexOf(name) >>> 0;
  for (const remote of [...remotes].sort((left, right) => rank(left.name) - rank(right.name))) {
    const found = repositoryOfRemote(remote.url);
    if (found?.host === host) return { owner: found.owner, repo: found.repo };
  }
  throw new FirebreakError(
    'noRepository',
    `No git remote here is on ${host}. Name the repository in the setting "firebreak.github.repository" (or with --repo).`,
  );
}
