import assert from 'node:assert/strict';
import { FakePagerDuty } from '../messaging/fakePagerDuty.ts';
import { FakeSlack } from '../messaging/fakeSlack.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere } from './support/documents.ts';
import { Shop } from './support/shop.ts';

const outage = {
  id: 'BUG-P0-20250923-1430',
  uid: '01K5V7Z0000000000000000000',
  title: 'Login is down',
  severity: 'P0',
  at: '2025-09-23T14:30:00Z',
};
const channel = 'inc-20250923-login-is-down';
const slackToken = testToken('slack');
const pagerKey = testToken('pager');

describe('The war room', () => {
  let shop: Shop;
  let slack: FakeSlack;
  let pager: FakePagerDuty;
  let workbench: Workbench;
  const incidents = () => workbench.tree('Incidents');
  const texts = () => (slack.channels.some(({ name }) => name === channel) ? slack.texts(channel) : []);

  before(async () => {
    slack = await FakeSlack.start();
    pager = await FakePagerDuty.start();
    pager.keys.add(pagerKey);
    shop = await Shop.open({
      ...declaredElsewhere(outage),
      'incident-policy.yml':
        'people:\n  - { name: Ada, email: ada@example.com, github: ada }\nwar-room:\n  video: "https://meet.example.com/{id}"\n',
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
      machineSettings: {
        'firebreak.slack.apiUrl': slack.apiUrl,
        'firebreak.slack.enabled': true,
        'firebreak.pagerDuty.url': pager.address,
      },
    });
    await workbench.openView('Firebreak');
    await incidents().row(outage.title);
  });
  after(async () => {
    await workbench?.dispose();
    await slack?.stop();
    await pager?.stop();
  });

  it('is proposed by the policy, shown before the first message, and nothing is sent before', async () => {
    await workbench.runCommand('Incident: Open War Room…');
    await workbench.quickInput.step('Open War Room');
    const rows = await workbench.quickInput.rows();
    assert.ok(
      rows.some((row) => JSON.stringify(row).includes('switched off on this machine')),
      JSON.stringify(rows),
    );
    await workbench.screenshot('war-room-targets');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Slack Token');
    await workbench.quickInput.type(slackToken);
    await workbench.quickInput.accept();
    const dialog = await workbench.dialog(`Open the war room of ${outage.id}?`);
    await workbench.screenshot('war-room-preview');
    assert.deepEqual(slack.takeCalls(), []);
    await dialog.click('Open War Room');
  });

  it('says what Slack does not take, and goes on with another token', async () => {
    const notice = await workbench.notification('Slack does not take the token');
    assert.match(
      await (
        await incidents().rowsWhen('the room', (all) => all.some((row) => JSON.stringify(row).includes('War room')))
      )
        .map((row) => JSON.stringify(row))
        .join(),
      /1 message waits: Slack does not take the token/,
    );
    await workbench.screenshot('war-room-token');
    slack.tokens.add(slackToken);
    await notice.click('Set Token…');
    await workbench.quickInput.step('Slack Token');
    await workbench.quickInput.type(slackToken);
    await workbench.quickInput.accept();
    await eventually('the declaration in the channel', async () => texts().length === 1);
    assert.match(texts()[0] ?? '', /P0 Login is down/);
    await eventually('the row', async () =>
      (await incidents().rows()).some((row) => JSON.stringify(row).includes(`#${channel}`)),
    );
    await workbench.screenshot('war-room-open');
  });

  it('posts status updates, and brings pinned messages back', async () => {
    slack.write(slack.channel(channel), 'U0BOB', 'The pool of connections is exhausted', true);
    await workbench.runCommand('Incident: Post Status Update');
    await workbench.quickInput.step('Status update: Current State (1/6)');
    await workbench.quickInput.type('Half of all logins work');
    await workbench.quickInput.accept();
    for (const field of ['Impact (2/6)', 'Root Cause (3/6)', 'Actions Taken (4/6)', 'Next Steps (5/6)', 'ETA (6/6)']) {
      await workbench.quickInput.step(`Status update: ${field}`);
      await workbench.quickInput.accept();
    }
    await eventually('the update in the channel', async () => texts().length === 3);
    assert.match(texts()[2] ?? '', /Half of all logins work/);
    await workbench.runCommand('Incident: Open War Room…');
    await workbench.quickInput.step(`War Room of ${outage.title}`);
    await workbench.screenshot('war-room-menu');
    await workbench.quickInput.cancel();
  });

  it('switches PagerDuty on where somebody chooses it, and pages', async () => {
    await workbench.runCommand('Incident: Open War Room…');
    await workbench.quickInput.step(`War Room of ${outage.title}`);
    await workbench.quickInput.pick('Choose Who Is Told…');
    await workbench.quickInput.step('Open War Room');
    await workbench.quickInput.pick('PagerDuty');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('PagerDuty Integration Key');
    await workbench.quickInput.type(pagerKey);
    await workbench.quickInput.accept();
    await eventually('the page', async () => pager.calls === 1);
    assert.equal(pager.alerts.get(outage.uid), 'triggered');
    await shop.event(outage.id, 'that somebody was paged', ({ body }) => body.includes('Paged through PagerDuty.'));
    await workbench.runCommand('Incident: Acknowledge');
    await eventually('the acknowledgement', async () => pager.alerts.get(outage.uid) === 'acknowledged');
  });
});
