import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openMessengers } from '../../src/adapters/messaging/bundle.ts';
import { type ChatRooms, MessagingError, type Page } from '../../src/core/ports/messaging.ts';
import { FakePagerDuty } from '../messaging/fakePagerDuty.ts';
import { FakeSlack } from '../messaging/fakeSlack.ts';
import { judgeEvent, judgePagerAnswer } from '../messaging/pagerDutyDescription.ts';
import { SlackDescription } from '../messaging/slackDescription.ts';
import { testToken } from '../support/testTokens.ts';
import { projectFolder } from './support/sourceProject.ts';

const token = testToken('slack');
const message = { key: 'a-key', text: 'Words', sources: ['one', 'two'], amended: [] };

describe('The fake Slack', function () {
  this.timeout(60_000);
  let fake: FakeSlack;
  let rooms: ChatRooms;

  beforeEach(async () => {
    fake = await FakeSlack.start();
    fake.tokens.add(token);
    const { slack } = openMessengers({
      slack: { apiUrl: fake.apiUrl, token },
      webhook: undefined,
      pagerduty: undefined,
      customers: undefined,
    });
    assert.ok(slack);
    rooms = slack;
  });
  afterEach(() => fake.stop());

  it('is asked by the war room for nothing, and answers nothing, that Slack does not describe, in all methods', async () => {
    fake.isBotToken = false;
    fake.users.add('U0BOB');
    fake.addChannel('other');
    const { id } = await rooms.create('inc-1');
    await rooms.setPurpose(id, 'For this');
    await rooms.setTopic(id, 'P0');
    assert.equal(await rooms.invite(id, 'U0BOB'), undefined);
    const ts = await rooms.post(id, message);
    await rooms.pin(id, ts);
    await rooms.change(id, ts, { ...message, text: 'Other words', amended: ['three'] });
    assert.deepEqual(await rooms.message(id, ts), { key: 'a-key', ts, sources: ['one', 'two'], amended: ['three'] });
    assert.equal((await rooms.posted(id, 0)).length, 1);
    assert.equal((await rooms.pins(id)).length, 1);
    await rooms.archive(id);
    await rooms.unarchive(id);
    await rooms.join(id);
    assert.equal((await rooms.find('inc-1'))?.id, (await rooms.channel(id)).id);
    assert.deepEqual(fake.violations, []);
    const called = new Set(fake.takeCalls());
    assert.deepEqual([...called].sort(), [...SlackDescription.get().methods].sort());
  });

  it('fails only as Slack describes it', async () => {
    const failing = [
      () => rooms.create(''),
      () => rooms.create('No such name'),
      () => rooms.create('n'.repeat(81)),
      () => rooms.create('taken'),
      () => rooms.channel('C000000099'),
      () => rooms.setTopic('C000000001', 't'.repeat(251)),
      () => rooms.post('C000000001', { ...message, text: '' }),
      () => rooms.pin('C000000001', '1.1'),
      () => rooms.unarchive('C000000002'),
      () => rooms.join('C000000002'),
      () => rooms.posted('C000000002', 0),
    ];
    fake.addChannel('taken', { members: new Set(['U0FIREBREAK', 'U0BOT']) });
    fake.addChannel('away', { archived: true });
    for (const [index, fail] of failing.entries()) {
      await assert.rejects(fail(), /Slack|archived/, String(index));
    }
    await rooms.change('C000000002', '1.1', message);
    assert.notEqual(await rooms.invite('C000000001', 'U0NOBODY'), undefined);
    fake.tokens.clear();
    await assert.rejects(rooms.pins('C000000001'));
    assert.deepEqual(fake.violations, []);
  });

  it('would be found out: what is unknown, missing, wrong or not described is a violation', () => {
    const slack = SlackDescription.get();
    assert.deepEqual(slack.judgeRequest('chat.update', { channel: 'C000000001', ts: '1.1', colour: 'red' }), [
      'chat.update takes no colour',
    ]);
    assert.equal(slack.judgeRequest('pins.add', {}).length, 1);
    assert.equal(slack.judgeRequest('conversations.history', { channel: 'C000000001', limit: 'all' }).length, 1);
    assert.equal(slack.judgeRequest('chat.delete', {}).length, 1);
    assert.equal(slack.judgeAnswer('pins.add', { ok: true, extra: 1 }).length, 1);
    assert.equal(
      slack.judgeAnswer('chat.postMessage', { ok: true, channel: 'C000000001', ts: '1.1' }).length > 0,
      true,
    );
    assert.deepEqual(slack.judgeAnswer('pins.add', { ok: false, error: 'no_mood' }), [
      'pins.add fails with no no_mood',
    ]);
  });

  it('needs no scopes but those that the page names', () => {
    const slack = SlackDescription.get();
    const page = readFileSync(path.join(projectFolder, 'docs', 'war-room.md'), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith('| Slack |')) ?? '';
    const named = new Set([...row.matchAll(/`([a-z]+:[a-z]+)`/g)].map(([, scope]) => scope));
    // The description has one name for channels of all kinds, and the older one of two.
    const ofPublicOnes: Readonly<Record<string, readonly string[]>> = {
      'conversations:write': ['channels:manage'],
      'conversations:read': ['channels:read'],
      'conversations:history': ['channels:history'],
      'channels:write': ['channels:join'],
    };
    const needed = new Set(
      slack.methods.flatMap((method) => slack.scopesOf(method)).flatMap((scope) => ofPublicOnes[scope] ?? [scope]),
    );
    assert.deepEqual([...named].sort(), [...needed].sort());
  });
});

describe('The fake PagerDuty', () => {
  const page: Page = {
    action: 'trigger',
    dedupKey: '01K5V7Z0000000000000000000',
    summary: `P0 ${'Login is down '.repeat(200)}`,
    source: 'auth',
    severity: 'critical',
    timestamp: '2025-09-23T14:30:00Z',
    details: { incident: 'BUG-P0-20250923-1430' },
    link: 'https://acme.slack.com/archives/C000000001',
  };

  it('is sent nothing, and answers nothing, that PagerDuty does not describe, whatever an incident holds', async () => {
    const fake = await FakePagerDuty.start();
    try {
      const key = testToken('pager');
      fake.keys.add(key);
      const { pagerduty } = openMessengers({
        slack: undefined,
        webhook: undefined,
        pagerduty: { address: fake.address, key },
        customers: undefined,
      });
      assert.ok(pagerduty);
      for (const action of ['trigger', 'acknowledge', 'resolve'] as const) await pagerduty({ ...page, action });
      await pagerduty({ ...page, summary: '\u{1f525}'.repeat(1_100), link: undefined });
      assert.deepEqual(fake.violations, []);
      fake.keys.clear();
      await assert.rejects(pagerduty(page), (error) => MessagingError.is(error, 'refused'));
      assert.deepEqual(fake.violations, []);
    } finally {
      await fake.stop();
    }
  });

  it('would be found out', () => {
    const event = {
      routing_key: 'key',
      event_action: 'trigger',
      payload: { summary: 's', source: 's', severity: 'info' },
    };
    assert.deepEqual(judgeEvent(event), []);
    const broken = [
      { ...event, event_action: 'escalate' },
      { ...event, payload: undefined },
      { ...event, colour: 'red' },
      { ...event, payload: { ...event.payload, severity: 'P0' } },
      { ...event, payload: { ...event.payload, timestamp: 'now' } },
      { ...event, links: [{ text: 'without an address' }] },
      { routing_key: 'key', event_action: 'resolve' },
    ];
    for (const [index, one] of broken.entries()) {
      assert.notDeepEqual(judgeEvent(JSON.parse(JSON.stringify(one))), [], String(index));
    }
    assert.notDeepEqual(judgePagerAnswer(200, '{"status":"success"}'), []);
    assert.notDeepEqual(judgePagerAnswer(202, '{}'), []);
    assert.notDeepEqual(judgePagerAnswer(400, '{"status":"invalid event"}'), []);
  });
});
