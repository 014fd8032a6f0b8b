import { strict as assert } from 'node:assert';
import type { Octokit } from 'octokit';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import type { Fault, FaultName } from '../github/faults.ts';
import { MovableClock } from '../github/movableClock.ts';
import { octokitFor, refusalOf } from '../github/octokitFor.ts';
import type { Repository } from '../github/repository.ts';
import { testToken } from '../support/testTokens.ts';

const shop = { owner: 'acme', repo: 'shop' };

describe('Fake GitHub: faults', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  let clock: MovableClock;
  let gitHub: FakeGitHub;
  let repository: Repository;
  let alice: Octokit;

  beforeEach(async () => {
    clock = new MovableClock('2025-09-23T14:30:00Z');
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now });
    gitHub.state.addToken(testToken('alice'), 'alice');
    repository = gitHub.state.addRepository('acme/shop', { permissions: { alice: 'write', bob: 'write' } });
    alice = await octokitFor(gitHub, { token: testToken('alice') });
  });

  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
  });

  const create = (title = 'API is down', client = alice) =>
    client.rest.issues.create({ ...shop, title, body: 'Text', labels: ['bug'] });
  const titles = () => [...repository.issues.values()].map((issue) => issue.title);

  describe('after the write has happened', () => {
    it('commit-then-502 leaves one issue behind an error', async () => {
      const fault = gitHub.inject({ name: 'commit-then-502' });
      const lost = await refusalOf(create());
      assert.equal(lost.status, 502);
      assert.deepEqual(titles(), ['API is down']);
      assert.equal(fault.hits, 1);
      assert.equal(gitHub.requests.at(-1)?.fault, 'commit-then-502');
      assert.equal((await create('Next')).status, 201);
    });

    it('commit-then-502 leaves two issues of one call where the client sends again', async () => {
      gitHub.inject({ name: 'commit-then-502' });
      const retrying = await octokitFor(gitHub, { token: testToken('alice'), retry: true });
      assert.equal((await create('Twice', retrying)).status, 201);
      assert.deepEqual(titles(), ['Twice', 'Twice']);
    });

    it('commit-then-503 and commit-then-html answer with a page', async () => {
      gitHub.inject({ name: 'commit-then-503' });
      assert.equal((await refusalOf(create('One'))).status, 503);
      gitHub.inject({ name: 'commit-then-html' });
      const page = await create('Two');
      assert.equal(page.status, 201);
      assert.match(String(page.data), /^<!DOCTYPE html>/);
      assert.deepEqual(titles(), ['One', 'Two']);
    });

    it('commit-then-truncated and commit-then-empty resolve without a number', async () => {
      gitHub.inject({ name: 'commit-then-truncated' });
      const truncated = await create('One');
      assert.equal(truncated.status, 201);
      assert.equal(typeof truncated.data, 'string');
      assert.equal(truncated.data.number, undefined);
      gitHub.inject({ name: 'commit-then-empty' });
      const empty = await create('Two');
      assert.equal(empty.status, 201);
      assert.equal(empty.data?.number, undefined);
      assert.deepEqual(titles(), ['One', 'Two']);
    });

    it('commit-then-reset cuts the connection', async () => {
      gitHub.inject({ name: 'commit-then-reset' });
      const lost = await refusalOf(create());
      assert.equal(lost.status, 500, 'octokit’s status for what never got an answer');
      assert.equal(gitHub.requests.at(-1)?.status, 'reset');
      assert.deepEqual(titles(), ['API is down']);
    });

    it('commit-then-timeout never answers, until the client gives up', async () => {
      gitHub.inject({ name: 'commit-then-timeout' });
      const gaveUp = new AbortController();
      const call = alice.rest.issues.create({ ...shop, title: 'Hanging', request: { signal: gaveUp.signal } });
      const outcome = assert.rejects(call);
      while (repository.issues.size === 0) await new Promise((resolve) => setImmediate(resolve));
      gaveUp.abort();
      await outcome;
      assert.equal(gitHub.requests.at(-1)?.status, 'hang');
      assert.deepEqual(titles(), ['Hanging']);
    });

    it('a hanging request does not keep the server from stopping', async () => {
      gitHub.inject({ name: 'commit-then-timeout' });
      const outcome = assert.rejects(create());
      while (repository.issues.size === 0) await new Promise((resolve) => setImmediate(resolve));
      await gitHub.stop();
      await outcome;
    });

    it('the write’s answer is lost, not the read’s, unless the method is named', async () => {
      await create();
      const fault = gitHub.inject({ name: 'commit-then-502' });
      assert.equal((await alice.rest.issues.get({ ...shop, issue_number: 1 })).status, 200);
      assert.equal(fault.hits, 0);
      gitHub.clearFaults();
      gitHub.inject({ name: 'commit-then-502', method: 'GET' });
      assert.equal((await refusalOf(alice.rest.issues.get({ ...shop, issue_number: 1 }))).status, 502);
    });
  });

  describe('before anything happens', () => {
    const refusals: [fault: Fault, status: number, message: RegExp][] = [
      [{ name: '500-before' }, 500, /Internal Server Error/],
      [{ name: '502-before' }, 502, /Server Error/],
      [{ name: '401' }, 401, /Bad credentials/],
      [{ name: '404' }, 404, /Not Found/],
      [{ name: '410' }, 410, /This issue was deleted/],
      [{ name: '422' }, 422, /Validation Failed/],
      [{ name: 'locked-403' }, 403, /issue is locked/],
      [{ name: 'issues-disabled-410' }, 410, /Issues are disabled for this repo/],
      [{ name: '429' }, 429, /secondary rate limit/],
      [{ name: '429', retryAfter: 30 }, 429, /secondary rate limit/],
      [{ name: 'secondary-limit-403', retryAfter: 60 }, 403, /secondary rate limit/],
      [{ name: 'primary-limit-403', resetIn: 120 }, 403, /API rate limit exceeded for user ID/],
    ];
    for (const [fault, status, message] of refusals) {
      it(`${fault.name}${'retryAfter' in fault ? ' with retry-after' : ''} refuses with ${status}`, async () => {
        gitHub.inject(fault);
        const refused = await refusalOf(create());
        assert.equal(refused.status, status);
        assert.match(refused.message, message);
        const retryAfter = 'retryAfter' in fault ? String(fault.retryAfter) : undefined;
        assert.equal(refused.response?.headers['retry-after'], retryAfter);
        assert.deepEqual(titles(), []);
      });
    }

    it('what comes before retry-after has passed is told apart in the log', async () => {
      gitHub.inject({ name: 'secondary-limit-403', retryAfter: 60 });
      await refusalOf(create());
      clock.advance(59);
      await create('Too early');
      clock.advance(1);
      await create('In time');
      assert.deepEqual(
        gitHub.requests.map((request) => request.tooEarly),
        [false, true, false],
      );
    });

    it('primary-limit-403 lasts until the reset that it tells', async () => {
      gitHub.inject({ name: 'primary-limit-403', resetIn: 120 });
      const refused = await refusalOf(create());
      assert.equal(refused.response?.headers['x-ratelimit-remaining'], '0');
      const reset = Number(refused.response?.headers['x-ratelimit-reset']);
      assert.equal(reset, clock.now().getTime() / 1000 + 120);
      assert.equal((await refusalOf(alice.rest.issues.listForRepo(shop))).status, 403);
      assert.equal((await alice.rest.rateLimit.get()).data.rate.remaining, 0);
      clock.advance(120);
      assert.equal((await create()).status, 201);
    });

    it('redirect-301 sends elsewhere', async () => {
      const store = gitHub.state.addRepository('acme/store', { permissions: { alice: 'write' } });
      gitHub.web('bob', 'acme/store').openIssue({ title: 'There' });
      gitHub.inject({ name: 'redirect-301', location: `/repositories/${store.id}/issues/1` });
      const { data } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      assert.equal(data.title, 'There');
    });

    it('offline cuts the connection, and the request is not looked at', async () => {
      gitHub.inject({ name: 'offline' });
      assert.equal((await refusalOf(create())).status, 500);
      assert.deepEqual(titles(), []);
      assert.equal(gitHub.requests.at(-1)?.status, 'reset');
    });

    it('going offline refuses connections, and coming back finds everything at the same address', async () => {
      await create('Before');
      const { url } = gitHub;
      await gitHub.goOffline();
      const refused = await refusalOf(create('Meanwhile'));
      assert.equal(refused.status, 500);
      assert.equal(((refused.cause as Error).cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      await gitHub.goOnline();
      assert.equal(gitHub.url, url);
      await create('After');
      assert.deepEqual(titles(), ['Before', 'After']);
    });
  });

  describe('answers as if all was well', () => {
    it('patch-keeps-old-body takes the title and not the body', async () => {
      await create();
      gitHub.inject({ name: 'patch-keeps-old-body' });
      const { status, data } = await alice.rest.issues.update({
        ...shop,
        issue_number: 1,
        title: 'API was down',
        body: 'New text',
      });
      assert.deepEqual([status, data.title, data.body], [200, 'API was down', 'Text']);
    });

    it('dropped-labels takes everything but labels, assignees and milestone', async () => {
      gitHub.inject({ name: 'dropped-labels', count: 2 });
      const { status, data } = await alice.rest.issues.create({
        ...shop,
        title: 'A',
        labels: ['bug'],
        assignees: ['bob'],
      });
      assert.equal(status, 201);
      assert.deepEqual([data.labels, data.assignees], [[], []]);
      const { data: patched } = await alice.rest.issues.update({ ...shop, issue_number: 1, labels: ['bug'] });
      assert.deepEqual(patched.labels, []);
    });

    it('list-lag answers one list of the past', async () => {
      await create('Old');
      clock.advance(600);
      await create('New');
      gitHub.inject({ name: 'list-lag', seconds: 300 });
      const list = async () => (await alice.rest.issues.listForRepo(shop)).data.map((issue) => issue.title);
      assert.deepEqual(await list(), ['Old']);
      assert.deepEqual(await list(), ['New', 'Old']);
    });
  });

  describe('are matched', () => {
    it('by method, path and place in the order', async () => {
      gitHub.inject({ name: '502-before', method: 'POST', path: /\/issues$/, skip: 1, count: 2 });
      assert.equal((await create('1')).status, 201);
      assert.equal((await refusalOf(create('2'))).status, 502);
      assert.equal((await alice.rest.issues.createComment({ ...shop, issue_number: 1, body: 'x' })).status, 201);
      assert.equal((await refusalOf(create('3'))).status, 502);
      assert.equal((await create('4')).status, 201);
      assert.deepEqual(titles(), ['1', '4']);
    });

    it('by the repository’s name also where its id was asked for, and every time by a global expression', async () => {
      for (const title of ['1', '2', '3']) await create(title);
      const fault = gitHub.inject({ name: '500-before', path: /^\/repos\/acme\/shop\/issues/g, count: 3 });
      await refusalOf(alice.request(`GET /repositories/${repository.id}/issues`));
      await refusalOf(alice.request('GET /repos/acme/shop/issues?per_page=2'));
      await refusalOf(alice.request('GET /repos/acme/shop/issues'));
      assert.equal(fault.hits, 3);
    });

    it('until they are taken back', async () => {
      const fault = gitHub.inject({ name: '502-before', count: Number.POSITIVE_INFINITY });
      for (let count = 0; count < 3; count += 1) await refusalOf(create());
      fault.remove();
      assert.equal((await create()).status, 201);
      assert.equal(fault.hits, 3);
    });

    it('one by one, in the order of injection', async () => {
      const names: FaultName[] = ['commit-then-502', 'commit-then-503'];
      gitHub.inject({ name: 'commit-then-502' });
      gitHub.inject({ name: 'commit-then-503' });
      for (let count = 0; count < names.length; count += 1) await refusalOf(create());
      assert.deepEqual(
        gitHub.requests.map((request) => request.fault),
        names,
      );
    });
  });
});
