import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './api.ts';
import { ApiPipeline, type RequestRecord, type WireAnswer, type WireRequest } from './apiPipeline.ts';
import type { ContentLimits } from './contentPace.ts';
import { type Fault, Faults, type InjectedFault } from './faults.ts';
import { type Clock, GitHubState } from './gitHubState.ts';
import { PageServer } from './pages/pageServer.ts';
import { RateLimiter, type RateLimits } from './rateLimit.ts';
import type { Violation } from './schemaValidator.ts';
import { WebPerson } from './webPerson.ts';

export interface FakeGitHubOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** What time it is; the real clock if absent. */
  now?: Clock;
  /** Judges every request and answer by GitHub's own description, into `violations`. */
  strict?: boolean;
  /** Whose description judges: a file of `schemas/`; github.com's if absent. */
  description?: 'api.github.com' | 'ghes-3.19';
  /** How it behaves where there is more than one true way; may be changed later in `behaviour`. */
  behaviour?: Partial<Behaviour>;
  /** Hourly quotas; `null` switches limits and their headers off, as on GitHub Enterprise Server. */
  rateLimits?: RateLimits | null;
  /** Refuses content that is created faster; without it the pace is only measured. */
  contentLimits?: ContentLimits | null;
  /** Who the forms of the web pages act for; without it pages have no forms. */
  pagePerson?: string;
}

/**
 * Told of each request to the API over a socket, when it has come and when it was done but is not answered yet. Whoever
 * sent it may be gone by the time this returns.
 * @returns `drop` for a request that never came
 */
export type OnRequest = (
  moment: 'came' | 'done',
  request: { readonly method: string; readonly path: string },
) => Promise<'drop' | undefined>;

/** A GitHub Enterprise Server as it is by default: no limits and no headers of them, REST without sub-issues. */
export const enterpriseServer: FakeGitHubOptions = {
  description: 'ghes-3.19',
  rateLimits: null,
  behaviour: { subIssues: false, pagination: 'page' },
};

const DEFAULT_BEHAVIOUR: Behaviour = {
  subIssues: true,
  since: 'at-or-after',
  pagination: 'cursor',
  listLagMs: 0,
  linkOrigin: null,
};

const DEFAULT_RATE_LIMITS: RateLimits = { authenticated: 5000, anonymous: 60 };

/** More than any request needs that GitHub would take. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** What is the API's and not a page: the first part of a path below the origin. */
const API_ROOTS = new Set(['', 'api', 'repos', 'repositories', 'user', 'users', 'rate_limit', 'graphql']);

/**
 * A GitHub on loopback, with state: enough of its REST API for issues, spoken to over HTTP by the real octokit, and pages
 * that show a person what is in it. GraphQL is refused in GraphQL's own way.
 *
 * ```ts
 * const gitHub = await FakeGitHub.start({ strict: true });
 * gitHub.state.addToken('secret', 'alice');
 * gitHub.state.addRepository('acme/shop', { permissions: { alice: 'write' } });
 * const octokit = new Octokit({ baseUrl: gitHub.url, auth: 'secret' });
 * ```
 */
export class FakeGitHub {
  readonly state: GitHubState;
  /** May be changed at any time. */
  readonly behaviour: Behaviour;
  /** Lets a test do something while a request is under way, such as killing its sender. */
  onRequest: OnRequest | undefined;
  readonly #faults = new Faults();
  readonly #rateLimiter: RateLimiter | null;
  readonly #pipeline: ApiPipeline;
  readonly #pages: PageServer;
  #server: Server | null = null;
  #port: number;

  /** Starts to listen on 127.0.0.1. Rejects if the port is taken. */
  static async start(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
    const gitHub = await FakeGitHub.inProcess(options);
    await gitHub.goOnline();
    return gitHub;
  }

  /** One that does not listen: it answers its own {@link fetch} alone. */
  static async inProcess(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
    // Loaded on demand: the demo judges nothing and needs no ajv.
    const validator = options.strict
      ? (await import('./schemaValidator.ts')).SchemaValidator.for(options.description)
      : null;
    return new FakeGitHub(options, validator);
  }

  private constructor(
    options: FakeGitHubOptions,
    validator: ConstructorParameters<typeof ApiPipeline>[0]['validator'],
  ) {
    this.state = new GitHubState(options.now ?? (() => new Date()));
    this.behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
    this.#port = options.port ?? 0;
    const limits = options.rateLimits === undefined ? DEFAULT_RATE_LIMITS : options.rateLimits;
    this.#rateLimiter = limits && new RateLimiter(() => this.state.now(), limits);
    this.#pipeline = new ApiPipeline({
      state: this.state,
      faults: this.#faults,
      behaviour: this.behaviour,
      rateLimiter: this.#rateLimiter,
      contentLimits: options.contentLimits ?? null,
      validator,
      origin: () => this.url,
    });
    this.#pages = new PageServer(this.state, options.pagePerson ?? null);
  }

  /** Base of the API, and origin of the pages: `http://127.0.0.1:1234`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Base of the API in the manner of GitHub Enterprise Server. */
  get enterpriseUrl(): string {
    return `${this.url}/api/v3`;
  }

  /** Every request to the API, in order; clear it with `requests.length = 0`. */
  get requests(): RequestRecord[] {
    return this.#pipeline.requests;
  }

  /** Where a request or an answer was not as GitHub describes it, and crashes of the fake; filled if `strict`. */
  get violations(): Violation[] {
    return this.#pipeline.violations;
  }

  /** The fastest that any user created issues and comments. */
  get peakContentPace(): ContentLimits {
    return this.#pipeline.pace.peak();
  }

  /** Makes something go wrong: with the next matching request, unless `count` and `skip` say otherwise. */
  inject(fault: Fault): InjectedFault {
    return this.#faults.inject(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Gives everybody a full hourly quota. */
  clearRateLimits(): void {
    this.#rateLimiter?.clear();
  }

  /** Somebody at the web page of a repository. */
  web(login: string, fullName: string): WebPerson {
    return new WebPerson(this.state, this.state.repository(fullName), login);
  }

  /**
   * Answers a request without a socket, as node's fetch would have it answered over one: for tests that make so many that
   * sockets would be most of the cost. An answer that never comes fails at once, as a client that gave up.
   */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin !== this.url) throw noConnection('ECONNREFUSED', 'connect');
    const [method, body] = [request.method, await request.text()];
    const answer = this.#answer(method, url.pathname + url.search, Object.fromEntries(request.headers), body);
    if (answer.kind === 'reset') throw noConnection('ECONNRESET');
    if (answer.kind === 'hang') throw noConnection('UND_ERR_HEADERS_TIMEOUT');
    return new Response(hasBody(answer) ? answer.body : null, { status: answer.status, headers: answer.headers });
  };

  /** Stops for good, and cuts what is still open. */
  async stop(): Promise<void> {
    await this.goOffline();
  }

  /** Closes the port and every connection: clients get ECONNREFUSED. The state stays. */
  async goOffline(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  /** Listens again, on the port it had. */
  async goOnline(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const pagePath = this.#pagePath(request, new URL(target, this.url).pathname);
    const page =
      pagePath && this.#pages.answer({ method, path: pagePath, origin: request.headers.origin, body }, this.url);
    if (page) {
      response.writeHead(page.status, page.headers).end(page.body);
      return;
    }
    if ((await this.onRequest?.('came', { method, path: target })) === 'drop') {
      response.destroy();
      return;
    }
    const answer = this.#answer(method, target, request.headers, body);
    await this.onRequest?.('done', { method, path: target });
    send(answer, response);
  }

  #answer(method: string, target: string, headers: WireRequest['headers'], body: string): WireAnswer {
    // An Enterprise Server has GraphQL beside its REST API, at `/api/graphql`.
    const prefix = /^\/api(?:\/v3(?=[/?]|$)|(?=\/graphql(?:[?]|$)))/.exec(target)?.[0] ?? '';
    const rest = target.slice(prefix.length);
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    return this.#pipeline.answer({ method, path, prefix, headers, body });
  }

  /** The path of the page that is asked for; `null` if it is the API's. A browser's `/` is the list of repositories. */
  #pagePath(request: IncomingMessage, path: string): string | null {
    if (request.headers.authorization !== undefined) return null;
    if (path === '/' && request.headers.accept?.includes('text/html')) return '/-/repositories';
    return API_ROOTS.has(path.split('/')[1] ?? '') ? null : path;
  }
}

function send(answer: WireAnswer, response: ServerResponse): void {
  if (answer.kind === 'hang') return;
  if (answer.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const length = hasBody(answer) ? { 'content-length': String(Buffer.byteLength(answer.body)) } : {};
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(hasBody(answer) ? answer.body : undefined);
}

function hasBody({ status }: { readonly status: number }): boolean {
  return status !== 204 && status !== 304;
}

/** The error of node's fetch for a connection that broke, or was never made. */
function noConnection(code: string, syscall?: string): TypeError {
  const cause = Object.assign(new Error(code), { code }, syscall === undefined ? {} : { syscall });
  return new TypeError('fetch failed', { cause });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error('The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
