import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ItemJson } from './shapes.ts';

interface RunJson {
  readonly item: ItemJson;
  readonly event: { readonly kind: string; readonly exit?: number; readonly action?: string; readonly body: string };
}

const makefile = [
  'deploy-rollback: ## Back to version=previous',
  '\t@echo "rolled back to $(version)"',
  'test-smoke:',
  '\t@echo "three of four"; exit 1',
  '',
].join('\n');

describe('firebreak actions, run and checklist', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    await writeFile(path.join(workspace.folder, 'Makefile'), makefile);
    await workspace.json('declare', 'API down');
  });
  afterEach(() => workspace.remove());

  /** The output of what is run is on stderr, beside the JSON. */
  async function runs(...words: string[]): Promise<RunJson> {
    const { code, stdout, stderr } = await workspace.run('run', ...words, '--yes', '--json');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /rolled back to/);
    return JSON.parse(stdout);
  }

  it('list what fits the phase first, with its command', async () => {
    const { actions } = await workspace.json<{ actions: { id: string; offered: boolean; command: string }[] }>(
      'actions',
    );
    assert.ok(
      actions.some(({ id, command }) => id === 'make:deploy-rollback' && command.startsWith('make deploy-rollback')),
    );
    const { stdout } = await workspace.run('actions');
    assert.match(stdout, /^For declared|^Others/m);
  });

  it('list the freeze while there is none, and lifting it while there is one', async () => {
    const freezes = async () => {
      const { actions } = await workspace.json<{ actions: { id: string }[] }>('actions');
      return actions.map(({ id }) => id).filter((id) => id.startsWith('freeze-'));
    };
    assert.deepEqual(await freezes(), ['freeze-set']);
    assert.equal((await workspace.run('run', 'freeze-set', '--yes')).code, 0);
    assert.deepEqual(await freezes(), ['freeze-lift']);
  });

  it('say which tasks only VS Code can run', async () => {
    await mkdir(path.join(workspace.folder, '.vscode'));
    const tasks = [
      { label: 'Drain a node', type: 'shell', command: 'drain ${input:node}' },
      { label: 'Probe', type: 'shell', command: 'probe' },
    ];
    await writeFile(path.join(workspace.folder, '.vscode/tasks.json'), JSON.stringify({ tasks }));
    const { inVsCode, actions } = await workspace.json<{ inVsCode: string[]; actions: { id: string }[] }>('actions');
    assert.deepEqual(inVsCode, ['Drain a node']);
    assert.ok(actions.some(({ id }) => id === 'task:Probe'));
    const { stdout } = await workspace.run('actions');
    assert.match(stdout, /^In VS Code there are these, too, which only it can run: Drain a node\.$/m);
    const refused = await workspace.run('run', 'vscode:Workspace:Drain a node', '--yes');
    assert.match(refused.stderr, /is a task that only VS Code can run: run it there/);
  });

  it('run nothing without being told to, and show what it would be', async () => {
    const refused = await workspace.run('run', 'deploy-rollback');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /make deploy-rollback version=previous\n {4}@echo "rolled back/);
    assert.match(refused.stderr, /--yes runs it without a question/);
    const { timeline } = await workspace.json<{ timeline: { kind: string }[] }>('show');
    assert.equal(
      timeline.some(({ kind }) => kind === 'action'),
      false,
    );
  });

  it('run it, pass its output on, and write it into the timeline', async () => {
    const { event, item } = await runs('make:deploy-rollback', 'version=1.4.0');
    assert.deepEqual([event.kind, event.exit, event.action], ['action', 0, 'make:deploy-rollback']);
    assert.match(
      event.body,
      /```sh\nmake deploy-rollback version=1\.4\.0\n```\n\n```text\nrolled back to 1\.4\.0\n```/,
    );
    const shown = await workspace.run('show', item.id);
    assert.match(shown.stdout, /rolled back to 1\.4\.0/);
  });

  it('tell the shell that one failed, and leave the box of the checklist open', async () => {
    const failed = await workspace.run('run', 'test-smoke', '--yes');
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /three of four/);
    assert.match(failed.stderr, /failed with exit code 2/);
    const { stdout } = await workspace.run('checklist');
    assert.match(stdout, /^\[!\] smoke/m);
    await workspace.json('checklist', 'metrics', '--note', 'flat since 15:02');
    await workspace.json('checklist', 'customers', '--no');
    const after = await workspace.run('checklist');
    assert.match(after.stdout, /^\[x\] metrics/m);
    assert.match(after.stdout, /^\[!\] customers/m);
  });

  it('record what was not ticked when it is said to be over', async () => {
    const silent = await workspace.run('phase', 'rca');
    assert.match(
      silent.stderr,
      /not ticked, and nobody said why: Run smoke tests, Check key metrics, Verify customer impact/,
    );
    const { timeline } = await workspace.json<{ timeline: { kind: string; body: string; to?: string }[] }>('show');
    const step = timeline.find(({ kind, to }) => kind === 'phase' && to === 'rca');
    assert.match(
      step?.body ?? '',
      /^Resolved with the checklist open: Run smoke tests; Check key metrics; Verify customer impact\.\n\nNobody said why\.$/,
    );
  });

  it('name what is wrong with a parameter, an action or a box', async () => {
    for (const [words, message] of [
      [['run', 'deploy-rollback', 'to=x', '--yes'], /it takes version=…/],
      [['run', 'nothing', '--yes'], /There is no action "nothing": choose one of make:deploy-rollback/],
      [['run', '--yes'], /Say which action/],
      [['checklist', 'nothing'], /There is no box "nothing": choose one of smoke, metrics, customers/],
    ] as const) {
      const run = await workspace.run(...words);
      assert.ok(run.code === 1 || run.code === 2, words.join(' '));
      assert.match(run.stderr, message);
    }
  });

  it('keep secrets off the disk', async () => {
    const token = testToken('alice');
    const { event, item } = await runs('deploy-rollback', `version=${token}`);
    assert.doesNotMatch(JSON.stringify(event), new RegExp(token));
    const document = await readFile(path.join(workspace.folder, item.path), 'utf8');
    assert.ok(document.includes('API down'));
  });
});
