import assert from 'node:assert/strict';
import { busyIncident, event, manyEvents } from './timelineStandaloneData.ts';
import type { StandalonePage } from './timelineStandalonePage.ts';
import { focused, many, now, scrollOf, scrollTo, standaloneSuite, textOf } from './timelineStandaloneSuite.ts';

const count = 10_000;

describe('the timeline page with 10,000 entries', function () {
  this.timeout(120_000);
  const { show } = standaloneSuite();
  const long = many(count);

  const nodes = (shown: StandalonePage) => shown.page.evaluate(() => document.querySelectorAll('*').length);
  const topOf = (shown: StandalonePage, id: string) =>
    shown.page.locator(`[data-event="${id}"]`).evaluate((row) => Math.round(row.getBoundingClientRect().top));
  /** The first entry that is wholly in view below what covers the list. */
  const firstInView = (shown: StandalonePage) =>
    shown.page.evaluate(() => {
      const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
      const rows = [...document.querySelectorAll<HTMLElement>('.event')];
      return rows.find((row) => row.getBoundingClientRect().top >= bar + 30)?.dataset.event ?? '';
    });

  /** Scrolling knows no parts of pixels. */
  const near = (is: number, was: number) => assert.ok(Math.abs(is - was) <= 1, `${is} is not ${was}`);

  it('has as many rows as with a hundred, and never many elements, wherever its reader is', async () => {
    const rows = (shown: StandalonePage) => shown.page.locator('.event').count();
    const few = await rows(await show(many(100)));
    const shown = await show(long);
    const { top } = await scrollOf(shown);
    for (const share of [1, 0, 0.1, 0.33, 0.5, 0.9]) {
      if (share < 1) await scrollTo(shown, top * share + 7);
      const seen = await rows(shown);
      assert.ok(seen > 5 && seen <= 2 * few, `${seen} rows at ${share}, beside ${few}`);
      // Nearly half of them are the marks of the picture, whose number the width of the page limits.
      assert.ok((await nodes(shown)) < 2_300, `${await nodes(shown)} elements at ${share}`);
    }
    assert.deepEqual(await textOf(shown, '.count'), ['10000 entries']);
  });

  it('shows what belongs where the reader scrolls to, in one unbroken run', async () => {
    const shown = await show(long);
    const { top } = await scrollOf(shown);
    for (const share of [0.5, 0.25, 0.75]) {
      await scrollTo(shown, top * share);
      const { ids, gaps } = await shown.page.evaluate(() => {
        const view = document.querySelector('.scroller')?.getBoundingClientRect() ?? new DOMRect();
        const rows = [...document.querySelectorAll<HTMLElement>('.event')]
          .map((row) => ({ id: row.dataset.event ?? '', box: row.getBoundingClientRect() }))
          .filter(({ box }) => box.bottom > view.top && box.top < view.bottom);
        const apart = rows.slice(1).map(({ box }, index) => box.top - (rows[index]?.box.bottom ?? 0));
        return { ids: rows.map(({ id }) => Number(id.slice(1))), gaps: apart };
      });
      assert.ok(ids.length > 4, `${ids} at ${share}`);
      assert.deepEqual(
        ids,
        ids.map((_, index) => (ids[0] ?? 0) + index),
      );
      // Only the heading of a stretch may stand between two entries.
      assert.ok(
        gaps.every((gap) => Math.abs(gap) < 1 || Math.abs(gap - 30) < 1),
        gaps.join(),
      );
      assert.ok(Math.abs((ids[0] ?? 0) / count - share) < 0.1, `${ids[0]} at ${share}`);
    }
  });

  it('keeps the heading of the phase and day in view', async () => {
    const shown = await show(long);
    await scrollTo(shown, 100_000);
    const heading = await shown.page.evaluate(() => {
      const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
      const under = document.elementFromPoint(200, bar + 12);
      return under?.closest('.stretch-title')?.textContent ?? '';
    });
    assert.match(heading, /^Mitigate \(continued\).*2025$/);
  });

  it('holds the place of a reader deep in it, whatever comes, goes and grows', async () => {
    const shown = await show(long);
    await scrollTo(shown, 250_000);
    const id = await firstInView(shown);
    const before = await topOf(shown, id);
    const events = manyEvents(count + 3);
    const longer = events.map((one, index) =>
      index < 500 ? { ...one, body: `${one.body}\n\nand more`.repeat(3) } : one,
    );
    await shown.show(busyIncident({ events: longer }));
    near(await topOf(shown, id), before);
    await shown.show(busyIncident({ events: longer.slice(200) }));
    near(await topOf(shown, id), before);
    await shown.page.setViewportSize({ width: 700, height: 800 });
    await shown.drawn();
    assert.equal(await firstInView(shown), id);
    assert.equal(await shown.page.locator('.jump').textContent(), '3 new entries');
  });

  it('scrolls up smoothly: nothing jumps while true heights become known', async () => {
    const shown = await show(long);
    await scrollTo(shown, 300_000);
    for (let step = 0; step < 12; step++) {
      const id = await firstInView(shown);
      const before = await topOf(shown, id);
      const { top } = await scrollOf(shown);
      await scrollTo(shown, top - 120);
      const moved = (await topOf(shown, id)) - before;
      assert.ok(Math.abs(moved - 120) <= 2, `${id} moved by ${moved}`);
    }
  });

  it('brings the reader back to where they were', async () => {
    const first = await show(long);
    await scrollTo(first, 250_000);
    const id = await firstInView(first);
    const was = await topOf(first, id);
    const second = await show(long, { state: await first.kept() });
    near(await topOf(second, id), was);
    assert.equal(await second.page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed'), 'false');
  });

  it('is gone through by keyboard from end to end', async () => {
    const shown = await show(long);
    await shown.page.keyboard.press('k');
    assert.equal(await focused(shown), 'E09999');
    await shown.page.keyboard.press('Home');
    assert.equal(await focused(shown), 'E00000');
    await shown.page.keyboard.press('PageDown');
    await shown.page.keyboard.press('ArrowDown');
    assert.equal(await focused(shown), 'E00011');
    // The one with the focus stays in the page, and in the order of the tab key, wherever the view goes.
    await scrollTo(shown, 200_000);
    assert.equal(await focused(shown), 'E00011');
    await shown.page.keyboard.press('ArrowDown');
    assert.equal(await focused(shown), 'E00012');
    assert.ok((await scrollOf(shown)).top < 5_000);
    await shown.page.keyboard.press('End');
    assert.equal(await focused(shown), 'E09999');
    assert.ok((await scrollOf(shown)).left <= 1);
    const row = shown.page.locator('[data-event="E09999"]');
    const size = Number(await row.getAttribute('aria-setsize'));
    assert.equal(await row.getAttribute('aria-posinset'), String(size));
    assert.equal(
      size,
      await shown.page.evaluate(() => Number(document.querySelector('.event:last-child')?.ariaSetSize)),
    );
  });

  it('filters them all, and shows one that is far away', async () => {
    const shown = await show({
      ...long,
      events: [...long.events, event(20_000, { at: now * 2, kind: 'correction', body: 'x', replaces: 'E00003' })],
    });
    await shown.page.getByRole('button', { name: /^of: Note/ }).click();
    await shown.drawn();
    assert.equal(await focused(shown), 'E00003');
    assert.ok(await shown.page.locator('[data-event="E00003"]').isVisible());
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('replica found nowhere');
    assert.deepEqual(await textOf(shown, '.empty'), ['No entry matches the filter.']);
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('read replica');
    assert.deepEqual(await textOf(shown, '.count'), ['556 of 10001 entries']);
  });

  it('follows the newest whatever the width', async () => {
    const shown = await show(long);
    const follow = shown.page.getByRole('button', { name: 'Follow' });
    const { width = 1280, height = 800 } = shown.page.viewportSize() ?? {};
    for (const other of [500, 1280, 360, 900, width]) {
      await shown.page.setViewportSize({ width: other, height });
      await shown.drawn();
      await shown.drawn();
      assert.equal(await follow.getAttribute('aria-pressed'), 'true', `at ${other} px`);
      assert.ok((await scrollOf(shown)).left <= 1, `at ${other} px`);
    }
  });

  it('follows the newest until its reader scrolls away, or says so', async () => {
    const shown = await show(long);
    const follow = shown.page.getByRole('button', { name: 'Follow' });
    const pressed = () => follow.getAttribute('aria-pressed');
    assert.equal(await pressed(), 'true');
    const { top } = await scrollOf(shown);
    await scrollTo(shown, top - 400);
    assert.equal(await pressed(), 'false');
    await shown.show(many(count + 2));
    assert.ok((await scrollOf(shown)).left > 300);
    await follow.click();
    await shown.drawn();
    assert.equal(await pressed(), 'true');
    assert.ok((await scrollOf(shown)).left <= 1);
    await shown.show(many(count + 4));
    assert.ok((await scrollOf(shown)).left <= 1);
    // Switched off at the end, it stays where it is.
    await follow.click();
    await shown.drawn();
    const before = await scrollOf(shown);
    await shown.show(many(count + 8));
    assert.equal((await scrollOf(shown)).top, before.top);
    assert.equal(await pressed(), 'false');
  });
});
