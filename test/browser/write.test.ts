import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { Shop } from './support/shop.ts';

/** The prefix of each snippet, and words that only its text has. */
const snippets: readonly (readonly [string, RegExp])[] = [
  ['status-update', /\*\*Current State\*\*/],
  ['rca', /Executive Summary[\s\S]*Impact Assessment/],
  ['runbook', /^#/m],
  ['5whys', /Why/],
];

describe('Snippets in a markdown file', () => {
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    shop = await Shop.open({ 'notes.md': '\n' });
    workbench = await openWorkbench({ folder: shop.folder, settings: { 'firebreak.git.commit': 'never' } });
    await workbench.openFile('notes.md');
  });

  after(() => workbench?.dispose());

  for (const [prefix, wanted] of snippets) {
    it(`are written by ${prefix}`, async () => {
      await workbench.press('Control+a');
      await workbench.press('Delete');
      await workbench.runCommand('Snippets: Insert Snippet');
      await workbench.quickInput.prompt(/snippet/i);
      await workbench.quickInput.type(prefix);
      await eventually(`${prefix} among the snippets`, async () =>
        (await workbench.quickInput.rows()).some((row) => row.label === prefix),
      );
      await workbench.quickInput.pick(prefix);
      await workbench.press('Escape');
      assert.match(await workbench.editorShows(wanted), wanted);
    });
  }

  it('expand as they are typed, and lead from field to field with Tab', async () => {
    await workbench.press('Control+a');
    await workbench.press('Delete');
    await workbench.page.keyboard.type('status-update');
    await workbench.runCommand('Trigger Suggest');
    await workbench.page
      .locator('.suggest-widget.visible .monaco-list-row', { hasText: 'status-update' })
      .first()
      .waitFor();
    await workbench.screenshot('write-suggest');
    await workbench.press('Enter');
    await workbench.editorShows(/\*\*Current State\*\*: degraded/);
    // The first stop is a choice of three; the next ones are free text.
    await workbench.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'down' }).first().waitFor();
    await workbench.press('ArrowDown');
    await workbench.press('Enter');
    await workbench.editorShows(/\*\*Current State\*\*: down/);
    // A choice leads on to the next field by itself.
    await workbench.typeText(': nobody can pay');
    await workbench.press('Tab');
    await workbench.typeText('all users');
    await workbench.editorShows(/\*\*Current State\*\*: down: nobody can pay\n- \*\*Impact\*\*: all users\n/);
    await workbench.screenshot('write-status-update');
  });
});
