import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakePagerDuty } from '../../messaging/fakePagerDuty.ts';
import { FakeSlack } from '../../messaging/fakeSlack.ts';
import { FakeWebhook } from '../../messaging/fakeWebhook.ts';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';

const slackToken = testToken('slack');
const pagerKey = testToken('pager');

describe('firebreak war-room and notify', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  let slack: FakeSlack;
  let pager: FakePagerDuty;
  let webhook: FakeWebhook;

  before(() => builtCli());
  beforeEach(async () => {
    slack = await FakeSlack.start();
    pager = await FakePagerDuty.start();
    webhook = await FakeWebhook.start();
    slack.tokens.add(slackToken);
    pager.keys.add(pagerKey);
    workspace = await CliWorkspace.make();
    await workspace.json('declare', 'API down');
  });
  afterEach(async () => {
    await workspace.remove();
    await Promise.all([slack.stop(), pager.stop(), webhook.stop()]);
  });

  const environment = () => ({
    FIREBREAK_SLACK_TOKEN: slackToken,
    FIREBREAK_SLACK_API_URL: slack.apiUrl,
    FIREBREAK_PAGERDUTY_KEY: pagerKey,
    FIREBREAK_PAGERDUTY_URL: pager.address,
    FIREBREAK_CUSTOMERS_WEBHOOK_URL: webhook.address,
    FIREBREAK_WEBHOOK_FORMAT: 'json',
  });
  const run = (...words: string[]) => workspace.runWith({ environment: environment() }, ...words);

  it('shows what would be sent and sends nothing without being told to', async () => {
    const dry = await run('war-room', '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /PagerDuty: whoever is on call is paged\.\nSlack: #inc-\d{8}-api-down/);
    const refused = await run('war-room');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--yes sends it without a question/);
    assert.deepEqual(slack.takeCalls(), []);
    assert.equal(pager.calls, 0);
  });

  it('opens the room, then sends what is new without a question', async () => {
    const opened = await run('war-room', '--yes', '--json');
    assert.equal(opened.code, 0, opened.stderr);
    const said: { channel: string; waiting: number; failures: unknown[] } = JSON.parse(opened.stdout);
    assert.deepEqual([said.waiting, said.failures], [0, []]);
    assert.equal(pager.calls, 1);
    await run('update', 'Rolling back');
    const again = await run('war-room');
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /war room #inc-/);
    assert.equal(slack.texts(said.channel).length, 2);
    assert.equal(pager.calls, 1);
  });

  it('keeps what could not be sent, says why, and fails', async () => {
    slack.tokens.clear();
    const failed = await run('war-room', '--to', 'slack', '--yes');
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /1 waiting/);
    assert.match(failed.stderr, /slack: Slack says invalid_auth/);
    slack.tokens.add(slackToken);
    assert.equal((await run('war-room')).code, 0);
  });

  it('says where words were sent before when they are corrected, taken back or purged', async () => {
    await run('war-room', '--yes');
    const { event } = await workspace.json<{ event: { id: string } }>('update', 'All good');
    await run('war-room');
    const taken = await run('retract', event.id, 'Wrong window');
    assert.match(taken.stdout, /Slack has it: `firebreak war-room`, or an editor/);
    assert.equal((await run('war-room')).code, 0);
    const channel = slack.channels[0]?.name ?? '';
    assert.match(slack.texts(channel).at(-1) ?? '', /Taken back at .* UTC by .*: Wrong window$/);
    const purged = await workspace.json<{ sent: unknown; advice: string }>('purge', event.id, '--yes');
    assert.deepEqual(purged.sent, [{ place: 'slack' }]);
    assert.match(purged.advice, /In Slack the war room takes them out/);
    await run('war-room');
    assert.match(slack.texts(channel).at(-1) ?? '', /\(Purged: what stood here is not to be kept\.\)$/);
    await workspace.json('notify', 'Logins fail.', '--by', 'the status page', '--yes');
    const { timeline } = await workspace.json<{ timeline: { id: string; kind: string }[] }>('show');
    const message = timeline.find(({ kind }) => kind === 'message')?.id ?? '';
    assert.match((await run('retract', message)).stdout, /already sent to customers through the status page/);
  });

  it('sends nothing of what is excluded, in the workspace or on the command line', async () => {
    const refused = await run('war-room', '--yes', '--exclude', 'incidents');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /kept inside by "firebreak\.github\.exclude"/);
    await mkdir(path.join(workspace.folder, '.vscode'));
    const file = path.join(workspace.folder, '.vscode', 'settings.json');
    await writeFile(file, '{ "firebreak.github.exclude": ["incidents"] }');
    assert.equal((await run('notify', 'Logins fail.', '--yes')).code, 1);
    await writeFile(file, '{ "firebreak.github.exclude": 7 }');
    assert.match((await run('war-room', '--yes')).stderr, /has to be a list of patterns/);
    assert.deepEqual([slack.takeCalls(), pager.calls, webhook.messages.length], [[], 0, 0]);
  });

  it('names whom it could not invite, and goes on', async () => {
    await writeFile(
      path.join(workspace.folder, 'incident-policy.yml'),
      'people:\n  - { name: Bob, github: bob, chat: U0GONE }\nwar-room:\n  invite: ["@bob", "@nobody"]\n',
    );
    const opened = await run('war-room', '--to', 'slack', '--yes');
    assert.equal(opened.code, 0, opened.stderr);
    assert.match(opened.stdout, /not invited: @bob \(Slack says user_not_found: nobody in the workspace has this id\)/);
    assert.match(opened.stdout, /not invited: @nobody \(the policy has no chat id of theirs\)/);
  });

  it('needs a token of the environment, whatever the policy says', async () => {
    await writeFile(path.join(workspace.folder, 'incident-policy.yml'), 'war-room:\n  announce: { slack: true }\n');
    const { code, stderr } = await workspace.run('war-room', '--yes');
    assert.equal(code, 1);
    assert.match(stderr, /FIREBREAK_SLACK_TOKEN/);
  });

  it('writes to customers after an approval, and records it', async () => {
    await writeFile(path.join(workspace.folder, 'incident-policy.yml'), 'customers:\n  approval: communications\n');
    const begun = await run('notify', '--draft');
    assert.match(begun.stdout, /What you may notice/);
    const early = await run('notify', 'Logins fail.', '--yes');
    assert.equal(early.code, 2);
    assert.match(early.stderr, /not approved by the role "communications"/);
    assert.equal((await run('notify', 'Logins fail.', '--ask')).code, 0);
    assert.equal((await run('notify', '--approve', '--yes')).code, 2, 'approved by somebody without the role');
    assert.equal((await run('role', 'communications', 'me')).code, 0);
    const approved = await run('notify', '--approve', '--yes');
    assert.equal(approved.code, 0, approved.stderr);
    const sent = await run('notify', 'Logins fail.', '--yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(
      webhook.messages.map(({ text }) => text),
      ['Logins fail.'],
    );
    const { timeline } = await workspace.json<{ timeline: { kind: string }[] }>('show');
    assert.equal(timeline.filter(({ kind }) => kind === 'message').length, 1);
  });
});
