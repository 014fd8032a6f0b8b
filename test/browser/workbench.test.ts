import assert from 'node:assert/strict';
import { makeRepository } from '../host/harness/repository.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { packedExtension } from './harness/project.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench } from './harness/workbench.ts';

describe('A window of VS Code', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    await makeRepository(folder, { 'README.md': '# Shop\n\nSells things.\n' });
    workbench = await openWorkbench({ folder });
  });

  after(() => workbench?.dispose());

  it('runs the extension', async () => {
    await workbench.activated();
  });

  it('runs a command from the palette', async () => {
    await workbench.runCommand('View: Show Search');
    await workbench.page
      .getByRole('textbox', { name: /^Search/ })
      .first()
      .waitFor();
  });

  it('opens a file, and has it open after a reload', async () => {
    await workbench.openFile('README.md');
    await workbench.editorShows(/# Shop\n\nSells things\./);
    await workbench.reload();
    await workbench.tab('README.md');
    await workbench.activated();
  });

  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 800],
    ['high-contrast', 1280],
  ] as const) {
    it(`shows the ${theme} theme, ${width} pixels wide`, async () => {
      const window = await openWorkbench({ folder, theme, width });
      try {
        assert.equal(await window.page.evaluate(() => innerWidth), width);
        await window.screenshot('window');
      } finally {
        await window.dispose();
      }
    });
  }

  it('runs the extension from its package', async () => {
    const window = await openWorkbench({ folder, extension: packedExtension() });
    try {
      await window.activated();
    } finally {
      await window.dispose();
    }
  });
});
