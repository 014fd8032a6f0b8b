import type { GitHubState } from '../gitHubState.ts';
import type { IssueRecord } from '../records.ts';
import type { Repository } from '../repository.ts';
import { WebPerson } from '../webPerson.ts';
import { IssuePages } from './issuePages.ts';
import { STYLE_SHEET } from './style.ts';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface PageRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly origin: string | undefined;
  readonly body: string;
}

// A page may show whatever somebody wrote: nothing runs in it and nothing is loaded but our own style sheet. Labels have
// colours of their own, hence inline style attributes.
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * Serves the pages for people. They ask for no sign-in, so private repositories are seen by whoever reaches this port;
 * that is why the server listens on loopback only and holds nothing real.
 */
export class PageServer {
  readonly #state: GitHubState;
  readonly #pages: IssuePages;
  readonly #person: string | null;

  constructor(state: GitHubState, person: string | null) {
    this.#state = state;
    this.#person = person;
    this.#pages = new IssuePages(state, person);
  }

  /** `undefined` for an address that is no page. `ownOrigin` is where forms must come from. */
  answer(request: PageRequest, ownOrigin: string): PageAnswer | undefined {
    if (request.method === 'GET') return this.#get(request.path);
    if (request.method === 'POST') return this.#post(request, ownOrigin);
    return undefined;
  }

  #get(path: string): PageAnswer | undefined {
    if (path === '/-/style.css') return { status: 200, headers: headersOf('text/css'), body: STYLE_SHEET };
    if (path === '/-/repositories') return page(this.#pages.repositories());
    // Browsers ask for it unbidden; it must not show up among the requests of the API.
    if (path === '/favicon.ico') return { status: 404, headers: {}, body: '' };
    const [, owner, name, kind, number] = /^\/([^/]+)\/([^/]+)(?:\/(issues|pull)(?:\/(\d+))?)?\/?$/.exec(path) ?? [];
    const repository = this.#findRepository(`${owner}/${name}`);
    if (!repository) return undefined;
    if (number === undefined) return kind === 'pull' ? undefined : page(this.#pages.issues(repository));
    const issue = repository.issues.get(Number(number));
    return issue && page(this.#pages.issue(repository, issue));
  }

  #post({ path, origin, body }: PageRequest, ownOrigin: string): PageAnswer | undefined {
    const [, owner, name, number, action] =
      /^\/([^/]+)\/([^/]+)\/issues\/(\d+)\/(comment|title|close|reopen)$/.exec(path) ?? [];
    const repository = this.#findRepository(`${owner}/${name}`);
    const issue = repository?.issues.get(Number(number));
    if (!repository || !issue || this.#person === null) return undefined;
    // Other pages of the same browser must not write here.
    if (origin !== ownOrigin) return page('The form came from another site.', 403);
    this.#act(repository, issue, action, new URLSearchParams(body));
    return { status: 303, headers: { location: `/${repository.fullName}/issues/${issue.number}` }, body: '' };
  }

  #act(repository: Repository, issue: IssueRecord, action: string | undefined, form: URLSearchParams): void {
    const person = new WebPerson(this.#state, repository, this.#person ?? '');
    const text = (name: string) => form.get(name) ?? '';
    if (action === 'comment' && text('body').trim() !== '') person.comment(issue.number, text('body'));
    if (action === 'title' && text('title').trim() !== '') person.editTitle(issue.number, text('title'));
    if (action === 'close') person.close(issue.number);
    if (action === 'reopen') person.reopen(issue.number);
  }

  #findRepository(fullName: string): Repository | undefined {
    return this.#state.findRepository(fullName) ?? this.#state.findMovedRepository(fullName);
  }
}

function page(body: string, status = 200): PageAnswer {
  return { status, headers: headersOf('text/html'), body };
}

function headersOf(type: string): Record<string, string> {
  return {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}
