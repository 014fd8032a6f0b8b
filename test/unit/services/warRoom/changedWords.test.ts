import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import { minute } from '../../../../src/core/time.ts';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { sendCustomerMessage } from '../../../../src/services/customers/customerMessages.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { purgeEvent } from '../../../../src/services/purgeEvent.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../../../src/services/replaceEvent.ts';
import { whereItWent } from '../../../../src/services/warRoom/whereItWent.ts';
import { botUser } from '../../../messaging/fakeSlack.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { bob } from '../clone.ts';
import { type RoomClone, RoomWorld } from './roomWorld.ts';

const name = 'inc-20250923-login-is-down';
const secret = 'hunter2-of-the-database';

describe('What is corrected, taken back or purged after it was sent', function () {
  // The first use of Slack's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: RoomWorld;
  let clone: RoomClone;
  let incident: Incident;

  beforeEach(async () => {
    world = await RoomWorld.start();
    clone = await world.clone();
    incident = await clone.declare();
  });
  afterEach(() => world.stop());

  const post = (currentState: string, at: RoomClone = clone) =>
    postStatusUpdate(at.context, at.incident(incident.uid), { ...emptyStatusUpdate, currentState });
  const open = async (at: RoomClone = clone) => {
    await at.room.open(at.incident(incident.uid), ['slack']);
    return at.round();
  };
  const correct = (event: TimelineEvent, text: string, at: RoomClone = clone) =>
    correctEvent(at.context, at.incident(incident.uid), event, text);
  const retract = (event: TimelineEvent, reason: string, at: RoomClone = clone) =>
    retractEvent(at.context, at.incident(incident.uid), event, reason);
  const purge = async (event: TimelineEvent, at: RoomClone = clone) => {
    const stored = (await at.index.events(incident.uid)).find((one) => one.event.id === event.id);
    assert.ok(stored);
    await purgeEvent(at.context, at.privateFiles, at.incident(incident.uid), stored);
  };
  const seen = (at: RoomClone) => at.index.refresh(['incidents', '.firebreak']);
  const texts = () => world.slack.texts(name);
  const pass = async (at: RoomClone = clone) => {
    at.pass(minute);
    return at.round();
  };

  it('reads in Slack as it was corrected, then as it was corrected again, in the same message', async () => {
    await open();
    const update = await post('Half of all logins fail');
    await clone.round();
    const first = await correct(update, '- **Current State**: All logins fail');
    assert.equal((await clone.room.standing(clone.messengers()))[0]?.waiting, 1);
    await pass();
    assert.deepEqual(texts().slice(1), ['*14:30 UTC Status Update* (@alice)\n• *Current State*: All logins fail']);
    await correct(first, '- **Current State**: Most logins fail');
    const report = await pass();
    assert.deepEqual(texts().slice(1), ['*14:30 UTC Status Update* (@alice)\n• *Current State*: Most logins fail']);
    assert.equal(report.standings[0]?.waiting, 0);
    world.slack.takeCalls();
    await pass();
    assert.deepEqual(world.slack.takeCalls(), ['auth.test', 'pins.list'], 'changed again');
  });

  it('says in Slack that it was taken back, by whom and why, and reads as before once that was taken back', async () => {
    await open();
    const update = await post('All good');
    await clone.round();
    const before = texts()[1];
    clone.pass(minute);
    const retraction = await retract(update, 'Wrong window');
    await clone.round();
    assert.equal(texts()[1], '*14:30 UTC Status Update* (@alice)\nTaken back at 14:31 UTC by @alice: Wrong window');
    await retract(retraction, '');
    await pass();
    assert.equal(texts()[1], before);
  });

  it('is out of every message that held it once it was purged: the update and the declaration', async () => {
    await recordEvent(clone.context, incident, 'impact', `Nobody can log in, ${secret}`);
    const early = await post(`Early: ${secret}`);
    await open();
    const update = await post(secret);
    await clone.round();
    assert.equal(texts()[0]?.split(secret).length, 3, 'the impact and the last update are in the declaration');
    assert.equal(texts().length, 2);
    const impact = (await clone.index.events(incident.uid)).findLast(({ event }) => event.kind === 'impact');
    assert.ok(impact);
    await purge(update);
    await purge(early);
    await purge(impact.event);
    const report = await pass();
    assert.deepEqual(
      texts().filter((text) => text.includes(secret)),
      [],
    );
    assert.equal(texts()[1], '*14:30 UTC Status Update* (@alice)\n(Purged: what stood here is not to be kept.)');
    assert.ok(texts()[0]?.includes('Login is down'));
    assert.equal(report.standings[0]?.waiting, 0);
    assert.ok(!JSON.stringify(clone.privateFiles?.snapshot()).includes(secret));
  });

  it('loses the words of a correction, or the reason of a retraction, that is purged itself', async () => {
    await open();
    const one = await post('One');
    const two = await post('Two');
    await clone.round();
    const correction = await correct(one, secret);
    const retraction = await retract(two, secret);
    await pass();
    assert.equal(texts().filter((text) => text.includes(secret)).length, 2);
    await purge(correction);
    await purge(retraction);
    await pass();
    assert.deepEqual(texts().slice(1), [
      '*14:30 UTC Status Update* (@alice)\n• *Current State*: One',
      '*14:30 UTC Status Update* (@alice)\nTaken back at 14:30 UTC by @alice.',
    ]);
  });

  it('waits while Slack is down, and is done once when an answer gets lost', async () => {
    await open();
    const update = await post(secret);
    await clone.round();
    await purge(update);
    world.slack.next({ kind: 'answer', status: 503 }, 'chat.update');
    const down = await clone.round();
    assert.deepEqual([down.standings[0]?.waiting, down.standings[0]?.failures[0]?.reason], [1, 'server']);
    world.slack.next({ kind: 'dropAfter' }, 'chat.update');
    assert.equal((await pass()).standings[0]?.failures[0]?.reason, 'maybeSent');
    world.slack.takeCalls();
    assert.equal((await pass()).standings[0]?.waiting, 0);
    assert.deepEqual(
      world.slack.takeCalls().filter((call) => call === 'chat.update'),
      [],
      'it was found to be done',
    );
    assert.ok(!texts().join().includes(secret));
  });

  it('reaches Slack after the incident was closed, and the channel goes back into the archive', async () => {
    world.slack.isBotToken = false;
    await open();
    const update = await post(secret);
    await clone.round();
    await changePhase(clone.context, clone.incident(incident.uid), 'closed', '');
    await clone.round();
    world.slack.archive(world.slack.channel(name));
    await purge(update);
    await pass();
    assert.ok(!texts().join().includes(secret));
    assert.equal(world.slack.channel(name).archived, true);
    assert.deepEqual((await pass()).standings, []);
  });

  it('says that the channel is archived where the app may not bring it back, and goes on once somebody did', async () => {
    await open();
    const update = await post(secret);
    await clone.round();
    await changePhase(clone.context, clone.incident(incident.uid), 'closed', '');
    await clone.round();
    world.slack.archive(world.slack.channel(name));
    await purge(update);
    const [standing] = (await pass()).standings;
    assert.deepEqual([standing?.waiting, standing?.failures[0]?.reason], [1, 'archived']);
    world.slack.channel(name).archived = false;
    await clone.room.retry();
    await pass();
    assert.ok(!texts().join().includes(secret));
  });

  it('says what Slack does not let it change, once and for all, until somebody took care of it', async () => {
    await open();
    const update = await post(secret);
    await clone.round();
    const message = world.slack.channel(name).messages.find(({ text }) => text.includes(secret));
    assert.ok(message);
    world.slack.frozen.add(message.ts);
    await purge(update);
    const [standing] = (await pass()).standings;
    assert.deepEqual(standing?.notices, [
      { kind: 'unchangeable', count: 1, why: 'Slack says edit_window_closed', lasting: true },
    ]);
    assert.deepEqual([standing?.waiting, standing?.failures], [0, []]);
    await changePhase(clone.context, clone.incident(incident.uid), 'closed', '');
    assert.equal((await pass()).standings[0]?.notices.length, 1, 'forgotten with the incident');
    await clone.room.settle(clone.incident(incident.uid));
    assert.deepEqual((await pass()).standings, []);
  });

  it('is changed also after private state was thrown away and the room was opened again', async () => {
    await open();
    const update = await post(secret);
    await clone.round();
    const again = await world.clone({ tree: clone.tree, at: clone.now, seed: 3 });
    await open(again);
    await purge(update, again);
    await pass(again);
    assert.ok(!texts().join().includes(secret));
    assert.equal(texts().length, 2);
  });

  it('takes a message that somebody deleted in Slack for done', async () => {
    await open();
    const update = await post(secret);
    await clone.round();
    world.slack.channel(name).messages.splice(1);
    await purge(update);
    const [standing] = (await pass()).standings;
    assert.deepEqual([standing?.waiting, standing?.failures, standing?.notices], [0, [], []]);
    assert.equal(texts().length, 1);
  });

  describe('in two clones', () => {
    let other: RoomClone;
    beforeEach(async () => {
      await open();
      other = await world.secondClone(clone);
      await open(other);
    });

    it('is changed by a clone that did not post it', async () => {
      const update = await post(secret, other);
      await other.round();
      await seen(clone);
      await purge(update);
      await pass();
      assert.ok(!texts().join().includes(secret));
      assert.equal(world.slack.texts(name).length, 2);
    });

    it('is not said again by a clone that does not know of the purge yet, whatever it corrects', async () => {
      const update = await post(secret);
      await clone.round();
      await seen(other);
      await other.round();
      await purge(update);
      await pass();
      // Bob has not pulled: his index still has the words, and he corrects them.
      await correct(update, `Better: ${secret}`, other);
      await pass(other);
      assert.ok(!texts().join().includes(secret), texts().join('\n'));
      await seen(other);
      await pass(other);
      await seen(clone);
      await pass();
      assert.ok(!texts().join().includes(secret));
    });

    describe('whose trees git has not brought together', () => {
      let away: RoomClone;
      /** What git brings from one to the other. */
      const pull = async (to: RoomClone, from: RoomClone) => {
        for (const [path, text] of Object.entries(from.tree.snapshot())) await to.tree.write(path, text);
        await to.index.refresh(['incidents', '.firebreak']);
      };
      const part = async () => {
        away = await world.clone({
          tree: memoryFiles(clone.tree.snapshot()),
          origin: 'b0bb0b',
          seed: 11,
          who: bob,
          at: clone.now,
        });
        await open(away);
      };

      it('is purged though Slack has a correction of it that is not here', async () => {
        const update = await post(secret);
        await clone.round();
        await part();
        await correct(update, `Better: ${secret}`, away);
        await pass(away);
        assert.ok(texts().join().includes('Better'));
        await purge(update);
        await pass();
        assert.ok(!texts().join().includes(secret), texts().join('\n'));
        await pull(away, clone);
        await pass(away);
        assert.ok(!texts().join().includes(secret), texts().join('\n'));
      });

      it('does not come back when a clone that does not know of one purge carries out another', async () => {
        await recordEvent(clone.context, incident, 'impact', secret);
        const early = await post('Early words');
        const later = await world.clone({ tree: clone.tree, origin: 'cccccc', seed: 5, at: clone.now });
        world.slack.channels.length = 0;
        await open(later);
        assert.ok(texts()[0]?.includes(secret) && texts()[0]?.includes('Early words'));
        await part();
        const impact = (await later.index.events(incident.uid)).findLast(({ event }) => event.kind === 'impact');
        assert.ok(impact);
        await purge(impact.event, later);
        await pass(later);
        assert.ok(!texts()[0]?.includes(secret));
        await purge(early, away);
        await pass(away);
        assert.ok(!texts().join().includes('Early words'));
        assert.ok(!texts().join().includes(secret), 'said again');
      });
    });

    it('ends alike whoever comes first, and neither undoes what only the other knows', async () => {
      const update = await post('First');
      await clone.round();
      await seen(other);
      await other.round();
      await correct(update, 'As Alice has it');
      await pass();
      const asAlice = texts()[1];
      await pass(other);
      assert.equal(texts()[1], asAlice, 'Bob, who has not pulled, put it back');
      other.pass(minute);
      await correct(update, 'As Bob has it', other);
      await pass(other);
      assert.equal(texts()[1], asAlice, 'Bob does not know yet which of the two counts');
      await seen(other);
      await pass(other);
      await seen(clone);
      await pass();
      assert.ok(texts()[1]?.endsWith('As Bob has it'), texts()[1]);
    });

    it('is left to Slack where the message is of another app, and said', async () => {
      const update = await post(secret);
      await clone.round();
      const record = world.slack.channel(name).messages[1];
      assert.ok(record);
      world.slack.channel(name).messages[1] = { ...record, user: 'U0OTHERBOT' };
      await purge(update);
      const [standing] = (await pass()).standings;
      assert.deepEqual(
        standing?.notices.map((notice) => 'why' in notice && notice.why),
        ['Slack says cant_update_message'],
      );
      assert.notEqual(botUser, 'U0OTHERBOT');
    });
  });

  describe('where nothing can be changed', () => {
    const noSettings = async () => ({});
    const notices = async () => (await clone.round()).standings[0]?.notices;
    const where = (event: TimelineEvent) => whereItWent(clone.privateFiles, incident, event, noSettings);

    it('is told: a webhook and PagerDuty have it as it was', async () => {
      const impact = await recordEvent(clone.context, incident, 'impact', secret);
      await clone.room.open(incident, ['webhook', 'pagerduty']);
      await clone.round();
      const update = await post('All good');
      await clone.round();
      assert.deepEqual(await notices(), []);
      assert.deepEqual(await where(update), [{ place: 'webhook' }]);
      assert.deepEqual(await where(impact), [{ place: 'webhook' }, { place: 'pagerduty' }]);
      await retract(update, '');
      assert.deepEqual(await notices(), [
        { kind: 'beyondReach', target: 'webhook', count: 1, purged: false, lasting: false },
      ]);
      await purge(impact);
      assert.deepEqual(await notices(), [
        { kind: 'beyondReach', target: 'webhook', count: 2, purged: true, lasting: true },
        { kind: 'beyondReach', target: 'pagerduty', count: 1, purged: true, lasting: true },
      ]);
      assert.equal(world.webhook.messages.length, 2, 'sent again');
      await clone.room.settle(incident);
      assert.deepEqual(await notices(), []);
    });

    it('counts as sent when the answer got lost', async () => {
      await clone.room.open(incident, ['webhook']);
      await clone.round();
      const update = await post(secret);
      world.webhook.next({ kind: 'dropAfter' });
      await clone.round();
      assert.deepEqual(await where(update), [{ place: 'webhook' }]);
    });

    it('is told of what went to customers, and of what somebody wrote in Slack', async () => {
      const { customers } = clone.messengers();
      assert.ok(customers);
      const channel = { name: '#status', send: async () => undefined };
      const message = await sendCustomerMessage(clone.customers, incident, 'Logins fail.', channel);
      assert.deepEqual(await where(message), [{ place: 'customers', through: '#status' }]);
      await open();
      world.slack.write(world.slack.channel(name), 'U0BOB', secret, true);
      await pass();
      const pin = (await clone.index.events(incident.uid)).find(({ event }) => event.kind === 'pin');
      assert.ok(pin);
      assert.deepEqual(await where(pin.event), [{ place: 'chat' }]);
    });

    it('says that nothing of an incident goes to Slack any more that became private or excluded', async () => {
      await open();
      const update = await post(secret);
      await clone.round();
      assert.deepEqual(await where(update), [{ place: 'slack' }]);
      const excluded = await whereItWent(clone.privateFiles, incident, update, async () => ({
        exclude: ['incidents'],
      }));
      assert.deepEqual(excluded, [{ place: 'silent' }]);
      const broken = await whereItWent(clone.privateFiles, incident, update, async () => ({ exclude: 'all' }));
      assert.deepEqual(broken, [{ place: 'silent' }]);
    });
  });
});
