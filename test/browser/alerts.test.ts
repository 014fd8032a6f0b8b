import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RealAlertmanager } from '../alertmanager/realAlertmanager.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { policyOfAda, Shop } from './support/shop.ts';

const apiDown = {
  labels: { alertname: 'ApiDown', service: 'checkout', severity: 'warning', instance: 'api-1:8080' },
  annotations: {
    summary: 'Checkout answers 500',
    description: 'More than 5% of all requests fail. <img src=x onerror=alert(1)>',
    runbook_url: 'https://wiki.example.com/checkout',
  },
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
  startsAt: '2025-09-23T14:28:00Z',
};
const loginDown = {
  labels: { alertname: 'LoginDown $(flame) <b>', service: 'login', severity: 'critical' },
  startsAt: '2025-09-23T14:20:00Z',
};

/** An entry of an alert that is not active any more. */
const followed = `---
id: 01K5V7ZALERT0000000000000A
incident: ${loginIsDown.uid}
kind: alert
at: 2025-09-23T14:25:00Z
recorded: 2025-09-23T14:31:00Z
by: "@bob"
origin: b0b000
alert: ab12cd34ab12cd34
state: firing
---
**DiskFull** is firing.
`;

describe('Alerts', () => {
  let real: RealAlertmanager;
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    real = await RealAlertmanager.start();
    await real.post(loginDown, { labels: { alertname: 'Planned', severity: 'info' } }, apiDown);
    await real.silence('Planned');
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      'incident-policy.yml': `${policyOfAda}alerts:\n  service: { checkout: P1 }\n`,
      [`incidents/${loginIsDown.id}/timeline/20250923T142500Z-alert-abcd.md`]: followed,
    });
    // This clone saw it firing here, and then not any more.
    const seen = { name: 'DiskFull', seenAt: Date.now(), missingSince: Date.parse('2025-09-23T15:05:00Z') };
    await shop.write({ '.git/firebreak/alerts.json': JSON.stringify({ [real.url]: { ab12cd34ab12cd34: seen } }) });
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
      machineSettings: { 'firebreak.alerts.url': real.url },
    });
    await workbench.openView('Firebreak');
  });
  after(async () => {
    await workbench?.dispose();
    await real?.dispose();
  });

  it('are listed, what is worst first, with what is silenced apart', async () => {
    const { quickInput } = workbench;
    await workbench.tree('Incidents').titleAction('Show Active Alerts');
    await quickInput.step('Active Alerts: 3');
    const rows = await quickInput.rows();
    assert.deepEqual(
      rows.map(({ label }) => label.replace(/\u200b/g, '')),
      ['LoginDown $(flame) <b>', 'ApiDown', 'Planned'],
    );
    await workbench.screenshot('alerts-list');
    await quickInput.type('service=check');
    await eventually('no other alert', async () => (await quickInput.rows()).length === 1);
    await quickInput.pick(/ApiDown/);
    await quickInput.step('ApiDown');
    await workbench.screenshot('alerts-actions');
    await quickInput.pick(/Declare from Alert/);
    await quickInput.step('Declare from Alert (1/3)');
    assert.equal(await quickInput.value(), 'Checkout answers 500');
    await quickInput.accept();
    await quickInput.step('Declare from Alert (2/3)');
    await quickInput.accept();
    await quickInput.step('Declare from Alert (3/3)');
    await workbench.screenshot('alerts-declare');
    // The alert says "warning"; the policy knows better.
    const [proposed] = await quickInput.rows();
    assert.match(proposed?.label ?? '', /Declare P1/);
    assert.match(proposed?.ariaLabel ?? '', /The alert says "service=checkout": P1 by your policy/);
    await quickInput.accept();
    const made = await shop.incident('Checkout answers 500');
    assert.match(made.text, /^severity: P1$/m);
    assert.match(made.text, /^service: checkout$/m);
    assert.match(made.text, /^started: "?2025-09-23T14:28:00Z/m);
    assert.match(made.text, /\\<img src=x/);
    const event = await shop.event(made.id, 'the alert', ({ kind }) => kind === 'alert');
    assert.match(event.text, /^state: firing$/m);
    const frame = await workbench.webviewFrame('P1 Checkout answers 500');
    await frame.getByText('ApiDown is firing.').first().waitFor();
    await workbench.screenshot('alerts-declared');
  });

  it('of an open incident are followed: one that is gone has resolved', async () => {
    const event = await shop.event(loginIsDown.id, 'the alert has resolved', ({ text }) =>
      /^state: resolved$/m.test(text),
    );
    assert.match(event.text, /^at: 2025-09-23T15:05:00Z$/m);
    assert.match(event.text, /^by: Alertmanager$/m);
    assert.match(event.body, /\*\*DiskFull\*\* has resolved\./);
  });

  it('are attached to an incident', async () => {
    const { quickInput } = workbench;
    await workbench.tree('Incidents').menu('Login is down', 'Attach Alert…');
    await quickInput.step('Attach Alert: 3');
    await quickInput.pick(/LoginDown/);
    const event = await shop.event(loginIsDown.id, 'the attached alert', ({ text }) =>
      text.includes('alertname="LoginDown'),
    );
    assert.match(event.text, /^at: 2025-09-23T14:20:00Z$/m);
    await workbench.runCommand('Incident: Show Active Alerts');
    await quickInput.step('Active Alerts: 3');
    const [login] = await quickInput.rows();
    assert.match(login?.ariaLabel ?? '', new RegExp(`critical · for .* · ${loginIsDown.id}\\b`));
    await quickInput.cancel();
  });

  it('that can not be had say why, with what helps', async () => {
    await real.stop();
    await workbench.runCommand('Incident: Show Active Alerts');
    const notification = await workbench.notification(/Alertmanager at .* can't be reached \(ECONNREFUSED\)/);
    assert.deepEqual(await notification.buttons(), ['Open Settings']);
    await workbench.screenshot('alerts-gone');
    await notification.dismiss();
    await real.resume();
    await workbench.runCommand('Incident: Show Active Alerts');
    await workbench.quickInput.step('Active Alerts: 0');
    assert.deepEqual(await workbench.quickInput.rows(), []);
    await workbench.quickInput.cancel();
  });
});

describe('An Alertmanager that wants a token', () => {
  const token = testToken('alerts');
  const given: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    given.push(request.headers.authorization);
    const isGood = request.headers.authorization === `Bearer ${token}`;
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end(isGood ? '[]' : 'no');
  });
  let workbench: Workbench;

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const shop = await Shop.open();
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'light',
      settings: { 'firebreak.git.commit': 'never' },
      machineSettings: { 'firebreak.alerts.url': `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    });
  });
  after(async () => {
    await workbench?.dispose();
    server.closeAllConnections();
    server.close();
  });

  it('is given the one that is entered, until it is removed', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('Incident: Show Active Alerts');
    const notification = await workbench.notification(/wants a token/);
    await workbench.screenshot('alerts-token');
    await notification.click('Set Token…');
    await quickInput.step('Set Alertmanager Token');
    await quickInput.type(token);
    await quickInput.accept();
    await quickInput.closed();
    await workbench.runCommand('Incident: Show Active Alerts');
    await quickInput.step('Active Alerts: 0');
    await quickInput.cancel();
    assert.deepEqual([given[0], given.at(-1)], [undefined, `Bearer ${token}`]);
    await workbench.runCommand('Incident: Remove Alertmanager Token');
    await workbench.runCommand('Incident: Show Active Alerts');
    await workbench.notification(/wants a token/);
    assert.equal(given.at(-1), undefined);
  });
});
