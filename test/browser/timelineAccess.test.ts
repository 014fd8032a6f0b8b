import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { awkwardIncident, busyIncident, clock, event } from './timelineStandaloneData.ts';
import type { StandalonePage, ThemeName } from './timelineStandalonePage.ts';
import { many, standaloneSuite } from './timelineStandaloneSuite.ts';

describe('the panel for everybody', function () {
  this.timeout(120_000);
  const { show } = standaloneSuite();
  const clocks = [
    clock('acknowledge', 'Acknowledge', 0, 15, null),
    clock('mitigate', 'Mitigate', 0, 30, null),
    clock('resolve', 'Resolve', 0, 240, null),
  ];

  /** What axe finds, each as one line. Its timers run on the page's own clock, which a test moves. */
  async function findings(shown: StandalonePage): Promise<string[]> {
    let done = false;
    const analysis = new AxeBuilder({ page: shown.page })
      .setLegacyMode()
      .analyze()
      .finally(() => {
        done = true;
      });
    while (!done) {
      await shown.page.clock.runFor(50);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { violations, passes } = await analysis;
    assert.ok(passes.length > 15, `only ${passes.length} rules found something to look at`);
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
    );
  }

  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] satisfies ThemeName[]) {
    it(`has nothing that axe finds: ${theme}`, async () => {
      const pinned = busyIncident().events.map((one) => (one.id === 'E00015' ? { ...one, pinned: true } : one));
      const shown = await show(busyIncident({ clocks, private: true, events: pinned }), { theme });
      assert.deepEqual(await findings(shown), []);
      await shown.page.locator('.event').last().hover();
      await shown.page.locator('.event').last().getByRole('button', { name: /^More/ }).click();
      assert.deepEqual(await findings(shown), [], 'with a menu');
      await shown.page.getByRole('menuitem', { name: 'Correct…' }).click();
      await shown.page.getByRole('button', { name: 'Kinds' }).click();
      assert.deepEqual(await findings(shown), [], 'with a form and the filter');
    });
  }

  it('has nothing that axe finds in a narrow column, without entries, with long ones, and with ten thousand', async () => {
    for (const [incident, width] of [
      [busyIncident({ clocks }), 320],
      [busyIncident({ clocks, events: [] }), 1280],
      [awkwardIncident(), 800],
      [many(10_000), 1280],
      [busyIncident({ readOnly: true, events: [event(1, { missing: true, hasFile: false })] }), 380],
    ] as const) {
      const shown = await show(incident, { width });
      assert.deepEqual(await findings(shown), [], `${incident.events.length} entries at ${width}`);
    }
  });
});
