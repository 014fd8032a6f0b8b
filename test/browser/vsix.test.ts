import { openWorkbench } from './harness/openWorkbench.ts';
import { packedExtension } from './harness/project.ts';
import type { Workbench } from './harness/workbench.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

describe('The packed extension', () => {
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    shop = await Shop.open();
    workbench = await openWorkbench({
      folder: shop.folder,
      extension: packedExtension(),
      settings: { 'firebreak.git.commit': 'never' },
    });
  });

  after(() => workbench?.dispose());

  it('declares a P0, and shows its timeline', async () => {
    await workbench.activated();
    await workbench.runCommand('Incident: Declare P0');
    await workbench.quickInput.step('Declare P0 (1/3)');
    await workbench.quickInput.type('Checkout is down');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Declare P0 (2/3)');
    await workbench.quickInput.pick('Production Down');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Declare P0 (3/3)');
    await workbench.quickInput.accept();
    const incident = await shop.incident('Checkout is down');
    await shop.event(incident.id, 'the declaration', (event) => event.kind === 'phase');
    const panel = await TimelinePanel.of(workbench, 'P0 Checkout is down');
    await panel.entry('Checkout is down');
  });
});
