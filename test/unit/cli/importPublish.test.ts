import assert from 'node:assert/strict';
import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import type { WebPerson } from '../../github/webPerson.ts';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ItemJson, ListJson } from './shapes.ts';

const token = testToken('alice');

describe('firebreak import and publish', function () {
  this.timeout(90_000);
  let workspace: CliWorkspace;
  let gitHub: FakeGitHub;
  let web: WebPerson;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    gitHub = await FakeGitHub.start({ strict: true, contentLimits: { perMinute: 20, perHour: 150 } });
    gitHub.state.addToken(token, 'alice');
    gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write', manager: 'write' } });
    web = gitHub.web('manager', 'acme/shop');
  });
  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
    await workspace.remove();
  });

  const run = (...words: string[]) => runIn(workspace, {}, ...words);
  const runIn = (place: CliWorkspace, environment: Record<string, string>, ...words: string[]) =>
    place.runWith(
      { environment: { GITHUB_TOKEN: token, ...environment } },
      ...words,
      '--repo',
      'acme/shop',
      '--api-url',
      gitHub.url,
    );
  const items = async () => (await workspace.json<ListJson>('list', '--all')).items;
  const writes = () => gitHub.requests.filter(({ method }) => method !== 'GET');
  const issues = () => [...gitHub.state.repository('acme/shop').issues.values()];
  const add = async (title: string) => (await workspace.json<{ item: ItemJson }>('add', title)).item;

  it('import: says what it would bring, brings it with --yes, and finds nothing new after that', async () => {
    for (let number = 1; number <= 120; number++)
      web.openIssue({ title: `Issue ${number}`, body: 'x', labels: ['bug'] });
    web.openIssue({ title: 'Hostile \u001b[2J title', body: '---\nid: x\n---', labels: [] });
    web.close(2);
    const preview = await run('import');
    assert.deepEqual([preview.code, preview.stderr], [0, '']);
    assert.equal(
      preview.stdout,
      '120 of 120 issues would become items of the backlog; 0 are here already.\nLabels: bug (119)\nComments stay on GitHub. Add --yes to bring the issues in.\n',
    );
    assert.equal((await items()).length, 0);
    const done = await run('import', '--yes');
    assert.deepEqual([done.code, done.stdout], [0, '120 issues imported.\n']);
    assert.equal((await items()).length, 120);
    const again = JSON.parse((await run('import', '--state', 'all', '--yes', '--json')).stdout) as object;
    assert.deepEqual(again, { seen: 121, chosen: 1, known: 120, imported: 1, labels: { bug: 1 }, done: true });
    assert.deepEqual(writes(), []);
    const sync = await run('sync');
    assert.deepEqual([sync.code, sync.stderr], [0, '']);
    assert.deepEqual(writes(), []);
  });

  it('import: by label and words; and one that was begun is forgotten when told so', async () => {
    web.openIssue({ title: 'Checkout is slow', body: '', labels: ['bug', 'checkout'] });
    web.openIssue({ title: 'Checkout is ugly', body: '', labels: ['bug'] });
    const { stdout } = await run('import', '--label', 'bug', '--label', 'checkout', '--text', 'SLOW', '--json');
    assert.equal((JSON.parse(stdout) as { chosen: number }).chosen, 1);
    assert.equal((await run('import', '--discard')).code, 0);
    const wrong = await run('import', '--state', 'merged');
    assert.equal(wrong.code, 2);
  });

  it('import: goes on after it was killed', async () => {
    for (let number = 1; number <= 400; number++) web.openIssue({ title: `Issue ${number}`, body: 'x' });
    assert.equal((await run('import')).code, 0);
    const killed = workspace.start(
      { environment: { GITHUB_TOKEN: token } },
      ...['import', '--yes', '--repo', 'acme/shop', '--api-url', gitHub.url],
    );
    const backlog = path.join(workspace.folder, 'backlog');
    for (;;) {
      const written = await readdir(backlog).catch(() => []);
      if (written.length > 120) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    killed.kill('SIGKILL');
    await killed.ended;
    gitHub.requests.length = 0;
    const done = await run('import', '--yes', '--json');
    assert.equal(done.code, 0, done.stderr);
    const { chosen, imported } = JSON.parse(done.stdout) as { chosen: number; imported: number };
    assert.deepEqual([chosen, imported], [400, 400]);
    assert.equal((await items()).length, 400);
    assert.ok(gitHub.requests.length <= 1, 'what was listed is not asked for again');
  });

  it('publish: says what it would make, and makes it with --yes', async () => {
    await add('First');
    const second = await add('Second');
    const preview = await run('publish');
    assert.deepEqual([preview.code, preview.stderr], [0, '']);
    assert.match(
      preview.stdout,
      /^2 issues would be made, in about 1 min:\n {2}BUG-.+ First\n {2}BUG-.+ Second\nAdd --yes to make them\.\n$/,
    );
    assert.equal(gitHub.requests.length, 0);
    const one = await run('publish', second.id, '--yes', '--json');
    assert.equal(one.code, 0, one.stderr);
    const json = JSON.parse(one.stdout) as { items: object[]; minutes: number; report: { created: number } };
    assert.deepEqual([json.items, json.minutes, json.report.created], [[{ id: second.id, title: 'Second' }], 1, 1]);
    assert.deepEqual(
      issues().map(({ title }) => title),
      ['Second'],
    );
    const rest = await run('publish');
    assert.match(
      rest.stdout,
      /^1 issue would be made, in about 1 min:\n.+First\nLeft out: 1 with an issue already\.\n/,
    );
    assert.deepEqual((await run('publish', '--stop')).stdout, '0 items stay without an issue.\n');
    assert.equal((await run('publish', '--stop', '--yes')).code, 2);
  });

  it('publish: takes over an incident whose clone is lost, named by its id and after saying what that means', async () => {
    const { item } = await workspace.json<{ item: ItemJson }>('declare', 'API down', '--impact', 'All checkouts fail');
    const other = await CliWorkspace.make();
    try {
      await cp(path.join(workspace.folder, 'incidents'), path.join(other.folder, 'incidents'), { recursive: true });
      assert.equal((await runIn(other, {}, 'sync')).stdout, 'Nothing to do.\n');
      const preview = await runIn(other, {}, 'publish', item.id);
      assert.match(
        preview.stdout,
        /^1 issue would be made.+\n.+ API down\nOther clones have not sent what they recorded of it: only if they are lost\..+\nAdd --yes/,
      );
      assert.deepEqual(issues(), []);
      const published = await runIn(other, {}, 'publish', item.id, '--yes');
      assert.equal(published.code, 0, published.stderr);
      assert.deepEqual(
        issues().map(({ title }) => title),
        ['API down'],
      );
      const bodies = [...gitHub.state.repository('acme/shop').comments.values()].map(({ body }) => body).join('\n');
      assert.equal(bodies.split('All checkouts fail').length - 1, 1);
    } finally {
      await other.remove();
    }
  });

  it('two clones of one user keep one pace, and what is left waits with its time', async () => {
    const other = await CliWorkspace.make();
    try {
      const machine = {
        XDG_STATE_HOME: path.join(workspace.folder, '..', 'shared'),
        FIREBREAK_CREATES_PER_MINUTE: '80',
        FIREBREAK_CREATES_PER_HOUR: '5',
      };
      for (let number = 1; number <= 4; number++) {
        await workspace.json('add', `One ${number}`);
        await other.json('add', `Two ${number}`);
      }
      const first = await runIn(workspace, machine, 'publish', '--yes', '--json');
      const second = await runIn(other, machine, 'publish', '--yes', '--json');
      assert.deepEqual([first.code, second.code], [0, 1], first.stderr + second.stderr);
      assert.equal(issues().length, 4, 'a fifth of the hour is kept for incidents');
      const { report } = JSON.parse(second.stdout) as { report: { waiting: { reason: string; left: number }[] } };
      assert.deepEqual(
        report.waiting.map(({ reason, left }) => [reason, left]),
        [['paced', 4]],
      );
      assert.equal((JSON.parse(second.stderr) as { error: { code: string } }).error.code, 'github.paced');
      assert.equal((await runIn(other, machine, 'publish', '--stop')).stdout, '4 items stay without an issue.\n');
    } finally {
      await other.remove();
    }
  });
});
