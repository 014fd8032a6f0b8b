import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, itemText, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

describe('Restricted Mode', () => {
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      'backlog/wish.md': itemText({ title: 'Gift cards', type: 'feature' }),
      'backlog/broken.md': '---\ntitle: [\n---\n',
    });
    workbench = await openWorkbench({ folder: shop.folder, trusted: false });
    await workbench.openView('Firebreak');
  });

  after(() => workbench?.dispose());

  it('shows the backlog, the incidents, the clocks and what is wrong with files', async () => {
    await workbench.tree('Incidents').row('Login is down');
    await workbench.tree('Backlog').row('Gift cards');
    await workbench.tree('Backlog').row('broken.md');
    await workbench.statusBar(/^P0 \d+d \d\dh/);
    await workbench.screenshot('restricted');
  });

  it('offers nothing that changes, runs or sends', async () => {
    const commands = await workbench.paletteCommands('Incident: ');
    assert.deepEqual(commands.filter((title) => title.startsWith('Incident: ')).sort(), [
      'Incident: Open Document',
      'Incident: Open Runbook…',
      'Incident: Open Timeline',
      'Incident: Reach Contact…',
      'Incident: Show Actions',
    ]);
    const backlog = await workbench.paletteCommands('Backlog: ');
    assert.deepEqual(
      backlog.filter((title) => title.startsWith('Backlog: ') && !title.startsWith('Backlog: Group by')),
      [],
    );
    await (await workbench.statusBar(/^P0 /)).element.click();
    await workbench.quickInput.step('P0 Login is down');
    assert.deepEqual(
      (await workbench.quickInput.rows()).map((row) => row.label),
      ['Open Timeline', 'Open Document'],
    );
    await workbench.quickInput.cancel();
    assert.deepEqual(await workbench.tree('Backlog').menuEntries('Gift cards'), ['Copy Id']);
  });

  it('shows a timeline to read only', async () => {
    await workbench.tree('Incidents').click('Login is down');
    const panel = await TimelinePanel.of(workbench, 'P0 Login is down');
    await panel.frame.getByText('This workspace is in Restricted Mode').waitFor();
    assert.equal(await panel.frame.getByRole('textbox', { name: 'Add a note' }).isVisible(), false);
    assert.equal(await panel.frame.getByRole('button', { name: 'Post Status Update' }).isVisible(), false);
    await workbench.screenshot('restricted-timeline');
  });

  it('refuses in one sentence what gets through all the same', async () => {
    const empty = await Shop.open();
    const window = await workbench.secondWindow({ folder: empty.folder });
    try {
      await window.openView('Firebreak');
      assert.match(
        await eventually('the welcome content', async () => (await window.tree('Incidents').welcome()) || undefined),
        /^In Restricted Mode Firebreak shows what is here, and changes, runs and sends nothing\./,
      );
      const item = await eventually('the flame', async () =>
        (await window.statusItems()).find(({ ariaLabel }) => ariaLabel.startsWith('Firebreak: no open incident')),
      );
      await item.element.click();
      const refusal = await window.notification(
        'This folder is in Restricted Mode: Firebreak only shows what is here until you trust it.',
      );
      assert.deepEqual(await refusal.buttons(), ['Manage Workspace Trust']);
      await window.screenshot('restricted-refused');
      assert.equal(await empty.changes(), '');
    } finally {
      await window.page.close();
    }
  });

  it('keeps no state and writes no file', async () => {
    assert.equal(await shop.changes(), '');
    assert.equal(shop.has('.git/firebreak'), false);
  });

  it('works as soon as the folder is trusted', async () => {
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await eventually('the end of Restricted Mode', async () =>
      (await workbench.statusItems()).every(({ text }) => !text.includes('Restricted Mode')),
    );
    const editor = workbench.page.locator('.monaco-modal-editor-block');
    await editor.locator('.modal-editor-header [aria-label^="Close"], .codicon-close').first().click();
    await editor.waitFor({ state: 'detached' });
    const panel = await TimelinePanel.of(workbench, 'P0 Login is down');
    await panel.frame.getByRole('textbox', { name: 'Add a note' }).waitFor();
    await workbench.tree('Incidents').menu('Login is down', 'Acknowledge');
    await shop.event(loginIsDown.id, 'the acknowledgement', (event) => event.kind === 'acknowledge');
    await workbench.runCommand('Incident: Declare P0');
    await workbench.quickInput.step('Declare P0 (1/3)');
    await workbench.quickInput.cancel();
  });
});
