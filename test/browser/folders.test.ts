import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench, WorkbenchOptions } from './harness/workbench.ts';
import { declareP0 } from './support/declareP0.ts';
import { itemText } from './support/documents.ts';
import { Shop } from './support/shop.ts';

describe('Which folder is worked in', () => {
  const open: Workbench[] = [];
  async function openWindow(options: WorkbenchOptions): Promise<Workbench> {
    const workbench = await openWorkbench(options);
    open.push(workbench);
    await workbench.openView('Firebreak');
    return workbench;
  }

  // Not after each test: a window that is still open is what shows why it failed.
  beforeEach(async () => {
    for (const workbench of open.splice(0)) await workbench.dispose();
  });
  after(async () => {
    for (const workbench of open) await workbench.dispose();
  });

  async function addItem(window: Workbench, title: string): Promise<void> {
    const { quickInput } = window;
    await window.runCommand('Backlog: Add Item');
    await quickInput.step('Add Item (1/4)');
    await quickInput.accept();
    await quickInput.step('Add Item (2/4)');
    await quickInput.type(title);
    await quickInput.accept();
    await quickInput.step('Add Item (3/4)');
    await quickInput.accept();
    await quickInput.step('Add Item (4/4)');
    await quickInput.accept();
  }

  it('says in a window without a folder what to do, and offers no command that needs one', async () => {
    const workbench = await openWindow({});
    const incidents = workbench.tree('Incidents');
    const welcome = await eventually('the welcome content', async () => (await incidents.welcome()) || undefined);
    assert.equal(welcome, 'Firebreak keeps incidents as markdown in a folder of yours.Open Folder');
    await workbench.screenshot('no-folder');
    const commands = await workbench.paletteCommands('Declare P0');
    assert.deepEqual(
      commands.filter((title) => title.startsWith('Incident:')),
      [],
    );
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('takes the one of two folders that holds incidents or a backlog, or the one that is chosen', async () => {
    const code = Shop.at(await temporaryFolder());
    const ops = await Shop.open({ 'backlog/a.md': itemText({ title: 'Renew the certificate' }) });
    const workspaceFile = path.join(await temporaryFolder(), 'both.code-workspace');
    await writeFile(
      workspaceFile,
      JSON.stringify({
        folders: [
          { name: 'code', path: code.folder },
          { name: 'ops', path: ops.folder },
        ],
      }),
    );
    const workbench = await openWindow({ workspaceFile, settings: { 'firebreak.git.commit': 'never' } });
    await workbench.tree('Backlog').row('Renew the certificate');
    await addItem(workbench, 'In ops');
    await eventually('the item in ops', async () => (await ops.names('backlog')).length === 2);

    await workbench.runCommand('Firebreak: Choose Workspace Folder…');
    await workbench.quickInput.pick('code');
    await eventually('an empty backlog', async () =>
      (await workbench.tree('Backlog').welcome()).startsWith('The backlog'),
    );
    await addItem(workbench, 'In code');
    await eventually('the item in code', async () => (await code.names('backlog')).length === 1);
    await workbench.reload();
    await workbench.openView('Firebreak');
    await workbench.tree('Backlog').row('In code');
    assert.equal((await ops.names('backlog')).length, 2);
  });

  it('keeps its files below the folder of the setting, and works without git', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, '.vscode'));
    await writeFile(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'firebreak.root': 'docs/ops' }));
    const shop = Shop.at(folder);
    const workbench = await openWindow({ folder });
    await declareP0(workbench, 'No git at all');
    await workbench.tree('Incidents').row('No git at all');
    const [id = ''] = await shop.names('docs/ops/incidents');
    assert.match(await shop.read(`docs/ops/incidents/${id}/incident.md`), /^title: No git at all$/m);
    assert.deepEqual(await shop.names('incidents'), []);
    await workbench.runCommand('Firebreak: Commit');
    await workbench.notification('This folder is not in a git repository: run `git init` in it first.');
    await workbench.screenshot('no-git');
  });
});
