/** A GitHub issue as front matter names it: `acme/shop#41`. */
export interface IssueLink {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

const name = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const repository = /^[A-Za-z0-9._-]{1,100}$/;

/** Reads `owner/repo`; undefined when the text is none. */
export function parseRepositoryName(text: string): RepositoryName | undefined {
  const [owner = '', repo = '', ...rest] = text.trim().split('/');
  if (rest.length > 0 || !name.test(owner) || !repository.test(repo) || repo === '.' || repo === '..') return undefined;
  return { owner, repo };
}

/** Reads `owner/repo#number`; undefined when the text is none. */
export function parseIssueLink(text: string): IssueLink | undefined {
  const match = /^(.+)#([1-9]\d{0,9})$/.exec(text.trim());
  const parsed = match?.[1] === undefined ? undefined : parseRepositoryName(match[1]);
  return parsed && { ...parsed, number: Number(match?.[2]) };
}

export function formatIssueLink(link: IssueLink): string {
  return `${link.owner}/${link.repo}#${link.number}`;
}

/**
 * The repository behind a git remote's URL (https, ssh, scp-like or git protocol), with its host in lower case.
 * @returns undefined for local paths and anything that has no `owner/repo`.
 */
export function repositoryOfRemote(url: string): (RepositoryName & { readonly host: string }) | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(url) ??
    /^(?:[^@/]+@)?([^/:]{2,}):(?!\/\/)(.+)$/.exec(url);
  if (!match?.[1] || !match[2]) return undefined;
  const parsed = parseRepositoryName(
    match[2]
      .replace(/^\/+/, '')
      .replace(/\/+$/, '')
      .replace(/\.git$/, ''),
  );
  // GitHub's SSH over the HTTPS port has a host of its own, with the same repositories.
  return parsed && { ...parsed, host: match[1].toLowerCase().replace(/^ssh\.(?=github\.com$)/, '') };
}
