import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { minute } from '../../src/core/time.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere } from './support/documents.ts';
import { liveIncident } from './support/liveIncident.ts';
import { Shop } from './support/shop.ts';
import { Terminal } from './support/terminal.ts';

const title = 'Checkout API returns 500';
const settings = { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': true };

describe('Reminders', () => {
  let shop: Shop;
  let workbench: Workbench | undefined;
  const id = async () => (await shop.incident(title)).id;
  /** A memory that is lost says all once more. */
  const forget = () => rm(path.join(shop.folder, '.git/firebreak/reminders.json'), { force: true });

  before(async () => {
    // Ada commands it. The last update was 36 minutes ago, and nobody wrote anything down since.
    const files = liveIncident(Date.now() - 25 * minute);
    shop = await Shop.open(files);
  });
  afterEach(async () => {
    await workbench?.dispose();
    workbench = undefined;
  });

  it('sum up what is due in one notification, and tell it in badge and status bar', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await forget();
      workbench = await openWorkbench({ folder: shop.folder, theme, settings });
      await workbench.openView('Firebreak');
      await workbench.tree('Incidents').row(title);
      const shown = await workbench.notification('the status update is overdue');
      assert.match(
        shown.text,
        /^P0 Checkout API returns 500: the status update is overdue by \d+m; not mitigated, \d+m after the limit; nothing was noted for a while\.$/,
      );
      assert.deepEqual(await shown.buttons(), ['Post Update', 'Snooze…', 'Not Me…']);
      await workbench.statusBar(/^P0 00:\d\d · mitigate overdue by \d+m 3$/);
      await eventually('the badge', async () => (await workbench?.badge('Firebreak')) === '4');
      await workbench.screenshot('reminders-due');
      assert.equal((await workbench.notifications()).length, 1);
      if (theme === 'light') await workbench.dispose();
    }
  });

  it('open the draft of the update, begun from the timeline, and are silent once it is posted', async () => {
    const decision = 'Drain the payment queue by hand.';
    const incident = await id();
    const at = new Date(Date.now() - 2 * minute).toISOString().slice(0, 19);
    await shop.write({
      [`incidents/${incident}/timeline/${at.replace(/[-:]/g, '')}Z-decision-zz01.md`]: `---\nid: 01K5V8A1B2C3D4E5F6G7H8JZZ1\nincident: 01K5V7Z0000000000000000000\nkind: decision\nat: ${at}Z\nrecorded: ${at}Z\nby: "@ada"\norigin: 4f9a2c\n---\n${decision}\n`,
    });
    await forget();
    workbench = await openWorkbench({ folder: shop.folder, theme: 'dark', settings });
    const shown = await workbench.notification('the status update is overdue');
    await shown.click('Post Update');
    await workbench.tab(/^status-update/);
    await workbench.editorShows(/Next Steps\W+Drain the payment queue by hand/);
    await workbench.screenshot('reminders-draft');
    await workbench.runCommand('Incident: Post Status Update');
    await shop.event(
      incident,
      'the update',
      (event) => event.kind === 'status' && event.body.includes('Drain the payment'),
    );
    await workbench.statusBar(/mitigate overdue by \d+m 1$/);
  });

  it('are snoozed, and come again on request', async () => {
    await forget();
    workbench = await openWorkbench({ folder: shop.folder, theme: 'light', settings });
    await (await workbench.notification('not mitigated')).click('Snooze…');
    await workbench.quickInput.step('Snooze Reminders');
    await workbench.screenshot('reminders-snooze');
    await workbench.quickInput.pick('15 minutes');
    await eventually('the snooze', async () => (await shop.read('.git/firebreak/reminders.json')).includes('"until"'));
    await workbench.runCommand('Incident: Remind Me Again');
    await workbench.notification('not mitigated');
  });

  it('go to somebody else with the command of the incident', async () => {
    await forget();
    workbench = await openWorkbench({ folder: shop.folder, theme: 'light', settings });
    await (await workbench.notification('not mitigated')).click('Not Me…');
    await workbench.quickInput.step('Who takes it?');
    await workbench.quickInput.pick('@sam');
    await workbench.quickInput.step('Hand over to @sam');
    await workbench.quickInput.pick('The command of the incident');
    await shop.event(await id(), 'the new commander', (event) => event.kind === 'role' && event.fields.to === '"@sam"');
    await workbench.statusBar(/^P0 00:\d\d · mitigate overdue by \d+m$/);
    await eventually('no badge of reminders', async () => (await workbench?.badge('Firebreak')) === '1');
  });

  it('climb the ladder while nobody acknowledges, in the window that declared, and record each step', async () => {
    const origin = await shop.read('.git/firebreak/origin');
    const incident = {
      id: 'BUG-P0-20250923-1430',
      uid: '01K5V7Z1000000000000000000',
      title: 'Login is down',
      severity: 'P0',
      at: `${new Date(Date.now() - 32 * minute).toISOString().slice(0, 19)}Z`,
    };
    const files = Object.entries(declaredElsewhere(incident));
    await shop.write(Object.fromEntries(files.map(([name, text]) => [name, text.replace('c0ffee', origin.trim())])));
    workbench = await openWorkbench({ folder: shop.folder, theme: 'dark', settings });
    const shown = await workbench.notification('nobody has acknowledged for 30m');
    assert.match(shown.text, /^P0 Login is down: .*escalate to Incident Commander Pool \(@incident-commanders\)/);
    assert.deepEqual(await shown.buttons(), ['Escalate…', 'Acknowledge', 'Snooze…']);
    await workbench.screenshot('reminders-escalation');
    await shown.click('Escalate…');
    await workbench.quickInput.step('Escalate to Incident Commander Pool');
    await workbench.screenshot('reminders-escalate');
    await workbench.quickInput.pick('@incident-commanders');
    const note = await shop.event(incident.id, 'the escalation', (event) => event.kind === 'note');
    assert.equal(
      note.body,
      'Escalated to Incident Commander Pool (@incident-commanders): nobody had acknowledged for 30m.\n',
    );
  });
});

describe('Reminders of what runs', () => {
  let shop: Shop;
  let workbench: Workbench;
  const policy = `people:
  - { name: Ada Example, email: ada@example.com, github: ada }
severities: { P0: { acknowledge: none, update: none, mitigate: none, resolve: none } }
reminders: { before: none, role: none, quiet: none, repeat: none }
actions:
  - { id: drain, title: Drain the queue, kind: check, command: "echo draining; sleep 600", timeout: 4s }
`;

  before(async () => {
    shop = await Shop.open({ ...liveIncident(Date.now()), 'incident-policy.yml': policy });
    workbench = await openWorkbench({ folder: shop.folder, theme: 'dark', width: 1280, height: 800, settings });
    await workbench.openView('Firebreak');
  });
  after(() => workbench?.dispose());

  it('say how long an action has run, and show its terminal', async () => {
    const { id } = await shop.incident(title);
    await workbench.tree('Incidents').menu(title, 'Run Action…');
    await workbench.quickInput.pick(/Drain the queue/);
    await (await workbench.dialog(/Run "Drain the queue"/)).click('Run');
    await workbench.page.locator('.terminal-wrapper.active').first().waitFor();
    await Terminal.open(workbench);
    const active = workbench.page.locator('.tabs-list .monaco-list-row.selected');
    await eventually('another terminal', async () => !/Drain/.test((await active.first().textContent()) ?? 'Drain'));
    await workbench.press('Control+j');
    // It is looked at when something that is shown changes, at most a minute later.
    const shown = await eventually(
      'the reminder',
      () => workbench.notification('Drain the queue has run for').catch(() => undefined),
      90_000,
    );
    assert.match(shown.text, /^P0 Checkout API returns 500: Drain the queue has run for \d+[ms]( \d+s)?\.$/);
    assert.deepEqual(await shown.buttons(), ['Show Terminal', 'Snooze…']);
    await workbench.statusBar(/^P0 00:\d\d\b.* 1$/);
    await workbench.screenshot('reminders-action');
    await shown.click('Show Terminal');
    await eventually('its terminal', async () => /Drain/.test((await active.first().textContent()) ?? ''));
    await workbench.screenshot('reminders-action-terminal');
    await Terminal.takesKeys(workbench);
    await workbench.press('Control+c');
    const event = await shop.event(id, 'its end', ({ kind }) => kind === 'check');
    assert.match(event.body, /^\*\*Drain the queue\*\*: stopped \(SIG\w+\)\./);
    assert.ok(!(await workbench.notifications()).some((text) => text.includes('has run for')));
  });
});
