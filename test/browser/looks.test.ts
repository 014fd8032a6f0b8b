import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { liveIncident } from './support/liveIncident.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const title = 'Checkout API returns 500';
const widths = [1280, 800] as const;

/** Pictures of the main states for people to look at; the README shows `overview-head` of the dark theme. */
describe('Firebreak on screen', () => {
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    shop = await Shop.open(liveIncident(Date.now()), 'shop');
  });

  for (const theme of ['light', 'dark', 'high-contrast'] as const) {
    it(`in the ${theme} theme`, async () => {
      const settings = { 'firebreak.git.commit': 'never' };
      workbench = await openWorkbench({ folder: shop.folder, theme, width: widths[0], settings });
      await workbench.openView('Firebreak');
      await workbench.tree('Incidents').row(title);
      await pictures('views');
      await workbench.runCommand('Incident: Open Timeline');
      const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
      await panel.entry('Error rate is below 1%');
      await pictures('overview', panel);
      await workbench.resize(1280, 960);
      await panel.frame.locator('.scroller').evaluate((list) => list.scrollTo(0, 0));
      await panel.settled();
      await workbench.screenshot('overview-head');

      const { quickInput } = workbench;
      await workbench.runCommand('Incident: Declare P0');
      await quickInput.step('Declare P0 (1/3)');
      await pictures('declare-title');
      await quickInput.type('Login is down for SSO users');
      await quickInput.accept();
      await quickInput.step('Declare P0 (2/3)');
      await quickInput.pick('Security Breach');
      await quickInput.pick('User Impact');
      await pictures('declare-criteria');
      await quickInput.accept();
      await quickInput.step('Declare P0 (3/3)');
      await eventually('who would be commander', async () =>
        (await quickInput.rows()).some((row) => row.ariaLabel.includes('@ada')),
      );
      await pictures('declare-review');
      await quickInput.cancel();

      await workbench.runCommand('Incident: Show Actions');
      await quickInput.step(`P0 ${title}`);
      await pictures('actions');
      await quickInput.pick('Draft Status Update');
      await workbench.editorShows(/Current State/);
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Post' }).waitFor();
      await pictures('draft');
      await workbench.runCommand('Incident: Open Document');
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Phase' }).waitFor();
      await pictures('document');
    });
  }

  // Not in each test: a window that is still open is what shows why it failed.
  beforeEach(() => workbench?.dispose());
  after(() => workbench?.dispose());

  async function pictures(name: string, panel?: TimelinePanel): Promise<void> {
    for (const width of [...widths].reverse()) {
      await workbench.resize(width, 800);
      await panel?.settled();
      await workbench.screenshot(name);
    }
  }
});
