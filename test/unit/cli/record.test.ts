import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { testToken } from '../../support/testTokens.ts';
import { CliWorkspace } from './builtCli.ts';

describe('firebreak record', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    await workspace.text('declare', 'Login is down');
  });
  afterEach(() => workspace.remove());

  async function events(): Promise<string[]> {
    const [incident = ''] = await readdir(path.join(workspace.folder, 'incidents'));
    const timeline = path.join(workspace.folder, 'incidents', incident, 'timeline');
    const names = (await readdir(timeline)).filter((name) => name.includes('-command-')).sort();
    return Promise.all(names.map((name) => readFile(path.join(timeline, name), 'utf8')));
  }

  it('runs the command in this terminal, and records what was run, where, how it ended and how long it took', async () => {
    await mkdir(path.join(workspace.folder, 'services/api'), { recursive: true });
    const run = await workspace.runWith(
      { from: 'services/api', input: 'typed' },
      ...['record', '--', 'sh', '-c', 'cat; echo " out"; echo err >&2; exit 3'],
    );
    assert.equal(run.code, 3);
    assert.equal(run.stdout, 'typed out\n');
    assert.match(run.stderr, /^err\nfirebreak: BUG-P0-\d{8}-\d{4} command recorded \(exit 3\)\n$/);
    const [text = '', ...others] = await events();
    assert.deepEqual(others, []);
    assert.match(text, /\nexit: 3\nduration: \d+(\.\d)?\ncwd: services\/api\n---\n/);
    assert.match(text, /\n```console\n\$ sh -c 'cat; echo " out"; echo err >&2; exit 3'\n```\n$/);
  });

  it('records the end of what is printed when asked to, and shows all of it meanwhile', async () => {
    const script = 'i=0; while [ $i -lt 60 ]; do echo line $i; i=$((i+1)); done';
    const run = await workspace.run('record', '--output', '--', 'sh', '-c', script);
    assert.equal(run.code, 0);
    assert.equal(run.stdout.split('\n').length, 61);
    const [text = ''] = await events();
    assert.match(text, /\n…\nline 20\n/);
    assert.match(text, /\nline 59\n```\n$/);
    assert.doesNotMatch(text, /line 19\n/);
    assert.doesNotMatch(text, /\ncwd:/);
  });

  it('masks secrets of the command line and of the output, also one that comes in two pieces', async () => {
    const token = testToken('deploy');
    const script = `printf '%s' "$1" | cut -c1-20 | tr -d '\\n'; sleep 0.2; printf '%s' "$1" | cut -c21-; echo end`;
    const run = await workspace.run('record', '--output', '--', 'sh', '-c', script, 'sh', token);
    assert.equal(run.stdout, `${token}\nend\n`);
    const [text = ''] = await events();
    assert.match(text, /' sh ‹masked: GitHub token›\n‹masked: GitHub token›\nend\n```\n$/);
  });

  it('passes the end of the command on as a shell tells it', async () => {
    const missing = await workspace.run('record', '--', 'no-such-program');
    assert.equal(missing.code, 127);
    assert.match(missing.stderr, /^firebreak: no-such-program: command not found\n/);
    await workspace.put('plain.txt', 'text');
    await chmod(path.join(workspace.folder, 'plain.txt'), 0o644);
    assert.equal((await workspace.run('record', '--', './plain.txt')).code, 126);
    assert.equal((await workspace.run('record', '--', 'sh', '-c', 'kill -9 $$')).code, 137);
    assert.deepEqual((await events()).map((text) => /\nexit: (\d+)\n/.exec(text)?.[1]).sort(), ['126', '127', '137']);
  });

  it('lets the command decide what ending it means', async () => {
    const script = 'trap "echo ending; exit 4" TERM; touch up; while :; do sleep 0.1; done';
    const running = workspace.start({}, 'record', '--', 'sh', '-c', script);
    while (!(await readdir(workspace.folder)).includes('up')) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGTERM');
    const run = await running.ended;
    assert.equal(run.code, 4);
    assert.match(run.stdout, /^ending\n$/);
    assert.equal((await events()).length, 1);
  });

  it('keeps standard output for its own result with --json', async () => {
    const run = await workspace.run('--json', 'record', '--', 'echo', 'out');
    assert.equal(run.stderr, 'out\n');
    const result: { event: { kind: string; exit: number } } = JSON.parse(run.stdout);
    assert.deepEqual([result.event.kind, result.event.exit], ['command', 0]);
    assert.equal((await events()).length, 1);
  });

  it('runs nothing when it is not plain what for', async () => {
    assert.match(await workspace.fails(2, 'record'), /Say which command/);
    assert.match(await workspace.fails(1, 'record', '--incident', 'BUG-1', '--', 'touch', 'ran'), /BUG-1/);
    await workspace.text('declare', 'Another one');
    assert.match(await workspace.fails(1, 'record', '--', 'touch', 'ran'), /2 incidents are open/);
    assert.ok(!(await readdir(workspace.folder)).includes('ran'));
  });
});
