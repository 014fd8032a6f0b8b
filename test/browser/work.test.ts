import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown, masked } from './support/documents.ts';
import { type EventOnDisk, Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const sso = {
  id: 'BUG-P0-20250923-1440',
  uid: '01K5V8A1000000000000000000',
  title: 'SSO fails',
  severity: 'P0',
  at: '2025-09-23T14:40:00Z',
};
const alarm = {
  id: 'BUG-P1-20250923-1500',
  uid: '01K5V9B2000000000000000000',
  title: 'Disk alarm',
  severity: 'P1',
  at: '2025-09-23T15:00:00Z',
};

describe('Working an incident', () => {
  let shop: Shop;
  let workbench: Workbench;
  const incidents = () => workbench.tree('Incidents');
  /** The newest event of the login incident that is of this kind and after those known so far. */
  const known = new Set<string>();
  async function newEvent(kind: string, id = loginIsDown.id): Promise<EventOnDisk> {
    const event = await shop.event(id, `a new ${kind}`, (one) => one.kind === kind && !known.has(one.name));
    known.add(event.name);
    assert.equal(event.fields.by, '"@ada"');
    assert.match(event.name, new RegExp(`^\\d{8}T\\d{6}Z-${kind}-[0-9a-z]{4}\\.md$`));
    return event;
  }

  async function draftIsGone(): Promise<void> {
    await eventually('the draft to be gone', async () =>
      (await workbench.tabs()).every((tab) => !tab.startsWith('status-update')),
    );
  }

  before(async () => {
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      ...declaredElsewhere(sso),
      ...declaredElsewhere(alarm),
    });
    for (const { id } of [loginIsDown, sso, alarm]) for (const { name } of await shop.events(id)) known.add(name);
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'light',
      height: 1000,
      settings: { 'firebreak.git.commit': 'never', '[markdown]': { 'editor.wordWrap': 'off' } },
    });
    await workbench.openView('Firebreak');
  });

  after(() => workbench?.dispose());

  it('shows the open incidents with their clocks, the most urgent in the status bar', async () => {
    await incidents().row('Login is down');
    const row = await incidents().row('Acknowledge');
    assert.match(row.description, /^\d+d( \d+h)? overdue$/);
    const status = await workbench.statusBar(/^P0 \d+d \d\dh · acknowledge overdue by \d+d( \d+h)? \+2$/);
    assert.equal(status.kind, 'error');
    // The badge is the other view's, which is drawn in its own time.
    await eventually('the badge', async () => (await workbench.badge('Firebreak')) === '2');
    await workbench.screenshot('work-overdue');
  });

  it('acknowledges from the menu; a second time only after a question', async () => {
    await incidents().menu('Login is down', 'Acknowledge');
    const event = await newEvent('acknowledge');
    assert.equal(
      masked(event.text),
      [
        '---',
        'id: ULID',
        'incident: ULID',
        'kind: acknowledge',
        'at: INSTANT',
        'recorded: INSTANT',
        'by: "@ada"',
        'origin: CLONE',
        '---',
        '',
      ].join('\n'),
    );
    await workbench.statusBar(/^P0 \d+d \d\dh · update overdue by/);
    await incidents().menu('Login is down', 'Acknowledge');
    const question = await workbench.notification(`${loginIsDown.id} is acknowledged already`);
    assert.deepEqual(await question.buttons(), ['Acknowledge Again']);
    await question.dismiss();
  });

  it('goes to the next phase by the CodeLens, skips some by the status bar, and goes back by the palette', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Open Document');
    await workbench.tab('incident.md');
    await workbench.codeLens('Phase: Declared → Triage…');
    await quickInput.prompt(`${loginIsDown.id} is in Declared. Skipping and going back are fine, and recorded.`);
    await workbench.screenshot('work-phases');
    await quickInput.accept();
    const triage = await newEvent('phase');
    assert.equal(triage.fields.to, 'triage');
    assert.equal(triage.fields.prev, `${loginIsDown.uid.slice(0, 22)}EV01`);
    await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^phase: triage$/m);

    // The incident of the active editor: no question which.
    await (await workbench.statusBar(/^P0 /)).element.click();
    await quickInput.step('P0 Login is down');
    await workbench.screenshot('work-actions');
    await quickInput.pick('Change Phase…');
    await quickInput.pick('Mitigate');
    const mitigate = await newEvent('phase');
    assert.equal(mitigate.fields.to, 'mitigate');
    assert.equal(mitigate.fields.prev, triage.fields.id);

    await workbench.runCommand('Incident: Change Phase…');
    await quickInput.prompt(/is in Mitigate/);
    await quickInput.pick('Triage');
    const back = await newEvent('phase');
    assert.equal(back.fields.to, 'triage');
    assert.equal(back.fields.prev, mitigate.fields.id);
    await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^phase: triage$/m);
  });

  it('changes the severity, which moves the limits and not the folder', async () => {
    await incidents().menu('Login is down', 'Change Severity…');
    await workbench.quickInput.pick('P1 High');
    const event = await newEvent('severity');
    assert.equal(event.fields.to, 'P1');
    assert.equal(event.fields.prev, `${loginIsDown.uid.slice(0, 22)}EV02`);
    await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^severity: P1$/m);
    await eventually('the badge of one P0', async () => (await workbench.badge('Firebreak')) === '1');
    await incidents().menu('Login is down', 'Change Severity…');
    await workbench.quickInput.pick('P0 Critical');
    assert.equal((await newEvent('severity')).fields.prev, event.fields.id);
    await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^severity: P0$/m);
  });

  it('gives roles to people, and takes one back', async () => {
    const { quickInput } = workbench;
    const assign = async (role: string, person: string) => {
      await workbench.runCommand('Incident: Assign Role…');
      await quickInput.prompt('Which role?');
      await quickInput.pick(role);
      await quickInput.step(role);
      await quickInput.pick(person);
    };
    await assign('Commander', '@ada');
    const first = await newEvent('role');
    assert.equal(first.fields.role, 'commander');
    assert.equal(first.fields.to, '"@ada"');
    assert.equal(first.fields.prev, undefined);
    await incidents().row('Commander');

    await assign('Scribe', 'Somebody else…');
    await quickInput.prompt(/^@login or a name/);
    await quickInput.type('Grace Hopper');
    await quickInput.accept();
    assert.equal((await newEvent('role')).fields.to, 'Grace Hopper');
    assert.match(
      await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^ {2}scribe: /m),
      /^roles:\n {2}commander: "@ada"\n {2}scribe: Grace Hopper$/m,
    );

    await assign('Scribe', 'Nobody');
    assert.equal((await newEvent('role')).fields.to, '""');
    await eventually(
      'the document without a scribe',
      async () => !(await shop.read(`incidents/${loginIsDown.id}/incident.md`)).includes('scribe'),
    );
  });

  it('takes notes and decisions', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Add Note…');
    await quickInput.step('Note for Login is down');
    await quickInput.accept();
    await eventually('what is wrong with an empty note', async () => (await quickInput.message()).startsWith('Say at'));
    await quickInput.type('The pool of **sso** is full');
    await quickInput.accept();
    assert.equal((await newEvent('note')).body, 'The pool of **sso** is full\n');

    await (await workbench.statusBar(/^P0 /)).element.click();
    await quickInput.step('P0 Login is down');
    await quickInput.pick('Record Decision…');
    await quickInput.step('Decision for Login is down');
    await quickInput.type('Roll back to 812');
    await quickInput.accept();
    assert.equal((await newEvent('decision')).body, 'Roll back to 812\n');
  });

  it('drafts a status update in an editor, and posts it with the button', async () => {
    await workbench.editorAction('Show Actions');
    await workbench.quickInput.step('P0 Login is down');
    await workbench.quickInput.pick('Draft Status Update');
    await workbench.tab('status-update.md');
    await workbench.editorShows(/- \*\*Current State\*\*: \[Service up\/down\/degraded\]\n/);
    await workbench.screenshot('work-draft');
    // The first field is selected: one types over it.
    await workbench.typeText('Degraded: login takes a minute');
    await workbench.editorShows(/- \*\*Current State\*\*: Degraded: login takes a minute\n/);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Home', 'Shift+End']) await workbench.press(key);
    await workbench.typeText('- **Actions Taken**: rolled back to 812');
    await workbench.editorShows(/Actions Taken\*\*: rolled back to 812\n/);
    assert.equal(await shop.changes().then((changes) => changes.includes('status-update')), false);
    await workbench.editorAction('Post Status Update');
    const event = await newEvent('status');
    assert.equal(
      event.body,
      // The decision that was recorded before, and that nothing was run after, is a next step.
      '- **Current State**: Degraded: login takes a minute\n- **Actions Taken**: rolled back to 812\n- **Next Steps**: Roll back to 812\n',
    );
    const panel = await TimelinePanel.of(workbench, 'P0 Login is down');
    await panel.entry('Degraded: login takes a minute');
    await draftIsGone();
    await workbench.screenshot('work-posted');
  });

  it('begins the next draft with what was said last', async () => {
    await incidents().menu('Login is down', 'Draft Status Update');
    await workbench.tab('status-update-2.md');
    await workbench.editorShows(/Current State\*\*: Degraded: login takes a minute\n[\s\S]*rolled back to 812/);
    await workbench.typeText('Up again');
    await workbench.editorShows(/Current State\*\*: Up again\n/);
    await workbench.codeLens('Post');
    assert.equal(
      (await newEvent('status')).body,
      '- **Current State**: Up again\n- **Actions Taken**: rolled back to 812\n- **Next Steps**: Roll back to 812\n',
    );
    await draftIsGone();
  });

  it('posts a short status update in six steps, with a way back', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Post Status Update');
    const fields = ['Current State', 'Impact', 'Root Cause', 'Actions Taken', 'Next Steps', 'ETA'];
    const answers = ['Up', 'None', 'Pool too small', undefined, 'Watch it', '16:00 UTC'];
    for (const [index, field] of fields.entries()) {
      await quickInput.step(`Status update: ${field} (${index + 1}/6)`);
      if (field === 'Actions Taken') {
        assert.equal(await quickInput.value(), 'rolled back to 812');
        await quickInput.back();
        await quickInput.step('Status update: Root Cause (3/6)');
        assert.equal(await quickInput.value(), 'Pool too small');
        await quickInput.accept();
        await quickInput.step('Status update: Actions Taken (4/6)');
        await workbench.screenshot('work-short-update');
      }
      const answer = answers[index];
      if (answer !== undefined) await quickInput.type(answer);
      await quickInput.accept();
    }
    assert.equal(
      (await newEvent('status')).body,
      [
        '- **Current State**: Up',
        '- **Impact**: None',
        '- **Root Cause**: Pool too small',
        '- **Actions Taken**: rolled back to 812',
        '- **Next Steps**: Watch it',
        '- **ETA**: 16:00 UTC',
        '',
      ].join('\n'),
    );
    await workbench.statusBar(/^P0 \d+d \d\dh · (mitigate|resolve) overdue by/);
  });

  it('cancels a false alarm, with the reason on record', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Disk alarm', 'Cancel as False Alarm…');
    await quickInput.step(`Cancel ${alarm.id} as a false alarm`);
    await quickInput.accept();
    await eventually('what is wrong without a reason', async () => (await quickInput.message()).startsWith('Say why'));
    await quickInput.type('The sensor was unplugged');
    await quickInput.accept();
    const event = await newEvent('phase', alarm.id);
    assert.equal(event.fields.to, 'closed');
    assert.equal(event.body, 'Cancelled as a false alarm: The sensor was unplugged\n');
    assert.match(await shop.reads(`incidents/${alarm.id}/incident.md`, /^phase: closed$/m), /^status: declined$/m);
    await incidents().rowsWhen('the alarm among past ones', (rows) => rows.every((row) => row.label !== 'Disk alarm'));
    await incidents().expand('Past incidents');
    assert.match((await incidents().row('Disk alarm')).description, /^P1 · Declined · /);
  });

  it('merges a duplicate into the other: its events are shown there, and no file is lost', async () => {
    const { quickInput } = workbench;
    const before = await shop.events(sso.id);
    await incidents().menu('SSO fails', 'Add Note…');
    await quickInput.type('Seen from the office only');
    await quickInput.accept();
    await newEvent('note', sso.id);
    await incidents().menu('SSO fails', 'Merge into Another Incident…');
    await quickInput.step(`Merge ${sso.id} into…`);
    await quickInput.pick('Login is down');
    const dialog = await workbench.dialog('Merge "SSO fails" into "Login is down"?');
    await workbench.screenshot('work-merge');
    await dialog.click('Merge');
    const closed = await newEvent('phase', sso.id);
    assert.equal(closed.body, `Merged into ${loginIsDown.id} (Login is down).\n`);
    const arrival = await newEvent('decision');
    assert.equal(arrival.body, `${sso.id} (SSO fails) is the same trouble: merged into this incident.\n`);
    const text = await shop.reads(`incidents/${sso.id}/incident.md`, /^phase: closed$/m);
    assert.match(text, /^status: duplicate$/m);
    assert.match(text, new RegExp(`^duplicate-of: ${loginIsDown.id}$`, 'm'));
    for (const event of before) assert.ok(shop.has(event.path));
    const panel = await TimelinePanel.of(workbench, 'P0 Login is down');
    const entry = await panel.entry('Seen from the office only');
    assert.match((await entry.textContent()) ?? '', /From “SSO fails”/);
    await workbench.screenshot('work-merged');
  });

  it('adds an action item, which is shown below its incident and declares nothing', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Add Action Item…');
    await quickInput.step('Add Action Item (1/3)');
    await quickInput.type('Alert when logins take long');
    await quickInput.accept();
    await quickInput.pick('P0');
    await workbench.screenshot('work-action-owner');
    await quickInput.pick(/@ada/);
    const row = await incidents().row('Alert when logins take long');
    assert.equal(row.description, 'P0 · Inbox · @ada');
    const files = (await shop.names('backlog')).filter((name) => name.startsWith('TASK-P0-'));
    assert.equal(files.length, 1);
    await shop.reads(`backlog/${files[0]}`, new RegExp(`^incident: ${loginIsDown.id}$`, 'm'));
    await workbench.screenshot('work-action-item');
    await incidents().menu('Alert when logins take long', 'Change Status…');
    await quickInput.pick('Done');
    await eventually('the action item to be done', async () =>
      (await incidents().row('Alert when logins take long')).description.startsWith('P0 · Done'),
    );
  });

  it('closes: the clocks stand still, the status bar is calm, and it can be taken up again', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('RCA');
    await quickInput.step('Resolve with the checklist open?');
    await quickInput.type('Seen by hand');
    await quickInput.accept();
    assert.equal((await newEvent('phase')).fields.to, 'rca');
    const owed = await workbench.statusBar(/^P0 \d+d \d\dh · RCA draft due (?:23h|24h|1d)/);
    assert.equal(owed.kind, 'standard', 'the trouble is over');
    await workbench.runCommand('Incident: Post RCA to GitHub');
    await (await workbench.notification(/^The RCA of BUG-P0-.* is not written yet/)).click('Open RCA');
    await workbench.editorShows(/# RCA: Login is down[\s\S]*## Executive Summary/);
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('Closed');
    await newEvent('phase');
    await shop.reads(`incidents/${loginIsDown.id}/incident.md`, /^status: done\n[\s\S]*^phase: closed$/m);
    await incidents().rowsWhen('only past incidents', (rows) => rows[1]?.label === 'Past incidents');
    await incidents().click('No incident is open');
    await quickInput.step('Declare P0 (1/3)');
    await quickInput.cancel();
    const item = await eventually('the calm status bar', async () =>
      (await workbench.statusItems()).find(({ ariaLabel }) => ariaLabel.startsWith('Firebreak: no open incident')),
    );
    assert.equal(item.kind, 'standard');
    await workbench.screenshot('work-closed');
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('Investigate');
    await newEvent('phase');
    await workbench.statusBar(/^P0 /);
  });
});
