import type { IssueRecord } from './records.ts';
import type { Repository } from './repository.ts';

/** Builds the addresses that answers contain, for the base by which the server was asked (with or without `/api/v3`). */
export class Urls {
  /** Base of the API, without a trailing slash. */
  readonly api: string;
  /** Base of the pages for people, without a trailing slash. */
  readonly html: string;

  constructor(api: string, html: string) {
    this.api = api;
    this.html = html;
  }

  user(login: string): string {
    return `${this.api}/users/${login}`;
  }

  repository(repository: Repository): string {
    return `${this.api}/repos/${repository.fullName}`;
  }

  /** The address that survives a rename: what `Link` headers and redirects use. */
  repositoryById(repository: Repository, subpath: string): string {
    return `${this.api}/repositories/${repository.id}${subpath}`;
  }

  issue(repository: Repository, number: number): string {
    return `${this.repository(repository)}/issues/${number}`;
  }

  comment(repository: Repository, id: number): string {
    return `${this.repository(repository)}/issues/comments/${id}`;
  }

  label(repository: Repository, name: string): string {
    return `${this.repository(repository)}/labels/${encodeURIComponent(name)}`;
  }

  milestone(repository: Repository, number: number): string {
    return `${this.repository(repository)}/milestones/${number}`;
  }

  htmlRepository(repository: Repository): string {
    return `${this.html}/${repository.fullName}`;
  }

  htmlIssue(repository: Repository, issue: Pick<IssueRecord, 'number' | 'pullRequest'>): string {
    return `${this.htmlRepository(repository)}/${issue.pullRequest ? 'pull' : 'issues'}/${issue.number}`;
  }
}
