import assert from 'node:assert/strict';
import { RealAlertmanager } from '../alertmanager/realAlertmanager.ts';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { type EventOnDisk, Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const token = testToken('ada');
const repository = 'acme/shop';
const title = 'Checkout answers 500';
const started = '2025-09-23T14:28:00Z';

const alert = {
  labels: { alertname: 'CheckoutErrors', service: 'checkout', severity: 'critical' },
  annotations: { summary: title, description: 'More than half of all requests fail.' },
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=errors',
  startsAt: started,
};

const policy = `people:
  - { name: Ada, email: ada@example.com, github: ada }
  - { name: Bob, github: bob }
actions:
  - { id: logs, title: Keep the logs, kind: evidence, collect: ["logs/*.log"] }
checklist:
  - { id: smoke, title: A customer can buy something, action: "make:test-smoke" }
  - { id: errors, title: The error rate is back to normal }
`;
const makefile = `deploy-rollback: ## version=previous: go back to an earlier version
\t@echo "checkout is at $(version)"
test-smoke:
\t@echo "cart: ok" && echo "checkout: ok"
`;
const runbook = '# Checkout errors\n\n1. Review recent deployments\n2. Roll back the suspect\n';

/** The road of a whole incident, in one sitting and only through the interface, with the network cut for a part of it. */
describe('A drill', () => {
  let alertmanager: RealAlertmanager;
  let gitHub: FakeGitHub;
  let shop: Shop;
  let workbench: Workbench;
  let id = '';

  const incidents = () => workbench.tree('Incidents');
  const known = new Set<string>();
  async function newEvent(kind: string): Promise<EventOnDisk> {
    const event = await shop.event(id, `a new ${kind}`, (one) => one.kind === kind && !known.has(one.name));
    known.add(event.name);
    return event;
  }
  async function menu(entry: string): Promise<void> {
    await incidents().menu(title, entry);
  }
  async function say(entry: string, words: string): Promise<void> {
    await menu(entry);
    await workbench.quickInput.type(words);
    await workbench.quickInput.accept();
  }
  async function phase(name: string): Promise<void> {
    await menu('Change Phase…');
    await workbench.quickInput.pick(name);
    await newEvent('phase');
  }
  const comments = () => {
    const repo = gitHub.state.repository(repository);
    return [...repo.issues.values()].flatMap((issue) => repo.commentsOf(issue).map(({ body }) => body)).join('\n');
  };

  before(async () => {
    alertmanager = await RealAlertmanager.start();
    await alertmanager.post(alert);
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: true, permissions: { ada: 'write' } });
    shop = await Shop.open(
      {
        'incident-policy.yml': policy,
        Makefile: makefile,
        'logs/checkout.log': 'POST /checkout 500 pool exhausted\n',
        'runbooks/checkout.md': runbook,
      },
      'shop',
    );
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      height: 1000,
      settings: {
        'firebreak.git.commit': 'never',
        'firebreak.github.repository': repository,
        'firebreak.reminders.enabled': false,
      },
      machineSettings: {
        'firebreak.github.apiUrl': gitHub.url,
        'firebreak.github.sync': 'auto',
        'firebreak.alerts.url': alertmanager.url,
      },
    });
    await workbench.openView('Firebreak');
  });
  after(async () => {
    await workbench?.dispose();
    await gitHub?.stop();
    await alertmanager?.dispose();
  });

  it('begins with an alert, and is declared from it', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('Firebreak: Set GitHub Token…');
    await quickInput.step('Set GitHub Token');
    await quickInput.type(token);
    await quickInput.accept();
    await workbench.runCommand('Incident: Show Active Alerts');
    await quickInput.pick(/CheckoutErrors/);
    await quickInput.pick(/Declare from Alert/);
    for (const step of [1, 2, 3]) {
      await quickInput.step(`Declare from Alert (${step}/3)`);
      await quickInput.accept();
    }
    const made = await shop.incident(title);
    id = made.id;
    assert.match(made.text, /^severity: P0$/m);
    assert.match(made.text, /^service: checkout$/m);
    await TimelinePanel.of(workbench, `P0 ${title}`);
    for (const { name } of await shop.events(id)) known.add(name);
  });

  it('is taken up: with roles and tasks', async () => {
    const { quickInput } = workbench;
    await menu('Assign Role…');
    await quickInput.pick('Communications');
    await quickInput.pick(/@bob/);
    await newEvent('role');
    await say('Add Note…', '@bob tell support what to say');
    assert.equal((await newEvent('task')).fields.owner, '"@bob"');
    await phase('Triage');
  });

  it('goes on while the network is down: evidence, a runbook, a decision, a rollback, an update', async () => {
    const { quickInput } = workbench;
    await eventually('the issue', () => [...gitHub.state.repository(repository).issues.values()].length === 1);
    await gitHub.goOffline();
    await phase('Mitigate');
    await menu('Run Action…');
    await quickInput.pick(/Keep the logs/);
    assert.match((await newEvent('action')).body, /1 of 1 files kept/);
    await workbench.runCommand('Incident: Open Runbook…');
    await quickInput.pick(/Checkout errors/);
    await workbench.codeLens(`Tick for ${title}`);
    assert.match((await newEvent('check')).body, /step 1: Review recent deployments/);
    await say('Record Decision…', 'Back to 1.4.0: the pool was made smaller in 1.5.0');
    await newEvent('decision');
    await menu('Run Action…');
    await quickInput.pick(/Go back to an earlier version/);
    await quickInput.step('Go back to an earlier version');
    await quickInput.type('1.4.0');
    await quickInput.accept();
    await (await workbench.dialog(/Run "Go back to an earlier version"/)).click('Run');
    assert.match((await newEvent('action')).body, /checkout is at 1\.4\.0/);
    await menu('Post Status Update');
    const fields = ['Current State', 'Impact', 'Root Cause', 'Actions Taken', 'Next Steps', 'ETA'];
    for (const [index, field] of fields.entries()) {
      await quickInput.step(`Status update: ${field} (${index + 1}/6)`);
      if (field === 'Current State') await quickInput.type('Up again, watching');
      if (field === 'Actions Taken') assert.match(await quickInput.value(), /Go back to an earlier version/);
      await quickInput.accept();
    }
    await newEvent('status');
    await incidents().rowsWhen('what waits for the network', (rows) =>
      rows.some(({ description }) => description === 'offline'),
    );
    await workbench.screenshot('drill-offline');
    await gitHub.goOnline();
    await workbench.runCommand('Firebreak: Sync with GitHub');
    await eventually('the update on GitHub', () => comments().includes('Up again, watching'));
    assert.match(comments(), /make deploy-rollback version=1\.4\.0/);
    assert.doesNotMatch(comments(), /checkout is at 1\.4\.0/, 'what was printed stays in the repository');
  });

  it('is over for the monitoring, too: that the alert has resolved is on record by itself', async function () {
    this.timeout(300_000);
    await phase('Fix');
    await phase('Verify');
    await alertmanager.post({ ...alert, endsAt: new Date(Date.now() - 1_000).toISOString() });
    // It is looked for every half minute, and has to be away for a minute.
    const resolved = await eventually(
      'the alert to have resolved',
      async () => (await shop.events(id)).find(({ fields }) => fields.state === 'resolved'),
      240_000,
    );
    assert.deepEqual([resolved.kind, resolved.fields.by], ['alert', 'Alertmanager']);
    assert.match(resolved.body, /^\*\*CheckoutErrors\*\* has resolved\.\n$/);
    assert.equal(resolved.fields.alert, (await shop.events(id)).find(({ kind }) => kind === 'alert')?.fields.alert);
    const rollback = await shop.event(id, 'the rollback', ({ body }) => body.includes('checkout is at 1.4.0'));
    assert.ok((resolved.fields.at ?? '') > (rollback.fields.at ?? ''), 'it ended after what ended it');
    await incidents().click(title);
    const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
    await panel.entry('CheckoutErrors has resolved.');
    await workbench.screenshot('drill-resolved');
    await eventually('it on GitHub', () => comments().includes('has resolved'));
  });

  it('is verified by the checklist, and over', async () => {
    const { quickInput } = workbench;
    await incidents().click('A customer can buy something');
    await quickInput.pick(/Run test-smoke|Run Test-smoke/);
    await (await workbench.dialog(/Run "[Tt]est-smoke"/)).click('Run');
    assert.equal((await newEvent('check')).fields.exit, '0');
    await incidents().click('The error rate is back to normal');
    await quickInput.pick(/It holds/);
    await quickInput.prompt(/What was seen/);
    await quickInput.type('0.02 % for ten minutes');
    await quickInput.accept();
    await newEvent('check');
    await incidents().tick('tell support what to say');
    await newEvent('task');
    await workbench.screenshot('drill-verified');
    await phase('RCA');
    await incidents().click(title);
    const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
    await panel.entry('0.02 % for ten minutes');
    await workbench.screenshot('drill-timeline');
  });

  it('is on record as it was', async () => {
    // As it was written down: several things happen in one second.
    const record = (await shop.events(id)).map(({ kind, body, fields }) => {
      const [line = ''] = body.trim().split('\n');
      return `${kind}${fields.to ? ` ${fields.to}` : ''}: ${line}`.trim();
    });
    const story = [
      /^alert: .*CheckoutErrors.* is firing/,
      /^phase declared/,
      /^role "@ada"/,
      /^role "@bob"/,
      /^task: tell support/,
      /^phase triage/,
      /^phase mitigate/,
      /^action: \*\*Keep the logs\*\*: 1 of 1 files kept/,
      /^check: Checkout errors, step 1/,
      /^decision: Back to 1\.4\.0/,
      /^action: \*\*Go back to an earlier version\*\*: succeeded/,
      /^status: - \*\*Current State\*\*: Up again, watching/,
      /^phase fix/,
      /^phase verify/,
      /^check: \*\*[Tt]est-smoke\*\*: succeeded/,
      /^check: The error rate is back to normal: yes/,
      /^task: Done: tell support/,
      /^phase rca/,
    ];
    let from = 0;
    for (const part of story) {
      const at = record.findIndex((line, index) => index >= from && part.test(line));
      assert.ok(at >= 0, `${part} is not there after line ${from} of:\n${record.join('\n')}`);
      from = at + 1;
    }
    assert.deepEqual(gitHub.violations, []);
  });
});
