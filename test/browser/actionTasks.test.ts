import assert from 'node:assert/strict';
import { writeFiles } from '../host/harness/repository.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { type EventOnDisk, policyOfAda, Shop } from './support/shop.ts';

/** An extension with tasks of a kind of its own: one is a command line, one only it can run, one takes its time to be found. */
const provider = {
  'package.json': JSON.stringify({
    name: 'pretend-tasks',
    publisher: 'firebreak-tests',
    version: '1.0.0',
    engines: { vscode: '^1.106.0' },
    main: './main.js',
    contributes: { taskDefinitions: [{ type: 'fleet', properties: { task: { type: 'string' } } }] },
  }),
  'main.js': `
const vscode = require('vscode');
const folder = () => vscode.workspace.workspaceFolders[0];
class Drain {
  onDidWrite = new vscode.EventEmitter().event;
  close() {}
  #ended = new vscode.EventEmitter();
  onDidClose = this.#ended.event;
  open() { setTimeout(() => this.#ended.fire(3), 1200); }
}
exports.activate = (context) => context.subscriptions.push(vscode.tasks.registerTaskProvider('fleet', {
  provideTasks: async () => [
    new vscode.Task({ type: 'fleet', task: 'restart' }, folder(), 'restart', 'fleet',
      new vscode.ShellExecution('sleep 1; echo "workers are back"')),
    new vscode.Task({ type: 'fleet', task: 'drain' }, folder(), 'drain', 'fleet',
      new vscode.CustomExecution(async () => new Drain())),
  ],
  resolveTask: () => undefined,
}));
`,
};

const tasks = [
  { label: 'Probe', type: 'shell', command: 'echo probed', problemMatcher: [] },
  { label: 'Seed', type: 'shell', command: 'exit 4', problemMatcher: [] },
  {
    label: 'Reload the cache',
    type: 'shell',
    command: 'sleep 1; echo "reloaded ${input:region}"; exit 5',
    options: { env: { MODE: 'all' } },
    problemMatcher: [],
  },
  {
    label: 'Seed and reload',
    type: 'shell',
    command: 'echo ${workspaceFolder}',
    dependsOn: ['Seed'],
    problemMatcher: [],
  },
  { label: 'All of it', dependsOn: ['Probe'] },
];
const inputs = [{ id: 'region', type: 'promptString', description: 'Region', default: 'eu' }];

describe('Tasks of VS Code as actions', () => {
  let shop: Shop;
  let workbench: Workbench;
  const incidents = () => workbench.tree('Incidents');
  const known = new Set<string>();
  async function newEvent(kind: string): Promise<EventOnDisk> {
    const event = await shop.event(loginIsDown.id, `a new ${kind}`, (one) => one.kind === kind && !known.has(one.name));
    known.add(event.name);
    return event;
  }

  async function choose(label: string): Promise<void> {
    await incidents().menu('Login is down', 'Run Action…');
    await workbench.quickInput.step('Run Action for Login is down');
    await workbench.quickInput.type(label);
    await workbench.quickInput.pick(label);
  }

  before(async () => {
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      'incident-policy.yml': `${policyOfAda}checklist:\n  - { id: workers, title: Workers are back, action: "vscode:fleet:restart" }\n`,
      'package.json': JSON.stringify({ name: 'shop', scripts: { smoke: 'echo smoke' } }),
      'web/package.json': JSON.stringify({
        name: 'web',
        scripts: { purge: 'sleep 1 && echo the cache of the web is purged' },
      }),
      '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks, inputs }),
    });
    const extension = await temporaryFolder();
    await writeFiles(extension, provider);
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      height: 1000,
      extensions: [extension],
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
    });
    await workbench.openView('Firebreak');
    for (const { name } of await shop.events(loginIsDown.id)) known.add(name);
  });
  after(() => workbench?.dispose());

  it('are offered below what was found in files, each once', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.step('Run Action for Login is down');
    await quickInput.row('fleet: drain');
    await workbench.screenshot('action-tasks-offered');
    for (const name of ['smoke', 'Probe', 'fleet: restart', 'npm: purge - web', 'Reload the cache']) {
      await quickInput.type(name);
      await quickInput.row(name);
      const labels = (await quickInput.rows()).map(({ label }) => label);
      assert.equal(labels.filter((label) => label === name).length, 1, `${name} in ${labels.join(' | ')}`);
    }
    await quickInput.type('All of it');
    await eventually('none that only starts others', async () => (await quickInput.rows()).length === 0);
    await quickInput.cancel();
  });

  it('show how they are defined before they run, and are written down with how they ended and what they said', async () => {
    await choose('fleet: restart');
    const dialog = await workbench.dialog('Run "fleet: restart"? It was never run from here.');
    assert.match(dialog.text, /sleep 1; echo "workers are back"/);
    assert.match(dialog.text, /\{"type":"fleet","task":"restart"\}/);
    await workbench.screenshot('action-tasks-confirm');
    await dialog.click('Run');
    const event = await newEvent('action');
    assert.deepEqual([event.fields.exit, event.fields.action], ['0', 'vscode:fleet:restart']);
    assert.match(event.fields.duration ?? '', /^[1-9]/);
    assert.match(event.body, /^\*\*fleet: restart\*\*: succeeded\.\n\n```sh\nsleep 1; echo "workers are back"\n```/);
    assert.match(event.body, /```text\n[^`]*workers are back/);
    await workbench.screenshot('action-tasks-terminal');
  });

  it('say so where VS Code gives no output', async () => {
    await choose('fleet: drain');
    await (await workbench.dialog(/Run "fleet: drain"/)).click('Run');
    const event = await newEvent('action');
    assert.equal(event.fields.exit, '3');
    assert.match(event.body, /fleet \{"task":"drain"\}\n```\n\nVS Code gives no output of this task\.\n$/);
    await (await workbench.notification(/fleet: drain failed with exit code 3/)).dismiss();
  });

  it('are asked by VS Code for what they need, and shown with their surroundings', async () => {
    await choose('Reload the cache');
    const dialog = await workbench.dialog(/Run "Reload the cache"/);
    assert.match(dialog.text, /"MODE":"all"/);
    await dialog.click('Run');
    await workbench.quickInput.prompt(/Region/);
    await workbench.quickInput.accept();
    const event = await newEvent('action');
    assert.equal(event.fields.exit, '5');
    assert.match(event.body, /reloaded eu/);
    await (await workbench.notification(/Reload the cache failed/)).dismiss();
    // Whoever does not answer has not run it, and nothing is left that seems to run.
    await choose('Reload the cache');
    await (await workbench.dialog('Run "Reload the cache"?')).click('Run');
    await workbench.quickInput.prompt(/Region/);
    await workbench.press('Escape');
    const cancelled = await newEvent('action');
    assert.equal(cancelled.fields.exit, undefined);
    assert.deepEqual(await shop.names('.git/firebreak/runs'), []);
  });

  it('show what runs before them, and end where that fails', async () => {
    await choose('Seed and reload');
    const dialog = await workbench.dialog(/Run "Seed and reload"/);
    assert.match(dialog.text, /Seed: \{"label":"Seed","type":"shell","command":"exit 4"/);
    await dialog.click('Run');
    const event = await newEvent('action');
    assert.equal(event.fields.exit, undefined);
    assert.match(event.body, /ended, and nobody was told its exit code/);
  });

  it('tick a box of the checklist', async () => {
    await incidents().menu('Login is down', 'Change Phase…');
    await workbench.quickInput.pick('Verify');
    await newEvent('phase');
    await incidents().click('Workers are back');
    await workbench.quickInput.pick(/Run fleet: restart/);
    await (await workbench.dialog('Run "fleet: restart"?')).click('Run');
    assert.equal((await newEvent('action')).fields.action, 'vscode:fleet:restart');
    await incidents().rowsWhen('the box ticked', (rows) =>
      rows.some(({ label, description }) => label === 'Workers are back' && description.startsWith('@ada')),
    );
  });

  it('are recorded once, as what they are', async () => {
    await incidents().menu('Login is down', 'Start Recording');
    await workbench.statusBar(/Recording$/);
    await choose('npm: purge - web');
    await (await workbench.dialog(/Run "npm: purge - web"/)).click('Run');
    const event = await newEvent('action');
    assert.equal(event.fields.exit, '0');
    assert.match(event.body, /the cache of the web is purged/);
    await workbench.runCommand('Tasks: Run Task');
    await workbench.quickInput.pick('Probe');
    await workbench.tree('Recorded').row('Task Probe');
    const labels = (await workbench.tree('Recorded').rows()).map(({ label }) => label);
    assert.deepEqual(labels, ['Task Probe']);
  });
});
