import { type RepositoryName, repositoryOfRemote } from '../core/github.ts';
import type { Git, PublishedFiles } from '../core/ports/git.ts';

/** The reviews that people find in the repository on GitHub, as far as the last fetch tells. */
export async function publishedReviews(
  git: Git | undefined,
  { owner, repo }: RepositoryName,
): Promise<PublishedFiles | undefined> {
  const wanted = `${owner}/${repo}`.toLowerCase();
  return git?.published('rca.md', (url) => {
    const found = repositoryOfRemote(url);
    return found !== undefined && `${found.owner}/${found.repo}`.toLowerCase() === wanted;
  });
}
