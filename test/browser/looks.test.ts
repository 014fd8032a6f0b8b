import { openWorkbench } from './harness/openWorkbench.ts';
import { liveIncident } from './support/liveIncident.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const title = 'Checkout API returns 500';

/** Pictures of the main states for people to look at; the README shows `overview` of the dark theme. */
describe('Firebreak on screen', () => {
  let shop: Shop;

  before(async () => {
    shop = await Shop.open(liveIncident(Date.now()));
  });

  for (const theme of ['light', 'dark', 'high-contrast'] as const) {
    for (const width of [1280, 800]) {
      it(`in the ${theme} theme, ${width} pixels wide`, async () => {
        const workbench = await openWorkbench({
          folder: shop.folder,
          theme,
          width,
          settings: { 'firebreak.git.commit': 'never' },
        });
        try {
          await workbench.openView('Firebreak');
          await workbench.tree('Incidents').row(title);
          await workbench.runCommand('Incident: Open Timeline');
          const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
          await panel.entry('Error rate is below 1%');
          await workbench.screenshot('overview');
          await workbench.runCommand('Incident: Draft Status Update');
          await workbench.editorShows(/Current State/);
          await workbench.screenshot('draft');
          await workbench.runCommand('Incident: Show Actions');
          await workbench.quickInput.step(`P0 ${title}`);
          await workbench.screenshot('actions');
          await workbench.quickInput.cancel();
        } finally {
          await workbench.dispose();
        }
      });
    }
  }
});
