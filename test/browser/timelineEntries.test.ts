import assert from 'node:assert/strict';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { busyIncident, declaredAt, event } from './timelineStandaloneData.ts';
import type { StandalonePage } from './timelineStandalonePage.ts';
import { asked, focused, minute, standaloneSuite, textOf } from './timelineStandaloneSuite.ts';

describe('what is done with entries', function () {
  this.timeout(60_000);
  const { show } = standaloneSuite();
  const row = (shown: StandalonePage, id: string) => shown.page.locator(`.event[data-event="${id}"]`);

  async function menu(shown: StandalonePage, id: string, entry: string): Promise<void> {
    await row(shown, id).hover();
    await row(shown, id).getByRole('button', { name: /^More/ }).click();
    await shown.page.getByRole('menuitem', { name: entry }).click();
    await shown.drawn();
  }

  const textBox = (shown: StandalonePage) => shown.page.locator('#form-text');
  const fieldBox = (shown: StandalonePage) => shown.page.locator('#form-field');
  const save = (shown: StandalonePage, name: string) => shown.page.getByRole('button', { name, exact: true }).click();

  it('pins and unpins, with the pin seen at the entry and not as a line of its own', async () => {
    const shown = await show(busyIncident());
    await row(shown, 'E00015').hover();
    await row(shown, 'E00015').getByRole('button', { name: 'Pin for the Review' }).click();
    assert.deepEqual(await asked(shown), [{ type: 'pin', ids: ['E00015'], pinned: true }]);
    const base = busyIncident();
    const pin = event(40, { kind: 'pin', body: '', about: 'E00015', at: declaredAt + 26 * minute });
    const pinned = (more: TimelineView['events'], is: boolean) =>
      busyIncident({
        events: [...base.events.map((one) => (one.id === 'E00015' ? { ...one, pinned: is } : one)), pin, ...more],
      });
    await shown.show(pinned([], true));
    assert.deepEqual(await textOf(shown, '.event[data-event="E00015"] .tag-pin'), ['Pinned']);
    assert.equal(await row(shown, 'E00040').count(), 0);
    assert.deepEqual(await textOf(shown, '.count'), ['22 entries']);
    await shown.page.getByRole('button', { name: 'Only what is pinned' }).click();
    assert.deepEqual(await shown.shownEntries(), ['E00015']);
    await shown.page.getByRole('button', { name: 'Clear filter' }).click();
    await shown.page.getByRole('button', { name: 'Kinds' }).click();
    await shown.page.getByRole('checkbox', { name: /^Pin/ }).click();
    assert.deepEqual(await shown.shownEntries(), ['E00040'], 'who asks for pins sees them');
    await shown.page.keyboard.press('Escape');
    await shown.page.getByRole('button', { name: 'Clear filter' }).click();
    await row(shown, 'E00015').focus();
    await shown.page.keyboard.press('p');
    assert.deepEqual((await asked(shown)).at(-1), { type: 'pin', ids: ['E00015'], pinned: false });
    const back = event(41, { kind: 'retraction', body: '', replaces: 'E00040', at: declaredAt + 27 * minute });
    await shown.show(pinned([back], false));
    assert.deepEqual(await textOf(shown, '.count'), ['22 entries']);
  });

  it('corrects words, and leaves the time when only they changed', async () => {
    const shown = await show(busyIncident());
    await menu(shown, 'E00005', 'Correct…');
    assert.equal(await textBox(shown).inputValue(), busyIncident().events[5]?.body);
    assert.equal(await focused(shown), await textBox(shown).evaluate((box) => box.getAttribute('aria-label') ?? ''));
    assert.ok(!(await shown.page.getByRole('textbox', { name: 'Add a note' }).isVisible()));
    await save(shown, 'Save Correction');
    assert.deepEqual(await textOf(shown, '.entry-form [role=alert]'), ['Nothing is other than it was.']);
    await textBox(shown).fill('The pool of the replica is exhausted.');
    await shown.page.keyboard.press('Control+Enter');
    const change = {
      type: 'correct',
      id: 'E00005',
      text: 'The pool of the replica is exhausted.',
      at: null,
      request: 1,
    };
    assert.deepEqual(await asked(shown), [change]);
    await shown.send({ type: 'failed', message: 'The disk is full.', request: 1 });
    assert.deepEqual(await textOf(shown, '.entry-form [role=alert]'), ['The disk is full.']);
    assert.equal(await textBox(shown).inputValue(), 'The pool of the replica is exhausted.');
    await save(shown, 'Save Correction');
    await shown.send({ type: 'written', request: 2 });
    assert.ok(!(await shown.page.locator('.entry-form').isVisible()));
    assert.equal(await focused(shown), 'E00005');
  });

  it('changes when it happened, in the reader’s time, and says what the file has', async () => {
    const shown = await show(busyIncident(), { language: 'en-GB' });
    await row(shown, 'E00005').focus();
    await shown.page.keyboard.press('e');
    assert.equal(await fieldBox(shown).inputValue(), '2025-09-23T16:34');
    await fieldBox(shown).fill('2025-09-23T16:20:30');
    await save(shown, 'Save Correction');
    const at = Date.UTC(2025, 8, 23, 14, 20, 30);
    assert.deepEqual(await asked(shown), [{ type: 'correct', id: 'E00005', text: '', at, request: 1 }]);
    await shown.send({ type: 'written', request: 1 });
    const moved = busyIncident().events.map((one) => (one.id === 'E00005' ? { ...one, writtenAt: one.at, at } : one));
    moved.sort((left, right) => left.at - right.at);
    await shown.show(busyIncident({ events: moved }));
    assert.equal((await shown.shownEntries())[0], 'E00005');
    assert.deepEqual(await textOf(shown, '.event[data-event="E00005"] .tag'), ['written down as 16:34']);
    await row(shown, 'E00005').focus();
    await shown.page.keyboard.press('e');
    await fieldBox(shown).fill('');
    await save(shown, 'Save Correction');
    assert.deepEqual(await textOf(shown, '.entry-form [role=alert]'), ['Say when it happened: day and time.']);
  });

  it('takes an entry back, with or without a reason, and lets Escape change one’s mind', async () => {
    const shown = await show(busyIncident());
    await row(shown, 'E00007').focus();
    await shown.page.keyboard.press('Delete');
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(shown), 'E00007');
    await shown.page.keyboard.press('Delete');
    await textBox(shown).fill('It was another host.');
    await save(shown, 'Take Back');
    assert.deepEqual(await asked(shown), [
      { type: 'retract', id: 'E00007', reason: 'It was another host.', request: 1 },
    ]);
  });

  it('adds a link to an entry, and refuses what is none', async () => {
    const shown = await show(busyIncident());
    await menu(shown, 'E00015', 'Add Link…');
    await fieldBox(shown).fill('javascript:alert(1)');
    await save(shown, 'Add Link');
    assert.match((await textOf(shown, '.entry-form [role=alert]')).join(), /no address/);
    await fieldBox(shown).fill('https://grafana.example.com/d/abc');
    await textBox(shown).fill('p99 [eu]');
    await save(shown, 'Add Link');
    const text = '[p99 \\[eu\\]](<https://grafana.example.com/d/abc>)';
    assert.deepEqual(await asked(shown), [{ type: 'addNote', text, about: 'E00015', request: 1 }]);
    const added = event(50, { body: text, about: 'E00015', at: declaredAt + 27 * minute });
    await shown.show(busyIncident({ events: [...busyIncident().events, added] }));
    assert.deepEqual(await textOf(shown, '.event[data-event="E00015"] .addition a'), ['p99 [eu]']);
    assert.equal(await row(shown, 'E00050').locator('.event-body').count(), 0, 'it stands with what it is about');
    await row(shown, 'E00050')
      .getByRole('button', { name: /^of: Decision/ })
      .click();
    assert.equal(await focused(shown), 'E00015');
  });

  it('keeps a half-written correction over a reload', async () => {
    const shown = await show(busyIncident());
    await menu(shown, 'E00005', 'Correct…');
    await textBox(shown).fill('half of it');
    await fieldBox(shown).fill('2025-09-23T16:20:30');
    const again = await show(busyIncident(), { state: await shown.kept() });
    assert.equal(await textBox(again).inputValue(), 'half of it');
    assert.equal(await fieldBox(again).inputValue(), '2025-09-23T16:20:30');
    assert.match((await textOf(again, '.form-title')).join(), /^Correct: Note/);
  });

  it('attaches images: chosen for an entry, and pasted into a note', async () => {
    const shown = await show(busyIncident());
    await menu(shown, 'E00005', 'Attach Image…');
    assert.deepEqual(await asked(shown), [{ type: 'chooseImage', request: 1 }]);
    await shown.send({ type: 'attached', markdown: '![cpu](../attachments/cpu.png)', request: 1 });
    const text = '![cpu](../attachments/cpu.png)';
    assert.deepEqual((await asked(shown))[1], { type: 'addNote', text, about: 'E00005', request: 2 });
    const note = shown.page.getByRole('textbox', { name: 'Add a note' });
    await note.fill('See:');
    await note.evaluate((area) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'image.png', { type: 'image/png' }));
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, composed: true, cancelable: true }),
      );
    });
    await shown.drawn();
    const pasted = { type: 'pasteImage', media: 'image/png', data: 'iVBORw==', request: 3 };
    assert.deepEqual((await asked(shown))[2], pasted);
    await shown.send({ type: 'attached', markdown: '![pasted](../attachments/pasted.png)', request: 3 });
    assert.equal(await note.inputValue(), 'See:\n\n![pasted](../attachments/pasted.png)');
    await shown.page.getByRole('button', { name: 'Insert an image' }).click();
    await shown.send({ type: 'failed', message: 'That is no image.', request: 4 });
    assert.deepEqual(await textOf(shown, '.composer:not(.entry-form) [role=alert]'), ['That is no image.']);
  });

  it('shows the images that stand beside the incident, and loads no other', async () => {
    const from = 'https://webview.test/attachments/';
    const body = [
      '![good](../attachments/20250923T143210Z-cpu.png)',
      '![up](../attachments/../../secret.png)',
      '![query](../attachments/a.png?x=1)',
      '![encoded](../attachments/%2e%2e%2fsecret.png)',
      '![script](../attachments/evil.svg)',
      '![outside](https://tracker.example/pixel.png)',
      `![absolute](${from}a.png)`,
    ].join('\n\n');
    const shown = await show(busyIncident({ attachments: from, events: [event(1, { body })] }));
    await shown.drawn();
    assert.deepEqual(
      await shown.page.locator('.event img').evaluateAll((all) => all.map((one) => one.getAttribute('src'))),
      [`${from}20250923T143210Z-cpu.png`],
    );
    assert.deepEqual(shown.attachments, ['/attachments/20250923T143210Z-cpu.png']);
    assert.equal(await shown.page.locator('.event img').getAttribute('alt'), 'good');
  });

  it('selects by keys, by boxes and in runs, and exports and pins what is selected', async () => {
    const shown = await show(busyIncident());
    const select = (id: string, options = {}) =>
      row(shown, id)
        .locator('.select')
        .click({ force: true, ...options });
    await row(shown, 'E00015').focus();
    await shown.page.keyboard.press('x');
    assert.deepEqual(await textOf(shown, '.selection-count'), ['1 selected']);
    await select('E00018', { modifiers: ['Shift'] });
    assert.deepEqual(await textOf(shown, '.selection-count'), ['4 selected']);
    await select('E00016');
    const ids = ['E00015', 'E00017', 'E00018'];
    await shown.page.locator('.selection').getByRole('button', { name: 'Pin' }).click();
    await shown.page.getByRole('button', { name: 'Export', exact: true }).click();
    assert.equal(await shown.page.getByRole('menu').getAttribute('aria-label'), 'Export 3 entries');
    await shown.page.getByRole('menuitem', { name: 'CSV' }).click();
    assert.deepEqual(await asked(shown), [
      { type: 'pin', ids, pinned: true },
      { type: 'export', format: 'csv', ids },
    ]);
    await shown.page.getByRole('button', { name: 'Select None' }).click();
    assert.ok(!(await shown.page.locator('.selection').isVisible()));
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('pool');
    await shown.page.getByRole('button', { name: 'Export', exact: true }).click();
    await shown.page.getByRole('menuitem', { name: 'Markdown' }).click();
    assert.deepEqual((await asked(shown)).at(-1), { type: 'export', format: 'markdown', ids: ['E00005', 'E00009'] });
  });

  it('exports the picture, drawn as it is seen, in a file that stands alone', async () => {
    const shown = await show(busyIncident());
    for (const name of ['Picture (SVG)', 'Picture (PNG)']) {
      await shown.page.getByRole('button', { name: 'Export', exact: true }).click();
      await shown.page.getByRole('menuitem', { name }).click();
    }
    const [svg, png] = (await asked(shown)) as { type: string; format: string; data: string }[];
    assert.equal(svg?.format, 'svg');
    assert.match(svg?.data ?? '', /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.ok(!/var\(|class=|<script/.test(svg?.data ?? ''), 'nothing that only this page knows');
    assert.match(svg?.data ?? '', /fill="rgb\(/);
    const bytes = Buffer.from(png?.data ?? '', 'base64');
    assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 1_200, 'twice the width of the page');
    // It is no empty sheet: both have the colours of the marks.
    const colours = await shown.page.evaluate(async (data) => {
      const raw = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([raw], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas?.drawImage(image, 0, 0);
      const pixels = canvas?.getImageData(0, 0, image.width, image.height).data ?? [];
      const seen = new Set<string>();
      for (let at = 0; at < pixels.length; at += 4) seen.add(`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`);
      return [...seen];
    }, png?.data ?? '');
    assert.ok(colours.includes('0,120,212') && colours.length > 20, colours.slice(0, 10).join(' '));
  });

  it('lets nothing out of a private incident, and changes nothing in Restricted Mode', async () => {
    const secret = await show(busyIncident({ private: true }));
    const exporting = secret.page.getByRole('button', { name: 'Export', exact: true });
    assert.ok(await exporting.isDisabled());
    assert.match((await exporting.getAttribute('title')) ?? '', /private/);
    const shown = await show(busyIncident({ readOnly: true }));
    await row(shown, 'E00005').focus();
    for (const key of ['p', 'e', 'l', 'Delete']) await shown.page.keyboard.press(key);
    assert.deepEqual(await asked(shown), []);
    await row(shown, 'E00005').hover();
    await row(shown, 'E00005').getByRole('button', { name: /^More/ }).click();
    assert.deepEqual(await textOf(shown, '.popup-label'), ['Select', 'Open file']);
  });

  it('has a menu that keys go through, and that gives the focus back', async () => {
    const shown = await show(busyIncident());
    await row(shown, 'E00005').focus();
    const more = row(shown, 'E00005').getByRole('button', { name: /^More/ });
    await more.focus();
    await shown.page.keyboard.press('Enter');
    const current = () => shown.page.evaluate(() => document.activeElement?.textContent);
    assert.match((await current()) ?? '', /^Pin for the Review/);
    await shown.page.keyboard.press('ArrowUp');
    assert.match((await current()) ?? '', /^Open file/);
    await shown.page.keyboard.press('Home');
    await shown.page.keyboard.press('ArrowDown');
    assert.match((await current()) ?? '', /^Correct/);
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(shown), 'More for this entry: Note');
    assert.equal(await more.getAttribute('aria-expanded'), 'false');
  });

  it('says how tasks and alerts stand', async () => {
    const at = { at: declaredAt + 26 * minute, recorded: declaredAt + 26 * minute };
    const more = [
      event(60, { ...at, kind: 'task', body: 'Restart the pool', standing: 'to do, @bob' }),
      event(61, { ...at, kind: 'task', body: '', standing: 'done', about: 'E00060' }),
      event(62, { ...at, kind: 'alert', body: 'HighErrorRate', standing: 'firing' }),
    ];
    const shown = await show(busyIncident({ events: [...busyIncident().events, ...more] }));
    const tags = async (id: string) => textOf(shown, `.event[data-event="${id}"] .tag`);
    assert.deepEqual(
      [await tags('E00060'), await tags('E00061'), await tags('E00062')],
      [['to do, @bob'], ['done'], ['firing']],
    );
    await row(shown, 'E00061')
      .getByRole('button', { name: /^of: Task/ })
      .click();
    assert.equal(await focused(shown), 'E00060');
    await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('firing');
    assert.deepEqual(await shown.shownEntries(), ['E00062']);
  });

  it('narrows to people', async () => {
    const shown = await show(busyIncident());
    await shown.page.getByRole('button', { name: 'People' }).click();
    await shown.page.getByRole('checkbox', { name: '@support-lead (1)' }).click();
    assert.deepEqual(await shown.shownEntries(), ['E00014']);
    await shown.drawn();
    const again = await show(busyIncident(), { state: await shown.kept() });
    assert.deepEqual(await again.shownEntries(), ['E00014']);
  });
});
