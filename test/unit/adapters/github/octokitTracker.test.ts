import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { TrackerError, type TrackerErrorReason } from '../../../../src/core/ports/issueTracker.ts';
import { minute, second } from '../../../../src/core/time.ts';
import { json, RawServer, rawComment, rawIssue, start, token, trackerFor } from './rawServer.ts';

const draft = { title: 'API down', body: 'Text', labels: ['severity: P0'], assignees: [] };

/** Everything that an error holds, as deep as it goes. */
function everythingIn(error: unknown): string {
  const seen = new Set<unknown>();
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
    if (seen.has(value)) return 'seen';
    seen.add(value);
    return Object.fromEntries(Object.getOwnPropertyNames(value).map((key) => [key, walk(Reflect.get(value, key))]));
  };
  return JSON.stringify(walk(error));
}

async function failure(promise: Promise<unknown>): Promise<TrackerError> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    assert.ok(!everythingIn(error).includes(token), 'an error holds the token');
    return error;
  }
  throw new assert.AssertionError({ message: 'it should have failed' });
}

async function reason(promise: Promise<unknown>): Promise<TrackerErrorReason> {
  return (await failure(promise)).reason;
}

describe('the GitHub adapter', () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await RawServer.start();
  });
  afterEach(() => server.stop());

  describe('a create', () => {
    it('returns the issue, with LF line ends and the odd label shapes read', async () => {
      server.answer((_, response) => json(response, 201, rawIssue()));
      const issue = await trackerFor(server.origin).tracker.createIssue(draft);
      assert.equal(issue.number, 41);
      assert.equal(issue.body, 'One\ntwo\n');
      assert.deepEqual(issue.labels, ['severity: P0', 'bug']);
      assert.equal(issue.trusted, true);
      assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ''), {
        title: 'API down',
        body: 'Text',
        labels: ['severity: P0'],
      });
    });

    const doubts: [string, (response: ServerResponse) => void][] = [
      ['502', (response) => json(response, 502, { message: 'Bad Gateway' })],
      ['503 as HTML', (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Unicorn</h1>')],
      ['a reset socket', (response) => response.socket?.destroy()],
      [
        'a truncated 201',
        (response) => {
          const text = JSON.stringify(rawIssue());
          response.writeHead(201, { 'content-type': 'application/json', 'content-length': text.length });
          response.write(text.slice(0, 40), () => response.socket?.destroy());
        },
      ],
      [
        '201 whose JSON stops short',
        (response) => {
          response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(rawIssue()).slice(0, 40));
        },
      ],
      ['an empty 201', (response) => response.writeHead(201).end()],
      ['201 as HTML', (response) => response.writeHead(201, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')],
      ['201 of a content type that is none', (response) => response.writeHead(201, { 'content-type': ';;' }).end('{}')],
      ['201 without a number', (response) => json(response, 201, rawIssue({ number: null }))],
      ['200', (response) => json(response, 200, rawIssue())],
      ['204', (response) => response.writeHead(204).end()],
    ];
    for (const [name, answer] of doubts) {
      it(`answered by ${name} is ambiguous, and was sent once`, async () => {
        server.answer((_, response) => answer(response));
        assert.equal(await reason(trackerFor(server.origin).tracker.createIssue(draft)), 'ambiguous');
        assert.equal(server.seen.length, 1);
      });
    }

    it('that gets no answer in time is ambiguous', async () => {
      server.answer(() => {});
      assert.equal(await reason(trackerFor(server.origin, { timeout: 100 }).tracker.createIssue(draft)), 'ambiguous');
      assert.equal(server.seen.length, 1);
    });

    it('that nobody listens to is offline: it cannot have been done', async () => {
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const address = closed.address();
      await new Promise((resolve) => closed.close(resolve));
      assert.ok(typeof address === 'object' && address);
      const { tracker, lines } = trackerFor(`http://127.0.0.1:${address.port}`);
      assert.equal(await reason(tracker.createIssue(draft)), 'offline');
      assert.deepEqual(lines, ['POST /repos/acme/shop/issues ECONNREFUSED - 0 ms']);
    });

    it('whose host has no address is offline', async () => {
      const fetch = () =>
        Promise.reject(
          Object.assign(new TypeError('fetch failed'), {
            cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
          }),
        );
      assert.equal(await reason(trackerFor(server.origin, { fetch }).tracker.createIssue(draft)), 'offline');
    });

    it('is offline when each address of the host refuses, ambiguous when one may have taken it', async () => {
      const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      const reset = Object.assign(new Error('read'), { code: 'ECONNRESET' });
      const failing = (...errors: Error[]) => ({
        fetch: () =>
          Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: new AggregateError(errors) })),
      });
      assert.equal(
        await reason(trackerFor(server.origin, failing(refused, refused)).tracker.createIssue(draft)),
        'offline',
      );
      assert.equal(
        await reason(trackerFor(server.origin, failing(refused, reset)).tracker.createIssue(draft)),
        'ambiguous',
      );
    });

    it('answered by a redirect is not followed, and says where to', async () => {
      server.answer((_, response) =>
        json(response, 301, { message: 'Moved Permanently' }, { location: '/repositories/7/issues' }),
      );
      const error = await failure(trackerFor(server.origin).tracker.createIssue(draft));
      assert.equal(error.reason, 'moved');
      assert.match(error.message, /\/repositories\/7\/issues/);
      assert.equal(server.seen.length, 1);
    });
  });

  describe('refusals', () => {
    const cases: [string, number, unknown, Record<string, string>, TrackerErrorReason][] = [
      ['a bad token', 401, { message: 'Bad credentials' }, {}, 'unauthorized'],
      [
        'single sign-on',
        403,
        { message: 'Resource protected by organization SAML enforcement.' },
        { 'x-github-sso': 'required' },
        'unauthorized',
      ],
      ['what is not there', 404, { message: 'Not Found' }, {}, 'notFound'],
      ['what was deleted', 410, { message: 'This issue was deleted' }, {}, 'gone'],
      ['a locked issue', 403, { message: 'Unable to create comment because issue is locked.' }, {}, 'locked'],
      ['an archived repository', 403, { message: 'Repository was archived so is read-only.' }, {}, 'refused'],
      [
        'a token that may not',
        403,
        { message: 'Resource not accessible by personal access token' },
        { 'x-ratelimit-remaining': '4000' },
        'refused',
      ],
      [
        'bad values',
        422,
        { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }] },
        {},
        'refused',
      ],
    ];
    for (const [name, status, body, headers, expected] of cases) {
      it(`tells ${name}: ${expected}`, async () => {
        server.answer((_, response) => json(response, status, body, headers));
        const { tracker } = trackerFor(server.origin);
        const error = await failure(tracker.createComment(41, 'text'));
        assert.equal(error.reason, expected);
        assert.equal(error.status, status);
        assert.equal(await reason(tracker.issue(41)), expected);
      });
    }

    it('says which field was wrong', async () => {
      server.answer((_, response) =>
        json(response, 422, {
          message: 'Validation Failed',
          errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
        }),
      );
      const error = await failure(trackerFor(server.origin).tracker.createIssue(draft));
      assert.equal(error.message, 'GitHub refused: Validation Failed (title: missing_field).');
    });

    it('never repeats a token that the server says back', async () => {
      server.answer((_, response) => json(response, 401, { message: `Bad credentials: ${token}` }));
      const { tracker, lines } = trackerFor(server.origin);
      assert.match((await failure(tracker.issue(41))).message, /Bad credentials: \[token\]/);
      assert.ok(!lines.join('\n').includes(token));
    });

    it('takes a label that is there already, and one that is not there to remove, for done', async () => {
      const { tracker } = trackerFor(server.origin);
      server.answer((_, response) =>
        json(response, 422, { message: 'Validation Failed', errors: [{ code: 'already_exists', field: 'name' }] }),
      );
      await tracker.createLabel('severity: P0', 'b60205', '');
      server.answer((_, response) => json(response, 404, { message: 'Label does not exist' }));
      await tracker.takeOff(41, { labels: ['a/b c'], assignees: [] });
      assert.equal(server.seen[1]?.url, '/repos/acme/shop/issues/41/labels/a%2Fb%20c');
    });
  });

  describe('limits', () => {
    const limited = async (headers: Record<string, string>, message = 'wait', status = 403): Promise<number> => {
      server.answer((_, response) => json(response, status, { message }, headers));
      const error = await failure(trackerFor(server.origin).tracker.createIssue(draft));
      assert.equal(error.reason, 'rateLimited');
      assert.equal(server.seen.length, 1);
      return (error.until ?? 0) - start;
    };

    it('waits as long as retry-after says', async () => {
      assert.equal(
        await limited({ 'retry-after': '90' }, 'You have exceeded a secondary rate limit', 429),
        90 * second,
      );
    });
    it('waits until the reset, by the distance from the server’s own clock, a day away from ours', async () => {
      const serverNow = start + 24 * 60 * minute;
      const wait = await limited({
        date: new Date(serverNow).toUTCString(),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String((serverNow + 10 * minute) / 1000),
      });
      assert.equal(wait, 10 * minute + second);
    });
    it('waits no longer than the window when the clocks disagree beyond reason', async () => {
      assert.equal(await limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' }), 61 * minute);
    });
    it('waits a minute for a secondary limit without a time', async () => {
      assert.equal(
        await limited({ 'x-ratelimit-remaining': '4000' }, 'You have exceeded a secondary rate limit. Please wait'),
        minute,
      );
    });
    it('waits a minute for a bare 429', async () => {
      assert.equal(await limited({}, 'Too many', 429), minute);
    });
  });

  describe('lists', () => {
    it('follows Link to the end, leaves pull requests out, and gives the oldest first', async () => {
      server.answer((request, response) => {
        const page = new URL(request.url, server.origin).searchParams.get('after');
        if (page === null) {
          const more = `<${server.origin}/repositories/7/issues?after=x&per_page=100>; rel="next", <${server.origin}/l>; rel="last"`;
          json(response, 200, [rawIssue({ id: 3 }), rawIssue({ id: 2, pull_request: { url: '' } })], {
            link: more,
            etag: 'W/"1"',
          });
        } else json(response, 200, [rawIssue({ id: 3, title: 'older copy' }), rawIssue({ id: 1 })]);
      });
      const { tracker, lines } = trackerFor(server.origin);
      const found = await tracker.issues('2025-09-23T14:00:00Z');
      assert.ok(found.changed);
      assert.deepEqual(
        found.value.map((issue) => [issue.id, issue.title]),
        [
          [1, 'Login times out'],
          [3, 'Login times out'],
        ],
      );
      assert.equal(found.etag, 'W/"1"');
      assert.deepEqual(lines, [
        'GET /repos/acme/shop/issues?state=all&since=2025-09-23T14%3A00%3A00Z&sort=updated&direction=desc&per_page=100 200 - 0 ms',
        'GET /repositories/7/issues?after=x&per_page=100 200 - 0 ms',
      ]);
    });

    it('asks under a condition and takes 304 for unchanged', async () => {
      let condition: unknown;
      server.answer((_, response, raw) => {
        condition = raw.headers['if-none-match'];
        response.writeHead(304).end();
      });
      assert.deepEqual(await trackerFor(server.origin).tracker.comments(undefined, 'W/"1"'), { changed: false });
      assert.equal(condition, 'W/"1"');
    });

    it('takes 304 without a condition for trouble', async () => {
      server.answer((_, response) => response.writeHead(304).end());
      assert.equal(await reason(trackerFor(server.origin).tracker.issues(undefined)), 'server');
    });

    for (const link of ['https://evil.example/issues?page=2', 'http://user@127.0.0.1:1/', 'nonsense']) {
      it(`does not follow a next page at ${link}`, async () => {
        server.answer((_, response) => json(response, 200, [], { link: `<${link}>; rel="next"` }));
        assert.equal(await reason(trackerFor(server.origin).tracker.labels()), 'server');
        assert.equal(server.seen.length, 1);
      });
    }

    it('leaves a ring of pages', async () => {
      server.answer((_, response) => json(response, 200, [], { link: `<${server.origin}/labels?page=2>; rel="next"` }));
      assert.equal(await reason(trackerFor(server.origin).tracker.labels()), 'server');
      assert.equal(server.seen.length, 2);
    });

    it('refuses the whole list when one entry makes no sense, rather than lose it', async () => {
      server.answer((_, response) => json(response, 200, [rawIssue(), { number: 'x' }]));
      assert.equal(await reason(trackerFor(server.origin).tracker.issues(undefined)), 'server');
    });

    it('reads comments without author, and leaves those of pull requests out', async () => {
      server.answer((_, response) =>
        json(response, 200, [
          rawComment({ id: 1, user: null }),
          rawComment({ id: 2, html_url: 'https://github.com/acme/shop/pull/41#issuecomment-2' }),
        ]),
      );
      const found = await trackerFor(server.origin).tracker.comments(undefined);
      assert.ok(found.changed);
      assert.deepEqual(
        found.value.map(({ id, author, trusted, issueNumber }) => ({ id, author, trusted, issueNumber })),
        [{ id: 1, author: undefined, trusted: false, issueNumber: 41 }],
      );
    });
  });

  describe('redirects of reads', () => {
    it('are followed within the origin: a renamed repository', async () => {
      server.answer((request, response) =>
        request.url === '/repositories/7'
          ? json(response, 200, {
              id: 7,
              full_name: 'acme/store',
              html_url: 'https://github.com/acme/store',
              private: true,
              archived: false,
              has_issues: true,
              permissions: { push: true },
            })
          : json(response, 301, { message: 'Moved Permanently' }, { location: `${server.origin}/repositories/7` }),
      );
      assert.deepEqual(await trackerFor(server.origin).tracker.repository(), {
        owner: 'acme',
        repo: 'store',
        id: 7,
        private: true,
        archived: false,
        hasIssues: true,
        canPush: true,
        url: 'https://github.com/acme/store',
      });
      assert.ok(server.seen.every((request) => request.authorization === `token ${token}`));
    });

    it('lead the token to no other server', async () => {
      const other = await RawServer.start((_, response) => json(response, 200, {}));
      try {
        server.answer((_, response) => response.writeHead(302, { location: `${other.origin}/x` }).end());
        const error = await failure(trackerFor(server.origin).tracker.issue(41));
        assert.equal(error.reason, 'moved');
        assert.equal(other.seen.length, 0);
      } finally {
        await other.stop();
      }
    });

    it('end', async () => {
      server.answer((request, response) => response.writeHead(302, { location: `${request.url}x` }).end());
      assert.equal(await reason(trackerFor(server.origin).tracker.issue(41)), 'moved');
      assert.equal(server.seen.length, 6);
    });

    it('to another repository are a transfer, even under the same number', async () => {
      server.answer((request, response) => {
        if (request.url === '/repos/acme/shop') json(response, 200, { id: 7, full_name: 'acme/shop' });
        else if (request.url === '/repos/acme/shop/issues/41')
          json(response, 301, {}, { location: '/repositories/8/issues/41' });
        else json(response, 200, rawIssue({ html_url: 'https://github.com/acme/other/issues/41' }));
      });
      const error = await failure(trackerFor(server.origin).tracker.issue(41));
      assert.equal(error.reason, 'moved');
      assert.match(error.message, /acme\/other\/issues\/41/);
    });
  });

  describe('trust', () => {
    const permissions =
      (permission: Record<string, string | number>, me = 'me') =>
      (request: { url: string }, response: ServerResponse) => {
        const login = /collaborators\/([^/]+)\/permission/.exec(request.url)?.[1];
        if (request.url === '/user') json(response, 200, { login: me });
        else if (login !== undefined) {
          const given = permission[login] ?? 404;
          if (typeof given === 'number') json(response, given, { message: 'no' });
          else json(response, 200, { permission: given, role_name: given, user: {} });
        } else {
          json(response, 200, [
            rawComment({ id: 1, user: { login: 'alice' }, author_association: 'MEMBER' }),
            rawComment({ id: 2, user: { login: 'bob' }, author_association: 'MEMBER' }),
            rawComment({ id: 3, user: { login: 'mallory' }, body: 'x <!-- firebreak:ev=1 -->' }),
            rawComment({
              id: 4,
              user: { login: 'carol' },
              author_association: 'CONTRIBUTOR',
              body: '<!-- firebreak:ev=2 -->',
            }),
            rawComment({ id: 5, user: { login: 'me' }, author_association: 'NONE', body: '<!-- firebreak:ev=3 -->' }),
            rawComment({ id: 6, user: { login: 'passer-by' } }),
            rawComment({ id: 7, user: { login: 'alice' }, author_association: 'MEMBER' }),
          ]);
        }
      };
    const trusting = async () =>
      (await trackerFor(server.origin).tracker.issueComments(41))
        .filter((comment) => comment.trusted)
        .map((comment) => comment.author);

    it('goes by write permission, looked up once for each who matters', async () => {
      server.answer(permissions({ alice: 'write', bob: 'read', carol: 'admin', mallory: 'read', me: 'none' }));
      assert.deepEqual(await trusting(), ['alice', 'carol', 'me', 'alice']);
      assert.equal(server.seen.filter((request) => request.url.includes('/alice/')).length, 1);
      assert.ok(!server.seen.some((request) => request.url.includes('passer-by')));
    });

    it('goes by what GitHub calls the author where permissions may not be asked', async () => {
      server.answer(permissions({ alice: 403, bob: 403, carol: 403, mallory: 403, me: 403 }));
      assert.deepEqual(await trusting(), ['alice', 'bob', 'me', 'alice']);
    });

    it('fails rather than guess when the look-up does', async () => {
      server.answer(permissions({ alice: 502 }));
      assert.equal(await reason(trackerFor(server.origin).tracker.issueComments(41)), 'server');
    });
  });

  describe('addresses', () => {
    for (const url of [
      'http://github.example',
      'ftp://127.0.0.1',
      'https://user:pass@host',
      'https://host/?x=1',
      'nothing',
      'http://127.0.0.1.evil.example',
    ]) {
      it(`refuses ${url}`, () => {
        assert.throws(
          () => trackerFor(url),
          (error) => FirebreakError.is(error, 'unsafeAddress'),
        );
      });
    }
    for (const url of ['https://host/api/v3', 'http://localhost:3000', 'http://[::1]:80/']) {
      it(`takes ${url}`, () => {
        trackerFor(url);
      });
    }
    it('keeps the base path of an Enterprise Server, in pages too', async () => {
      server.answer((request, response) =>
        json(
          response,
          200,
          [{ name: request.url }],
          request.url.includes('page=2')
            ? {}
            : { link: `<${server.origin}/api/v3/repos/acme/shop/labels?page=2>; rel="next"` },
        ),
      );
      assert.deepEqual(await trackerFor(`${server.origin}/api/v3/`).tracker.labels(), [
        '/api/v3/repos/acme/shop/labels?per_page=100',
        '/api/v3/repos/acme/shop/labels?page=2',
      ]);
    });
    it('takes no token that a header cannot hold', () => {
      for (const bad of ['', 'a b', 'a\nb', 'é']) {
        assert.throws(
          () => trackerFor(server.origin, { token: bad }),
          (error) => FirebreakError.is(error, 'noToken') && !everythingIn(error).includes('a\\nb'),
        );
      }
    });
  });

  it('has no other failure than its own, whatever is answered to whichever call', async function () {
    this.timeout(30_000);
    const { tracker, lines } = trackerFor(server.origin);
    const calls = [
      () => tracker.repository(),
      () => tracker.issue(1),
      () => tracker.issues(undefined),
      () => tracker.comments(undefined),
      () => tracker.issueComments(1),
      () => tracker.issueEvents(1),
      () => tracker.labels(),
      () => tracker.createIssue(draft),
      () => tracker.updateIssue(1, { state: 'closed', stateReason: 'completed' }),
      () => tracker.createLabel('a', 'ffffff', ''),
      () => tracker.addLabels(1, ['a']),
      () => tracker.addAssignees(1, ['a']),
      () => tracker.takeOff(1, { labels: [], assignees: ['a'] }),
      () => tracker.milestones(),
      () => tracker.createMilestone('a'),
      () => tracker.createComment(1, 'a'),
    ];
    const answers: unknown[] = [
      '"',
      '5',
      '[5]',
      '{}',

      'null',
      '[null]',
      '{"number":1,"id":12345678901234567890}',
    ];
    for (const answer of answers) {
      for (const status of [200, 201]) {
        server.answer((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(answer));
        for (const call of calls) {
          const error = await failure(call().then(() => assert.fail(`${call} took ${status} ${answer}`)));
          assert.ok(error.reason === 'server' || error.reason === 'ambiguous', error.message);
        }
      }
    }
    assert.ok(!lines.join('\n').includes(token));
  });
});
