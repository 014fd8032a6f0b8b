import { strict as assert } from 'node:assert';
import type { Octokit } from 'octokit';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { MovableClock } from '../github/movableClock.ts';
import { octokitFor, refusalOf } from '../github/octokitFor.ts';
import type { Repository } from '../github/repository.ts';
import { holdsSecret } from '../support/secretScan.ts';
import { testToken } from '../support/testTokens.ts';

const shop = { owner: 'acme', repo: 'shop' };

describe('Fake GitHub: reading', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  let clock: MovableClock;
  let gitHub: FakeGitHub;
  let repository: Repository;
  let alice: Octokit;

  beforeEach(async () => {
    clock = new MovableClock('2025-09-23T14:30:00Z');
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now });
    for (const token of [testToken('alice'), testToken('alice-second')]) gitHub.state.addToken(token, 'alice');
    repository = gitHub.state.addRepository('acme/shop', { permissions: { alice: 'write', bob: 'write' } });
    alice = await octokitFor(gitHub, { token: testToken('alice') });
  });

  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
  });

  /** Opens issues `Issue 1` … one second apart. */
  function openIssues(count: number): void {
    const web = gitHub.web('bob', 'acme/shop');
    for (let number = 1; number <= count; number += 1) {
      web.openIssue({ title: `Issue ${number}` });
      clock.advance(1);
    }
  }

  describe('pages', () => {
    it('are linked as GitHub’s recorded answers are, by the repository’s id', async () => {
      openIssues(13);
      gitHub.behaviour.pagination = 'page';
      const links: (string | undefined)[] = [];
      for await (const page of alice.paginate.iterator(alice.rest.issues.listForRepo, { ...shop, per_page: 3 })) {
        links.push(page.headers.link);
      }
      const at = (page: number) => `<${gitHub.url}/repositories/${repository.id}/issues?per_page=3&page=${page}>`;
      // The five Link headers of the scenario paginate-issues in @octokit/fixtures.
      assert.deepEqual(links, [
        `${at(2)}; rel="next", ${at(5)}; rel="last"`,
        `${at(1)}; rel="prev", ${at(3)}; rel="next", ${at(5)}; rel="last", ${at(1)}; rel="first"`,
        `${at(2)}; rel="prev", ${at(4)}; rel="next", ${at(5)}; rel="last", ${at(1)}; rel="first"`,
        `${at(3)}; rel="prev", ${at(5)}; rel="next", ${at(5)}; rel="last", ${at(1)}; rel="first"`,
        `${at(4)}; rel="prev", ${at(1)}; rel="first"`,
      ]);
    });

    it('give every issue once, newest first, at most 100 at a time', async () => {
      openIssues(230);
      const all = await alice.paginate(alice.rest.issues.listForRepo, { ...shop, per_page: 1000 });
      assert.deepEqual(
        all.map((issue) => issue.number),
        Array.from({ length: 230 }, (_, index) => 230 - index),
      );
      assert.equal(gitHub.requests.length, 3);
      assert.ok(gitHub.requests[1]?.path.startsWith(`/repositories/${repository.id}/issues?per_page=1000&after=`));
    });

    describe('while somebody moves the first issue to the end', () => {
      async function listWhileIssuesMove(): Promise<string[]> {
        openIssues(6);
        const seen: string[] = [];
        const query = { ...shop, per_page: 2, sort: 'updated', direction: 'asc' } as const;
        for await (const page of alice.paginate.iterator(alice.rest.issues.listForRepo, query)) {
          seen.push(...page.data.map((issue) => issue.title.replace('Issue ', '')));
          if (seen.length === 2) gitHub.web('bob', 'acme/shop').comment(1, 'moves me');
        }
        return seen;
      }

      it('lose nothing by cursor, and show it again at its new place', async () => {
        assert.deepEqual(await listWhileIssuesMove(), ['1', '2', '3', '4', '5', '6', '1']);
      });

      it('lose an issue by page number', async () => {
        gitHub.behaviour.pagination = 'page';
        assert.deepEqual(await listWhileIssuesMove(), ['1', '2', '4', '5', '6', '1']);
      });
    });

    it('past 10,000 rows are refused by number', async () => {
      const refused = await refusalOf(alice.rest.issues.listForRepo({ ...shop, page: 100, per_page: 100 }));
      assert.equal(refused.status, 422);
      assert.match(refused.message, /please use cursor based pagination/);
      assert.equal((await alice.rest.issues.listForRepo({ ...shop, page: 99, per_page: 100 })).data.length, 0);
    });

    it('can be linked at another origin, where no token may go', async () => {
      openIssues(3);
      gitHub.behaviour.linkOrigin = 'http://127.0.0.2:9';
      const { headers } = await alice.rest.issues.listForRepo({ ...shop, per_page: 2 });
      assert.match(headers.link ?? '', /^<http:\/\/127\.0\.0\.2:9\/repositories\//);
    });

    it('of comments, labels, events and people go on the same way', async () => {
      openIssues(1);
      const web = gitHub.web('bob', 'acme/shop');
      for (let count = 1; count <= 5; count += 1) web.comment(1, `Comment ${count}`);
      web.addLabels(1, 'one', 'two', 'three');
      const issue = { ...shop, issue_number: 1, per_page: 2 };
      const comments = await alice.paginate(alice.rest.issues.listComments, issue);
      assert.deepEqual(
        comments.map((comment) => comment.body),
        ['Comment 1', 'Comment 2', 'Comment 3', 'Comment 4', 'Comment 5'],
      );
      assert.equal((await alice.paginate(alice.rest.issues.listEvents, issue)).length, 3);
      assert.equal((await alice.paginate(alice.rest.issues.listEventsForTimeline, issue)).length, 8);
      assert.equal((await alice.paginate(alice.rest.issues.listEventsForRepo, { ...shop, per_page: 2 })).length, 3);
      assert.equal((await alice.paginate(alice.rest.issues.listLabelsForRepo, { ...shop, per_page: 5 })).length, 12);
      assert.equal((await alice.paginate(alice.rest.issues.listLabelsOnIssue, issue)).length, 3);
      assert.equal((await alice.paginate(alice.rest.issues.listAssignees, { ...shop, per_page: 1 })).length, 2);
    });
  });

  describe('filters and orders', () => {
    it('select by state, labels, people and time', async () => {
      openIssues(4);
      const web = gitHub.web('bob', 'acme/shop');
      web.close(2, 'not_planned');
      web.addLabels(3, 'severity: P0', 'bug');
      web.addLabels(4, 'bug');
      web.assign(4, 'alice');
      const numbers = async (query: Parameters<Octokit['rest']['issues']['listForRepo']>[0]) =>
        (await alice.rest.issues.listForRepo(query)).data.map((issue) => issue.number);
      assert.deepEqual(await numbers(shop), [4, 3, 1]);
      assert.deepEqual(await numbers({ ...shop, state: 'closed' }), [2]);
      assert.deepEqual(await numbers({ ...shop, state: 'all', direction: 'asc' }), [1, 2, 3, 4]);
      assert.deepEqual(await numbers({ ...shop, labels: 'BUG' }), [4, 3]);
      assert.deepEqual(await numbers({ ...shop, labels: 'bug,Severity: p0' }), [3]);
      assert.deepEqual(await numbers({ ...shop, labels: 'no such label' }), []);
      assert.deepEqual(await numbers({ ...shop, assignee: 'alice' }), [4]);
      assert.deepEqual(await numbers({ ...shop, assignee: 'none' }), [3, 1]);
      assert.deepEqual(await numbers({ ...shop, creator: 'alice' }), []);
      assert.equal((await refusalOf(alice.rest.issues.listForRepo({ ...shop, assignee: 'who' }))).status, 422);
    });

    it('since includes its own second, or not, by behaviour', async () => {
      openIssues(3);
      const since = '2025-09-23T14:30:01Z';
      const numbers = async () =>
        (await alice.rest.issues.listForRepo({ ...shop, since })).data.map((issue) => issue.number);
      assert.deepEqual(await numbers(), [3, 2]);
      gitHub.behaviour.since = 'after';
      assert.deepEqual(await numbers(), [3]);
    });

    it('since finds edited comments in the repository’s list; a deleted one leaves no trace', async () => {
      openIssues(1);
      const web = gitHub.web('bob', 'acme/shop');
      const first = web.comment(1, 'First');
      const second = web.comment(1, 'Second');
      clock.advance(60);
      const since = clock.now().toISOString();
      web.editComment(first.id, 'First, edited');
      const query = { ...shop, since, sort: 'updated', direction: 'desc' } as const;
      const { data } = await alice.rest.issues.listCommentsForRepo(query);
      assert.deepEqual(
        data.map((comment) => comment.body),
        ['First, edited'],
      );
      web.deleteComment(second.id);
      assert.equal((await alice.rest.issues.listCommentsForRepo(query)).data.length, 1);
      assert.deepEqual((await alice.rest.issues.listForRepo({ ...shop, since })).data, []);
    });

    it('mix pull requests into the issues', async () => {
      const web = gitHub.web('bob', 'acme/shop');
      web.openIssue({ title: 'Issue' });
      web.openIssue({ title: 'Pull request', pullRequest: { draft: true } });
      const { data } = await alice.rest.issues.listForRepo(shop);
      assert.deepEqual(
        data.map((issue) => [issue.title, issue.pull_request !== undefined]),
        [
          ['Pull request', true],
          ['Issue', false],
        ],
      );
      assert.equal(data[0]?.html_url, `${gitHub.url}/acme/shop/pull/2`);
    });

    it('tell a strict server about parameters that GitHub has and the fake does not honour', async () => {
      await alice.rest.issues.listForRepo({ ...shop, mentioned: 'alice' });
      await alice.request('GET /repos/{owner}/{repo}/issues', { ...shop, sicne: '2025-09-23T14:30:01Z' });
      assert.deepEqual(
        gitHub.violations.splice(0).map((violation) => violation.problem),
        [
          'this fake does not honour the parameter mentioned',
          'unknown query parameter sicne',
          'this fake does not honour the parameter sicne',
        ],
      );
    });
  });

  describe('lists that lag', () => {
    it('show the past, while single reads show the present', async () => {
      openIssues(2);
      clock.advance(600);
      const web = gitHub.web('bob', 'acme/shop');
      web.editTitle(1, 'Edited');
      const comment = web.comment(2, 'New');
      web.openIssue({ title: 'Issue 3' });
      gitHub.behaviour.listLagMs = 480_000;
      const titles = async () => (await alice.rest.issues.listForRepo(shop)).data.map((issue) => issue.title);
      assert.deepEqual(await titles(), ['Issue 2', 'Issue 1']);
      assert.deepEqual((await alice.rest.issues.listCommentsForRepo(shop)).data, []);
      assert.equal((await alice.rest.issues.get({ ...shop, issue_number: 1 })).data.title, 'Edited');
      web.deleteComment(comment.id);
      clock.advance(480);
      assert.deepEqual(await titles(), ['Issue 3', 'Issue 2', 'Edited']);
    });
  });

  describe('conditional requests', () => {
    const conditional = (etag: string | undefined) => ({ ...shop, headers: { 'if-none-match': etag ?? '' } });

    it('are answered by 304 without a body and without cost, until something changes', async () => {
      openIssues(2);
      const first = await alice.rest.issues.listForRepo(shop);
      assert.match(first.headers.etag ?? '', /^W\/"[0-9a-f]{64}"$/);
      assert.equal(first.headers['x-ratelimit-remaining'], '4999');
      const same = await refusalOf(alice.rest.issues.listForRepo(conditional(first.headers.etag)));
      assert.equal(same.status, 304);
      assert.equal(same.response?.headers['x-ratelimit-remaining'], '4999');
      assert.equal(same.response?.headers['content-length'], undefined);
      clock.advance(1);
      gitHub.web('bob', 'acme/shop').editTitle(1, 'Changed');
      const changed = await alice.rest.issues.listForRepo(conditional(first.headers.etag));
      assert.equal(changed.status, 200);
      assert.notEqual(changed.headers.etag, first.headers.etag);
      assert.equal(changed.headers['x-ratelimit-remaining'], '4998');
    });

    it('know each token’s tags only, and each address’s', async () => {
      openIssues(2);
      const first = await alice.rest.issues.listForRepo(shop);
      const second = await octokitFor(gitHub, { token: testToken('alice-second') });
      assert.equal((await second.rest.issues.listForRepo(conditional(first.headers.etag))).status, 200);
      const elsewhere = await alice.rest.issues.listForRepo({ ...conditional(first.headers.etag), state: 'all' });
      assert.equal(elsewhere.status, 200);
    });

    it('also go by Last-Modified, for single items', async () => {
      openIssues(1);
      const issue = { ...shop, issue_number: 1 };
      const { headers } = await alice.rest.issues.get(issue);
      assert.equal(headers['last-modified'], 'Tue, 23 Sep 2025 14:30:00 GMT');
      const since = { ...issue, headers: { 'if-modified-since': headers['last-modified'] ?? '' } };
      assert.equal((await refusalOf(alice.rest.issues.get(since))).status, 304);
      clock.advance(2);
      gitHub.web('bob', 'acme/shop').close(1);
      assert.equal((await alice.rest.issues.get(since)).status, 200);
    });
  });

  describe('renamed repositories', () => {
    beforeEach(() => {
      openIssues(1);
      gitHub.state.renameRepository('acme/shop', 'acme/store');
    });

    it('are found by 301 at /repositories/<id>', async () => {
      const { data } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      assert.equal(data.repository_url, `${gitHub.url}/repos/acme/store`);
      assert.deepEqual(
        gitHub.requests.map((request) => [request.path, request.status]),
        [
          ['/repos/acme/shop/issues/1', 301],
          [`/repositories/${repository.id}/issues/1`, 200],
        ],
      );
    });

    it('answer writes by 307, as recorded: who follows it writes there', async () => {
      const manual = await alice.rest.issues.create({ ...shop, title: 'New', request: { redirect: 'manual' } });
      // octokit takes no 3xx but 304 for an error: only the status tells.
      assert.equal(Number(manual.status), 307);
      assert.equal(manual.headers.location, `${gitHub.url}/repositories/${repository.id}/issues`);
      assert.equal(repository.issues.size, 1);
      const followed = await alice.rest.issues.create({ ...shop, title: 'New' });
      assert.equal(followed.status, 201);
      assert.equal(repository.issues.size, 2);
    });

    it('a 301 turns a POST into a GET that resolves and creates nothing', async () => {
      const location = `/repositories/${repository.id}/issues`;
      gitHub.inject({ name: 'redirect-301', method: 'POST', location });
      const followed = await alice.rest.issues.create({ ...shop, title: 'New' });
      assert.equal(followed.status, 200);
      assert.equal(repository.issues.size, 1);
    });
  });

  describe('limits', () => {
    it('count down for the user, whatever the token, and start anew after an hour', async () => {
      const second = await octokitFor(gitHub, { token: testToken('alice-second') });
      await alice.rest.issues.listForRepo(shop);
      const { headers } = await second.rest.issues.listForRepo(shop);
      assert.equal(headers['x-ratelimit-limit'], '5000');
      assert.equal(headers['x-ratelimit-remaining'], '4998');
      assert.equal(headers['x-ratelimit-used'], '2');
      assert.equal(Number(headers['x-ratelimit-reset']), clock.now().getTime() / 1000 + 3600);
      const { data } = await alice.rest.rateLimit.get();
      assert.deepEqual([data.rate.used, data.rate.remaining], [2, 4998]);
      assert.equal((await alice.rest.rateLimit.get()).data.rate.used, 2, 'asking for it is free');
      clock.advance(3600);
      assert.equal((await alice.rest.issues.listForRepo(shop)).headers['x-ratelimit-used'], '1');
    });

    it('refuse the anonymous after 60 requests', async () => {
      const anonymous = await octokitFor(gitHub);
      for (let count = 0; count < 60; count += 1) await anonymous.rest.meta.root();
      const refused = await refusalOf(anonymous.rest.meta.root());
      assert.equal(refused.status, 403);
      assert.equal(refused.response?.headers['x-ratelimit-remaining'], '0');
      assert.match(refused.message, /API rate limit exceeded/);
      clock.advance(3600);
      assert.equal((await anonymous.rest.meta.root()).status, 200);
    });

    it('on creating content are measured, and enforced where they are set', async () => {
      const strict = await FakeGitHub.start({ now: clock.now, contentLimits: { perMinute: 2, perHour: 3 } });
      try {
        strict.state.addToken(testToken('t'), 'alice');
        strict.state.addRepository('acme/shop', { permissions: { alice: 'write' } });
        const client = await octokitFor(strict, { token: testToken('t') });
        const create = () => client.rest.issues.create({ ...shop, title: 'A' });
        await create();
        await client.rest.issues.createComment({ ...shop, issue_number: 1, body: 'B' });
        const refused = await refusalOf(create());
        assert.equal(refused.status, 403);
        assert.equal(refused.response?.headers['retry-after'], '60');
        await refusalOf(create());
        assert.equal(strict.requests.at(-1)?.tooEarly, true);
        clock.advance(60);
        await create();
        assert.equal(strict.requests.at(-1)?.tooEarly, false);
        clock.advance(60);
        assert.equal((await refusalOf(create())).status, 403);
        assert.deepEqual(strict.peakContentPace, { perMinute: 2, perHour: 3 });
      } finally {
        await strict.stop();
      }
    });

    it('can be off, as on GitHub Enterprise Server', async () => {
      const enterprise = await FakeGitHub.start({ rateLimits: null, behaviour: { subIssues: false } });
      try {
        enterprise.state.addToken(testToken('t'), 'alice');
        const client = await octokitFor(enterprise, { token: testToken('t'), baseUrl: enterprise.enterpriseUrl });
        const { headers } = await client.rest.users.getAuthenticated();
        assert.equal(headers['x-ratelimit-remaining'], undefined);
        assert.equal((await refusalOf(client.rest.rateLimit.get())).status, 404);
      } finally {
        await enterprise.stop();
      }
    });
  });

  it('answers below /api/v3 with addresses below /api/v3', async () => {
    openIssues(3);
    const client = await octokitFor(gitHub, { token: testToken('alice'), baseUrl: gitHub.enterpriseUrl });
    const first = await client.rest.issues.listForRepo({ ...shop, per_page: 2 });
    assert.ok(first.headers.link?.startsWith(`<${gitHub.url}/api/v3/repositories/${repository.id}/issues`));
    assert.equal(first.data[0]?.url, `${gitHub.url}/api/v3/repos/acme/shop/issues/3`);
    assert.equal(first.data[0]?.html_url, `${gitHub.url}/acme/shop/issues/3`);
    assert.equal((await client.paginate(client.rest.issues.listForRepo, { ...shop, per_page: 2 })).length, 3);
    assert.equal((await client.rest.meta.root()).data.repository_url, `${gitHub.url}/api/v3/repos/{owner}/{repo}`);
  });

  it('keeps no token in its log', async () => {
    await alice.rest.issues.create({ ...shop, title: 'A' });
    const forged = await octokitFor(gitHub, { token: 'forged-token' });
    await refusalOf(forged.rest.issues.create({ ...shop, title: 'B' }));
    await refusalOf((await octokitFor(gitHub)).rest.issues.create({ ...shop, title: 'C' }));
    assert.deepEqual(
      gitHub.requests.map(({ method, path, operation, status, authorized, login, body }) => ({
        ...{ method, path, operation, status, authorized, login, body },
      })),
      [
        ['alice', 201, true, 'A'],
        [null, 401, true, 'B'],
        [null, 401, false, 'C'],
      ].map(([login, status, authorized, title]) => ({
        method: 'POST',
        path: '/repos/acme/shop/issues',
        operation: 'POST /repos/{owner}/{repo}/issues',
        status,
        authorized,
        login,
        body: { title },
      })),
    );
    assert.ok(!holdsSecret(JSON.stringify(gitHub.requests)));
    assert.doesNotMatch(JSON.stringify(gitHub.requests), /forged-token/);
  });

  it('takes what people do at the web page, with their line ends', async () => {
    const web = gitHub.web('bob', 'acme/shop');
    web.openIssue({ title: 'From the web', body: 'One\nTwo\r\nThree' });
    web.comment(1, 'Line\nbreak');
    web.assign(1, 'alice');
    web.lock(1, 'resolved');
    const { data } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
    assert.equal(data.body, 'One\r\nTwo\r\nThree');
    assert.equal(data.assignee?.login, 'alice');
    assert.equal(data.locked, true);
    web.editBody(1, 'Edited\n');
    assert.equal((await alice.rest.issues.get({ ...shop, issue_number: 1 })).data.body, 'Edited\r\n');
    const { data: comments } = await alice.rest.issues.listComments({ ...shop, issue_number: 1 });
    assert.equal(comments[0]?.body, 'Line\r\nbreak');

    gitHub.state.user('olga');
    const olga = gitHub.web('olga', 'acme/shop');
    assert.throws(() => olga.addLabels(1, 'bug'), /may not label/);
    assert.throws(() => olga.close(1), /may not edit/);
    repository.private = true;
    assert.throws(() => gitHub.web('olga', 'acme/shop'), /can't see/);
  });
});
