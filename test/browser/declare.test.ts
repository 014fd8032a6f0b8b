import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { itemText, masked, takeApart } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const slowLogin = 'backlog/BUG-P2-20250923-1015.md';

describe('Declaring a P0', () => {
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    shop = await Shop.open({
      [slowLogin]: itemText(
        {
          title: 'Login times out for SSO users',
          id: 'BUG-P2-20250923-1015',
          uid: '01K5V7M3QZ8W4T2N6R0HXJ9DCA',
          severity: 'P2 # agreed on Monday',
          status: 'ready',
          owner: "'@lena'",
          'asked-by': 'support',
        },
        'SSO users wait for a minute, then see an error.',
      ),
    });
    workbench = await openWorkbench({ folder: shop.folder, settings: { 'firebreak.git.commit': 'never' } });
    await workbench.openView('Firebreak');
    await workbench.tree('Backlog').row('Login times out for SSO users');
  });

  after(() => workbench?.dispose());

  const { step, title } = {
    step: (number: number) => workbench.quickInput.step(`Declare P0 (${number}/3)`),
    title: async (text: string) => {
      await step(1);
      await workbench.quickInput.type(text);
      await workbench.quickInput.accept();
      await step(2);
    },
  };

  /** Title given, criteria ticked: the last step, where Enter declares. */
  async function toReview(text: string, ...criteria: string[]): Promise<void> {
    await title(text);
    for (const criterion of criteria) await workbench.quickInput.pick(criterion);
    await workbench.quickInput.accept();
    await step(3);
  }

  it('writes nothing when it is left with Escape, whatever the step', async () => {
    const incidents = workbench.tree('Incidents');
    assert.equal(
      await eventually('the welcome content', async () => (await incidents.welcome()) || undefined),
      'No incident is open, and none is on record.Declare P0Only a title is needed. It works offline.',
    );
    await workbench.screenshot('declare-welcome');
    for (const last of [1, 2, 3]) {
      await incidents.welcomeButton('Declare P0');
      await step(1);
      await workbench.quickInput.prompt('Production API down');
      if (last > 1) await title('Nothing of this is kept');
      if (last > 2) await workbench.quickInput.accept();
      await step(last);
      await workbench.quickInput.cancel();
    }
    assert.equal(await shop.changes(), '');
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('starts from the status bar, and keeps the answers on the way back', async () => {
    const { quickInput } = workbench;
    const item = (await workbench.statusItems()).find(({ ariaLabel }) => ariaLabel.startsWith('Firebreak'));
    assert.equal(item?.ariaLabel, 'Firebreak: no open incident. Declare P0');
    await item.element.click();
    await step(1);
    await quickInput.accept();
    await eventually('what is wrong with an empty title', async () =>
      (await quickInput.message()).startsWith('A title is needed'),
    );
    await workbench.screenshot('declare-title-needed');
    await title('Search finds nothing');
    await quickInput.pick('User Impact');
    await workbench.screenshot('declare-criteria');
    await quickInput.accept();
    await step(3);
    await quickInput.pick('Impact');
    await quickInput.prompt(/^Who and what is affected\?/);
    await quickInput.type('Half of all searches');
    await quickInput.accept();
    await quickInput.prompt('Enter declares. The rest can wait.');
    await quickInput.back();
    await step(2);
    assert.deepEqual(
      (await quickInput.rows()).filter((row) => row.checked).map((row) => row.label),
      ['User Impact'],
    );
    await quickInput.back();
    await step(1);
    assert.equal(await quickInput.value(), 'Search finds nothing');
    await quickInput.accept();
    await step(2);
    await quickInput.accept();
    await step(3);
    assert.match(await rowOf('Impact'), /Half of all searches/);
    await quickInput.cancel();
    assert.equal(await shop.changes(), '');
  });

  it('takes Enter, Enter, Enter; with no criterion it proposes P1, and says why', async () => {
    const { quickInput } = workbench;
    await workbench.tree('Incidents').welcomeButton('Declare P0');
    await title('Newsletter goes out twice');
    await quickInput.accept();
    await step(3);
    const rows = (await quickInput.rows()).map((row) => row.label);
    assert.deepEqual(rows, ['Declare P1', 'Declare P0', 'Impact', 'Affected service', 'Commander']);
    assert.match(await rowOf('Declare P1'), /No criterion is ticked, so the guide makes it P1/);
    assert.match(await rowOf('Commander'), /@ada/);
    await workbench.screenshot('declare-no-criterion');
    await quickInput.accept();

    const incident = await shop.incident('Newsletter goes out twice');
    assert.match(incident.id, /^BUG-P1-\d{8}-\d{4}$/);
    assert.equal(
      masked(incident.text),
      [
        '---',
        'title: Newsletter goes out twice',
        'type: bug',
        'date: DATE',
        'tags: []',
        'links: []',
        'id: BUG-P1-MINUTE',
        'uid: ULID',
        'severity: P1',
        'status: doing',
        'owner: "@ada"',
        'phase: declared',
        'roles:',
        '  commander: "@ada"',
        '---',
        '',
      ].join('\n'),
    );
    await workbench.statusBar(/^P1 00:00 · resolve due (24h|23h 59m)$/);
    await TimelinePanel.of(workbench, 'P1 Newsletter goes out twice');
    assert.equal(await workbench.badge('Firebreak'), '', 'the badge counts P0s');
  });

  it('makes it a P0 when a criterion holds: files first, then timeline, clocks and badge', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('Incident: Declare P0');
    await title('Checkout is down');
    // As a person does it in a hurry: no mouse.
    await workbench.press('ArrowDown');
    await workbench.press('Space');
    await quickInput.accept();
    await step(3);
    assert.deepEqual(
      (await quickInput.rows()).map((row) => row.label),
      ['Declare P0', 'Declare P1 instead', 'Impact', 'Affected service', 'Commander'],
    );
    await quickInput.pick('Impact');
    await quickInput.prompt(/^Who and what/);
    await quickInput.type('No order can be paid, in any country');
    await quickInput.accept();
    await quickInput.prompt('Enter declares. The rest can wait.');
    await quickInput.pick('Affected service');
    await quickInput.prompt(/^Which service\?/);
    await quickInput.type('checkout');
    await quickInput.accept();
    await quickInput.prompt('Enter declares. The rest can wait.');
    await quickInput.pick('Commander');
    await quickInput.prompt(/^Who owns coordination\?/);
    assert.equal(await quickInput.value(), '@ada');
    await quickInput.type('@grace');
    await quickInput.accept();
    await quickInput.prompt('Enter declares. The rest can wait.');
    assert.match(await rowOf('Affected service'), /checkout/);
    assert.match(await rowOf('Commander'), /@grace/);
    await workbench.screenshot('declare-review');
    await quickInput.accept();

    const incident = await shop.incident('Checkout is down');
    assert.equal(
      masked(incident.text),
      [
        '---',
        'title: Checkout is down',
        'type: bug',
        'date: DATE',
        'tags: []',
        'links: []',
        'id: BUG-P0-MINUTE',
        'uid: ULID',
        'severity: P0',
        'status: doing',
        'owner: "@grace"',
        'sprint: WEEK',
        'phase: declared',
        'service: checkout',
        'criteria: [production-down]',
        'roles:',
        '  commander: "@grace"',
        '---',
        'No order can be paid, in any country',
        '',
      ].join('\n'),
    );
    const events = await shop.events(incident.id);
    assert.deepEqual(
      events.map((event) => event.kind),
      ['phase', 'severity', 'role', 'impact', 'decision'],
    );
    assert.ok(events.every((event) => event.fields.incident === incident.fields.uid));
    assert.equal(
      masked(events[0]?.text ?? ''),
      [
        '---',
        'id: ULID',
        'incident: ULID',
        'kind: phase',
        'at: INSTANT',
        'recorded: INSTANT',
        'by: "@ada"',
        'origin: CLONE',
        'to: declared',
        '---',
        'Checkout is down',
        '',
      ].join('\n'),
    );
    for (const event of events) assert.match(event.name, /^\d{8}T\d{6}Z-[a-z]+-[0-9a-z]{4}\.md$/);
    assert.equal(masked(events[4]?.body ?? ''), 'Sprint WEEK is interrupted for this incident.\n');

    // Grace took command with the declaration, which acknowledges it: the next clock is the update's.
    const status = await workbench.statusBar(/^P0 00:0\d · update due (30m|29m)( \+1)$/);
    assert.equal(status.kind, 'error');
    const panel = await TimelinePanel.of(workbench, 'P0 Checkout is down');
    await panel.entriesWhen('the first five', (entries) => entries.length === 5);
    assert.equal(await workbench.badge('Firebreak'), '1');
    await workbench.tree('Incidents').row('Checkout is down');
    await workbench.screenshot('declare-done');
  });

  it('keeps a security breach private, by the keybinding', async () => {
    await workbench.press('Control+Alt+0');
    await toReview('Tokens are in the public log', 'Security Breach');
    assert.match(await rowOf('Declare P0'), /It stays private: nothing of it is sent\./);
    await workbench.quickInput.accept();
    const incident = await shop.incident('Tokens are in the public log');
    assert.equal(incident.fields.private, 'true');
    assert.equal(incident.fields.criteria, '[security-breach]');
    const row = await workbench.tree('Incidents').row('Tokens are in the public log');
    assert.match(row.icon, /codicon-lock/);
    assert.match((await workbench.tree('Backlog').row('Tokens are in the public log')).icon, /codicon-lock/);
    const panel = await TimelinePanel.of(workbench, 'P0 Tokens are in the public log');
    await panel.frame.locator('.header .private').waitFor();
    await workbench.screenshot('declare-private');
  });

  it("declares a second one from the view's title, in the same minute, under the next id", async () => {
    // Both declarations fit into what is left of this minute.
    await eventually('a minute with time left', () => new Date().getUTCSeconds() < 50, 30_000);
    for (const text of ['First of two', 'Second of two']) {
      await workbench.tree('Incidents').titleAction('Declare P0');
      await toReview(text, 'Data Loss');
      await workbench.quickInput.accept();
      await shop.incident(text);
    }
    const first = await shop.incident('First of two');
    const second = await shop.incident('Second of two');
    assert.equal(second.id.replace(/-\d$/, ''), first.id.replace(/(-\d{4})-\d$/, '$1'));
    assert.equal(second.fields.id, second.id);
    assert.notEqual(second.fields.uid, first.fields.uid);
    const count = (await shop.events(first.id)).length;
    assert.equal((await shop.events(second.id)).length, count);
  });

  it('declares an item of the backlog from its menu: its file moves, its history goes on', async () => {
    const before = await shop.read(slowLogin);
    await workbench.tree('Backlog').menu('Login times out for SSO users', 'Declare This Item as Incident…');
    await workbench.quickInput.step('Declare BUG-P2-20250923-1015 (1/3)');
    assert.equal(await workbench.quickInput.value(), 'Login times out for SSO users');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Declare BUG-P2-20250923-1015 (2/3)');
    await workbench.quickInput.pick('User Impact');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Declare BUG-P2-20250923-1015 (3/3)');
    await workbench.quickInput.accept();

    const incident = await eventually('the moved file to be changed', async () => {
      const found = await shop.incident('Login times out for SSO users');
      return found.fields.phase ? found : undefined;
    });
    assert.equal(incident.path, 'incidents/BUG-P2-20250923-1015/incident.md');
    assert.equal(shop.has(slowLogin), false);
    // All that a person wrote is still there, in its place.
    assert.equal(
      masked(incident.text),
      masked(before)
        .replace('severity: P2 #', 'severity: P0 #')
        .replace('status: ready', 'status: doing')
        .replace("owner: '@lena'", 'owner: "@ada"')
        .replace(
          'asked-by: support\n',
          [
            'sprint: WEEK',
            'phase: declared',
            'criteria: [user-impact]',
            'roles:',
            '  commander: "@ada"',
            'asked-by: support',
            '',
          ].join('\n'),
        ),
    );
    assert.equal(takeApart(before).fields.uid, incident.fields.uid);
    const severity = (await shop.events(incident.id)).find((event) => event.kind === 'severity');
    assert.equal(severity?.fields.was, 'P2');
    const [record] = await shop.records(incident.fields.uid ?? '');
    assert.deepEqual(Object.keys(record?.set ?? {}), ['status', 'owner', 'sprint']);
    assert.equal(record?.was.status, 'ready');

    // Git sees a move, so that the history of the file goes on.
    await shop.git('add', '--all');
    assert.match(
      await shop.git('status', '--porcelain'),
      /^R {2}backlog\/BUG-P2-20250923-1015\.md -> incidents\/BUG-P2-20250923-1015\/incident\.md$/m,
    );
    await TimelinePanel.of(workbench, 'P0 Login times out for SSO users');
    const row = await workbench.tree('Incidents').row('Login times out for SSO users');
    assert.match(row.description, /^Declared · 00:00 · update due (30|29)m$/);
  });

  async function rowOf(label: string): Promise<string> {
    const rows = await workbench.quickInput.rows();
    return rows.find((row) => row.label === label)?.ariaLabel ?? `no row ${label} among ${JSON.stringify(rows)}`;
  }
});
