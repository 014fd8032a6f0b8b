import type { Octokit } from 'octokit';
import { safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { RepositoryName } from '../../core/github.ts';
import type { Now } from '../../core/ports/environment.ts';
import {
  type CommentPage,
  type Conditional,
  type IssueDraft,
  type IssuePage,
  type IssuePatch,
  type IssueQuery,
  type IssueTracker,
  type RemoteBodyEdit,
  type RemoteComment,
  type RemoteIssue,
  type RemoteIssueEvent,
  type RemoteMilestone,
  type RemoteRepository,
  type Removals,
  TrackerError,
} from '../../core/ports/issueTracker.ts';
import type { RequestGate, RequestKind } from '../../core/ports/requestGate.ts';
import { hour, type Instant, minute, second } from '../../core/time.ts';
import { bodyEditsQuery, graphQlUrl, isRateLimited, readBodyEdits } from './bodyEdits.ts';
import { nextPage } from './linkHeader.ts';
import { idsOf, type NodeIds, readNodeIds } from './nodeIds.ts';
import { factsOf, type Headers, limitOf } from './rateLimit.ts';
import {
  type Authorship,
  isOfPullRequest,
  isPullRequest,
  listOf,
  readComment,
  readIssue,
  readIssueEvent,
  readLabelName,
  readLabels,
  readLogin,
  readMilestone,
  readRepository,
  repositoryIdIn,
  ShapeError,
  shapeOf,
  type Untrusted,
} from './remoteShapes.ts';
import { readTakenOff, takeOffMutation } from './takeOff.ts';
import { exchange, TransportError } from './transport.ts';

export interface TrackerOptions {
  /** `https://api.github.com`, or `https://host/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  /** Sent to `apiUrl`'s origin alone. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly now: Now;
  /** Takes one line for each request: method, path, status, remaining quota, milliseconds. */
  readonly log: (requestLine: string) => void;
  readonly fetch?: typeof globalThis.fetch;
  readonly userAgent?: string;
  /** Milliseconds for one request; 30 s unless told. */
  readonly timeout?: number;
  /** Keeps requests within the server's limits; without it each is sent at once. */
  readonly gate?: RequestGate;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
  readonly redirectedTo: string | undefined;
}

type Parameters = Readonly<Record<string, unknown>>;

/** What GitHub counts as creating content. */
const contentRoutes = new Set([
  'POST /repos/{owner}/{repo}/issues',
  'POST /repos/{owner}/{repo}/issues/{number}/comments',
]);
const maxPages = 10_000;
/** Permissions are taken away seldom, and should count soon. */
const permissionKeptFor = hour;
const marker = '<!-- firebreak:';

/** The issues of one GitHub repository, through octokit with its own retries and throttling off. */
export class OctokitIssueTracker implements IssueTracker {
  readonly #options: TrackerOptions;
  readonly #apiUrl: string;
  #octokit: Promise<Octokit> | undefined;
  /** Login to whether it may write, and when that was asked. */
  readonly #writers = new Map<string, { readonly answer: Promise<boolean>; readonly askedAt: number }>();
  #ownLogin: string | undefined;
  #repositoryId: number | undefined;
  /** Of the issue that was last read by itself, or changed: what is taken off one has just been seen on it. */
  #lastRead: NodeIds | undefined;

  /** @throws FirebreakError `unsafeAddress`, `noToken` */
  constructor(options: TrackerOptions) {
    // A header takes no others, and the error that fetch makes of one would quote the token.
    if (!/^[\x21-\x7e]+$/.test(options.token)) {
      throw new FirebreakError('noToken', 'The GitHub token is empty or holds spaces; set it again.');
    }
    this.#options = options;
    this.#apiUrl = safeApiUrl(options.apiUrl);
  }

  async repository(): Promise<RemoteRepository> {
    const answer = await this.#read('GET /repos/{owner}/{repo}', {});
    const repository = readShape('GET', answer.status, () => readRepository(answer.data));
    this.#repositoryId = repository.id;
    return repository;
  }

  async issue(number: number): Promise<RemoteIssue> {
    const answer = await this.#read('GET /repos/{owner}/{repo}/issues/{number}', { number });
    const issue = readShape('GET', answer.status, () => readIssue(answer.data));
    await this.#refuseTransferred(answer, issue, number);
    this.#lastRead = readNodeIds(answer.data);
    return this.#trustIssue(issue);
  }

  async issues(since: Instant | undefined, etag?: string): Promise<Conditional<readonly RemoteIssue[]>> {
    const found = await this.#changedPages('GET /repos/{owner}/{repo}/issues', { state: 'all', since }, etag);
    if (!found) return { changed: false };
    const issues = found.entries.filter((entry) => !isPullRequest(entry));
    const value: RemoteIssue[] = [];
    for (const issue of readEach(issues, readIssue)) value.push(await this.#trustIssue(issue));
    return { changed: true, value: value.reverse(), etag: found.etag };
  }

  async issuePage(query: IssueQuery, from?: string): Promise<IssuePage> {
    if (from !== undefined && !this.#isBelowApi(from)) throw nonsensePage();
    const labels = query.labels.length > 0 ? { labels: query.labels.join(',') } : {};
    const first = { state: query.state, ...labels, sort: 'created', direction: 'asc', per_page: 100 };
    const page =
      from === undefined
        ? await this.#read('GET /repos/{owner}/{repo}/issues', first)
        : await this.#read(`GET ${from}`, {});
    const entries = readShape('GET', page.status, () => listOf(page.data, 'list', (entry) => entry));
    const issues: RemoteIssue[] = [];
    for (const issue of readEach(
      entries.filter((entry) => !isPullRequest(entry)),
      readIssue,
    )) {
      // Who wrote it matters for a marker alone; thousands of others need not be asked about.
      issues.push(issue.body.includes(marker) ? await this.#trustIssue(issue) : withoutAuthorship(issue));
    }
    return { issues, next: this.#nextOf(page) };
  }

  async comments(since: Instant | undefined, etag?: string): Promise<Conditional<readonly RemoteComment[]>> {
    const found = await this.#changedPages('GET /repos/{owner}/{repo}/issues/comments', { since }, etag);
    if (!found) return { changed: false };
    const comments = readEach(found.entries, (entry) => readComment(entry)).filter(
      (comment) => !isOfPullRequest(comment),
    );
    const value: RemoteComment[] = [];
    for (const comment of comments) value.push(await this.#trustComment(comment));
    return { changed: true, value: value.reverse(), etag: found.etag };
  }

  async commentPage(from?: string): Promise<CommentPage> {
    if (from !== undefined && !this.#isBelowApi(from)) throw nonsensePage();
    const page =
      from === undefined
        ? await this.#read('GET /repos/{owner}/{repo}/issues/comments', {
            sort: 'created',
            direction: 'asc',
            per_page: 100,
          })
        : await this.#read(`GET ${from}`, {});
    const entries = readShape('GET', page.status, () => listOf(page.data, 'list', (entry) => entry));
    const comments: RemoteComment[] = [];
    for (const comment of readEach(entries, (entry) => readComment(entry))) {
      if (!isOfPullRequest(comment)) comments.push(await this.#trustComment(comment));
    }
    return { comments, next: this.#nextOf(page) };
  }

  async issueComments(number: number): Promise<readonly RemoteComment[]> {
    const found = await this.#pages('GET /repos/{owner}/{repo}/issues/{number}/comments', { number });
    const value: RemoteComment[] = [];
    for (const comment of readEach(found, (entry) => readComment(entry, number))) {
      value.push(await this.#trustComment(comment));
    }
    return value;
  }

  async issueEvents(number: number): Promise<readonly RemoteIssueEvent[]> {
    return readEach(await this.#pages('GET /repos/{owner}/{repo}/issues/{number}/events', { number }), readIssueEvent);
  }

  async bodyEdits(number: number): Promise<readonly RemoteBodyEdit[] | undefined> {
    // Only GraphQL tells them. It is a read, whatever its method.
    const { owner, repo } = this.#options.repository;
    const variables = { owner, repo, number };
    const answer = await this.#send('GET', `POST ${graphQlUrl(this.#apiUrl)}`, { query: bodyEditsQuery, variables });
    this.#refuseLimitedQuery(answer);
    // Trouble passes, and then it tells.
    if (answer.status >= 500) this.#refuseFailure(answer, 'GET');
    // Some servers and tokens have no GraphQL, and all the rest works without.
    if (answer.status !== 200) return undefined;
    return readShape('GET', answer.status, () => readBodyEdits(answer.data));
  }

  async labels(): Promise<readonly string[]> {
    const found = await this.#pages('GET /repos/{owner}/{repo}/labels', {});
    return readShape('GET', undefined, () => readLabels(found));
  }

  async createIssue(draft: IssueDraft): Promise<RemoteIssue> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/issues', {
      title: draft.title,
      body: draft.body,
      labels: draft.labels,
      ...(draft.assignees.length > 0 ? { assignees: draft.assignees } : {}),
      ...(draft.milestone === undefined ? {} : { milestone: draft.milestone }),
    });
    const issue = readShape('POST', answer.status, () => readIssue(expectStatus(answer, 201).data));
    this.#ownLogin = issue.author ?? this.#ownLogin;
    return asOurs(issue);
  }

  async updateIssue(number: number, patch: IssuePatch): Promise<RemoteIssue> {
    const { stateReason, duplicateOf, ...rest } = patch;
    const answer = await this.#write('PATCH /repos/{owner}/{repo}/issues/{number}', {
      number,
      ...rest,
      ...(stateReason === undefined ? {} : { state_reason: stateReason }),
      ...(duplicateOf === undefined ? {} : { duplicate_issue_id: duplicateOf }),
    });
    const issue = readShape('PATCH', answer.status, () => readIssue(expectStatus(answer, 200).data));
    this.#lastRead = readNodeIds(answer.data);
    return this.#trustIssue(issue);
  }

  async createLabel(name: string, color: string, description: string): Promise<void> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/labels', { name, color, description }, [422]);
    if (answer.status === 422 && alreadyExists(answer.data)) return;
    this.#refuseFailure(answer, 'POST');
    readShape('POST', answer.status, () => readLabelName(expectStatus(answer, 201).data));
  }

  async addLabels(number: number, labels: readonly string[]): Promise<readonly string[]> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/issues/{number}/labels', { number, labels });
    return readShape('POST', answer.status, () =>
      readLabels(listOf(expectStatus(answer, 200).data, 'labels', (label) => label)),
    );
  }

  async addAssignees(number: number, logins: readonly string[]): Promise<readonly string[]> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/issues/{number}/assignees', {
      number,
      assignees: logins,
    });
    return readShape('POST', answer.status, () => readIssue(expectStatus(answer, 201).data).assignees);
  }

  async takeOff(number: number, removals: Removals): Promise<readonly RemoteBodyEdit[] | undefined> {
    const ids = idsOf(this.#lastRead, number, removals);
    const edits = ids && (await this.#takeOffAtOnce(ids));
    if (edits) return edits;
    // Both may be repeated, whatever became of the first try.
    for (const label of removals.labels) {
      // 404: the label is not there, which is what was wanted.
      await this.#write('DELETE /repos/{owner}/{repo}/issues/{number}/labels/{label}', { number, label }, [404]);
    }
    if (removals.assignees.length === 0) return undefined;
    const answer = await this.#write('DELETE /repos/{owner}/{repo}/issues/{number}/assignees', {
      number,
      assignees: removals.assignees,
    });
    readShape('DELETE', answer.status, () => readIssue(expectStatus(answer, 200).data));
    return undefined;
  }

  /** @returns undefined when it was not done, or may not have been, as where a server or a token has no GraphQL */
  async #takeOffAtOnce(ids: NonNullable<ReturnType<typeof idsOf>>): Promise<readonly RemoteBodyEdit[] | undefined> {
    const answer = await this.#send('POST', `POST ${graphQlUrl(this.#apiUrl)}`, { ...takeOffMutation(ids) });
    this.#refuseLimitedQuery(answer);
    return answer.status === 200 ? readTakenOff(answer.data) : undefined;
  }

  async milestones(): Promise<readonly RemoteMilestone[]> {
    const found = await this.#pages('GET /repos/{owner}/{repo}/milestones', { state: 'all' });
    return readShape('GET', undefined, () => found.map(readMilestone));
  }

  async createMilestone(title: string): Promise<RemoteMilestone | undefined> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/milestones', { title }, [422]);
    if (answer.status === 422 && alreadyExists(answer.data)) return undefined;
    this.#refuseFailure(answer, 'POST');
    return readShape('POST', answer.status, () => readMilestone(expectStatus(answer, 201).data));
  }

  async addSubIssue(parent: number, childId: number): Promise<boolean> {
    const route = '/repos/{owner}/{repo}/issues/{number}/sub_issues';
    const fields = { number: parent, sub_issue_id: childId, replace_parent: true };
    const answer = await this.#write(`POST ${route}`, fields, [404]);
    if (answer.status === 201) return true;
    if (answer.status !== 404) expectStatus(answer, 201);
    // Either of the issues is not there, or nothing of the kind is: the list tells.
    const list = await this.#send('GET', `GET ${route}`, { number: parent, per_page: 1 });
    if (list.status === 404) return false;
    this.#refuseFailure(answer, 'POST');
    return false;
  }

  async removeSubIssue(parent: number, childId: number): Promise<void> {
    // 404: it is none, which is what was wanted.
    const route = 'DELETE /repos/{owner}/{repo}/issues/{number}/sub_issue';
    await this.#write(route, { number: parent, sub_issue_id: childId }, [404]);
  }

  async createComment(number: number, body: string): Promise<RemoteComment> {
    const answer = await this.#write('POST /repos/{owner}/{repo}/issues/{number}/comments', { number, body });
    const comment = readShape('POST', answer.status, () => readComment(expectStatus(answer, 201).data, number));
    this.#ownLogin = comment.author ?? this.#ownLogin;
    return asOurs(comment);
  }

  async comment(id: number): Promise<RemoteComment> {
    const answer = await this.#read('GET /repos/{owner}/{repo}/issues/comments/{id}', { id });
    return this.#trustComment(readShape('GET', answer.status, () => readComment(answer.data)));
  }

  async updateComment(id: number, body: string): Promise<RemoteComment> {
    const answer = await this.#write('PATCH /repos/{owner}/{repo}/issues/comments/{id}', { id, body });
    return this.#trustComment(readShape('PATCH', answer.status, () => readComment(expectStatus(answer, 200).data)));
  }

  async #read(route: string, parameters: Parameters): Promise<Answer> {
    const answer = await this.#send('GET', route, parameters);
    this.#refuseFailure(answer, 'GET');
    return answer;
  }

  /** Sent once. @param accepted failure statuses that the caller takes care of */
  async #write(route: string, parameters: Parameters, accepted: readonly number[] = []): Promise<Answer> {
    const method = route.slice(0, route.indexOf(' '));
    const answer = await this.#send(method, route, parameters);
    if (!accepted.includes(answer.status)) this.#refuseFailure(answer, method);
    return answer;
  }

  /** All pages, followed by `Link`; undefined when nothing changed since `etag`. */
  async #changedPages(
    route: string,
    parameters: Parameters,
    etag: string | undefined,
  ): Promise<{ readonly entries: unknown[]; readonly etag: string | undefined } | undefined> {
    // Newest first: what changes while pages are read moves to the front, so nothing slips between two pages, and the
    // first page's ETag speaks for them all.
    const first = await this.#send('GET', route, {
      ...parameters,
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
    });
    if (first.status === 304 && etag !== undefined) return undefined;
    this.#refuseFailure(first, 'GET');
    const given = first.headers.etag;
    return { entries: await this.#followPages(first), etag: given === undefined ? undefined : String(given) };
  }

  async #pages(route: string, parameters: Parameters): Promise<unknown[]> {
    return this.#followPages(await this.#read(route, { ...parameters, per_page: 100 }));
  }

  async #followPages(first: Answer): Promise<unknown[]> {
    const entries: unknown[] = [];
    const seen = new Set<string>();
    for (let page = first; ; ) {
      entries.push(...readShape('GET', page.status, () => listOf(page.data, 'list', (entry) => entry)));
      const next = this.#nextOf(page);
      if (next === undefined) return entries;
      if (seen.has(next) || seen.size >= maxPages) throw nonsensePage();
      seen.add(next);
      page = await this.#send('GET', `GET ${next}`, {});
      this.#refuseFailure(page, 'GET');
    }
  }

  #nextOf(page: Answer): string | undefined {
    const { link } = page.headers;
    const next = nextPage(link === undefined ? undefined : String(link));
    if (next !== undefined && !this.#isBelowApi(next)) throw nonsensePage();
    return next;
  }

  #isBelowApi(address: string): boolean {
    // Braces would be filled in by octokit.
    if (!URL.canParse(address) || /[{}]/.test(address)) return false;
    const url = new URL(address);
    return url.username === '' && `${url.origin}${url.pathname}`.startsWith(`${this.#apiUrl}/`);
  }

  async #send(method: string, route: string, parameters: Parameters): Promise<Answer> {
    const kind: RequestKind = contentRoutes.has(route) ? 'content' : method === 'GET' ? 'read' : 'write';
    await this.#options.gate?.enter(kind);
    const answer = await this.#exchange(method, route, parameters);
    await this.#options.gate?.answered(kind, factsOf(answer.status, answer.headers));
    await this.#refuseLimited(answer, kind);
    return answer;
  }

  /** @throws TrackerError `rateLimited` */
  #refuseLimitedQuery({ data }: Answer): void {
    if (!isRateLimited(data)) return;
    const until = this.#options.now() + minute;
    throw new TrackerError('rateLimited', 'GitHub asks for a pause: its GraphQL limit is used up.', { until });
  }

  /** @throws TrackerError `rateLimited` */
  async #refuseLimited({ status, headers, data }: Answer, kind: RequestKind): Promise<void> {
    const said = this.#redact(messageOf(data));
    const now = this.#options.now();
    const limit = limitOf(status, headers, said, now);
    if (!limit) return;
    const until = this.#options.gate ? await this.#options.gate.limited(kind, limit) : now + limit.wait;
    const told = said === '' ? `status ${status}` : said;
    throw new TrackerError('rateLimited', `GitHub asks for a pause: ${told}.`, { status, until });
  }

  async #exchange(method: string, route: string, parameters: Parameters): Promise<Answer> {
    let failure: TransportError | undefined;
    let answered: { status: number; headers: Headers } | undefined;
    let redirectedTo: string | undefined;
    const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      try {
        const done = await exchange(
          {
            fetch: this.#options.fetch ?? globalThis.fetch,
            origin: new URL(this.#apiUrl).origin,
            timeout: this.#options.timeout ?? 30 * second,
            now: this.#options.now,
            onAnswer: (...facts) => this.#logLine(...facts),
          },
          input instanceof Request ? input.url : String(input),
          init,
        );
        redirectedTo = done.redirectedTo;
        answered = { status: done.response.status, headers: Object.fromEntries(done.response.headers) };
        return done.response;
      } catch (error) {
        failure = error instanceof TransportError ? error : new TransportError('maybeSent', 'the request failed');
        throw failure;
      }
    };
    let data: unknown = '';
    const client = await this.#client();
    try {
      data = (
        await client.request(route, {
          ...(route.includes('{owner}') ? this.#options.repository : {}),
          ...parameters,
          request: { fetch },
        })
      ).data;
    } catch (error) {
      // Octokit's own error holds the request, token and all but for its redaction: it goes no further.
      data = dataOf(error);
    }
    if (failure) throw this.#transportFailure(failure, method);
    if (!answered) throw new TrackerError('server', 'The request to GitHub could not be made.');
    return { ...answered, data, redirectedTo };
  }

  #transportFailure(failure: TransportError, method: string): TrackerError {
    const cause = new Error(this.#redact(failure.message));
    switch (failure.reason) {
      case 'moved':
      case 'elsewhere': {
        const address = failure.address === undefined ? 'another address' : this.#redact(failure.address);
        return new TrackerError('moved', `It has moved to ${address}; nothing was sent there.`, { cause });
      }
      case 'notSent':
        return new TrackerError('offline', `GitHub cannot be reached (${cause.message}).`, { cause });
      case 'maybeSent':
      case 'timedOut':
        return method === 'GET'
          ? new TrackerError('offline', `GitHub did not answer (${cause.message}).`, { cause })
          : new TrackerError('ambiguous', `GitHub may or may not have done it: no answer (${cause.message}).`, {
              cause,
            });
    }
  }

  /** @throws TrackerError for every status from 300 up */
  #refuseFailure(answer: Answer, method: string): void {
    const { status, headers } = answer;
    if (status < 300) return;
    const said = this.#redact(messageOf(answer.data));
    const told = said === '' ? `status ${status}` : said;
    if (status === 401 || (status === 403 && headers['x-github-sso'] !== undefined)) {
      throw new TrackerError('unauthorized', `GitHub refused the token: ${told}.`, { status });
    }
    if (status === 404)
      throw new TrackerError('notFound', `GitHub does not find it, or hides it: ${told}.`, { status });
    if (status === 410) throw new TrackerError('gone', `It is gone from GitHub: ${told}.`, { status });
    if (status === 403 && /\blocked\b/i.test(said)) {
      throw new TrackerError('locked', `The conversation is locked on GitHub: ${told}.`, { status });
    }
    if (status >= 500 || status < 400 || status === 408) {
      throw method === 'GET'
        ? new TrackerError('server', `GitHub has trouble: status ${status}.`, { status })
        : new TrackerError('ambiguous', `GitHub may or may not have done it: status ${status}.`, { status });
    }
    throw new TrackerError('refused', `GitHub refused: ${told}.`, { status });
  }

  /** An issue that was transferred answers from another repository; a renamed repository has the same id. */
  async #refuseTransferred(answer: Answer, issue: { number: number; url: string }, asked: number): Promise<void> {
    if (answer.redirectedTo === undefined) return;
    const id = repositoryIdIn(answer.redirectedTo);
    const same =
      issue.number === asked && (id === undefined || id === (this.#repositoryId ?? (await this.repository()).id));
    if (!same) throw new TrackerError('moved', `The issue has moved to ${issue.url}.`, { status: answer.status });
  }

  async #trustIssue({ authorship, ...issue }: Untrusted<RemoteIssue>): Promise<RemoteIssue> {
    return { ...issue, trusted: await this.#trusts(authorship, issue.body) };
  }

  async #trustComment({ authorship, ...comment }: Untrusted<RemoteComment>): Promise<RemoteComment> {
    return { ...comment, trusted: await this.#trusts(authorship, comment.body) };
  }

  /**
   * Whether an author may write to the repository, or is us. The association that GitHub gives is not that: a member of
   * the organisation may only read, and a private membership shows as `CONTRIBUTOR`. So the permission is looked up, once
   * for each login, where it matters: for insiders by association, and for whoever uses our marker.
   */
  async #trusts({ login, association }: Authorship, body: string): Promise<boolean> {
    if (login === undefined) return false;
    if (association === 'OWNER' || login === this.#ownLogin) return true;
    const insider = association === 'MEMBER' || association === 'COLLABORATOR';
    if (!insider && !body.includes(marker)) return false;
    const known = this.#writers.get(login);
    const age = this.#options.now() - (known?.askedAt ?? 0);
    if (known && age >= 0 && age < permissionKeptFor) return known.answer;
    const answer = this.#mayWrite(login, insider);
    this.#writers.set(login, { answer, askedAt: this.#options.now() });
    // One that failed is asked again.
    answer.catch(() => this.#writers.delete(login));
    return answer;
  }

  async #mayWrite(login: string, insider: boolean): Promise<boolean> {
    try {
      const answer = await this.#read('GET /repos/{owner}/{repo}/collaborators/{login}/permission', { login });
      const { permission } = readShape('GET', answer.status, () => shapeOf(answer.data, 'permission'));
      if (permission === 'admin' || permission === 'maintain' || permission === 'write') return true;
    } catch (error) {
      if (TrackerError.is(error, 'refused') && insider) return true; // We may not ask; GitHub's association must do.
      if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    }
    return login === (await this.#viewer());
  }

  /** Our own login; undefined for tokens that are no person's. */
  async #viewer(): Promise<string | undefined> {
    try {
      const answer = await this.#read('GET /user', {});
      this.#ownLogin = readShape('GET', answer.status, () => readLogin(answer.data));
      return this.#ownLogin;
    } catch (error) {
      if (TrackerError.is(error, 'refused', 'notFound')) return undefined;
      throw error;
    }
  }

  #logLine(method: string, url: URL, answer: Response | string, startedAt: number): void {
    const path = url.href.slice(url.origin.length);
    const left = typeof answer === 'string' ? null : answer.headers.get('x-ratelimit-remaining');
    const status = typeof answer === 'string' ? answer : String(answer.status);
    const took = Math.max(0, this.#options.now() - startedAt);
    this.#options.log(this.#redact(`${method} ${path} ${status} ${left === null ? '-' : `${left} left`} ${took} ms`));
  }

  /** Loaded at the first request. octokit is an ES module only, and this file is one that may run as CommonJS. */
  async #client(): Promise<Octokit> {
    this.#octokit ??= import('octokit').then(
      (module) =>
        new module.Octokit({
          baseUrl: this.#apiUrl,
          auth: this.#options.token,
          userAgent: this.#options.userAgent ?? 'firebreak',
          // Both re-send writes that may have been done (sync.md §0).
          retry: { enabled: false },
          throttle: { enabled: false },
          log: { debug() {}, info() {}, warn() {}, error() {} },
        }),
    );
    return this.#octokit;
  }

  #redact(text: string): string {
    return text.replaceAll(this.#options.token, '[token]');
  }
}

function nonsensePage(): TrackerError {
  return new TrackerError('server', 'The next page of a list from GitHub is named by an address that makes no sense.');
}

function withoutAuthorship({ authorship: _, ...issue }: Untrusted<RemoteIssue>): RemoteIssue {
  return { ...issue, trusted: false };
}

function asOurs<T extends { readonly authorship: Authorship }>(made: T): Omit<T, 'authorship'> & { trusted: true } {
  const { authorship: _, ...rest } = made;
  return { ...rest, trusted: true };
}

/** What the answer held that octokit made an error of. */
function dataOf(error: unknown): unknown {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return typeof response === 'object' && response !== null && 'data' in response ? response.data : undefined;
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new ShapeError(`status ${status}`);
  return answer;
}

/**
 * Reads what was listed. Pages that move while they are read repeat entries; the first, which is the newest, stands.
 * @throws TrackerError `server` when one entry is not what it should be
 */
function readEach<T extends { readonly id: number }>(entries: readonly unknown[], read: (entry: unknown) => T): T[] {
  return readShape('GET', undefined, () => {
    const byId = new Map<number, T>();
    for (const entry of entries) {
      const value = read(entry);
      if (!byId.has(value.id)) byId.set(value.id, value);
    }
    return [...byId.values()];
  });
}

/** Reads an answer; one to a write that has not the right shape does not tell whether the write was done. */
function readShape<T>(method: string, status: number | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const details = status === undefined ? {} : { status };
    throw method === 'GET'
      ? new TrackerError('server', `GitHub's answer could not be read (${error.message}).`, details)
      : new TrackerError('ambiguous', `GitHub may or may not have done it: ${error.message} in its answer.`, details);
  }
}

/** What a failure's body says, on one line: `Validation Failed (title: missing_field)`. */
function messageOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('message' in data) || typeof data.message !== 'string') return '';
  const errors =
    'errors' in data && Array.isArray(data.errors) ? data.errors.map(detailOf).filter((text) => text !== '') : [];
  const whole = errors.length > 0 ? `${data.message} (${errors.join(', ')})` : data.message;
  return whole
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 500)
    .replace(/\.$/, '');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  if ('message' in error && typeof error.message === 'string') return error.message;
  const parts = ['field' in error ? error.field : undefined, 'code' in error ? error.code : undefined];
  return parts.filter((part) => typeof part === 'string').join(': ');
}

function alreadyExists(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return false;
  return data.errors.some(
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'already_exists',
  );
}
