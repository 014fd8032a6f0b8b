import assert from 'node:assert/strict';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Incident } from '../../../../src/core/item.ts';
import type { AnnounceTarget } from '../../../../src/core/policy.ts';
import { minute } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { webhookChannel } from '../../../../src/services/customers/customerChannels.ts';
import {
  approveMessage,
  askApproval,
  draftCustomerMessage,
  sendCustomerMessage,
} from '../../../../src/services/customers/customerMessages.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { correctEvent } from '../../../../src/services/replaceEvent.ts';
import { type RoomClone, RoomWorld } from './roomWorld.ts';

const everybody: readonly AnnounceTarget[] = ['slack', 'pagerduty', 'webhook'];
const words = 'Logins fail. We are on it.';

describe('What stays inside', function () {
  // The first use of Slack's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: RoomWorld;
  let clone: RoomClone;
  let incident: Incident;

  beforeEach(async () => {
    world = await RoomWorld.start();
    clone = await world.clone();
    await clone.tree.write(
      'incident-policy.yml',
      'war-room:\n  video: "https://meet.example.com/{id}"\ncustomers:\n  approval: communications\n',
    );
    await clone.index.refresh(['incident-policy.yml']);
    incident = await clone.declare();
  });
  afterEach(() => world.stop());

  const post = (currentState: string) =>
    postStatusUpdate(clone.context, clone.incident(incident.uid), { ...emptyStatusUpdate, currentState });
  const round = () => clone.pass(minute).round();
  /** Everything that anybody outside has heard. */
  const outside = () => ({
    calls: world.slack.takeCalls().filter((call) => call !== 'auth.test'),
    pages: world.pager.events.length,
    webhook: world.webhook.messages.length,
  });
  const silence = { calls: [], pages: 0, webhook: 0 };

  /** By which it stays inside, and what an attempt is told. */
  const ways = [
    {
      way: 'excluded',
      code: 'excludedItem' as const,
      hide: async () => {
        clone.excluded = ['incidents/BUG-P0-*'];
      },
    },
    {
      way: 'private',
      code: 'privateItem' as const,
      hide: async () => {
        const { path } = clone.incident(incident.uid);
        const text = new TextDecoder().decode(await clone.tree.read(path));
        await clone.tree.write(path, text.replace('severity:', 'private: true\nseverity:'));
        await clone.index.refresh([path]);
      },
    },
  ];

  for (const { code, hide, way } of ways) {
    describe(`by being ${way}`, () => {
      const isRefused = (error: unknown) => FirebreakError.is(error, code);
      const now = () => clone.incident(incident.uid);

      it('is shown no room: no channel, no page, no webhook, no link of the video call', async () => {
        await hide();
        await assert.rejects(clone.room.preview(now()), isRefused);
        await assert.rejects(clone.room.open(now(), everybody), isRefused);
        await clone.round();
        assert.deepEqual(outside(), silence);
      });

      for (const target of everybody) {
        it(`is told by ${target} no more once it is so`, async () => {
          await clone.room.open(incident, [target]);
          await clone.round();
          assert.notDeepEqual(outside(), silence, 'it was told before');
          const before = { ...outside(), calls: [] };
          await post('A word that stays inside');
          await hide();
          const report = await round();
          assert.deepEqual(outside(), before);
          assert.deepEqual(report, { standings: [], next: undefined });
        });
      }

      it('is told to no customers: not begun, asked about, approved or sent, by whatever way', async () => {
        const asked = await askApproval(clone.customers, incident, words);
        await hide();
        const { customers } = clone.messengers();
        assert.ok(customers);
        await assert.rejects(draftCustomerMessage(clone.customers, clone.tree, now()), isRefused);
        await assert.rejects(askApproval(clone.customers, now(), 'Other words'), isRefused);
        await assert.rejects(approveMessage(clone.customers, now(), asked), isRefused);
        await assert.rejects(sendCustomerMessage(clone.customers, now(), words, webhookChannel(customers)), isRefused);
        assert.deepEqual(outside(), silence);
      });
    });
  }

  it('is told again once it is no longer excluded', async () => {
    clone.excluded = ['incidents'];
    await assert.rejects(clone.room.open(incident, everybody));
    clone.excluded = [];
    await clone.room.open(incident, everybody);
    await clone.round();
    assert.equal(world.pager.calls, 1);
  });

  it('stays inside on a branch from before somebody said so, until somebody opens the room again', async () => {
    await clone.room.open(incident, everybody);
    await clone.round();
    const before = { ...outside(), calls: [] };
    const { path } = clone.incident(incident.uid);
    const text = new TextDecoder().decode(await clone.tree.read(path));
    await clone.tree.write(path, text.replace('severity:', 'private: true\nseverity:'));
    await clone.index.refresh([path]);
    await round();
    await clone.tree.write(path, text);
    await clone.index.refresh([path]);
    await post('A word from the old branch');
    const report = await round();
    assert.deepEqual(outside(), before);
    assert.deepEqual(report.standings, []);
    assert.equal((await clone.room.preview(clone.incident(incident.uid))).opened?.silent, true);
    await clone.room.open(clone.incident(incident.uid), everybody);
    await clone.round();
    assert.equal(world.slack.texts('inc-20250923-login-is-down').length, 2);
  });

  it('is everything where the patterns mean nothing', async () => {
    await clone.room.open(incident, everybody);
    clone.excluded = 'incidents/**';
    await assert.rejects(clone.round(), (error) => FirebreakError.is(error, 'invalidInput'));
    assert.deepEqual(outside(), silence);
    clone.excluded = [];
    await clone.round();
    assert.equal(world.pager.calls, 1);
  });

  describe('is not named by what is sent of others', () => {
    let secret: Incident;
    beforeEach(async () => {
      secret = await clone.declare({ title: 'Stolen signing keys', criteria: ['security-breach'] });
    });

    it('neither in status updates, nor after a correction', async () => {
      await clone.room.open(incident, ['slack', 'webhook']);
      await clone.round();
      const named = await post(`Perhaps from ${secret.id}`);
      const update = await post('Half of all logins fail');
      const report = await round();
      const name = 'inc-20250923-login-is-down';
      assert.equal(world.slack.texts(name).length, 2);
      assert.equal(world.webhook.messages.length, 2);
      assert.deepEqual(
        [report.standings[0]?.waiting, report.standings[0]?.notices],
        [0, [{ kind: 'withheld', count: 1, lasting: false }]],
      );
      await correctEvent(clone.context, incident, update, 'As with the stolen SIGNING keys');
      await correctEvent(clone.context, incident, named, 'Perhaps from elsewhere');
      const later = await round();
      assert.deepEqual(
        world.slack
          .texts(name)
          .slice(1)
          .map((text) => text.split('\n')[1]),
        ['• *Current State*: Half of all logins fail', 'Perhaps from elsewhere'],
      );
      assert.deepEqual(
        later.standings[0]?.notices.map(({ kind }) => kind),
        ['beyondReach'],
        'the webhook has the one that was corrected',
      );
    });

    it('nor in a page, which calls all the same, nor in names and topics', async () => {
      const other = await clone.declare({ title: `After ${secret.id}`, impact: `As in ${secret.id}`, commander: '' });
      const preview = await clone.room.preview(other);
      assert.equal(preview.opening, undefined);
      assert.ok(!JSON.stringify(preview).toLowerCase().includes(secret.id.toLowerCase()));
      await clone.room.open(other, everybody);
      await clone.round();
      assert.equal(world.pager.calls, 1);
      const told = [world.pager.events, world.webhook.messages, world.slack.channels];
      assert.ok(!JSON.stringify(told).toLowerCase().includes(secret.id.toLowerCase()), JSON.stringify(told));
      assert.equal(world.pager.events[0]?.payload?.summary, `P0 ${other.id}`);
    });

    it('nor in a message to customers', async () => {
      const isInvalid = (error: unknown) => FirebreakError.is(error, 'invalidInput');
      await assert.rejects(askApproval(clone.customers, incident, `See ${secret.uid}`), isInvalid);
    });
  });
});
