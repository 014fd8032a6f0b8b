import assert from 'node:assert/strict';
import { busyIncident, clock, declaredAt, event } from './timelineStandaloneData.ts';
import type { StandalonePage } from './timelineStandalonePage.ts';
import { focused, many, minute, standaloneSuite, textOf } from './timelineStandaloneSuite.ts';

describe('the picture of the incident over time', function () {
  this.timeout(60_000);
  const { show } = standaloneSuite();
  const plot = (shown: StandalonePage) => shown.page.locator('.plot');
  const marks = (shown: StandalonePage) => shown.page.locator('.mark');
  const titles = (shown: StandalonePage, selector: string) => textOf(shown, `${selector} > title`);
  const clocks = [clock('acknowledge', 'Acknowledge', 0, 15, 3), clock('mitigate', 'Mitigate', 0, 30, null)];

  it('draws phases as bars, entries as marks by kind, limits as lines, and now', async () => {
    const shown = await show(busyIncident({ clocks }), { language: 'en-GB' });
    assert.deepEqual(await titles(shown, '.span'), [
      'Declared: 16:30 to 16:33',
      'Triage: 16:33 to 16:48',
      'Mitigate: 16:48',
    ]);
    assert.deepEqual(await titles(shown, 'line.limit'), ['Acknowledge due 16:45: met', 'Mitigate due 17:00: due soon']);
    assert.equal(await shown.page.locator('.now').count(), 1);
    const marked = await titles(shown, '.mark');
    assert.ok(
      marked.includes(
        '16:40 Status update by @bob: - **Current State**: API degraded, reads work, writes fail with 500 - **Impact**: about 60% of users in EU and US; check…',
      ),
      marked.join('\n'),
    );
    assert.ok(marked.includes('16:48 Phase → Mitigate by @alice'), marked.join('\n'));
    // Where each stands says when it was.
    const x = async (selector: string) => (await shown.page.locator(selector).first().boundingBox())?.x ?? 0;
    const [declared, triage, mitigate] = await shown.page
      .locator('.span')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().x));
    assert.ok(Math.abs(((mitigate ?? 0) - (declared ?? 0)) / ((triage ?? 1) - (declared ?? 0)) - 6) < 0.2);
    assert.ok((await x('.now')) > (mitigate ?? 0));
  });

  it('writes the name of a limit where no other limit crosses it out, or not at all', async () => {
    const incident = busyIncident({
      clocks: [
        clock('acknowledge', 'Acknowledge', 0, 15, 20),
        clock('mitigate', 'Mitigate', 0, 17, null),
        clock('update', 'Status update', 0, 19, null),
        clock('resolve', 'Resolve', 0, 35, null),
      ],
    });
    for (const width of [1280, 800, 600]) {
      const shown = await show(incident, { width });
      const { lines, names } = await shown.page.evaluate(() => ({
        lines: [...document.querySelectorAll('line.limit')].map((line) => line.getBoundingClientRect().x),
        names: [...document.querySelectorAll('.limit-name')].map((name) => {
          const { left, right } = name.getBoundingClientRect();
          return { left, right, text: name.textContent };
        }),
      }));
      assert.equal(lines.length, 4);
      assert.ok(
        names.some(({ text }) => text === 'Resolve'),
        JSON.stringify(names),
      );
      for (const { left, right, text } of names) {
        assert.deepEqual(
          lines.filter((x) => x > left && x < right),
          [],
          `${text} at ${width}`,
        );
        assert.deepEqual(
          names.filter((other) => other.text !== text && other.left < right && other.right > left),
          [],
          `${text} at ${width}`,
        );
      }
    }
  });

  it('goes to the entry that was clicked', async () => {
    const shown = await show(busyIncident({ clocks }));
    await shown.page.locator('.mark[data-first="E00008"]').click();
    await shown.drawn();
    assert.equal(await focused(shown), 'E00008');
    assert.ok(await shown.page.locator('[data-event="E00008"].event').isVisible());
  });

  it('draws one mark anew for one entry more, and leaves the others where they are', async () => {
    const shown = await show(many(13));
    const all = () =>
      marks(shown).evaluateAll((elements) =>
        elements.map((one) => {
          const known = one as SVGElement & { known?: true };
          const isNew = known.known === undefined;
          known.known = true;
          return { first: known.dataset.first, place: known.getAttribute('transform'), isNew };
        }),
      );
    const before = await all();
    await shown.show(many(14));
    const after = await all();
    assert.deepEqual(
      after.filter(({ isNew }) => isNew).map(({ first }) => first),
      ['E00013'],
    );
    assert.deepEqual(
      after.filter(({ isNew }) => !isNew),
      before.map((mark) => ({ ...mark, isNew: false })),
    );
  });

  it('stays readable with 10,000 entries: marks are merged, and told apart again by zooming', async () => {
    const shown = await show(many(10_000), { language: 'en-GB' });
    const before = await marks(shown).count();
    assert.ok(before > 50 && before < 300, String(before));
    const counted = (await titles(shown, '.mark')).reduce(
      (sum, title) => sum + Number(/^(\d+) entries/.exec(title)?.[1] ?? 1),
      0,
    );
    assert.equal(counted, 10_000);
    await plot(shown).focus();
    for (let step = 0; step < 14; step++) await shown.page.keyboard.press('+');
    assert.ok((await titles(shown, '.mark')).every((title) => /^\d\d:\d\d /.test(title)));
    await shown.page.keyboard.press('0');
    assert.equal(await marks(shown).count(), before);
  });

  it('zooms by the wheel around the pointer, by buttons and by double click, and moves by dragging', async () => {
    const shown = await show(busyIncident({ clocks }), { language: 'en-GB' });
    const box = await plot(shown).boundingBox();
    assert.ok(box);
    const width = async (index: number) =>
      shown.page
        .locator('.span')
        .nth(index)
        .evaluate((one) => one.getBoundingClientRect().width);
    const whole = await width(1);
    await shown.page.mouse.move(box.x + 400, box.y + 60);
    const markBefore = await shown.page.locator('.span').nth(1).boundingBox();
    await shown.page.keyboard.down('Control');
    await shown.page.mouse.wheel(0, -60);
    await shown.page.keyboard.up('Control');
    await shown.drawn();
    assert.ok((await width(1)) > whole * 1.2, 'zoomed in');
    const share = (x: number, of: { x: number; width: number } | null) => (x - (of?.x ?? 0)) / (of?.width ?? 1);
    const markAfter = await shown.page.locator('.span').nth(1).boundingBox();
    assert.ok(
      Math.abs(share(box.x + 400, markBefore) - share(box.x + 400, markAfter)) < 0.02,
      'what is under the pointer stays',
    );
    await shown.page.getByRole('button', { name: 'Show all of it' }).click();
    assert.ok(Math.abs((await width(1)) - whole) < 1);
    await shown.page.getByRole('button', { name: 'Zoom in' }).click();
    const zoomed = await width(1);
    assert.ok(Math.abs(zoomed / whole - 1.5) < 0.1);
    const start = (await shown.page.locator('.mark[data-first="E00015"]').boundingBox())?.x ?? 0;
    await shown.page.mouse.move(box.x + 500, box.y + 8);
    await shown.page.mouse.down();
    await shown.page.mouse.move(box.x + 400, box.y + 8, { steps: 4 });
    await shown.page.mouse.up();
    await shown.drawn();
    const end = (await shown.page.locator('.mark[data-first="E00015"]').boundingBox())?.x ?? 0;
    assert.ok(Math.abs(start - end - 100) < 8, `moved by ${start - end}`);
    assert.notEqual(await focused(shown), 'E00015', 'a drag is no click');
    await shown.page.getByRole('button', { name: 'Show all of it' }).click();
    await shown.page.mouse.dblclick(box.x + 300, box.y + 8);
    assert.ok((await width(1)) > whole * 1.4);
    // The wheel alone belongs to the page.
    const held = await width(1);
    await shown.page.mouse.wheel(0, 200);
    await shown.drawn();
    assert.equal(await width(1), held);
  });

  it('is gone through by keys, which say what they come to', async () => {
    const shown = await show(busyIncident({ clocks }), { language: 'en-GB' });
    await plot(shown).focus();
    const said = async () => (await textOf(shown, '.picture [role=status]'))[0];
    await shown.page.keyboard.press('ArrowRight');
    assert.equal(await said(), '16:23 Alert by alertmanager: HighErrorRate: 42% of requests to api fail');
    await shown.page.keyboard.press('ArrowRight');
    assert.equal(await said(), '16:30 Phase → Declared by @bob');
    await shown.page.keyboard.press('End');
    assert.equal(
      await said(),
      '16:55 Message by @bob: We are looking into failing checkouts. Next update in 30 minutes.',
    );
    await shown.page.keyboard.press('Enter');
    await shown.drawn();
    assert.equal(await focused(shown), 'E00021');
  });

  it('shows what the filter leaves', async () => {
    const shown = await show(busyIncident({ clocks }));
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('pool');
    await shown.drawn();
    assert.deepEqual(await marks(shown).evaluateAll((all) => all.map((one) => (one as SVGElement).dataset.first)), [
      'E00005',
      'E00009',
    ]);
  });

  it('moves with the time, and stands still when the incident is over', async () => {
    const shown = await show(busyIncident({ clocks: [] }));
    const width = () => shown.page.locator('.span-current').evaluate((one) => one.getBoundingClientRect().width);
    const before = await width();
    await shown.page.clock.runFor(10 * minute);
    assert.ok((await width()) > before + 50);
    const over = await show(busyIncident({ clocks: [], finished: true }));
    assert.equal(await over.page.locator('.now').count(), 0);
  });

  it('gives way to the phases alone, and that is kept', async () => {
    const shown = await show(busyIncident({ clocks }));
    await shown.page.getByRole('button', { name: 'Show the incident over time' }).click();
    assert.ok(!(await shown.page.locator('.picture').isVisible()));
    assert.ok(await shown.page.locator('.phases').isVisible());
    await shown.drawn();
    const again = await show(busyIncident({ clocks }), { state: await shown.kept() });
    assert.ok(!(await again.page.locator('.picture').isVisible()));
    const narrow = await show(busyIncident({ clocks }), { width: 320 });
    assert.ok(!(await narrow.page.locator('.picture').isVisible()), 'a small panel begins without it');
    await narrow.page.getByRole('button', { name: 'Show the incident over time' }).click();
    await narrow.drawn();
    assert.ok((await marks(narrow).count()) > 5);
  });

  it('is there for an incident without anything, and for entries of one second', async () => {
    const bare = await show(busyIncident({ events: [], phases: [], clocks: [] }));
    assert.equal(await marks(bare).count(), 0);
    const same = [
      event(1, { at: declaredAt }),
      event(2, { at: declaredAt }),
      event(3, { at: declaredAt, kind: 'alert' }),
    ];
    await bare.show(busyIncident({ events: same, phases: [], clocks: [], finished: true }));
    assert.equal(await marks(bare).count(), 2);
  });
});
