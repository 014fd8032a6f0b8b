import assert from 'node:assert/strict';
import type { EventView } from '../../src/protocol/timelineView.ts';
import { busyIncident, event, manyEvents } from './timelineStandaloneData.ts';
import type { StandalonePage } from './timelineStandalonePage.ts';
import { asked, focused, many, now, scrollOf, scrollTo, standaloneSuite, textOf } from './timelineStandaloneSuite.ts';

describe('what changes in the timeline page', function () {
  this.timeout(60_000);
  const { open, show } = standaloneSuite();

  /** Watches which rows get other content from now on. */
  const watchRows = (shown: StandalonePage) =>
    shown.page.evaluate(() => {
      const found = new Set<string>();
      Object.assign(window, { rowsDrawn: found });
      new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
          for (const node of [target, ...addedNodes]) {
            const part = node instanceof Element ? node : node.parentElement;
            const inside = node === target ? [] : (part?.querySelectorAll<HTMLElement>('.event') ?? []);
            for (const row of [part?.closest<HTMLElement>('.event'), ...inside]) {
              if (row?.dataset.event !== undefined) found.add(row.dataset.event);
            }
          }
        }
      }).observe(document.querySelector('.stretches') ?? document.body, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
  const rowsDrawn = (shown: StandalonePage) =>
    shown.page.evaluate(() => [...(window as unknown as { rowsDrawn: Set<string> }).rowsDrawn].sort());

  const incident = (events: readonly EventView[]) => busyIncident({ events });

  it('is drawn, and nothing else: one that came, one that reads otherwise, one that is gone', async () => {
    const events = manyEvents(60);
    const shown = await show(incident(events));
    await watchRows(shown);
    const late = event(100, { at: (events[20]?.at ?? 0) + 1, kind: 'note', body: 'Seen later' });
    const other = events.map((one, index) => (index === 40 ? { ...one, body: 'It was DNS' } : one));
    await shown.show(incident([...other.slice(0, 21), late, ...other.slice(21)]));
    assert.deepEqual(await rowsDrawn(shown), ['E00040', 'E00100']);
    assert.match(await shown.page.locator('[data-event="E00040"]').innerText(), /It was DNS/);
    const entries = await shown.shownEntries();
    assert.deepEqual(entries.slice(20, 23), ['E00020', 'E00100', 'E00021']);
    await shown.show(incident(other));
    assert.deepEqual(await shown.shownEntries(), (await shown.shownEntries()).toSorted());
    assert.deepEqual(await rowsDrawn(shown), ['E00040', 'E00100']);
  });

  it('costs one row each, however many came before, while the newest is followed', async () => {
    const shown = await show(many(100));
    await watchRows(shown);
    const height = () => shown.page.locator('.scroller').evaluate((scroller) => scroller.scrollHeight);
    let before = await height();
    for (let count = 101; count <= 106; count++) {
      await shown.show(many(count));
      const now = await height();
      assert.ok(now > before && now < before + 300, `${before}, then ${now} with ${count}`);
      before = now;
      assert.ok((await scrollOf(shown)).left <= 1);
    }
    assert.deepEqual(await rowsDrawn(shown), ['E00100', 'E00101', 'E00102', 'E00103', 'E00104', 'E00105']);
  });

  it('leaves the rest of the reader’s page alone: focus, selection, an opened entry, the place', async () => {
    const long = Array.from({ length: 40 }, (_, line) => `Line ${line} of a long entry`).join('\n\n');
    const events = manyEvents(60).map((one, index) => (index === 30 ? { ...one, kind: 'note', body: long } : one));
    const shown = await show(incident(events as EventView[]));
    const row = shown.page.locator('[data-event="E00030"]');
    await row.getByRole('button', { name: 'Show more' }).click();
    await row.getByRole('checkbox').click({ force: true });
    await row.getByRole('button', { name: 'Show less' }).focus();
    await scrollTo(shown, (await scrollOf(shown)).top - 600);
    await shown.page.evaluate(() => {
      const words = document.querySelector('[data-event="E00030"] .event-body p');
      if (words) getSelection()?.selectAllChildren(words);
    });
    const before = await row.evaluate((element) => Math.round(element.getBoundingClientRect().top));
    await watchRows(shown);
    await shown.show(
      busyIncident({
        title: 'Production API and search are down',
        events: [event(200, { at: (events[0]?.at ?? 0) - 1 }), ...(events as EventView[]), event(201, { at: now * 2 })],
      }),
    );
    assert.deepEqual(await rowsDrawn(shown), ['E00200', 'E00201']);
    assert.deepEqual(await textOf(shown, 'h1'), ['Production API and search are down']);
    assert.equal(await focused(shown), 'Show less');
    assert.equal(await shown.page.evaluate(() => getSelection()?.toString()), 'Line 0 of a long entry');
    assert.ok(await row.getByRole('checkbox').isChecked());
    const after = await row.evaluate((element) => Math.round(element.getBoundingClientRect().top));
    assert.ok(Math.abs(after - before) <= 1, `${after} is not ${before}`);
  });

  it('changes what others show of it: a mark that came and went, an addition, a name', async () => {
    const events = manyEvents(20);
    const correction = event(300, { at: now, kind: 'correction', replaces: 'E00003', body: 'It was search' });
    const picture = event(301, { at: now + 1, kind: 'note', about: 'E00005', body: 'https://example.com/graph' });
    const shown = await show(incident(events));
    const rowOf = (id: string) => shown.page.locator(`[data-event="${id}"]`);
    await shown.show(incident([...events, correction, picture]));
    assert.match((await rowOf('E00003').getAttribute('class')) ?? '', /corrected/);
    assert.match(await rowOf('E00003').innerText(), /It was search/);
    assert.match(await rowOf('E00005').innerText(), /example\.com\/graph/);
    await shown.show(incident([...events, { ...picture, body: 'https://example.com/other' }]));
    assert.doesNotMatch((await rowOf('E00003').getAttribute('class')) ?? '', /corrected/);
    assert.match(await rowOf('E00005').innerText(), /example\.com\/other/);
    await shown.show(incident(events));
    assert.doesNotMatch(await rowOf('E00005').innerText(), /example\.com\/other/);
  });

  it('is counted in the filters, and filtered', async () => {
    const events = manyEvents(30);
    const shown = await show(incident(events));
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('needle');
    assert.deepEqual(await textOf(shown, '.count'), ['0 of 30 entries']);
    await shown.show(incident([...events, event(400, { at: now, by: '@eve', body: 'A needle' })]));
    assert.deepEqual(await textOf(shown, '.count'), ['1 of 31 entries']);
    assert.deepEqual(await shown.shownEntries(), ['E00400']);
    await shown.show(incident([...events, event(400, { at: now, by: '@eve', body: 'Only hay' })]));
    assert.deepEqual(await textOf(shown, '.count'), ['0 of 31 entries']);
    const people = async () => (await textOf(shown, '#people-menu .kind-option')).join();
    assert.match(await people(), /@eve/);
    await shown.show(incident(events));
    assert.doesNotMatch(await people(), /@eve/);
  });

  it('and got lost is asked for: the page shows what it has until the whole is here', async () => {
    const shown = await show(many(5));
    const change = (id: string) => ({ head: {}, edits: [{ at: 5, removed: [], put: [event(500, { id, at: now })] }] });
    await shown.send({ type: 'changed', revision: 3, change: change('LATER'), earlier: 0 });
    assert.deepEqual(await asked(shown), [{ type: 'missed' }]);
    assert.equal((await shown.shownEntries()).length, 5);
    // One that is late, or was told before, is none.
    await shown.send({ type: 'changed', revision: 1, change: change('EARLIER'), earlier: 0 });
    // One for another list of entries.
    const odd = { head: {}, edits: [{ at: 0, removed: ['NEVER'], put: [] }] };
    await shown.send({ type: 'changed', revision: 2, change: odd, earlier: 0 });
    assert.deepEqual(await asked(shown), [{ type: 'missed' }, { type: 'missed' }]);
    await shown.send({ type: 'incident', revision: 7, incident: many(8), earlier: 0 });
    await shown.send({
      type: 'changed',
      revision: 8,
      change: { head: { title: 'Back again' }, edits: [] },
      earlier: 0,
    });
    assert.equal((await shown.shownEntries()).length, 8);
    assert.deepEqual(await textOf(shown, 'h1'), ['Back again']);
    assert.equal((await asked(shown)).length, 2);
  });

  it('before the page has anything leaves it waiting for the whole', async () => {
    const shown = await open();
    await shown.send({ type: 'changed', revision: 4, change: { head: {}, edits: [] }, earlier: 0 });
    assert.deepEqual(await asked(shown), [{ type: 'missed' }]);
    assert.ok(await shown.page.locator('.loading').isVisible());
    await shown.show(many(3));
    assert.equal((await shown.shownEntries()).length, 3);
  });
});
