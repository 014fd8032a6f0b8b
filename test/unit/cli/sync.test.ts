import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import type { Repository } from '../../github/repository.ts';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, type CliRun, CliWorkspace } from './builtCli.ts';
import type { ItemJson, ShowJson } from './shapes.ts';

const token = testToken('alice');

interface ReportJson {
  created: number;
  updated: number;
  commented: number;
  pulled: number;
  waiting: { reason: string; message: string }[];
  problems: { code: string; item: string }[];
  plan: { item: string; step: string; detail: string }[];
}

describe('firebreak sync', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  let gitHub: FakeGitHub;
  let repository: Repository;
  let runs: CliRun[] = [];

  before(() => builtCli());
  beforeEach(async () => {
    runs = [];
    workspace = await CliWorkspace.make();
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'alice');
    repository = gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write' } });
  });
  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
    for (const { stdout, stderr } of runs)
      assert.ok(!`${stdout}${stderr}`.includes(token), 'the token is never printed');
    for (const file of await readdir(workspace.folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
      assert.ok(!text.includes(token), `the token is in ${file.name}`);
    }
    await workspace.remove();
  });

  const withToken = { GITHUB_TOKEN: token };

  async function sync(environment: Record<string, string>, ...words: string[]): Promise<CliRun> {
    const run = await workspace.runWith({ environment }, 'sync', ...words);
    runs.push(run);
    return run;
  }

  const here = () => ['--repo', 'acme/shop', '--api-url', gitHub.url];
  const declare = async (...more: string[]) =>
    (await workspace.json<{ item: ItemJson }>('declare', 'API down', ...more)).item;
  const issues = () => [...repository.issues.values()];

  it('makes one issue with labels, comments, and a link in the file; then there is nothing to do', async () => {
    const { id } = await declare('--impact', 'All of EU');
    const first = await sync(withToken, ...here());
    assert.deepEqual([first.code, first.stderr], [0, '']);
    assert.match(first.stdout, /^1 issue made, 1 comment posted\n$/);
    assert.equal(issues().length, 1);
    const [issue] = issues();
    assert.ok(issue);
    assert.equal(issue.title, 'API down');
    assert.deepEqual(
      repository
        .labelsOf(issue)
        .map(({ name }) => name)
        .sort(),
      ['phase: declared', 'severity: P0', 'type: bug'],
    );
    assert.equal((await workspace.json<ShowJson>('show', '#1')).item.github, 'acme/shop#1');
    const again = await sync(withToken, ...here());
    assert.deepEqual([again.code, again.stdout], [0, 'Nothing to do.\n']);

    await workspace.text('severity', id, 'P1');
    const report = JSON.parse((await sync(withToken, ...here(), '--json')).stdout) as ReportJson;
    assert.deepEqual([report.created, report.waiting, report.problems], [0, [], []]);
    assert.ok(repository.labelsOf(issue).some(({ name }) => name === 'severity: P1'));
    assert.equal(issues().length, 1);
  });

  it('makes one issue when the answer to its create was a 502 after it had been made', async () => {
    await declare();
    const fault = gitHub.inject({ name: 'commit-then-502', method: 'POST', path: /\/issues$/ });
    const first = await sync(withToken, ...here());
    assert.equal(fault.hits, 1);
    await sync(withToken, ...here());
    assert.equal(issues().length, 1);
    assert.equal((await workspace.json<ShowJson>('show')).item.github, 'acme/shop#1');
    assert.equal(first.code, 0, first.stderr);
  });

  it('says what to do when the token is refused', async () => {
    await declare();
    const run = await sync({ GITHUB_TOKEN: `${token}x` }, ...here());
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^firebreak: GitHub refused the token: .+\n$/);
    const json = await sync({ GITHUB_TOKEN: `${token}x` }, ...here(), '--json');
    assert.equal(json.code, 1);
    assert.equal((JSON.parse(json.stderr) as { error: { code: string } }).error.code, 'github.unauthorized');
    assert.equal((JSON.parse(json.stdout) as ReportJson).waiting[0]?.reason, 'unauthorized');
    assert.equal(issues().length, 0);
  });

  it('asks for a token, and asks GitHub nothing, when there is none', async () => {
    await declare();
    const run = await sync({}, ...here());
    assert.deepEqual([run.code, run.stdout], [1, '']);
    assert.match(run.stderr, /^firebreak: Set the environment variable GITHUB_TOKEN .+\n$/);
    assert.deepEqual(gitHub.requests, []);
  });

  it('sends nothing of what is excluded, on the command line or by the settings of the workspace', async () => {
    const secret = await declare();
    const open = await workspace.json<{ item: ItemJson }>('declare', 'Slow search', '--severity', 'P1');
    await workspace.put(
      '.vscode/settings.json',
      `{ // of the team\n"firebreak.github.exclude": ["${open.item.path.split('/').slice(0, 2).join('/')}"],\n"firebreak.github.labels": {"type: bug": "Bug!"},\n}`,
    );
    const none = await sync(withToken, ...here(), '--exclude', `incidents/${secret.id}/**`);
    assert.deepEqual([none.code, none.stdout, issues()], [0, 'Nothing to do.\n', []]);
    await sync(withToken, ...here());
    const [issue, ...others] = issues();
    assert.ok(issue);
    assert.deepEqual([issue.title, others], ['API down', []]);
    assert.ok(repository.labelsOf(issue).some(({ name }) => name === 'Bug!'));
  });

  it('sends nothing at all while a pattern means nothing', async () => {
    await declare();
    const run = await sync(withToken, ...here(), '--exclude', 'incidents/[a');
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^firebreak: "incidents\/\[a" is no pattern for paths: a \[ has no \]\.\n$/);
    await workspace.put('.vscode/settings.json', '{"firebreak.github.exclude": [');
    assert.equal((await sync(withToken, ...here())).code, 2);
    assert.deepEqual([gitHub.requests, issues()], [[], []]);
  });

  it('keeps everything for later while nobody answers', async () => {
    await declare();
    await gitHub.goOffline();
    const run = await sync(withToken, ...here());
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^firebreak: /);
    await gitHub.goOnline();
    assert.equal((await sync(withToken, ...here())).code, 0);
    assert.equal(issues().length, 1);
  });

  it('only says what it would do with --dry-run, even without a token', async () => {
    const { id } = await declare();
    const run = await sync({}, ...here(), '--dry-run');
    assert.deepEqual([run.code, run.stderr], [0, '']);
    assert.match(run.stdout, new RegExp(`^${id} create: `));
    const { plan } = JSON.parse((await sync({}, ...here(), '--dry-run', '--json')).stdout) as ReportJson;
    assert.equal(plan[0]?.step, 'create');
    assert.deepEqual(gitHub.requests, []);
  });

  it('moves texts both ways before the first commit', async () => {
    repository.permissions.set(gitHub.state.user('manager').id, 'write');
    const { id } = await declare();
    await sync(withToken, ...here());
    const { path: document } = (await workspace.json<ShowJson>('show', id)).item;
    const text = await readFile(path.join(workspace.folder, document), 'utf8');
    await workspace.put(document, `${text.trimEnd()}\n\nSeen from here\n`);
    await sync(withToken, ...here());
    assert.match(issues()[0]?.body ?? '', /Seen from here/);
    gitHub.web('manager', 'acme/shop').editBody(1, `Seen from there\n\n${issues()[0]?.body}`);
    await sync(withToken, ...here());
    assert.match(await readFile(path.join(workspace.folder, document), 'utf8'), /Seen from there[\s\S]*Seen from here/);
  });

  it('sends nothing private', async () => {
    await declare('--criteria', 'security-breach');
    const run = await sync(withToken, ...here());
    assert.equal(run.code, 0, run.stderr);
    assert.equal(issues().length, 0);
  });

  it('sends nothing to a public repository until somebody says that it may, once', async () => {
    repository = gitHub.state.addRepository('acme/open', { private: false, permissions: { alice: 'write' } });
    const open = ['--repo', 'acme/open', '--api-url', gitHub.url];
    await declare();
    const refused = await sync(withToken, ...open);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^firebreak: acme\/open is public: .* Add --public\.\n$/);
    assert.equal(issues().length, 0);
    assert.equal((await sync(withToken, ...open, '--public')).code, 0);
    assert.equal(issues().length, 1);
    await declare();
    assert.equal((await sync(withToken, ...open)).code, 0);
    assert.equal(issues().length, 2);
  });

  it('finds the repository in the remotes, and the address in the environment', async () => {
    const { hostname } = new URL(gitHub.url);
    await workspace.git('remote', 'add', 'origin', `https://${hostname}/acme/shop.git`);
    await declare();
    const run = await sync({ ...withToken, GITHUB_API_URL: gitHub.url });
    assert.equal(run.code, 0, run.stderr);
    assert.equal(issues().length, 1);
  });

  it('says so when no remote is on the host of the API', async () => {
    await workspace.git('remote', 'add', 'origin', 'https://gitlab.com/acme/shop.git');
    await declare();
    const run = await sync(withToken);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /No git remote here is on github\.com/);
  });

  it('takes no address from a file of the workspace, and none that is unsafe', async () => {
    await declare();
    await workspace.put('.env', `GITHUB_API_URL=${gitHub.url}\nGITHUB_TOKEN=${'x'.repeat(30)}\n`);
    await workspace.put('.vscode/settings.json', JSON.stringify({ 'firebreak.github.apiUrl': gitHub.url }));
    assert.equal((await sync({}, '--repo', 'acme/shop')).code, 1);
    for (const address of ['http://github.example.com', 'ftp://127.0.0.1', 'https://user:pw@github.example.com', 'x']) {
      const run = await sync(withToken, '--repo', 'acme/shop', '--api-url', address, '--json');
      assert.equal(run.code, 1, address);
      assert.equal((JSON.parse(run.stderr) as { error: { code: string } }).error.code, 'unsafeAddress');
    }
    assert.deepEqual(gitHub.requests, []);
  });

  it('refuses a repository that is none', async () => {
    const run = await sync(withToken, '--repo', 'nonsense', '--api-url', gitHub.url);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /"nonsense" is no repository/);
  });

  it('makes one issue when two terminals sync at once', async () => {
    await declare();
    const both = await Promise.all([sync(withToken, ...here()), sync(withToken, ...here())]);
    assert.equal(issues().length, 1, both.map(({ stderr }) => stderr).join(''));
    assert.ok(both.some(({ code }) => code === 0));
  });
});
