import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { artifacts } from './harness/project.ts';
import {
  awkwardIncident,
  busyIncident,
  clock,
  declaredAt,
  event,
  eventView,
  manyEvents,
  timelineView,
} from './timelineStandaloneData.ts';
import type { StandalonePage, ThemeName } from './timelineStandalonePage.ts';
import {
  asked,
  focused,
  many,
  minute,
  now,
  scrollOf,
  scrollTo,
  second,
  standaloneSuite,
  textOf,
} from './timelineStandaloneSuite.ts';

describe('the timeline page by itself', function () {
  this.timeout(60_000);
  const { open, show } = standaloneSuite();

  describe('the header', () => {
    it('says what the incident is and how it stands', async () => {
      const shown = await show(busyIncident({ private: true }));
      assert.deepEqual(await textOf(shown, '.header .severity'), ['P0']);
      assert.deepEqual(await textOf(shown, 'h1'), ['Production API Down']);
      const header = (await textOf(shown, '.header'))[0] ?? '';
      for (const words of ['Phase: Mitigate', 'Private', 'BUG-P0-20250923-1430', 'acme/shop#41', '1 problem']) {
        assert.ok(header.includes(words), `${words} in ${header}`);
      }
      for (const words of [
        'Service api',
        'Criteria Production Down, User Impact',
        'Commander @alice',
        'Communications @dana',
      ]) {
        assert.ok(header.includes(words), `${words} in ${header}`);
      }
      assert.deepEqual(await textOf(shown, '.elapsed'), ['00:28:17 since declared']);
    });

    it('shows each clock with its standing in words', async () => {
      const shown = await show(
        busyIncident({
          clocks: [
            clock('acknowledge', 'Acknowledge', 0, 15, 20),
            clock('update', 'Status update', 0, 25, null),
            clock('mitigate', 'Mitigate', 0, 30, null),
            clock('resolve', 'Resolve', 0, null, null),
          ],
        }),
      );
      assert.deepEqual(await textOf(shown, '.clock'), [
        'Acknowledge missed: took 20m (missed)',
        'Status update 3m 17s overdue (overdue)',
        'Mitigate 1m 43s left (due soon)',
        'Resolve 00:28:17 (no limit)',
      ]);
    });

    it('ticks each second, and tells screen readers only when a standing changes', async () => {
      const shown = await show(busyIncident());
      const status = () => textOf(shown, '.sr-only [role=status]');
      await shown.page.clock.runFor(2 * second);
      assert.ok((await textOf(shown, '.clock'))[2]?.includes('1m 41s left'));
      assert.deepEqual(await textOf(shown, '.elapsed'), ['00:28:19 since declared']);
      assert.deepEqual(await status(), ['']);
      await shown.page.clock.runFor(2 * minute);
      assert.deepEqual(await status(), ['Mitigate: overdue, 0s overdue']);
    });

    it('rests while it is hidden, and is right again when it shows', async () => {
      const shown = await show(busyIncident());
      const setVisibility = (state: string) =>
        shown.page.evaluate((value) => {
          Object.defineProperty(document, 'visibilityState', { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, state);
      await setVisibility('hidden');
      const before = await textOf(shown, '.elapsed');
      await shown.page.clock.runFor(10 * second);
      assert.deepEqual(await textOf(shown, '.elapsed'), before);
      await setVisibility('visible');
      assert.deepEqual(await textOf(shown, '.elapsed'), ['00:28:27 since declared']);
    });

    it('stops at the resolution', async () => {
      const shown = await show(busyIncident({ finished: true, clocks: [clock('resolve', 'Resolve', 0, 240, 65)] }));
      assert.deepEqual(await textOf(shown, '.elapsed'), ['01:05:00 from declared to resolved']);
    });

    it('draws the phases as wide as they were long', async () => {
      const shown = await show(busyIncident(), { state: { uid: 'U', picture: false } });
      assert.deepEqual(await textOf(shown, '.phase:not(.phase-ahead)'), [
        'Declared 3m (past)',
        'Triage 15m (past)',
        'Mitigate 10m (now)',
      ]);
      assert.equal(await shown.page.locator('.phase[aria-current=step]').count(), 1);
      assert.equal(await shown.page.locator('.phase-ahead').count(), 5);
      const widths = await shown.page
        .locator('.phase:not(.phase-ahead)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
      const [declared = 0, triage = 0, mitigate = 0] = widths;
      // What is above the least width is shared by duration: 3 : 15 : 10.3 minutes.
      const extra = widths.map((width) => width - 73);
      assert.ok(declared >= 73 && triage > mitigate && mitigate > declared, widths.join());
      assert.ok(Math.abs((extra[1] ?? 0) / (extra[0] ?? 1) - 5) < 0.3, extra.join());
    });

    it('asks for everything by name', async () => {
      const shown = await show(busyIncident({ clocks: [clock('acknowledge', 'Acknowledge', 0, 15, null)] }));
      for (const name of [
        'Acknowledge',
        'Post Status Update',
        'Run Action',
        'Next: Investigate',
        'Notify Customers',
        'Record Decision',
        'More',
        'Change severity',
        'Assign a role',
      ]) {
        await shown.page.getByRole('button', { name, exact: true }).click();
      }
      for (const name of ['acme/shop#41', '1 problem', 'BUG-P0-20250923-1430']) {
        await shown.page.getByRole('button', { name }).click();
      }
      assert.deepEqual(await asked(shown), [
        ...[
          'acknowledge',
          'postStatusUpdate',
          'runAction',
          'changePhase',
          'notifyCustomers',
          'recordDecision',
          'incidentActions',
        ].map((command) => ({ type: 'run', command })),
        ...['changeSeverity', 'assignRole'].map((command) => ({ type: 'run', command })),
        { type: 'run', command: 'openOnGitHub' },
        { type: 'run', command: 'showProblems' },
        { type: 'openIncident' },
      ]);
    });

    it('offers only what makes sense', async () => {
      const names = async (shown: StandalonePage) =>
        (await shown.page
          .locator('.header vscode-button:visible')
          .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent))) as string[];
      assert.deepEqual(await names(await show(busyIncident())), [
        'Change severity',
        'Assign a role',
        'Post Status Update',
        'Run Action',
        'Next: Investigate',
        'Notify Customers',
        'Record Decision',
        'More',
      ]);
      const step = async (parts: Partial<TimelineView>) => (await names(await show(busyIncident(parts)))).slice(2);
      assert.deepEqual(await step({ phase: 'verify', roles: [] }), [
        ...['Assign Commander', 'Recovery Checklist', 'Post Status Update', 'Next: RCA', 'Run Action'],
        ...['Notify Customers', 'Record Decision', 'More'],
      ]);
      assert.ok(!(await step({ phase: 'mitigate', private: true })).includes('Notify Customers'));
      assert.deepEqual(await step({ phase: 'rca' }), [
        ...['Open RCA', 'Add Action Item', 'Next: Closed', 'Post RCA', 'Record Decision', 'More'],
      ]);
      assert.ok(!(await step({ phase: 'rca', private: true })).includes('Post RCA'));
      assert.deepEqual(await names(await show(busyIncident({ finished: true, status: 'done' }))), ['Change Phase']);
      const readOnly = await show(busyIncident({ readOnly: true }));
      assert.deepEqual(await names(readOnly), []);
      assert.ok(!(await readOnly.page.locator('.composer:not(.entry-form)').isVisible()));
      assert.match((await textOf(readOnly, '.notices .banner:visible')).join(), /Restricted Mode/);
      assert.equal(await readOnly.page.getByRole('button', { name: 'Restore' }).count(), 0);
    });

    it('says how a finished incident ended', async () => {
      for (const [status, words] of [
        ['done', /closed/],
        ['declined', /false alarm/],
        ['duplicate', /merged/],
      ] as const) {
        const shown = await show(busyIncident({ finished: true, status, events: [] }));
        assert.match((await textOf(shown, '.notices .banner:visible')).join(), words);
      }
    });
  });

  describe('the entries', () => {
    it('stand in order under the local day, with the universal time behind the local one', async () => {
      const at = Date.UTC(2025, 8, 23, 21, 59, 30);
      const shown = await show(
        timelineView({
          declaredAt: at,
          events: [
            eventView({ id: 'A', at: at - 6 * minute, recorded: at - 6 * minute }),
            eventView({ id: 'B', at, recorded: at + 90 * minute }),
            eventView({ id: 'C', at: at + minute, recorded: at + minute }),
          ],
        }),
        { language: 'en-GB' },
      );
      assert.deepEqual(await shown.shownEntries(), ['A', 'B', 'C']);
      assert.deepEqual(
        (await textOf(shown, '.stretch-day')).map((day) => day.replace(',', '')),
        ['Tuesday 23 September 2025', 'Wednesday 24 September 2025'],
      );
      assert.deepEqual(await textOf(shown, '.event-time'), ['23:53', '23:59', '00:00']);
      assert.deepEqual(await textOf(shown, '.event-offset'), ['T−00:06', 'T+00:00', 'T+00:01']);
      const times = await shown.page
        .locator('time')
        .evaluateAll((all) => all.map((one) => [one.getAttribute('datetime'), one.getAttribute('title')]));
      assert.deepEqual(times[1], ['2025-09-23T21:59:30Z', '2025-09-23 21:59:30 UTC\nRecorded 2025-09-23 23:29:30 UTC']);
      assert.deepEqual(times[2], ['2025-09-23T22:00:30Z', '2025-09-23 22:00:30 UTC']);
    });

    it('take a language that the browser does not know', async () => {
      const shown = await show(timelineView(), { language: 'not_a-language!' });
      assert.equal((await textOf(shown, '.event-time')).length, 1);
    });

    it('say what kind they are, and what changed', async () => {
      const shown = await show(busyIncident());
      const head = async (id: string) => (await textOf(shown, `[data-event="${id}"] .event-kind`))[0];
      assert.equal(await head('E00004'), 'Phase: Declared→ to Triage');
      assert.equal(await head('E00001'), 'Phase: Declared');
      assert.equal(await head('E00013'), 'Severity: P1→ to P0');
      assert.equal(await head('E00002'), 'Commander: @alice');
      assert.equal(await head('E00009'), 'Status update');
      assert.equal(await head('E00019'), 'Note (“weather”)');
      const tags = async (id: string) => textOf(shown, `[data-event="${id}"] .tag`);
      assert.deepEqual(await tags('E00008'), ['exit 1', 'took 12s']);
      assert.deepEqual(await tags('E00014'), ['GitHub']);
      assert.deepEqual(await tags('E00018'), ['From “Checkout fails in EU”']);
      assert.equal(
        await shown.page.locator('.event .icon path').count(),
        await shown.page.locator('.event .icon').count(),
      );
    });

    it('show corrections and retractions where they belong', async () => {
      const shown = await show(busyIncident(), { language: 'en-GB' });
      const wrong = shown.page.locator('[data-event="E00007"]');
      assert.equal(await wrong.locator('ins').textContent(), 'The database is out of connections, not disk.\n');
      assert.equal(await wrong.locator('del').textContent(), 'The database is out of disk.\n');
      assert.deepEqual(await textOf(shown, '[data-event="E00007"] .tag'), ['Corrected by @chen-wei, 16:41']);
      const taken = shown.page.locator('[data-event="E00011"]');
      assert.equal(await taken.locator('del').textContent(), 'Seems to be DNS.\n');
      assert.equal(
        await taken.locator('del').evaluate((one) => getComputedStyle(one).textDecorationLine),
        'line-through',
      );
      assert.deepEqual(await textOf(shown, '[data-event="E00011"] .tag'), ['Retracted by @dana, 16:43']);
      await shown.page.getByRole('button', { name: 'of: Note, 16:36, @bob' }).click();
      assert.equal(await focused(shown), 'E00007');
    });

    it('flag what has no file, and ask to write it back', async () => {
      const shown = await show(busyIncident());
      assert.equal(await shown.page.locator('[data-event="E00020"]').getByTitle('Open file').count(), 0);
      await shown.page.locator('[data-event="E00020"]').getByRole('button', { name: 'Restore' }).click();
      await shown.page.locator('.notices').getByRole('button', { name: 'Restore' }).click();
      assert.deepEqual(await asked(shown), [
        { type: 'run', command: 'restore' },
        { type: 'run', command: 'restore' },
      ]);
    });

    it('open their file', async () => {
      const shown = await show(busyIncident());
      await shown.page.locator('[data-event="E00021"]').hover();
      await shown.page.locator('[data-event="E00021"]').getByTitle('Open file').click();
      assert.deepEqual(await asked(shown), [{ type: 'openEvent', id: 'E00021' }]);
    });

    it('show the beginning of a long body, and all of it on demand', async () => {
      const body = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
      const shown = await show(timelineView({ events: [event(0, { body, truncated: true })] }));
      const text = () => shown.page.locator('.event-body').textContent();
      assert.ok(!(await text())?.includes('line 50'));
      await shown.page.getByRole('button', { name: 'Show more' }).click();
      assert.ok((await text())?.includes('line 99'));
      assert.deepEqual(await textOf(shown, '.event-main > .hint'), ['The entry goes on in its file.']);
      // The button that was pressed is still the one with the focus, and the choice outlives an update.
      assert.equal(await shown.page.evaluate(() => document.activeElement?.textContent), 'Show less');
      await shown.show(timelineView({ events: [event(0, { body: `${body}!` })] }));
      assert.ok((await text())?.includes('line 99!'));
      assert.equal(await shown.page.evaluate(() => document.activeElement?.textContent), 'Show less');
      await shown.page.getByRole('button', { name: 'Show less' }).click();
      assert.ok(!(await text())?.includes('line 50'));
    });

    it('are not there yet, and it says so', async () => {
      const shown = await open();
      assert.match((await textOf(shown, 'body > .page > :visible')).join(), /^Loading the incident…$/);
      await shown.show(timelineView({ events: [] }));
      assert.deepEqual(await textOf(shown, '.empty'), [
        'Nothing is on the timeline yet.Write the first note below: what do you see?',
      ]);
      await shown.show(timelineView());
      assert.ok(!(await shown.page.locator('.empty').isVisible()));
    });
  });

  describe('markdown', () => {
    const bodyHtml = async (body: string) => {
      const shown = await show(timelineView({ events: [event(0, { body })] }));
      return { shown, html: await shown.page.locator('.event-body').innerHTML() };
    };

    it('is rendered', async () => {
      const { html } = await bodyHtml('# Top\n\n**bold** `code`\nnext line\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n- x');
      assert.match(html, /<h4>Top<\/h4>/);
      assert.match(html, /<strong>bold<\/strong> <code>code<\/code><br>\s*next line/);
      assert.match(html, /<td data-align="left">1<\/td>\s*<td data-align="right">2<\/td>/);
      assert.match(html, /<ul>\s*<li>x<\/li>/);
    });

    it('links go to the extension and nowhere else', async () => {
      const { shown } = await bodyHtml(
        '[here](https://example.com/a?b=1) or https://example.com/c or <mailto:a@example.com>',
      );
      const before = shown.page.url();
      for (const link of await shown.page.locator('.event-body a').all()) await link.click();
      await shown.page
        .locator('.event-body a')
        .first()
        .click({ modifiers: ['ControlOrMeta'] });
      assert.deepEqual(await asked(shown), [
        { type: 'openLink', href: 'https://example.com/a?b=1' },
        { type: 'openLink', href: 'https://example.com/c' },
        { type: 'openLink', href: 'mailto:a@example.com' },
        { type: 'openLink', href: 'https://example.com/a?b=1' },
      ]);
      assert.equal(shown.page.url(), before);
      assert.equal(shown.page.context().pages().length, 1);
    });

    it('loads no image: it becomes a link', async () => {
      const { shown, html } = await bodyHtml(
        '![a graph](https://tracker.example.com/x.png) ![](data:image/gif;base64,R0lGOD) ![local](attachments/a.png)',
      );
      assert.match(html, /<a href="https:\/\/tracker\.example\.com\/x\.png"[^>]*>a graph<\/a>/);
      assert.match(html, /<a>local<\/a>/);
      assert.equal(await shown.page.locator('img').count(), 0);
      assert.deepEqual(shown.requests, []);
    });

    const hostile = [
      '<script>window.hacked = 1</script>',
      '<img src=x onerror="window.hacked = 1">',
      '<svg onload="window.hacked = 1"><a xlink:href="javascript:window.hacked=1">x</a></svg>',
      '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
      '<style>body { display: none }</style>',
      '<form action="https://evil.example.com"><input autofocus onfocus="window.hacked = 1"></form>',
      '<base href="https://evil.example.com/">',
      '<meta http-equiv="refresh" content="0; url=https://evil.example.com/">',
      '<details open ontoggle="window.hacked = 1"><summary>x</summary></details>',
      '[click](javascript:window.hacked=1)',
      '[click](JaVaScRiPt:window.hacked=1)',
      '[click](java&#x0A;script:window.hacked=1)',
      '[click](&#106;avascript:window.hacked=1)',
      '[click](data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGFja2VkPTE8L3NjcmlwdD4=)',
      '[click](vbscript:msgbox)',
      '[click](command:workbench.action.quit)',
      '[click](vscode://file/etc/passwd)',
      '[click](file:///etc/passwd)',
      '[click](//evil.example.com/x)',
      '[click](#head-E00000)',
      '[click](https://a.example/" onmouseover="window.hacked=1)',
      '<javascript:window.hacked=1>',
      '![x](javascript:window.hacked=1)',
      '![x" onerror="window.hacked=1](https://evil.example.com/x.png)',
      '```html" onclick="window.hacked=1\n<b>x</b>\n```',
      '| a |\n|:-:|\n| <img src=x onerror=window.hacked=1> |',
      '<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>',
      '[x]: javascript:window.hacked=1\n\n[x]',
    ];

    it('runs, loads and opens nothing that a hostile body wants', async () => {
      const events = hostile.map((body, index) => event(index, { body, by: body, fromIncident: body }));
      const change = { field: 'role', role: 'commander', from: hostile[1] ?? '', to: hostile[0] ?? '' } as const;
      events.push(event(hostile.length, { kind: 'role', body: '', change }));
      const shown = await show(timelineView({ title: hostile[1] ?? '', service: hostile[2] ?? '', events }));
      assert.equal((await shown.shownEntries()).length, hostile.length + 1);
      for (const link of await shown.page.locator('.event-body a').all()) {
        await link.click();
        await link.hover();
      }
      await shown.drawn();
      assert.equal(await shown.page.evaluate(() => 'hacked' in window), false);
      const elements = await shown.page
        .locator('.event-body *')
        .evaluateAll((all) => [...new Set(all.map((one) => one.tagName.toLowerCase()))].sort());
      const harmless = ['a', 'blockquote', 'br', 'code', 'p', 'pre', 'table', 'tbody', 'td', 'th', 'thead', 'tr'];
      assert.deepEqual(
        elements.filter((name) => !harmless.includes(name)),
        [],
      );
      const attributes = await shown.page
        .locator('.event-body *')
        .evaluateAll((all) => [...new Set(all.flatMap((one) => one.getAttributeNames()))].sort());
      assert.deepEqual(attributes, ['data-align', 'href', 'tabindex', 'title']);
      for (const message of await asked(shown)) {
        assert.match(JSON.stringify(message), /^\{"type":"openLink","href":"https:\/\/(a|evil)\.example/);
      }
      assert.ok(await shown.page.locator('h1').isVisible());
    });
  });

  describe('the filter', () => {
    it('narrows by words and kinds, with counts, and clears', async () => {
      const shown = await show(busyIncident());
      const field = shown.page.getByRole('textbox', { name: 'Filter entries' });
      assert.deepEqual(await textOf(shown, '.count'), ['22 entries']);
      await field.fill('pool');
      assert.deepEqual(await shown.shownEntries(), ['E00005', 'E00009']);
      assert.deepEqual(await textOf(shown, '.count'), ['2 of 22 entries']);
      await field.fill('');
      await shown.page.getByRole('button', { name: 'Kinds' }).click();
      assert.ok((await textOf(shown, '.kind-option')).includes('Note (6)'));
      await shown.page.getByRole('checkbox', { name: /^Status update/ }).click();
      await shown.page.getByRole('checkbox', { name: /^Decision/ }).click();
      assert.deepEqual(await shown.shownEntries(), ['E00009', 'E00015']);
      await shown.page.keyboard.press('Escape');
      assert.ok(!(await shown.page.locator('#kinds-menu').isVisible()));
      assert.deepEqual(await shown.shownEntries(), ['E00009', 'E00015']);
      assert.deepEqual(await textOf(shown, '.kinds-label'), ['2 kinds', 'People']);
      await field.fill('xyzzy');
      assert.deepEqual(await textOf(shown, '.empty'), ['No entry matches the filter.']);
      assert.equal(await shown.page.locator('.stretch:visible').count(), 0);
      await shown.page.getByRole('button', { name: 'Clear filter' }).click();
      await shown.drawn();
      assert.equal((await shown.shownEntries()).length, 22);
      assert.equal(await field.inputValue(), '');
    });

    it('goes on with entries that come in, and still finds what it hides', async () => {
      const shown = await show(busyIncident());
      await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('pool');
      const events = [
        ...busyIncident().events,
        event(30, { body: 'The pool again', at: now }),
        event(31, { at: now, body: 'Else' }),
      ];
      await shown.show(busyIncident({ events }));
      assert.deepEqual(await shown.shownEntries(), ['E00005', 'E00009', 'E00030']);
      assert.deepEqual(await textOf(shown, '.count'), ['3 of 24 entries']);
    });
  });

  describe('an update', () => {
    it('changes only the rows that changed', async () => {
      const shown = await show(many(40));
      await shown.page.evaluate(() => {
        for (const row of document.querySelectorAll('.event')) (row as unknown as { mine: boolean }).mine = true;
        document
          .getSelection()
          ?.selectAllChildren(document.querySelector('[data-event="E00003"] .event-body') as Element);
      });
      const events = manyEvents(41).map((one) => (one.id === 'E00005' ? { ...one, body: 'changed' } : one));
      await shown.show(busyIncident({ events }));
      const kept = await shown.page
        .locator('.event')
        .evaluateAll((rows) => rows.filter((row) => (row as unknown as { mine?: boolean }).mine).length);
      assert.equal(kept, 40);
      assert.deepEqual(await textOf(shown, '[data-event="E00005"] .event-body'), ['changed']);
      assert.match(await shown.page.evaluate(() => document.getSelection()?.toString() ?? ''), /Connection pool/);
    });

    it('puts rows in order, takes those away that are gone, and keeps the focus of one that moved', async () => {
      const shown = await show(many(5));
      await shown.page.locator('[data-event="E00001"]').focus();
      const moved = manyEvents(5)
        .filter((one) => one.id !== 'E00003')
        .map((one) => (one.id === 'E00001' ? { ...one, at: declaredAt + 1440 * minute } : one))
        .sort((left, right) => left.at - right.at);
      await shown.show(busyIncident({ events: moved }));
      assert.deepEqual(await shown.shownEntries(), ['E00000', 'E00002', 'E00004', 'E00001']);
      assert.equal(await shown.page.locator('.stretch').count(), 3);
      assert.equal(await focused(shown), 'E00001');
    });

    it('stays at the newest entry for a reader who is there', async () => {
      const shown = await show(many(40));
      assert.ok((await scrollOf(shown)).left <= 1);
      await shown.show(many(44));
      assert.ok((await scrollOf(shown)).left <= 1);
      assert.ok(!(await shown.page.locator('.jump').isVisible()));
    });

    it('leaves a reader of older entries where they are, and says what came', async () => {
      const shown = await show(many(60));
      await scrollTo(shown, 700);
      const place = () =>
        shown.page.locator('[data-event="E00015"]').evaluate((row) => Math.round(row.getBoundingClientRect().top));
      const before = await place();
      assert.equal(await shown.page.locator('.jump').textContent(), 'Jump to newest');
      await shown.show(many(62));
      assert.equal(await place(), before);
      assert.equal(await shown.page.locator('.jump').textContent(), '2 new entries');
      await shown.page.locator('.jump').click();
      await shown.drawn();
      assert.ok((await scrollOf(shown)).left <= 1);
      assert.ok(!(await shown.page.locator('.jump').isVisible()));
    });

    it('is read out: what is new, and nothing at the first showing', async () => {
      const shown = await show(many(5));
      const live = () => textOf(shown, '[aria-live=polite]');
      assert.deepEqual(await live(), ['']);
      const news = event(70, { kind: 'decision', by: '@bob', body: 'Roll back.', at: now });
      await shown.show(busyIncident({ events: [...manyEvents(5), news] }));
      assert.deepEqual(await live(), ['New: Decision by @bob. Roll back.']);
      await shown.show(busyIncident({ events: [...manyEvents(15), news] }));
      assert.deepEqual(await live(), ['10 new entries']);
    });

    it('that is no message changes nothing', async () => {
      const shown = await show(many(5));
      await shown.send({ type: 'incident', revision: 9, incident: { events: 7 } } as { type: string });
      await shown.send({ type: 'constructor' });
      assert.equal((await shown.shownEntries()).length, 5);
    });

    it('that the incident is gone leaves it readable, and an update brings it back', async () => {
      const shown = await show(many(5));
      await shown.show(undefined);
      assert.match((await textOf(shown, '.notices .banner:visible')).join(), /no longer in the workspace/);
      assert.equal((await shown.shownEntries()).length, 5);
      assert.ok(!(await shown.page.locator('.composer:not(.entry-form)').isVisible()));
      await shown.show(many(5));
      assert.ok(await shown.page.locator('.composer:not(.entry-form)').isVisible());
      assert.equal(await shown.page.locator('.notices .banner:visible').count(), 0);
    });

    it('that it is gone before anything was shown says so', async () => {
      const shown = await open();
      await shown.show(undefined);
      assert.match((await textOf(shown, '.page > :visible')).join(), /no longer in the workspace/);
    });
  });

  describe('the composer', () => {
    const note = (shown: StandalonePage) => shown.page.getByRole('textbox', { name: 'Add a note' });
    const add = (shown: StandalonePage) =>
      shown.page.locator('.composer:not(.entry-form) vscode-button[appearance=primary]');

    it('sends by Ctrl+Enter or the button, and is cleared by the answer', async () => {
      const shown = await show(many(5));
      await note(shown).fill('First');
      await shown.page.keyboard.press('Control+Enter');
      assert.equal(await note(shown).inputValue(), 'First');
      assert.equal(await add(shown).textContent(), 'Adding…');
      await shown.page.keyboard.press('Control+Enter');
      assert.deepEqual(await asked(shown), [{ type: 'addNote', text: 'First', about: null, request: 1 }]);
      await shown.send({ type: 'written', request: 1 });
      assert.equal(await note(shown).inputValue(), '');
      await note(shown).fill('  Second \n');
      await shown.drawn();
      await add(shown).click();
      assert.deepEqual((await asked(shown))[1], { type: 'addNote', text: 'Second', about: null, request: 2 });
    });

    it('keeps what was typed on while a note was under way', async () => {
      const shown = await show(many(5));
      await note(shown).fill('First');
      await shown.page.keyboard.press('Control+Enter');
      await note(shown).fill('First\nand more');
      await shown.send({ type: 'written', request: 1 });
      assert.equal(await note(shown).inputValue(), 'and more');
    });

    it('takes the note on the timeline for an answer', async () => {
      const shown = await show(many(5));
      await note(shown).fill('Pool is full');
      await shown.page.keyboard.press('Control+Enter');
      const events = [...manyEvents(5), event(9, { at: now, body: 'Pool is full' })];
      await shown.show(busyIncident({ events }));
      assert.equal(await note(shown).inputValue(), '');
    });

    it('keeps a note that failed, says why, and sends it again', async () => {
      const shown = await show(many(5));
      await note(shown).fill('Lost?');
      await shown.page.keyboard.press('Control+Enter');
      await shown.send({ type: 'failed', message: 'The folder is read-only.', request: 1 });
      assert.equal(await note(shown).inputValue(), 'Lost?');
      assert.deepEqual(await textOf(shown, '.composer:not(.entry-form) [role=alert]'), ['The folder is read-only.']);
      await shown.page.keyboard.press('Control+Enter');
      assert.deepEqual((await asked(shown))[1], { type: 'addNote', text: 'Lost?', about: null, request: 2 });
      assert.ok(!(await shown.page.locator('.composer:not(.entry-form) [role=alert]').isVisible()));
    });

    it('does not wait for ever', async () => {
      const shown = await show(many(5));
      await note(shown).fill('Hello?');
      await shown.page.keyboard.press('Control+Enter');
      await shown.page.clock.runFor(16 * second);
      assert.equal(await add(shown).textContent(), 'Add Note');
      assert.match((await textOf(shown, '.composer:not(.entry-form) [role=alert]')).join(), /No answer came yet/);
    });

    it('sends nothing that is empty', async () => {
      const shown = await show(many(5));
      await note(shown).fill('  \n ');
      await shown.page.keyboard.press('Control+Enter');
      await note(shown).fill('x');
      await note(shown).fill('');
      await shown.page.keyboard.press('Control+Enter');
      assert.deepEqual(await asked(shown), []);
    });

    it('grows with its text, up to a limit, without hiding the newest entry', async () => {
      const shown = await show(many(40));
      const height = () => note(shown).evaluate((area) => area.getBoundingClientRect().height);
      const before = await height();
      await note(shown).fill('a\nb\nc\nd');
      await shown.drawn();
      assert.ok((await height()) > before + 30);
      assert.ok((await scrollOf(shown)).left <= 1);
      await note(shown).fill('x\n'.repeat(200));
      await shown.drawn();
      assert.ok((await height()) <= 800 * 0.3 + 1);
    });

    it('shows other failures above itself until they are dismissed', async () => {
      const shown = await show(many(5));
      await shown.send({ type: 'failed', message: 'Git is busy.', request: null });
      assert.deepEqual(await textOf(shown, '.failure [role=alert]'), ['Git is busy.']);
      await shown.page.getByRole('button', { name: 'Dismiss' }).click();
      assert.ok(!(await shown.page.locator('.failure').isVisible()));
    });
  });

  describe('what is kept', () => {
    it('is the identity and the reader’s place, never data', async () => {
      const shown = await show(many(60));
      await shown.page.getByRole('textbox', { name: 'Add a note' }).fill('half a no');
      await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('pool');
      await shown.page.getByRole('textbox', { name: 'Filter entries' }).fill('');
      await scrollTo(shown, 700);
      const kept = (await shown.kept()) as Record<string, unknown>;
      assert.deepEqual(Object.keys(kept).sort(), [
        ...['anchor', 'draft', 'filterKinds', 'filterPeople', 'filterPinned', 'filterText', 'form', 'picture', 'uid'],
      ]);
      assert.equal(kept.uid, many(1).uid);
      assert.equal(kept.draft, 'half a no');
      assert.ok(!JSON.stringify(kept).includes('Connection'));
    });

    it('is not kept before it is known which incident it belongs to', async () => {
      const shown = await open();
      assert.equal(await shown.kept(), undefined);
    });

    it('brings the reader back', async () => {
      const first = await show(many(80));
      await first.page.getByRole('textbox', { name: 'Add a note' }).fill('half a no');
      await scrollTo(first, 1_500);
      const place = (shown: StandalonePage, id: string) =>
        shown.page.locator(`[data-event="${id}"]`).evaluate((row) => row.getBoundingClientRect().top);
      // The rows that came into view take their true heights, and then stand still.
      for (let round = 0; round < 3; round++) await first.drawn();
      const kept = (await first.kept()) as { anchor: { event: string } };
      const was = await place(first, kept.anchor.event);
      const second = await show(many(80), { state: kept });
      const is = await place(second, kept.anchor.event);
      assert.ok(Math.abs(is - was) < 3, `${is} is not ${was}, of ${JSON.stringify(kept.anchor)}`);
      assert.equal(await second.page.getByRole('textbox', { name: 'Add a note' }).inputValue(), 'half a no');
      assert.equal(await second.page.locator('.jump').isVisible(), true);
    });

    it('brings the filter back', async () => {
      const state = { uid: 'U', filterText: 'pool', filterKinds: ['status'], anchor: null, draft: '' };
      const shown = await show(busyIncident(), { state });
      assert.deepEqual(await shown.shownEntries(), ['E00009']);
      assert.equal(await shown.page.getByRole('textbox', { name: 'Filter entries' }).inputValue(), 'pool');
      assert.deepEqual(await textOf(shown, '.kinds-label'), ['1 kind', 'People']);
      await shown.page.keyboard.press('Escape');
      assert.equal((await shown.shownEntries()).length, 22);
    });

    it('may be anything: what is odd starts afresh', async () => {
      for (const state of [
        7,
        'x',
        { uid: 7 },
        { uid: 'U', anchor: { event: 'not there', offset: 3 }, filterKinds: 'x' },
      ]) {
        const shown = await show(many(5), { state });
        assert.equal((await shown.shownEntries()).length, 5);
      }
    });
  });

  describe('the keyboard', () => {
    it('moves between entries and opens their files', async () => {
      const shown = await show(many(40));
      await shown.page.keyboard.press('k');
      assert.equal(await focused(shown), 'E00039');
      await shown.page.keyboard.press('k');
      await shown.page.keyboard.press('ArrowUp');
      assert.equal(await focused(shown), 'E00037');
      await shown.page.keyboard.press('ArrowDown');
      await shown.page.keyboard.press('Enter');
      await shown.page.keyboard.press('Home');
      assert.equal(await focused(shown), 'E00000');
      const covered = await shown.page.evaluate(() => {
        const top = document.querySelector('[data-event="E00000"]')?.getBoundingClientRect().top ?? 0;
        return top < (document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0);
      });
      assert.equal(covered, false);
      await shown.page.keyboard.press('k');
      assert.equal(await focused(shown), 'E00000');
      await shown.page.keyboard.press('End');
      assert.equal(await focused(shown), 'E00039');
      assert.deepEqual(await asked(shown), [{ type: 'openEvent', id: 'E00038' }]);
    });

    it('passes by what the filter hides', async () => {
      const shown = await show(busyIncident());
      await shown.page.keyboard.press('/');
      await shown.page.keyboard.type('pool');
      assert.equal(await shown.page.getByRole('textbox', { name: 'Filter entries' }).inputValue(), 'pool');
      await shown.page.keyboard.press('Tab');
      await shown.page.keyboard.press('k');
      assert.equal(await focused(shown), 'E00009');
      await shown.page.keyboard.press('k');
      assert.equal(await focused(shown), 'E00005');
    });

    it('leaves the filter and the composer by Escape', async () => {
      const shown = await show(many(5));
      await shown.page.keyboard.press('/');
      await shown.page.keyboard.type('status');
      assert.equal((await shown.shownEntries()).length, 0);
      await shown.page.keyboard.press('Escape');
      assert.equal((await shown.shownEntries()).length, 5);
      assert.equal(await focused(shown), 'E00004');
      await shown.page.getByRole('textbox', { name: 'Add a note' }).fill('j/k');
      await shown.page.keyboard.press('Escape');
      assert.equal(await focused(shown), 'E00004');
      assert.equal(await shown.page.getByRole('textbox', { name: 'Add a note' }).inputValue(), 'j/k');
    });

    it('reaches everything by Tab, with a visible focus, and one entry stands for all', async () => {
      const shown = await show(busyIncident({ clocks: [clock('acknowledge', 'Acknowledge', 0, 15, null)] }));
      const tab = async (): Promise<string> => {
        await shown.page.keyboard.press('Tab');
        const { name, ring } = await shown.page.evaluate(() => {
          const active = document.activeElement;
          const inside = [active, ...(active?.shadowRoot?.querySelectorAll('*') ?? [])].filter((one) => one !== null);
          return {
            name:
              (active as HTMLElement).dataset.event ?? active?.getAttribute('aria-label') ?? active?.textContent ?? '',
            ring: inside.some((one) => {
              const style = getComputedStyle(one);
              const outlined = style.outlineStyle === 'solid' && Number.parseFloat(style.outlineWidth) >= 1;
              return (outlined ? style.outlineColor : style.borderTopColor) === 'rgb(0, 120, 212)';
            }),
          };
        });
        assert.ok(ring, `${name} shows that it has the focus`);
        return name.trim();
      };
      const names: string[] = [];
      while (names.at(-1) !== 'Add a note' && names.length < 60) names.push(await tab());
      assert.deepEqual(names, [
        ...['Change severity', 'BUG-P0-20250923-1430', 'acme/shop#41', '1 problem', 'Assign a role'],
        ...[
          'Acknowledge',
          'Post Status Update',
          'Run Action',
          'Next: Investigate',
          'Notify Customers',
          'Record Decision',
          'More',
        ],
        ...['The incident over time', 'Zoom in (Ctrl with the wheel)', 'Zoom out (Ctrl with the wheel)'],
        ...['Show all of it', 'Show the incident over time', 'Restore'],
        ...['Filter entries', 'Kinds', 'People', 'Export', 'Follow', 'E00021', 'Select Message, 04:55 PM'],
        ...['Pin for the Review', 'Open file', 'More for this entry: Message', 'Add a note'],
      ]);
      // The entry that was gone to takes the place in the order, with the links and buttons in it.
      await shown.page.locator('[data-event="E00005"]').focus();
      const inside: string[] = [];
      while (inside.at(-1) !== 'Add a note' && inside.length < 10) inside.push(await tab());
      assert.deepEqual(inside, [
        ...['Select Note, 04:34 PM', 'https://grafana.example.com/d/abc', 'Pin for the Review', 'Open file'],
        ...['More for this entry: Note', 'Add a note'],
      ]);
    });
  });

  describe('screen readers', () => {
    it('find landmarks, headings, lists and names', async () => {
      const shown = await show(
        busyIncident({
          events: busyIncident().events.slice(4, 6),
          clocks: [clock('resolve', 'Resolve', 0, 240, null)],
        }),
        {
          language: 'en-GB',
        },
      );
      const tree = await shown.page.locator('body').ariaSnapshot();
      for (const part of [
        '- banner "Incident":',
        '- heading "Production API Down" [level=1]',
        '- list "Clocks":',
        ': Resolve 3h 31m left (in time)',
        '- application "The incident over time"',
        'Declared from 16:30. Triage from 16:33. Mitigate from 16:48',
        '- search:',
        '- textbox "Filter entries"',
        '- main "Timeline":',
        '- heading "Timeline" [level=2]',
        'heading "Triage 15m , Tuesday',
        '23 September 2025" [level=3]',
        'listitem "Phase: Declared to Triage by @alice 16:33 T+00:03"',
        '- region "Add a note":',
        '- textbox "Add a note"',
      ]) {
        assert.ok(tree.includes(part), `${part}\nin\n${tree}`);
      }
      assert.ok(!/- (button|textbox|checkbox|link)( \[|:|$)/m.test(tree), `every control has a name:\n${tree}`);
    });
  });

  describe('the looks', () => {
    const folder = path.join(artifacts, 'timeline');
    const themes: ThemeName[] = ['dark', 'light', 'hc-dark', 'hc-light'];

    before(() => mkdir(folder, { recursive: true }));

    for (const theme of themes) {
      it(`are kept in pictures, and nothing is wider than the page: ${theme}`, async () => {
        const shown = await open({ theme });
        for (const [name, incident] of [
          ['busy', busyIncident()],
          ['awkward', awkwardIncident()],
          ['empty', timelineView({ events: [], github: null, service: null, criteria: [], roles: [] })],
        ] as const) {
          await shown.show(incident);
          for (const width of [1280, 800, 380, 320]) {
            await shown.page.setViewportSize({ width, height: 800 });
            await shown.drawn();
            const wide = await shown.page.evaluate(() => {
              const scroller = document.querySelector('.scroller');
              return [document.documentElement, scroller, document.querySelector('.foot')]
                .filter((one) => one && one.scrollWidth > one.clientWidth)
                .map((one) => `${one?.className} ${one?.scrollWidth} > ${one?.clientWidth}`);
            });
            assert.deepEqual(wide, [], `${name} at ${width}`);
            if (width > 320) await shown.page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
          }
        }
      });

      it(`leave at least the half to the entries, below the header with its picture: ${theme}`, async () => {
        for (const [width, height] of [
          // With a notice; the panel of a window of 1280 × 800 beside its side bar; half a wide screen.
          [1280, 800],
          [925, 698],
          [800, 800],
        ] as const) {
          const base = busyIncident();
          const whole = { ...base, events: base.events.map((one) => ({ ...one, missing: false })) };
          const shown = await show(width === 1280 ? base : whole, { theme, width, height });
          assert.ok(await shown.page.locator('.drawing').isVisible());
          const { head, list } = await shown.page.evaluate(() => {
            const box = (selector: string) =>
              document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
            return { head: box('.held .top').bottom, list: box('.scroller').bottom - box('.held .top').bottom };
          });
          assert.ok(head > 200, `the header is in view at ${width}`);
          assert.ok(list >= height / 2, `${list} of ${height} at ${width}`);
        }
      });

      it(`are readable: all text has a contrast of 4.5 or more: ${theme}`, async () => {
        const incident = busyIncident({
          private: true,
          clocks: [
            clock('acknowledge', 'Acknowledge', 0, 15, 20),
            clock('update', 'Status update', 0, 25, null),
            clock('mitigate', 'Mitigate', 0, 30, null),
            clock('resolve', 'Resolve', 0, 240, null),
          ],
        });
        const shown = await open({ theme, height: 2_400 });
        for (const severity of ['P0', 'P1', 'P2', 'P3'] as const) {
          await shown.show({ ...incident, severity });
          const { checked, poor } = await shown.page.evaluate(poorContrasts);
          assert.ok(checked > 80, `only ${checked} texts were seen`);
          assert.deepEqual(poor, [], severity);
        }
      });
    }

    it('give way to the system’s forced colours', async () => {
      const shown = await show(busyIncident(), { forcedColors: 'active' });
      await shown.page.screenshot({ path: path.join(folder, 'busy-forced-1280.png') });
      const borders = await shown.page
        .locator('.header .severity, .phase-track')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).borderTopStyle));
      assert.ok(
        borders.every((style) => style === 'solid'),
        borders.join(),
      );
    });

    it('move nothing when motion is to be reduced', async () => {
      const moving = (shown: StandalonePage) =>
        shown.page
          .locator('.phase-track')
          .first()
          .evaluate((one) => getComputedStyle(one).transitionDuration);
      assert.match(await moving(await show(busyIncident(), { calm: true })), /^0s/);
      assert.match(await moving(await show(busyIncident(), { calm: false })), /0\.12s/);
    });

    it('have room for the heading of a stretch in a narrow panel: its day is short there', async () => {
      const shown = await show(busyIncident(), { width: 320 });
      await scrollTo(shown, 0);
      const cut = await shown.page
        .locator('.stretch-phase, .stretch-day')
        .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
      assert.deepEqual(cut, []);
      const day = shown.page.locator('.stretch-day').first();
      assert.ok(!(await day.locator('.day-words').isVisible()));
      assert.equal(await day.getAttribute('data-short'), 'Tue, Sep 23');
      const wide = await show(busyIncident());
      assert.ok(await wide.page.locator('.day-words').first().isVisible());
    });

    it('let a tall header scroll away in a small panel, and a line stand in for it', async () => {
      const shown = await show(many(40), { width: 380, height: 500 });
      assert.ok(await shown.page.locator('.peek').isVisible());
      assert.deepEqual(await textOf(shown, '.peek'), ['P0Production API DownMitigate: 1m 43s left']);
      await shown.page.clock.runFor(2 * second);
      assert.deepEqual(await textOf(shown, '.peek'), ['P0Production API DownMitigate: 1m 41s left']);
      await scrollTo(shown, 0);
      assert.ok(!(await shown.page.locator('.peek').isVisible()));
      // Half a header says more than the line would, and the last of it says less.
      const bottom = () =>
        shown.page.locator('.header').evaluate((header) => Math.round(header.getBoundingClientRect().bottom));
      const height = await bottom();
      await scrollTo(shown, height - 200);
      assert.ok(!(await shown.page.locator('.peek').isVisible()), `${await bottom()} of ${height} are left`);
      await scrollTo(shown, height - 40);
      assert.ok(await shown.page.locator('.peek').isVisible(), `${await bottom()} of ${height} are left`);
      assert.equal(await bottom(), 40);
      const large = await show(many(40), { width: 1280, height: 900 });
      assert.ok(await large.page.locator('h1').isVisible());
      assert.ok(!(await large.page.locator('.peek').isVisible()));
    });
  });
});

/** Runs in the page: texts whose colour is too near to what is behind them. Disabled controls may be faint. */
function poorContrasts(): { checked: number; poor: string[] } {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const ground = getComputedStyle(document.body).backgroundColor;
  const poor: string[] = [];
  let checked = 0;
  if (!canvas) return { checked, poor };
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
    if (!own || !element.checkVisibility() || element.closest('.sr-only, [disabled], svg')) continue;
    // Light from behind goes through: paint all backgrounds, then the text's colour, as one pixel each.
    const backgrounds: string[] = [];
    let opacity = 1;
    for (
      let at: Element | null = element;
      at;
      at = at.parentElement ?? ((at.getRootNode() as ShadowRoot).host || null)
    ) {
      backgrounds.unshift(getComputedStyle(at).backgroundColor);
      opacity *= Number(getComputedStyle(at).opacity);
    }
    const paint = (colors: readonly string[]) => {
      canvas.globalAlpha = 1;
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
    };
    let brightness = 0;
    const pixel = () => {
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      const part = (value: number) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      brightness = 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
      return brightness;
    };
    paint([ground, ...backgrounds]);
    const behind = pixel();
    canvas.globalAlpha = opacity;
    canvas.fillStyle = getComputedStyle(element).color;
    canvas.fillRect(0, 0, 1, 1);
    const front = pixel();
    checked++;
    const ratio = (Math.max(behind, front) + 0.05) / (Math.min(behind, front) + 0.05);
    if (ratio < 4.5)
      poor.push(`${element.className || element.tagName} "${element.textContent?.slice(0, 30)}" ${ratio.toFixed(2)}`);
  }
  return { checked, poor };
}
