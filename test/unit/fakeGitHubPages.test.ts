import { strict as assert } from 'node:assert';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { MovableClock } from '../github/movableClock.ts';
import { octokitFor, refusalOf } from '../github/octokitFor.ts';
import { serveDemo } from '../github/serve.ts';
import { testToken } from '../support/testTokens.ts';

const shop = { owner: 'acme', repo: 'shop' };

describe('Fake GitHub: pages for people', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  let gitHub: FakeGitHub;

  beforeEach(async () => {
    const clock = new MovableClock('2025-09-23T14:30:00Z');
    gitHub = await FakeGitHub.start({ now: clock.now, pagePerson: 'bob' });
    gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write', bob: 'write' } });
  });

  afterEach(() => gitHub.stop());

  const get = async (address: string, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(address, gitHub.url), { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const post = (address: string, form: Record<string, string>, origin: string) =>
    fetch(new URL(address, gitHub.url), {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams(form),
      redirect: 'manual',
    });

  it('show an issue with its labels, events and comments, rendered as on GitHub', async () => {
    const web = gitHub.web('alice', 'acme/shop');
    web.openIssue({
      title: 'API is down',
      body: '**Since** 14:30\n\n<!-- firebreak:uid=01K5V7 -->',
      labels: ['severity: P0'],
    });
    web.comment(1, '- **Current State**: degraded');
    web.editTitle(1, 'API was down');
    const { status, text, headers } = await get('/acme/shop/issues/1');
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(text, /<h1>API was down <span class="number">#1<\/span>/);
    assert.match(text, /alice opened this on <time datetime="2025-09-23T14:30:00Z">23 Sep 2025, 14:30 UTC<\/time>/);
    assert.match(text, /<strong>Since<\/strong> 14:30/);
    assert.match(text, /class="label"[^>]*>severity: P0</);
    assert.match(text, /<li><strong>Current State<\/strong>: degraded<\/li>/);
    assert.match(text, /changed the title from “API is down” to “API was down”/);
    assert.doesNotMatch(text, /firebreak:uid/);
  });

  it('let nothing through that somebody wrote', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) "><b>';
    gitHub.web('alice', 'acme/shop').openIssue({ title: evil, body: evil, labels: [evil.slice(0, 40)] });
    gitHub.web('alice', 'acme/shop').comment(1, evil);
    for (const address of ['/acme/shop/issues/1', '/acme/shop/issues']) {
      const { text, headers } = await get(address);
      assert.doesNotMatch(text, /<script|<img|<b>alert|href="javascript/i);
      assert.match(text, /&(#60|lt);script/);
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    }
  });

  it('list a repository’s issues, and the repositories at the bare origin, for browsers', async () => {
    const web = gitHub.web('alice', 'acme/shop');
    web.openIssue({ title: 'First' });
    web.openIssue({ title: 'A change', pullRequest: {} });
    web.close(1);
    const { text } = await get('/acme/shop/issues');
    assert.match(text, /1 open, 1 closed/);
    assert.match(text, /href="\/acme\/shop\/pull\/2">A change</);
    assert.match((await get('/acme/shop/pull/2')).text, /A change/);
    assert.match((await get('/', { accept: 'text/html,*/*' })).text, /href="\/acme\/shop\/issues"/);
    assert.match((await get('/')).text, /^\{"current_user_url"/);
    assert.equal((await get('/-/style.css')).headers.get('content-type'), 'text/css; charset=utf-8');
  });

  it('are where html_url points, and nothing else is a page', async () => {
    gitHub.state.addToken(testToken('t'), 'alice');
    const client = await octokitFor(gitHub, { token: testToken('t') });
    const { data } = await client.rest.issues.create({ ...shop, title: 'API is down' });
    assert.match((await get(data.html_url)).text, /API is down/);
    assert.equal((await get('/acme/shop/issues/2')).status, 404);
    assert.equal((await get('/acme/none/issues')).status, 404);
    assert.equal((await get('/repos/acme/shop')).status, 404, 'a private repository stays private in the API');
  });

  it('let a person comment, rename and close, from their own forms only', async () => {
    gitHub.web('alice', 'acme/shop').openIssue({ title: 'API is down' });
    const repository = gitHub.state.repository('acme/shop');
    const done = await post('/acme/shop/issues/1/comment', { body: 'Line\nbreak' }, gitHub.url);
    assert.equal(done.status, 303);
    assert.equal(done.headers.get('location'), '/acme/shop/issues/1');
    assert.equal([...repository.comments.values()][0]?.body, 'Line\r\nbreak');
    await post('/acme/shop/issues/1/title', { title: 'Renamed' }, gitHub.url);
    await post('/acme/shop/issues/1/close', {}, gitHub.url);
    const issue = repository.issues.get(1);
    assert.deepEqual([issue?.title, issue?.state], ['Renamed', 'closed']);
    await post('/acme/shop/issues/1/reopen', {}, gitHub.url);
    assert.equal(issue?.state, 'open');
    const foreign = await post('/acme/shop/issues/1/comment', { body: 'Forged' }, 'http://evil.example');
    assert.equal(foreign.status, 403);
    assert.equal(repository.comments.size, 1);
  });

  it('have no forms where nobody is named for them', async () => {
    const readOnly = await FakeGitHub.start();
    try {
      readOnly.state.addRepository('acme/shop', { permissions: { alice: 'write' } });
      readOnly.web('alice', 'acme/shop').openIssue({ title: 'API is down' });
      const response = await fetch(`${readOnly.url}/acme/shop/issues/1`);
      assert.doesNotMatch(await response.text(), /<form/);
      const refused = await fetch(`${readOnly.url}/acme/shop/issues/1/close`, {
        method: 'POST',
        headers: { origin: readOnly.url },
      });
      assert.equal(refused.status, 404);
    } finally {
      await readOnly.stop();
    }
  });
});

describe('Fake GitHub: the demo’s server', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  const running = new Set<ChildProcessWithoutNullStreams>();

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  function start(...args: string[]): ChildProcessWithoutNullStreams {
    const entry = fileURLToPath(new URL('../github/serve.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import=tsx', entry, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  }

  async function readyLine(child: ChildProcessWithoutNullStreams): Promise<{ url: string; htmlUrl: string }> {
    for await (const line of createInterface(child.stdout)) return JSON.parse(line) as { url: string; htmlUrl: string };
    throw new Error('The server ended without a word');
  }

  it('seeds a private repository with other people’s issues and a pull request', async () => {
    const gitHub = await serveDemo({ port: 0, repository: 'acme/shop', login: 'demo-user', tokens: ['demo-token'] });
    try {
      const client = await octokitFor(gitHub, { token: 'demo-token' });
      assert.equal((await client.rest.repos.get(shop)).data.private, true);
      assert.equal((await client.rest.repos.get(shop)).data.permissions?.push, true);
      const issues = await client.paginate(client.rest.issues.listForRepo, { ...shop, state: 'all' });
      assert.equal(issues.filter((issue) => issue.pull_request === undefined).length, 3);
      assert.equal(issues.filter((issue) => issue.pull_request !== undefined).length, 1);
      assert.ok(issues.every((issue) => issue.user?.login !== 'demo-user'));
      assert.ok(issues.some((issue) => issue.body?.includes('\r\n')));
      assert.ok(issues.every((issue) => Date.parse(issue.updated_at) <= Date.now()));
      assert.ok((await client.rest.issues.listCommentsForRepo(shop)).data.length >= 3);
    } finally {
      await gitHub.stop();
    }
  });

  it('says where it is in one line of JSON and ends on SIGTERM', async () => {
    const child = start('--repo', 'big-co/web', '--token', 'one', '--token', 'two', '--login', 'dana');
    const ready = await readyLine(child);
    assert.equal(ready.htmlUrl, `${ready.url}/big-co/web/issues`);
    for (const token of ['one', 'two']) {
      const response = await fetch(`${ready.url}/user`, { headers: { authorization: `token ${token}` } });
      assert.equal(((await response.json()) as { login: string }).login, 'dana');
    }
    child.kill('SIGTERM');
    const [code, signal] = await once(child, 'exit');
    assert.deepEqual([code, signal], [0, null]);
    await assert.rejects(fetch(ready.url));
  });

  it('ends with its parent if told so', async () => {
    const child = start('--with-parent');
    await readyLine(child);
    child.stdin.end();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });

  it('refuses arguments it does not know, and a port that is taken', async () => {
    const wrong = start('--repo', 'no-slash');
    assert.deepEqual(await once(wrong, 'exit'), [2, null]);
    const taken = await FakeGitHub.start();
    try {
      const options = { port: Number(new URL(taken.url).port), repository: 'a/b', login: 'c', tokens: ['d'] };
      await assert.rejects(serveDemo(options), { code: 'EADDRINUSE' });
    } finally {
      await taken.stop();
    }
  });

  it('knows no other token', async () => {
    const gitHub = await serveDemo({ port: 0, repository: 'acme/shop', login: 'demo-user', tokens: ['demo-token'] });
    try {
      const client = await octokitFor(gitHub, { token: 'guessed' });
      assert.equal((await refusalOf(client.rest.issues.listForRepo(shop))).status, 401);
    } finally {
      await gitHub.stop();
    }
  });
});
