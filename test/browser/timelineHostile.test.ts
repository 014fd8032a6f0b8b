import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { busyIncident, event } from './timelineStandaloneData.ts';
import { asked, standaloneSuite } from './timelineStandaloneSuite.ts';

/** The Big List of Naughty Strings: some 500 texts that broke programs, half of them attempts to run a script. */
const naughty: readonly string[] = createRequire(import.meta.url)('big-list-of-naughty-strings');

/** Ways in which a text gets into a place that markdown renders otherwise. */
const wrapped: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `[link](${text})`,
  (text) => `![image](${text})`,
  (text) => `![${text}](../attachments/${text})`,
  (text) => `<${text}>`,
  (text) => `\`\`\`${text}\n${text}\n\`\`\``,
  (text) => `| a |\n|---|\n| ${text.replaceAll('\n', ' ')} |`,
  (text) => `[x]: ${text} "${text}"\n\n[x]`,
];

describe('hostile entries in the panel', function () {
  this.timeout(300_000);
  const { show } = standaloneSuite();
  const attachments = 'https://webview.test/attachments/';

  it('come from a list that knows how to attack', () => {
    assert.ok(naughty.length > 400);
    assert.ok(naughty.filter((text) => /script|onerror|onload/i.test(text)).length > 100);
  });

  for (const [index, wrap] of wrapped.entries()) {
    it(`run nothing and load nothing: ${wrap('TEXT').replaceAll('\n', ' ')}`, async () => {
      const shown = await show(busyIncident({ attachments, events: [] }));
      // What a payload would do if it ran: most call alert.
      await shown.page.evaluate(() => {
        const trap = window as unknown as { ran: string[] };
        trap.ran = [];
        for (const name of ['alert', 'confirm', 'prompt', 'open'] as const) {
          Object.defineProperty(window, name, { value: () => trap.ran.push(name) });
        }
      });
      // In pieces: all rows of up to eighty entries are in the page.
      for (let from = 0; from < naughty.length; from += 80) {
        const events = naughty.slice(from, from + 80).map((text, at): EventView => {
          const parts = index === 0 ? { by: text.slice(0, 300) || 'x', fromIncident: text } : {};
          return event(from + at, { ...parts, body: wrap(text) });
        });
        const named: Partial<TimelineView> =
          index === 0
            ? { title: events[0]?.body ?? '', service: events[1]?.body ?? '', criteria: [events[2]?.body ?? ''] }
            : {};
        await shown.show(busyIncident({ ...named, attachments, events }));
        assert.equal(await shown.page.locator('.event').count(), events.length);
        const touched = await shown.page.evaluate(() => {
          const inside = [...document.querySelectorAll<HTMLElement>('.event-body *')];
          // As a reader's mouse and keys would.
          for (const one of inside) {
            for (const type of ['mouseover', 'mouseenter', 'focus', 'pointerdown', 'click']) {
              one.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
            }
          }
          const odd = inside.flatMap((one) => {
            const name = one.tagName.toLowerCase();
            const wrong = [
              'script',
              'iframe',
              'object',
              'embed',
              'svg',
              'math',
              'style',
              'form',
              'input',
              'link',
              'base',
            ];
            const handlers = one
              .getAttributeNames()
              .filter((attribute) => attribute.startsWith('on') || attribute === 'style');
            const address = one.getAttribute('href') ?? '';
            const bad = address !== '' && !/^(?:https?:|mailto:)/i.test(address);
            return wrong.includes(name) || handlers.length > 0 || bad ? [one.outerHTML.slice(0, 200)] : [];
          });
          return { odd, ran: (window as unknown as { ran: string[] }).ran };
        });
        assert.deepEqual(touched, { odd: [], ran: [] });
      }
      assert.deepEqual(shown.requests, [], 'nothing was asked of another host');
      assert.ok(shown.attachments.every((path) => /^\/attachments\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(path)));
      assert.equal(shown.page.url(), 'https://webview.test/');
      for (const message of await asked(shown)) {
        const { type, href } = message as { type: string; href?: string };
        assert.equal(type, 'openLink');
        assert.match(href ?? '', /^(?:https?:\/\/|mailto:)/i);
      }
    });
  }
});
