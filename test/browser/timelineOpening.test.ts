import assert from 'node:assert/strict';
import { event } from './timelineStandaloneData.ts';
import type { StandalonePage } from './timelineStandalonePage.ts';
import { asked, many, scrollOf, standaloneSuite, textOf } from './timelineStandaloneSuite.ts';

describe('a timeline page that begins, of a long incident', function () {
  this.timeout(60_000);
  const { open } = standaloneSuite();
  const long = many(2_500);

  const isBusy = async (shown: StandalonePage) =>
    (await shown.page.locator('.page').getAttribute('aria-busy')) === 'true';
  const announced = (shown: StandalonePage) => textOf(shown, '[aria-live=polite] p');
  const placeOf = (shown: StandalonePage, id: string) =>
    shown.page.locator(`[data-event="${id}"]`).evaluate((row) => row.getBoundingClientRect().top);

  it('shows the newest entries first, and says that there are more', async () => {
    const shown = await open();
    await shown.begin(long);
    assert.ok(await isBusy(shown));
    assert.equal((await shown.shownEntries()).at(-1), 'E02499');
    assert.deepEqual(await textOf(shown, '.count'), ['2500 entries']);
    const exporting = shown.page.getByRole('button', { name: 'Export' });
    assert.ok(await exporting.isDisabled());
    const newest = await placeOf(shown, 'E02499');
    await shown.page.locator('[data-event="E02499"]').evaluate((row) => row.setAttribute('data-seen', ''));

    let portions = 1;
    for (; await isBusy(shown); portions++) await shown.show(long);
    assert.equal(portions, 3);
    // Nothing of it is new, or drawn anew, and the reader is where they were.
    assert.deepEqual(await announced(shown), []);
    assert.equal(await placeOf(shown, 'E02499'), newest);
    assert.equal(await shown.page.locator('[data-seen]').count(), 1);
    assert.ok(!(await shown.page.locator('.jump').isVisible()));
    assert.ok(await exporting.isEnabled());
    assert.deepEqual(await textOf(shown, '.count'), ['2500 entries']);
    assert.ok((await scrollOf(shown)).top > 50_000);
    const revisions = (await shown.sent()).flatMap((message) => (message.type === 'shown' ? [message.revision] : []));
    assert.deepEqual(revisions, [1, 2, 3]);
  });

  it('tells of what comes in meanwhile, and of nothing else', async () => {
    const shown = await open();
    await shown.begin(long);
    const late = event(9_000, { at: (long.events.at(-1)?.at ?? 0) + 1, body: 'The pool is full again' });
    const after = { ...long, events: [...long.events, late] };
    while (await isBusy(shown)) await shown.show(after);
    assert.match((await announced(shown)).join(), /^New: Note by @alice\. The pool is full again$/);
    assert.equal((await shown.shownEntries()).at(-1), late.id);
  });

  it('begins where its reader was, and with what they were writing', async () => {
    const state = {
      uid: long.uid,
      filterText: '',
      filterKinds: [],
      anchor: { event: 'E01200', offset: 200 },
      draft: '',
      form: { kind: 'correct', event: 'E00900', text: 'It was DNS', field: '' },
    };
    const shown = await open({ state });
    await shown.begin(long);
    assert.deepEqual((await shown.sent())[0], { type: 'ready', needs: ['E01200', 'E00900'] });
    const form = shown.page.locator('.entry-form textarea');
    assert.equal(await form.inputValue(), 'It was DNS');
    assert.ok(await isBusy(shown));
    const place = await placeOf(shown, 'E01200');
    while (await isBusy(shown)) await shown.show(long);
    assert.ok(Math.abs((await placeOf(shown, 'E01200')) - place) < 1);
    assert.equal(await form.inputValue(), 'It was DNS');
    assert.deepEqual(await asked(shown), []);
  });
});
