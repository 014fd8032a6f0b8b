import assert from 'node:assert/strict';
import { eventually, oneLine } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, eventText } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const login = {
  id: 'BUG-P0-20250923-1430',
  uid: '01K5V7Z0000000000000000000',
  title: 'Login is <b>down</b>',
  severity: 'P0',
  at: '2025-09-23T14:30:00Z',
  extra: { service: 'login', criteria: '[production-down, user-impact]', phase: 'mitigate' },
};
const folder = `incidents/${login.id}/timeline`;
const eventId = (number: number) => `01K5V7Z000000000000000E${String(number).padStart(3, '0')}`;

const hostile = [
  '<script>globalThis.hacked = "script"</script>',
  '<img src="x" onerror="globalThis.hacked = \'image\'">',
  '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
  '![pixel](https://tracker.example/pixel.png)',
  '[declare](command:firebreak.declare) [script](javascript:globalThis.hacked=2) [file](file:///etc/passwd)',
  '[docs](https://example.com/docs)',
  '<form action="https://evil.example"><button>Press me</button></form>',
].join('\n\n');

/** What another clone recorded after the two events of the declaration. */
const story = {
  [`${folder}/20250923T143200Z-acknowledge-e001.md`]: eventText({
    id: eventId(1),
    incident: login.uid,
    kind: 'acknowledge',
    at: '2025-09-23T14:32:00Z',
  }),
  [`${folder}/20250923T143500Z-phase-e002.md`]: eventText({
    id: eventId(2),
    incident: login.uid,
    kind: 'phase',
    at: '2025-09-23T14:35:00Z',
    to: 'mitigate',
    prev: `${login.uid.slice(0, 22)}EV01`,
  }),
  [`${folder}/20250923T144000Z-note-e003.md`]: eventText(
    { id: eventId(3), incident: login.uid, kind: 'note', at: '2025-09-23T14:40:00Z', by: '"@mallory"' },
    hostile,
  ),
  [`${folder}/20250923T144200Z-decision-e004.md`]: eventText(
    { id: eventId(4), incident: login.uid, kind: 'decision', at: '2025-09-23T14:42:00Z' },
    'Roll back **now**',
  ),
};

describe('The timeline', () => {
  let shop: Shop;
  let workbench: Workbench;
  let panel: TimelinePanel;
  const tabTitle = `P0 ${login.title}`;

  before(async () => {
    shop = await Shop.open({ ...declaredElsewhere(login), ...story });
    workbench = await openWorkbench({ folder: shop.folder, settings: { 'firebreak.git.commit': 'never' } });
    await workbench.runCommand('Incident: Open Timeline');
    panel = await TimelinePanel.of(workbench, tabTitle);
  });

  after(() => workbench?.dispose());

  const noteFiles = async () => (await shop.events(login.id)).filter((event) => event.kind === 'note');

  it('says what the incident is, and how it stands', async () => {
    const { frame } = panel;
    assert.equal(
      await frame.getByRole('heading', { level: 1 }).textContent(),
      login.title,
      'a title is text, not HTML',
    );
    assert.equal(await frame.locator('.severity').first().textContent(), 'P0');
    const facts = oneLine(await frame.locator('.facts').first().textContent());
    assert.match(facts, /Mitigate.*BUG-P0-20250923-1430.*Service ?login.*Criteria ?Production Down, User Impact/);
    const clocks = (await frame.locator('.clocks .clock').allTextContents()).map(oneLine);
    assert.equal(clocks.length, 4);
    assert.match(clocks[0] ?? '', /^Acknowledge met in 2m/);
    assert.match(clocks[1] ?? '', /^Update \d+d( \d+h)? overdue/);
    const phases = (await frame.locator('.phases .phase').allTextContents()).map(oneLine);
    assert.match(phases[0] ?? '', /^Declared 5m \(past\)$/);
    assert.match(phases[1] ?? '', /^Mitigate \d+d( \d+h)? \(now\)$/);
    assert.equal(phases.length, 2 + 5, 'five are ahead: investigate, fix, verify, rca, closed');
    await workbench.screenshot('timeline');
  });

  it('shows the events in order, with kind, author and time: local, UTC on hover', async () => {
    const entries = await panel.entriesWhen('six entries', (all) => all.length === 6);
    const kinds = entries.map((entry) => /^(Phase|Severity|Acknowledged|Note|Decision)/.exec(entry)?.[1]);
    assert.deepEqual(kinds, ['Phase', 'Severity', 'Acknowledged', 'Phase', 'Note', 'Decision']);
    const decision = await panel.entry('Roll back');
    assert.equal(await decision.locator('strong').textContent(), 'now', 'markdown is rendered');
    assert.match(oneLine(await decision.textContent()), /@lena/);
    const time = decision.locator('time');
    assert.equal(await time.getAttribute('datetime'), '2025-09-23T14:42:00Z');
    assert.match((await time.getAttribute('title')) ?? '', /2025-09-23 14:42:00 UTC/);
  });

  it('runs nothing that an event says', async () => {
    const entry = await panel.entry('Press me');
    assert.equal(await panel.frame.locator('body').evaluate(() => 'hacked' in globalThis), false);
    for (const element of ['script', 'img', 'iframe', 'form']) {
      assert.equal(await entry.locator(element).count(), 0, element);
    }
    assert.match((await entry.textContent()) ?? '', /<script>/, 'it is shown as it was written');
    const addresses = await entry.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    assert.deepEqual(
      addresses.filter((address) => address !== null && !address.startsWith('https://')),
      [],
    );
    await workbench.screenshot('timeline-hostile');
  });

  it('filters by words and by kind', async () => {
    const { frame } = panel;
    const filter = frame.getByRole('textbox', { name: 'Filter entries' });
    await filter.fill('roll back');
    await panel.entriesWhen('one entry', (all) => all.length === 1 && (all[0] ?? '').includes('Roll back'));
    assert.equal(oneLine(await frame.locator('.count').textContent()), '1 of 6 entries');
    await filter.press('Escape');
    await panel.entriesWhen('all entries', (all) => all.length === 6);
    await frame.getByRole('button', { name: 'Kinds' }).click();
    await frame.getByRole('checkbox', { name: 'Phase (2)' }).click();
    await panel.entriesWhen('two phases', (all) => all.length === 2 && all.every((entry) => entry.startsWith('Phase')));
    await workbench.screenshot('timeline-kinds');
  });

  it('comes back after a reload with its filter', async () => {
    await workbench.reload();
    panel = await TimelinePanel.of(workbench, tabTitle);
    await panel.entriesWhen('two phases', (all) => all.length === 2);
    await panel.frame.getByRole('button', { name: 'Clear filter' }).click();
    await panel.entriesWhen('all entries', (all) => all.length === 6);
  });

  it('takes a note, which is a file before it is an entry', async () => {
    const { frame } = panel;
    const box = frame.getByRole('textbox', { name: 'Add a note' });
    await box.fill('Error rate falls\n\n- eu: 2 %');
    await frame.getByRole('button', { name: 'Add Note' }).click();
    await panel.entry('Error rate falls');
    const [, note] = await noteFiles();
    assert.equal(note?.body, 'Error rate falls\n\n- eu: 2 %\n');
    assert.equal(note?.fields.by, '"@ada"');
    await eventually('an empty box', async () => (await box.inputValue()) === '');
  });

  it('follows what changes on disk: by hand, and by git', async () => {
    await shop.write({
      [`${folder}/20250923T145000Z-hypothesis-e005.md`]: eventText(
        { id: eventId(5), incident: login.uid, kind: 'hypothesis', at: '2025-09-23T14:50:00Z' },
        'The pool is too small',
      ),
    });
    await panel.entry('The pool is too small');
    await shop.git('add', '--all');
    await shop.git('commit', '--quiet', '--message', 'So far');
    await shop.git('switch', '--quiet', '--create', 'colleague');
    await shop.write({
      [`${folder}/20250923T145500Z-check-e006.md`]: eventText(
        { id: eventId(6), incident: login.uid, kind: 'check', at: '2025-09-23T14:55:00Z', exit: '0', duration: '2.5' },
        '`make health-check`',
      ),
    });
    await shop.git('add', '--all');
    await shop.git('commit', '--quiet', '--message', 'Check');
    await panel.entry('make health-check');
    await shop.git('switch', '--quiet', 'main');
    // It was never this clone's: another branch's event goes with its branch.
    await panel.entriesWhen('no check', (all) => all.every((entry) => !entry.includes('make health-check')));
    await shop.git('merge', '--quiet', 'colleague');
    const entry = await panel.entry('make health-check');
    assert.match(oneLine(await entry.textContent()), /exit 0/);
  });

  it('opens the file behind an event, beside', async () => {
    const entry = await panel.entry('Roll back');
    await entry.hover();
    await entry.getByRole('button', { name: 'Open file' }).click();
    await workbench.tab('20250923T144200Z-decision-e004.md');
    await workbench.editorShows(/Roll back \*\*now\*\*/);
    // Saved in the editor, shown in the panel.
    await workbench.press('Control+End');
    await workbench.typeText('and tell support');
    await workbench.press('Control+s');
    await panel.entry('and tell support');
    await workbench.screenshot('timeline-beside');
  });

  it('is used by keyboard alone', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Incident: Open Timeline');
    panel = await TimelinePanel.of(workbench, tabTitle);
    await eventually('the focus in the panel', () => panel.frame.locator('body').evaluate(() => document.hasFocus()));
    await workbench.press('/');
    await workbench.typeText('rolls nothing');
    await panel.entriesWhen('no entry', (all) => all.length === 0);
    await panel.frame.getByText('No entry matches the filter.').waitFor();
    await workbench.press('Escape');
    await panel.entriesWhen('all entries', (all) => all.length > 6);
    await workbench.press('Home');
    await eventually('the focus on the first entry', () =>
      panel.rows.first().evaluate((row) => row === document.activeElement),
    );
    await workbench.screenshot('timeline-keyboard');
    await workbench.press('j');
    await workbench.press('Enter');
    await workbench.tab(/-severity-ev02\.md$/);
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('Incident: Open Timeline');
    await eventually('the focus in the panel', () => panel.frame.locator('body').evaluate(() => document.hasFocus()));
    const box = panel.frame.getByRole('textbox', { name: 'Add a note' });
    await eventually('the note box to be reached with Tab', async () => {
      await workbench.press('Tab');
      return box.evaluate((area) => (area.getRootNode() as ShadowRoot).activeElement === area);
    });
    await workbench.typeText('Written without a mouse');
    await workbench.press('Control+Enter');
    await panel.entry('Written without a mouse');
    assert.equal((await noteFiles()).at(-1)?.body, 'Written without a mouse\n');
  });

  it('runs the actions of its header on its incident', async () => {
    await panel.frame.getByRole('button', { name: 'Next: Investigate' }).click();
    await workbench.quickInput.prompt(/^BUG-P0-20250923-1430 is in Mitigate/);
    await workbench.quickInput.pick('Investigate');
    await panel.entry('Mitigate');
    await panel.frame.locator('.phase-fact', { hasText: 'Investigate' }).waitFor();
    await panel.frame.getByRole('button', { name: login.id }).click();
    await workbench.tab('incident.md');
    await shop.reads(`incidents/${login.id}/incident.md`, /^phase: investigate$/m);
  });

  const ofKind = async (kind: string) => (await shop.events(login.id)).filter((event) => event.kind === kind);

  it('pins, corrects and takes back, each by an event of its own', async () => {
    const pinned = await panel.entry('Roll back');
    await pinned.hover();
    await pinned.getByRole('button', { name: 'Pin for the Review' }).click();
    await pinned.getByText('Pinned').waitFor();
    const [pin] = await ofKind('pin');
    assert.equal(pin?.fields.about, eventId(4));
    await pinned.getByRole('button', { name: /^More/ }).click();
    await panel.frame.getByRole('menuitem', { name: 'Correct…' }).click();
    await panel.frame.getByRole('textbox', { name: /How it should read/ }).fill('Roll back to 4.18.1');
    await panel.frame.getByLabel(/When it happened/).fill('2025-09-23T10:00:00');
    await panel.frame.getByRole('button', { name: 'Save Correction' }).click();
    const corrected = await panel.entry('Roll back to 4.18.1');
    await panel.entriesWhen('the corrected entry first', (all) => (all[0] ?? '').includes('Roll back to 4.18.1'));
    assert.match(oneLine(await corrected.textContent()), /Corrected by @ada.*written down as/);
    const [correction] = await ofKind('correction');
    assert.equal(correction?.fields.replaces, eventId(4));
    assert.equal(correction?.body, 'Roll back to 4.18.1\n');
    const wrong = await panel.entry('The pool is too small');
    await wrong.focus();
    await workbench.press('Delete');
    await panel.frame.getByRole('textbox', { name: /^Why/ }).fill('It is not');
    await workbench.press('Control+Enter');
    await panel.entriesWhen('the entry taken back', (all) => all.some((entry) => /Retracted by @ada/.test(entry)));
    await corrected.scrollIntoViewIfNeeded();
    await workbench.screenshot('timeline-entries');
  });

  it('keeps a pasted image beside the incident, and shows it', async () => {
    const box = panel.frame.getByRole('textbox', { name: 'Add a note' });
    await box.fill('The graph:');
    await box.evaluate((area) => {
      const red = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(red), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, composed: true, cancelable: true }),
      );
    });
    await eventually('the image in the note', async () => (await box.inputValue()).includes('../attachments/'));
    const name = /\.\.\/attachments\/([^)]+)/.exec(await box.inputValue())?.[1] ?? '';
    assert.ok(await shop.has(`incidents/${login.id}/attachments/${name}`), name);
    await panel.frame.getByRole('button', { name: 'Add Note' }).click();
    const image = (await panel.entry('The graph:')).locator('img');
    await eventually('the image on screen', () =>
      image.evaluate((one) => (one as HTMLImageElement).naturalWidth === 1),
    );
  });

  it('exports what is shown', async () => {
    await panel.frame.getByRole('button', { name: 'Export', exact: true }).click();
    await panel.frame.getByRole('menuitem', { name: 'Markdown' }).click();
    await eventually('where to', async () => (await workbench.quickInput.value()).endsWith('-timeline.md'));
    await workbench.quickInput.accept();
    await shop.reads(`${login.id}-timeline.md`, /^- \*\*\d\d:00:00\*\* · @lena · decision \(pinned, corrected\)$/m);
    await shop.remove(`${login.id}-timeline.md`);
  });

  it('keeps the words of this clone when the files are gone, and brings them back', async () => {
    const [first] = await noteFiles().then((notes) => notes.filter((note) => note.fields.by === '"@ada"'));
    assert.ok(first);
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Incident: Open Timeline');
    panel = await TimelinePanel.of(workbench, tabTitle);
    await shop.remove(`incidents/${login.id}`);
    await panel.frame.getByText(/have no files in the work tree; they are shown from Firebreak’s journal\./).waitFor();
    const entry = await panel.entry('Written without a mouse');
    assert.match((await entry.textContent()) ?? '', /No file/);
    await workbench.screenshot('timeline-missing');
    await panel.frame.locator('.notices').getByRole('button', { name: 'Restore' }).click();
    await workbench.quickInput.step('Restore missing files');
    await workbench.quickInput.accept();
    await eventually('the note on disk', () => shop.has(first.path));
    assert.equal(await shop.read(first.path), first.text);
    await panel.entriesWhen('every entry with its file', (all) => all.every((one) => !one.includes('No file')));
  });
});
