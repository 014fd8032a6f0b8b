import { createHash, randomUUID } from 'node:crypto';
import type { ApiAnswer, Behaviour, JsonObject, JsonValue, Route } from './api.ts';
import { ApiError, movedPermanently, notFound } from './apiError.ts';
import { isRecord } from './bodyFields.ts';
import { type ContentLimits, ContentPace } from './contentPace.ts';
import { type Fault, type Faults, failureBefore, HTML_PAGE } from './faults.ts';
import type { GitHubState } from './gitHubState.ts';
import { isMutation, refusedFor } from './graphQl.ts';
import { type Quota, quotaExhausted, quotaHeaders, type RateLimiter, secondaryLimit } from './rateLimit.ts';
import type { UserRecord } from './records.ts';
import type { Repository } from './repository.ts';
import { matchRoute } from './router.ts';
import type { SchemaValidator, Violation } from './schemaValidator.ts';
import { Urls } from './urls.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, below the API's base. */
  readonly path: string;
  /** `/api/v3` if the client put it in front, as for GitHub Enterprise Server; the links of the answer do the same. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What happens on the wire. */
export type WireAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  /** The connection is cut. */
  | { readonly kind: 'reset' }
  /** Nothing is ever sent. */
  | { readonly kind: 'hang' };

/** One line of the log. No header's value is kept: tokens don't get into it. */
export interface RequestRecord {
  readonly method: string;
  /** Path and query as asked, with the prefix. */
  readonly path: string;
  /** `POST /repos/{owner}/{repo}/issues`; `null` for an address that nothing serves. */
  readonly operation: string | null;
  /** The status that went out, or what happened instead. */
  readonly status: number | 'reset' | 'hang';
  /** Whether there was an `Authorization` header. */
  readonly authorized: boolean;
  /** Who the token belongs to. */
  readonly login: string | null;
  /** The parsed JSON body, `undefined` if there was none. */
  readonly body: unknown;
  readonly fault: Fault['name'] | null;
  /** Whether it came before the `retry-after` of an earlier answer to the same user had passed. */
  readonly tooEarly: boolean;
  readonly at: Date;
}

/** Whether a request may have changed something. */
export function isWrite({ method, operation, body }: RequestRecord): boolean {
  return operation === 'POST /graphql' ? isMutation(body) : method !== 'GET';
}

export interface PipelineParts {
  readonly state: GitHubState;
  readonly faults: Faults;
  readonly behaviour: Behaviour;
  /** `null` where limits are off. */
  readonly rateLimiter: RateLimiter | null;
  /** Enforced if given; the pace is measured in any case. */
  readonly contentLimits: ContentLimits | null;
  /** Judges every request and answer if given. */
  readonly validator: SchemaValidator | null;
  /** Origin of the server: `http://127.0.0.1:1234`. */
  readonly origin: () => string;
}

const API_VERSION = '2022-11-28';
/** Making these counts against the limits on creating content. */
const CONTENT = /^POST \/repos\/\{owner\}\/\{repo\}\/issues(\/\{issue_number\}\/comments)?$/;

/** From a request to what goes out, without sockets: faults, access, limits, the route, conditional answers, the log. */
export class ApiPipeline {
  readonly requests: RequestRecord[] = [];
  readonly violations: Violation[] = [];
  readonly pace = new ContentPace();
  readonly #parts: PipelineParts;
  readonly #notBefore = new Map<string, number>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  answer(wire: WireRequest): WireAnswer {
    const exchange = new Exchange(this.#parts, wire);
    const tooEarly = this.#isTooEarly(exchange);
    const answer = this.#answer(exchange);
    if (answer.kind === 'response' && answer.headers['retry-after'] !== undefined) {
      const until = this.#parts.state.now() + Number(answer.headers['retry-after']) * 1000;
      this.#notBefore.set(exchange.who, until);
    }
    this.requests.push({
      method: wire.method,
      path: wire.prefix + wire.path,
      operation: exchange.operation,
      status: answer.kind === 'response' ? answer.status : answer.kind,
      authorized: exchange.authorized,
      login: exchange.viewer?.login ?? null,
      body: exchange.json,
      fault: exchange.fault?.name ?? null,
      tooEarly,
      at: new Date(this.#parts.state.now()),
    });
    return answer;
  }

  #isTooEarly(exchange: Exchange): boolean {
    return this.#parts.state.now() < (this.#notBefore.get(exchange.who) ?? 0);
  }

  #answer(exchange: Exchange): WireAnswer {
    const { fault } = exchange;
    if (fault?.name === 'offline') return { kind: 'reset' };
    const outcome = this.#handle(exchange);
    const finished = this.#finish(exchange, outcome);
    return fault ? spoil(finished, fault) : finished;
  }

  /** The answer as data, whatever happens: also for an exception, which in a fake must not pass for an answer. */
  #handle(exchange: Exchange): ApiAnswer {
    try {
      return this.#handleOrThrow(exchange);
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body, headers: error.headers };
      const operation = exchange.operation ?? exchange.wire.path;
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.violations.push({ kind: 'response', operation, status: 500, problem: `the fake crashed: ${problem}` });
      return { status: 500, body: { message: 'Internal Server Error' } };
    }
  }

  #handleOrThrow(exchange: Exchange): ApiAnswer {
    const { state, rateLimiter, contentLimits } = this.#parts;
    const { fault, viewer, match } = exchange;
    if (fault?.name === 'primary-limit-403') rateLimiter?.exhaust(viewer?.id ?? null, fault.resetIn);
    const failure = fault && failureBefore(fault, exchange.urls().api);
    if (failure) throw failure;
    if (exchange.authorized && !viewer) throw new ApiError(401, 'Bad credentials');
    const limited = match?.route.free !== true && rateLimiter?.quotaOf(viewer?.id ?? null).remaining === 0;
    if (limited || fault?.name === 'primary-limit-403') throw quotaExhausted(viewer?.id ?? null);
    this.#judgeRequest(exchange);
    if (!match) throw notFound();
    if (exchange.jsonIsBroken) throw new ApiError(400, 'Problems parsing JSON');
    const creates = viewer !== null && CONTENT.test(exchange.operation ?? '');
    if (creates && contentLimits && this.pace.exceeds(viewer.id, state.now(), contentLimits)) {
      throw secondaryLimit(403, 60);
    }
    const answer = this.#dispatch(exchange, match.route);
    if (creates && answer.status === 201) this.pace.record(viewer.id, state.now());
    return answer;
  }

  #dispatch(exchange: Exchange, route: Route): ApiAnswer {
    const request = exchange.toApiRequest();
    if (route.scope === 'global') return route.handle(request);
    const found = exchange.repository();
    if (!found || found.repository.permissionOf(exchange.viewer) === 'none') throw notFound();
    const { repository, moved } = found;
    const subpath = exchange.canonicalPath.split('/').slice(4).join('/');
    const rest = subpath === '' ? '' : `/${subpath}`;
    if (moved) {
      const query = exchange.query.size > 0 ? `?${exchange.query}` : '';
      throw movedPermanently(`${request.urls.repositoryById(repository, rest)}${query}`, request.method);
    }
    return route.handle({ ...request, repository, subpath: rest });
  }

  /** Status, headers and bytes: what is common to every answer. */
  #finish(exchange: Exchange, answer: ApiAnswer): WireAnswer {
    const { rateLimiter } = this.#parts;
    const body = answer.status >= 300 && isRecord(answer.body) ? completeError(exchange, answer) : answer.body;
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers: Record<string, string> = {
      'access-control-allow-origin': '*',
      'access-control-expose-headers':
        'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'origin-when-cross-origin, strict-origin-when-cross-origin',
      server: 'GitHub.com',
      'strict-transport-security': 'max-age=31536000; includeSubdomains; preload',
      vary: 'Accept-Encoding, Accept, X-Requested-With',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'deny',
      'x-github-api-version-selected': API_VERSION,
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': requestId(),
      'x-xss-protection': '0',
      date: new Date(this.#parts.state.now()).toUTCString(),
    };
    if (text !== '') headers['content-type'] = 'application/json; charset=utf-8';
    if (exchange.viewer) {
      headers['x-oauth-scopes'] = 'repo';
      headers['x-accepted-oauth-scopes'] = 'repo';
    }
    let status = answer.status;
    if (text !== '' && status < 300) {
      headers['cache-control'] = 'private, max-age=60, s-maxage=60';
      headers.vary = `Accept, Authorization, Cookie, X-GitHub-OTP, ${headers.vary}`;
      headers.etag = exchange.etagOf(text, answer.headers?.link ?? '');
      const isRead = exchange.wire.method === 'GET' && status === 200;
      if (isRead && answer.lastModified !== undefined) {
        headers['last-modified'] = new Date(answer.lastModified).toUTCString();
      }
      if (isRead && exchange.isNotModified(headers.etag, answer.lastModified)) status = 304;
    }
    const free = exchange.match?.route.free === true;
    if (rateLimiter && !free && status !== 304) rateLimiter.charge(exchange.viewer?.id ?? null);
    const quota = exchange.quota();
    // Afterwards, so that the answer's own headers win over the common ones.
    Object.assign(headers, quota ? quotaHeaders(quota) : {}, answer.headers);
    this.#judgeAnswer(exchange, status, status === 304 ? undefined : body);
    if (status === 304) {
      delete headers['content-type'];
      return { kind: 'response', status, headers, body: '' };
    }
    return { kind: 'response', status, headers, body: text };
  }

  #judgeRequest(exchange: Exchange): void {
    const { validator } = this.#parts;
    const { operation, query, json, match, wire } = exchange;
    if (!validator) return;
    if (!operation) {
      // A 404 that says nothing about GitHub: whoever asks for more than is here must get to know.
      const asked = `${wire.method} ${exchange.canonicalPath}`;
      this.violations.push({ kind: 'request', operation: asked, problem: 'this fake does not serve this address' });
      return;
    }
    // GraphQL is judged by GitHub's schema for it.
    const problem = operation === 'POST /graphql' ? refusedFor(json) : undefined;
    if (problem !== undefined) this.violations.push({ kind: 'request', operation, problem });
    if (!validator.describes(operation)) return;
    this.violations.push(...validator.checkRequest(operation, query, json));
    if (exchange.jsonIsBroken) this.violations.push({ kind: 'request', operation, problem: 'the body is not JSON' });
    for (const name of query.keys()) {
      if (!match?.route.query?.includes(name)) {
        this.violations.push({
          kind: 'request',
          operation,
          problem: `this fake does not honour the parameter ${name}`,
        });
      }
    }
  }

  #judgeAnswer({ operation }: Exchange, status: number, body: JsonValue | undefined): void {
    const { validator } = this.#parts;
    if (!validator || !operation || !validator.describes(operation)) return;
    // Through text and back: what is judged is what goes out.
    const sent: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    this.violations.push(...validator.checkResponse(operation, status, sent));
  }
}

/** One request on its way: what is read out of it once and needed more than once. */
class Exchange {
  readonly wire: WireRequest;
  readonly query: URLSearchParams;
  /** The path with `/repositories/<id>` put as `/repos/<owner>/<name>`. */
  readonly canonicalPath: string;
  readonly match: ReturnType<typeof matchRoute>;
  readonly operation: string | null;
  readonly authorized: boolean;
  readonly viewer: UserRecord | null;
  /** What to know a user by who may be nobody. */
  readonly who: string;
  readonly json: unknown;
  readonly jsonIsBroken: boolean;
  readonly fault: Fault | undefined;
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts, wire: WireRequest) {
    this.#parts = parts;
    this.wire = wire;
    const url = new URL(wire.path, 'http://fake');
    this.query = url.searchParams;
    this.canonicalPath = this.#canonicalPath(url.pathname);
    this.match = matchRoute(wire.method, this.canonicalPath);
    this.operation = this.match ? `${wire.method} ${this.match.route.template}` : null;
    const token = readToken(wire.headers.authorization);
    this.authorized = token !== undefined;
    this.viewer = (token === undefined ? undefined : parts.state.userOfToken(token)) ?? null;
    this.who = String(this.viewer?.id ?? 'anonymous');
    [this.json, this.jsonIsBroken] = parseJson(wire.body);
    this.fault = parts.faults.take(wire.method, [wire.path, this.canonicalPath + url.search]);
  }

  quota(): Quota | null {
    return this.#parts.rateLimiter?.quotaOf(this.viewer?.id ?? null) ?? null;
  }

  repository(): { repository: Repository; moved: boolean } | undefined {
    const { owner, repo } = this.match?.params ?? {};
    const repository = this.#parts.state.findRepository(`${owner}/${repo}`);
    if (repository) return { repository, moved: false };
    const moved = this.#parts.state.findMovedRepository(`${owner}/${repo}`);
    return moved && { repository: moved, moved: true };
  }

  urls(): Urls {
    const origin = this.#parts.origin();
    return new Urls(origin + this.wire.prefix, origin);
  }

  toApiRequest() {
    const { state, behaviour } = this.#parts;
    const { fault } = this;
    return {
      method: this.wire.method,
      params: this.match?.params ?? {},
      query: this.query,
      body: fault ? withoutDropped(this.json, fault) : this.json,
      viewer: this.viewer,
      urls: this.urls(),
      state,
      quota: this.quota(),
      behaviour: fault?.name === 'list-lag' ? { ...behaviour, listLagMs: fault.seconds * 1000 } : behaviour,
    };
  }

  /** GitHub's ETags belong to one token (eclipse-csi/otterdog#201) and one address. */
  etagOf(text: string, link: string): string {
    const parts = [this.#authorization(), this.wire.prefix + this.wire.path, link, text];
    return `W/"${createHash('sha256').update(parts.join('\n')).digest('hex')}"`;
  }

  isNotModified(etag: string, lastModified: string | undefined): boolean {
    const wanted = header(this.wire.headers['if-none-match']);
    if (wanted !== undefined) {
      const weak = (tag: string) => tag.trim().replace(/^W\//, '');
      return wanted.trim() === '*' || wanted.split(',').map(weak).includes(weak(etag));
    }
    const since = Date.parse(header(this.wire.headers['if-modified-since']) ?? '');
    return lastModified !== undefined && !Number.isNaN(since) && Date.parse(lastModified) <= since;
  }

  #authorization(): string {
    return header(this.wire.headers.authorization) ?? '';
  }

  #canonicalPath(path: string): string {
    const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path;
    const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(trimmed) ?? [];
    const repository = id === undefined ? undefined : this.#parts.state.repositories.get(Number(id));
    return repository ? `/repos/${repository.fullName}${rest}` : trimmed;
  }
}

/** Adds what GitHub puts into every error: where to read about it, and the status once more. */
function completeError({ match }: Exchange, { status, body }: ApiAnswer): JsonObject {
  const docs = match ? `https://docs.github.com/rest/${match.route.docs}` : 'https://docs.github.com/rest';
  const error = isRecord(body) ? (body as JsonObject) : {};
  const url = status === 401 ? 'https://docs.github.com/rest' : docs;
  return { ...error, documentation_url: error.documentation_url ?? url, status: String(status) };
}

/** The request as the fault lets it through. */
function withoutDropped(json: unknown, fault: Fault): unknown {
  if (!isRecord(json)) return json;
  if (fault.name === 'patch-keeps-old-body') {
    const { body: _dropped, ...rest } = json;
    return rest;
  }
  if (fault.name === 'dropped-labels') {
    const { labels: _labels, assignees: _assignees, assignee: _assignee, milestone: _milestone, ...rest } = json;
    return rest;
  }
  return json;
}

/** What the fault leaves of an answer that was given. */
function spoil(answer: WireAnswer, fault: Fault): WireAnswer {
  if (answer.kind !== 'response') return answer;
  const html = { ...answer.headers, 'content-type': 'text/html; charset=utf-8' };
  switch (fault.name) {
    case 'commit-then-502':
      return { kind: 'response', status: 502, headers: html, body: HTML_PAGE };
    case 'commit-then-503':
      return { kind: 'response', status: 503, headers: html, body: HTML_PAGE };
    case 'commit-then-html':
      return { ...answer, headers: html, body: HTML_PAGE };
    case 'commit-then-truncated':
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    case 'commit-then-empty':
      return { ...answer, body: '' };
    case 'commit-then-timeout':
      return { kind: 'hang' };
    case 'commit-then-reset':
      return { kind: 'reset' };
    default:
      return answer;
  }
}

/** The token of `Authorization: token …`, `Bearer …` or of Basic's password; `undefined` without such a header. */
function readToken(value: string | string[] | undefined): string | undefined {
  const text = header(value);
  if (text === undefined) return undefined;
  const [scheme = '', credentials = ''] = text.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') return credentials;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':').slice(1).join(':');
}

/** In the form that GitHub's have: `0681:62D5:1E22F03:626F1F6:62D63512`. */
function requestId(): string {
  const [first = '', ...others] = randomUUID().toUpperCase().split('-');
  return [first.slice(0, 4), ...others].join(':');
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function parseJson(text: string): [value: unknown, broken: boolean] {
  if (text.trim() === '') return [undefined, false];
  try {
    return [JSON.parse(text), false];
  } catch {
    return [undefined, true];
  }
}
