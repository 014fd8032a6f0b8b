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
});
