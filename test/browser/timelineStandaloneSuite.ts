import assert from 'node:assert/strict';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { busyIncident, declaredAt, manyEvents } from './timelineStandaloneData.ts';
import { type OpenOptions, StandaloneHost, type StandalonePage } from './timelineStandalonePage.ts';

export const second = 1_000;
export const minute = 60 * second;
/** What the page's clock says: 28 minutes into the incident. */
export const now = declaredAt + 28 * minute + 17 * second;

/** An incident with that many entries, one each two minutes. */
export const many = (count: number): TimelineView => busyIncident({ events: manyEvents(count) });

/** The texts of elements, each as one line. */
export const textOf = (shown: StandalonePage, selector: string): Promise<string[]> =>
  shown.page
    .locator(selector)
    .evaluateAll((all) => all.map((one) => (one.textContent ?? '').replace(/\s+/g, ' ').trim()));

/** What was asked of the extension, without the first `ready` and the word that something is shown. */
export async function asked(shown: StandalonePage): Promise<unknown[]> {
  const [ready, ...others] = await shown.sent();
  assert.equal(ready?.type, 'ready');
  return others.filter(({ type }) => type !== 'shown');
}

export const scrollOf = (shown: StandalonePage): Promise<{ top: number; left: number }> =>
  shown.page.locator('.scroller').evaluate((scroller) => ({
    top: scroller.scrollTop,
    left: scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop,
  }));

export async function scrollTo(shown: StandalonePage, top: number): Promise<void> {
  await shown.page.locator('.scroller').evaluate(
    (scroller, to) =>
      new Promise((resolve) => {
        scroller.addEventListener('scroll', resolve, { once: true });
        scroller.scrollTo(0, to);
      }),
    top,
  );
  await shown.drawn();
}

/** Which element has the focus: its entry, name or text. */
export const focused = (shown: StandalonePage): Promise<string> =>
  shown.page.evaluate(() => {
    const active = document.activeElement;
    return (
      (active instanceof HTMLElement && (active.dataset.event ?? active.getAttribute('aria-label'))) ||
      active?.textContent ||
      ''
    );
  });

/**
 * For a `describe` of the timeline page by itself: opens pages, and closes them after each test. A page that had an
 * error, asked for something from outside, or broke its content policy fails the test.
 */
export function standaloneSuite(): {
  open(options?: Partial<OpenOptions>): Promise<StandalonePage>;
  show(incident: TimelineView, options?: Partial<OpenOptions>): Promise<StandalonePage>;
} {
  let host: StandaloneHost;
  let opened: StandalonePage[] = [];

  before(async () => {
    host = await StandaloneHost.start();
  });

  after(() => host?.stop());

  afterEach(async function () {
    const pages = opened;
    opened = [];
    for (const shown of pages) {
      const broken = [...shown.errors, ...shown.requests, ...(await shown.violations())];
      await shown.close();
      if (this.currentTest?.state !== 'failed') assert.deepEqual(broken, []);
    }
  });

  async function open(options: Partial<OpenOptions> = {}): Promise<StandalonePage> {
    const shown = await host.open({ now, ...options });
    opened.push(shown);
    return shown;
  }

  async function show(incident: TimelineView, options: Partial<OpenOptions> = {}): Promise<StandalonePage> {
    const shown = await open(options);
    await shown.show(incident);
    return shown;
  }

  return { open, show };
}
