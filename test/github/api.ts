import type { GitHubState } from './gitHubState.ts';
import type { Quota } from './rateLimit.ts';
import type { UserRecord } from './records.ts';
import type { Repository } from './repository.ts';
import type { Urls } from './urls.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A field that is `undefined` is not sent. */
export interface JsonObject {
  [name: string]: JsonValue | undefined;
}

/** How this GitHub behaves where there is more than one true way. */
export interface Behaviour {
  /** `false` answers 404 for sub-issues, as GitHub Enterprise Server's REST API does. */
  subIssues: boolean;
  /** Whether `since` includes what was updated in that very second; GitHub's pages say both. */
  since: 'at-or-after' | 'after';
  /** Whether the issue list's `next` link carries a cursor, as github.com's does, or a page that items can move across. */
  pagination: 'cursor' | 'page';
  /** How far lists lag behind single reads, in milliseconds. */
  listLagMs: number;
  /** Origin put into `Link` headers instead of our own: a client must not take its token there. */
  linkOrigin: string | null;
}

export interface ApiRequest {
  readonly method: string;
  /** Decoded variables of the route's template. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body, `undefined` if there was none. */
  readonly body: unknown;
  /** Who the token belongs to; `null` for an anonymous request. */
  readonly viewer: UserRecord | null;
  readonly urls: Urls;
  readonly state: GitHubState;
  /** The viewer's hourly quota, `null` where limits are off. */
  readonly quota: Quota | null;
  readonly behaviour: Behaviour;
}

export interface RepositoryRequest extends ApiRequest {
  readonly repository: Repository;
  /** The path below the repository, for links and redirects: `/issues/3`. */
  readonly subpath: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `Last-Modified` and compared with `If-Modified-Since`: an instant of the records. */
  readonly lastModified?: string;
}

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path as GitHub's OpenAPI description writes it. */
  readonly template: string;
  /** The page of GitHub's documentation that its errors point at, below `https://docs.github.com/rest/`. */
  readonly docs: string;
  /** Query parameters that are honoured; GitHub knows more, and a strict server tells when one of those is used. */
  readonly query?: readonly string[];
  /** Asking for it costs none of the hourly quota. */
  readonly free?: boolean;
}

export interface GlobalRoute extends RouteBase {
  readonly scope: 'global';
  handle(request: ApiRequest): ApiAnswer;
}

export interface RepositoryRoute extends RouteBase {
  readonly scope: 'repository';
  handle(request: RepositoryRequest): ApiAnswer;
}

export type Route = GlobalRoute | RepositoryRoute;
