import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { type EventOnDisk, Shop } from './support/shop.ts';

const makefile = `deploy-rollback: ## Back to version=previous
\t@echo "rolled back to $(version)"
test-smoke:
\t@test -f healthy && echo "all well"
`;

const policy = `people:
  - { name: Ada, email: ada@example.com, github: ada }
  - { name: Bob, github: bob }
actions:
  - { id: logs, title: Keep the logs, kind: evidence, collect: ["logs/*.log"], phases: [declared, triage, respond, mitigate] }
checklist:
  - { id: smoke, title: Smoke tests pass, action: "make:test-smoke" }
  - { id: support, title: Support has no new tickets }
`;

describe('Actions', () => {
  let shop: Shop;
  let workbench: Workbench;
  const incidents = () => workbench.tree('Incidents');
  const known = new Set<string>();
  async function newEvent(kind: string): Promise<EventOnDisk> {
    const event = await shop.event(loginIsDown.id, `a new ${kind}`, (one) => one.kind === kind && !known.has(one.name));
    known.add(event.name);
    return event;
  }

  before(async () => {
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      'incident-policy.yml': policy,
      Makefile: makefile,
      'logs/app.log': 'GET /login 500\n',
      healthy: '',
      'runbooks/login.md': '# Login trouble\n\n1. Look at the cache\n2. Restart the gateway\n',
    });
    for (const { name } of await shop.events(loginIsDown.id)) known.add(name);
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
    });
    await workbench.openView('Firebreak');
  });
  after(() => workbench?.dispose());

  it('offer evidence first, and keep it with its hash', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.step('Run Action for Login is down');
    const rows = await quickInput.rows();
    assert.match(rows[0]?.label ?? '', /Keep the logs/);
    await workbench.screenshot('actions-offered');
    await quickInput.pick(/Keep the logs/);
    const event = await newEvent('action');
    assert.match(event.body, /1 of 1 files kept/);
    assert.match(event.body, /\| logs\/app\.log \| 15 \|/);
    const kept = (await shop.changes()).match(/incidents\/\S+attachments\/\S*/)?.[0];
    assert.ok(kept, await shop.changes());
  });

  it('show what is risky before it runs, run it in a terminal, and write it down', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.pick(/Back to/);
    await quickInput.step('Back to');
    await quickInput.type('1.4.0');
    await quickInput.accept();
    const dialog = await workbench.dialog('Run "Back to"? It was never run from here.');
    await workbench.screenshot('actions-confirm');
    await dialog.click('Run');
    const event = await newEvent('action');
    assert.equal(event.fields.exit, '0');
    assert.equal(event.fields.action, 'make:deploy-rollback');
    assert.match(event.body, /make deploy-rollback version=1\.4\.0\n```\n\n```text\nrolled back to 1\.4\.0\n```/);
    // Drawn on a canvas where there is a graphics card: what it says is in the picture.
    await workbench.page.locator('.terminal-wrapper.active').first().waitFor();
    await workbench.screenshot('actions-terminal');
  });

  it('set the deploy freeze, show it, and lift it', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.pick(/Freeze deployments/);
    assert.equal((await newEvent('action')).fields.freeze, 'set');
    const row = await incidents().row('Deployments are frozen');
    assert.match(row.description, /by @ada$/);
    await workbench.screenshot('actions-frozen');
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.pick(/Lift the deploy freeze/);
    assert.equal((await newEvent('action')).fields.freeze, 'lift');
    await incidents().rowsWhen('no freeze', (rows) => !rows.some(({ label }) => label === 'Deployments are frozen'));
  });

  it('are given to people as tasks, ticked off, and handed over', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Assign Task…');
    await quickInput.step('Assign Task');
    await quickInput.pick(/@ada/);
    await quickInput.step('Task for @ada');
    await quickInput.type('Check the cache');
    await quickInput.accept();
    assert.equal((await newEvent('task')).fields.owner, '"@ada"');
    const row = await incidents().row('Check the cache');
    assert.equal(row.description, '@ada');
    await incidents().menu('Login is down', 'Add Note…');
    await quickInput.type('@bob ask the provider');
    await quickInput.accept();
    assert.equal((await newEvent('task')).fields.owner, '"@bob"');
    await workbench.screenshot('actions-tasks');
    await incidents().tick('Check the cache');
    const done = await newEvent('task');
    assert.deepEqual([done.fields.state, done.body], ['done', 'Done: Check the cache\n']);
    await incidents().menu('Login is down', 'Assign Role…');
    await quickInput.pick('Commander');
    await quickInput.pick(/@ada/);
    await newEvent('role');
    await incidents().menu('Login is down', 'Hand Over…');
    await quickInput.pick('Commander');
    await quickInput.pick(/@bob/);
    await quickInput.step('Hand Over');
    await quickInput.accept();
    const step = await newEvent('role');
    assert.match(step.body, /^@ada hands over to @bob\.\n\nOpen:\n\n- @bob: ask the provider\n$/);
    await workbench.screenshot('actions-handed-over');
  });

  it('have contacts and runbooks at hand: a step that is ticked is an event', async () => {
    await workbench.tree('Contacts and Runbooks').unfold();
    const reference = workbench.tree('Contacts and Runbooks');
    const contact = await reference.row('On-Call Engineer');
    assert.equal(contact.description, 'See PagerDuty');
    await workbench.runCommand('Incident: Open Runbook…');
    await workbench.quickInput.pick(/Login trouble/);
    await workbench.codeLens('Tick for Login is down');
    const event = await newEvent('check');
    assert.match(event.body, /^Login trouble, step 1: Look at the cache\n$/);
    await workbench.page.locator('.codelens-decoration', { hasText: 'Done by @ada' }).first().waitFor();
    await workbench.screenshot('actions-runbook');
    assert.equal(
      await shop.read('runbooks/login.md'),
      '# Login trouble\n\n1. Look at the cache\n2. Restart the gateway\n',
    );
  });

  it('tick the checklist by a run and by hand, and ask why a box is open', async () => {
    const { quickInput } = workbench;
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('Verify');
    await newEvent('phase');
    await incidents().click('Smoke tests pass');
    await quickInput.pick(/Run test-smoke/);
    await (await workbench.dialog(/Run "test-smoke"/)).click('Run');
    const check = await newEvent('check');
    assert.equal(check.fields.exit, '0');
    await incidents().rowsWhen('the box ticked', (rows) =>
      rows.some(({ label, description }) => label === 'Smoke tests pass' && description.startsWith('@ada')),
    );
    await workbench.screenshot('actions-checklist');
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('RCA');
    await quickInput.step('Resolve with the checklist open?');
    await workbench.screenshot('actions-why-open');
    await quickInput.type('Support is asleep; the metrics are flat');
    await quickInput.accept();
    const step = await newEvent('phase');
    assert.equal(step.fields.to, 'rca');
    assert.equal(
      step.body,
      'Resolved with the checklist open: Support has no new tickets.\n\nSupport is asleep; the metrics are flat\n',
    );
  });

  it('begin and end recording from one list, which tells customers, too', async () => {
    const { quickInput } = workbench;
    const actions = async () => {
      await workbench.runCommand('Incident: Show Actions');
      await quickInput.step('P0 Login is down');
    };
    await incidents().menu('Login is down', 'Change Phase…');
    await quickInput.pick('Mitigate');
    await newEvent('phase');
    await actions();
    await quickInput.row('Notify Customers…');
    await workbench.screenshot('actions-all');
    await quickInput.type('Start Recording');
    await quickInput.pick('Start Recording');
    await workbench.statusBar(/Recording$/);
    await actions();
    await quickInput.type('Recording');
    await quickInput.row('Stop Recording');
    assert.ok((await quickInput.rows()).every(({ label }) => !label.includes('Start Recording')));
    await quickInput.pick('Stop Recording');
    await eventually('no sign of recording', async () =>
      (await workbench.statusItems()).every(({ text }) => !text.includes('Recording')),
    );
    await actions();
    await quickInput.type('Notify Customers');
    await quickInput.pick('Notify Customers…');
    await workbench.tab(/^message/);
    await workbench.runCommand('View: Close Editor');
  });

  it('say that one failed, with the code and the last of its output', async () => {
    const { quickInput } = workbench;
    await rm(path.join(shop.folder, 'healthy'));
    await incidents().menu('Login is down', 'Run Action…');
    await quickInput.pick(/test-smoke/);
    const event = await newEvent('check');
    assert.equal(event.fields.exit, '2');
    const notice = await workbench.notification(/test-smoke failed with exit code 2/);
    await workbench.screenshot('actions-failed');
    await notice.dismiss();
  });
});
