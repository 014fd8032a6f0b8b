import { openWorkbench } from './harness/openWorkbench.ts';
import { packedExtension } from './harness/project.ts';
import type { Workbench } from './harness/workbench.ts';
import { declareP0 } from './support/declareP0.ts';
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
    await declareP0(workbench, 'Checkout is down', 'Production Down');
    const incident = await shop.incident('Checkout is down');
    await shop.event(incident.id, 'the declaration', (event) => event.kind === 'phase');
    const panel = await TimelinePanel.of(workbench, 'P0 Checkout is down');
    await panel.entry('Checkout is down');
  });
});
