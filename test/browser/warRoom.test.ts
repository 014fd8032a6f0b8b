import assert from 'node:assert/strict';
import { FakePagerDuty } from '../messaging/fakePagerDuty.ts';
import { FakeSlack } from '../messaging/fakeSlack.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';

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
    slack.addChannel('status');
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      [`incidents/${loginIsDown.id}/timeline/20250923T143500Z-role-zz01.md`]: `---\nid: 01K5V8A1B2C3D4E5F6G7H8JZZ1\nkind: role\nrole: communications\nto: "@ada"\nat: 2025-09-23T14:35:00Z\nby: "@lena"\n---\n`,
      'incident-policy.yml':
        'people:\n  - { name: Ada, email: ada@example.com, github: ada }\nwar-room:\n  video: "https://meet.example.com/{id}"\ncustomers:\n  approval: communications\n',
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
      machineSettings: {
        'firebreak.slack.apiUrl': slack.apiUrl,
        'firebreak.slack.enabled': true,
        'firebreak.customers.slackChannel': 'status',
        'firebreak.pagerDuty.url': pager.address,
      },
    });
    await workbench.openView('Firebreak');
    await incidents().row(loginIsDown.title);
  });
  after(async () => {
    await workbench?.dispose();
    await slack?.stop();
    await pager?.stop();
    assert.deepEqual([...slack.violations, ...pager.violations], []);
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
    const dialog = await workbench.dialog(`Open the war room of ${loginIsDown.id}?`);
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
    await workbench.quickInput.step(`War Room of ${loginIsDown.title}`);
    await workbench.screenshot('war-room-menu');
    await workbench.quickInput.cancel();
  });

  it('switches PagerDuty on where somebody chooses it, and pages', async () => {
    await workbench.runCommand('Incident: Open War Room…');
    await workbench.quickInput.step(`War Room of ${loginIsDown.title}`);
    await workbench.quickInput.pick('Choose Who Is Told…');
    await workbench.quickInput.step('Open War Room');
    await workbench.quickInput.pick('PagerDuty');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('PagerDuty Integration Key');
    await workbench.quickInput.type(pagerKey);
    await workbench.quickInput.accept();
    await eventually('the page', async () => pager.calls === 1);
    assert.equal(pager.alerts.get(loginIsDown.uid), 'triggered');
    await shop.event(loginIsDown.id, 'that somebody was paged', ({ body }) =>
      body.includes('Paged through PagerDuty.'),
    );
    await workbench.runCommand('Incident: Acknowledge');
    await eventually('the acknowledgement', async () => pager.alerts.get(loginIsDown.uid) === 'acknowledged');
  });

  it('writes a message to customers, has it approved by the role, sends and records it', async () => {
    await workbench.runCommand('Incident: Notify Customers…');
    await workbench.tab('message.md');
    await workbench.editorShows(/What you may notice/);
    await workbench.codeLens('Send');
    // Before anybody is asked through what it is to go.
    await (await workbench.notification(/^Say it, or take it out: /)).dismiss();
    await workbench.screenshot('customers-draft');
    await workbench.press('Control+a');
    await workbench.typeText(`---\nincident: ${loginIsDown.id}\n---\nLogins fail for some. We are on it.`);
    await workbench.runCommand('Customers: Send Message');
    const approval = await workbench.dialog('The policy asks for the approval');
    await workbench.screenshot('customers-approval');
    await approval.click('Approve');
    await workbench.quickInput.step('Send to Customers');
    await workbench.screenshot('customers-channels');
    await workbench.quickInput.pick(/Slack #status/);
    const dialog = await workbench.dialog('Send this to customers through #status?');
    await workbench.screenshot('customers-preview');
    assert.deepEqual(slack.texts('status'), []);
    await dialog.click('Send');
    await eventually('the message', async () => slack.texts('status').length === 1);
    assert.equal(slack.texts('status')[0], 'Logins fail for some. We are on it.');
    await shop.event(loginIsDown.id, 'the message', ({ kind, body }) => kind === 'message' && body.includes('#status'));
    await eventually('the draft to close', async () => !(await workbench.tabs()).includes('message.md'));
    // The next one begins anew: VS Code would show the words of the one that was sent.
    await workbench.runCommand('Incident: Notify Customers…');
    await workbench.tab('message-2.md');
    await workbench.editorShows(/What you may notice/);
  });
});
