import assert from 'node:assert/strict';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Incident } from '../../../../src/core/item.ts';
import { minute, second } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { botUser } from '../../../messaging/fakeSlack.ts';
import { type RoomClone, RoomWorld, slackToken } from './roomWorld.ts';

const name = 'inc-20250923-login-is-down';

describe('The war room in Slack', function () {
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

  const post = (at: RoomClone, currentState: string) =>
    postStatusUpdate(at.context, at.incident(incident.uid), { ...emptyStatusUpdate, currentState });

  const open = async (at: RoomClone = clone) => {
    await at.room.open(at.incident(incident.uid), ['slack']);
    return at.round();
  };

  it('is a channel with topic and purpose, the declaration pinned, and each update after it', async () => {
    await clone.tree.write(
      'incident-policy.yml',
      'people:\n  - { name: Bob, github: bob, chat: U0BOB }\nwar-room:\n  invite: ["@bob", "@nobody"]\n  video: "https://meet.example.com/{id}"\n',
    );
    await clone.index.refresh(['incident-policy.yml']);
    world.slack.users.add('U0BOB');
    const report = await open();
    assert.equal(report.standings[0]?.waiting, 0);
    const channel = world.slack.channel(name);
    assert.ok(channel.members.has('U0BOB'));
    assert.equal(channel.topic, 'P0 Login is down · commander: @alice · https://meet.example.com/BUG-P0-20250923-1430');
    assert.ok(channel.purpose.includes(incident.uid));
    assert.deepEqual(
      channel.pins.map(({ ts }) => ts),
      [channel.messages[0]?.ts],
    );
    assert.equal(
      channel.messages[0]?.text,
      [
        '*P0 Login is down* (BUG-P0-20250923-1430)',
        '• *Declared*: 14:30 UTC by @alice',
        '• *Impact*: Nobody can log in',
        '• *Incident commander*: @alice',
        '• *Video*: https://meet.example.com/BUG-P0-20250923-1430',
      ].join('\n'),
    );
    clone.pass(5 * minute);
    await post(clone, 'Rolling back <!channel> & waiting');
    await clone.round();
    await clone.round();
    assert.deepEqual(world.slack.texts(name).slice(1), [
      '*14:35 UTC Status Update* (@alice)\n• *Current State*: Rolling back &lt;!channel&gt; &amp; waiting',
    ]);
    assert.deepEqual(await clone.bodies(incident.uid, 'note'), [
      `War room: [#${name}](https://acme.slack.com/archives/C000000001). Video: https://meet.example.com/BUG-P0-20250923-1430`,
    ]);
  });

  it('says that it is over, once', async () => {
    await open();
    await changePhase(clone.context, clone.incident(incident.uid), 'rca', 'Rolled back to 1.4.1');
    await clone.round();
    await changePhase(clone.context, clone.incident(incident.uid), 'closed', '');
    const report = await clone.round();
    assert.equal(report.standings.length, 0);
    assert.deepEqual(world.slack.texts(name).slice(1), [
      '*BUG-P0-20250923-1430 is over*: Login is down (14:30 UTC, @alice)\nRolled back to 1.4.1',
    ]);
  });

  it('sends nothing before somebody opened it, and nothing at all of a private incident', async () => {
    await clone.round();
    const secret = await clone.declare({ title: 'Break-in', criteria: ['security-breach'] });
    await assert.rejects(clone.room.preview(secret), (error) => FirebreakError.is(error, 'privateItem'));
    await assert.rejects(clone.room.open(secret, ['slack']), (error) => FirebreakError.is(error, 'privateItem'));
    assert.deepEqual(world.slack.takeCalls(), []);
  });

  it('falls silent for an incident that becomes private', async () => {
    await open();
    const { path } = clone.incident(incident.uid);
    const text = new TextDecoder().decode(await clone.tree.read(path));
    await clone.tree.write(path, text.replace('severity:', 'private: true\nseverity:'));
    await clone.index.refresh([path]);
    await post(clone, 'A secret');
    world.slack.takeCalls();
    const report = await clone.round();
    assert.deepEqual(world.slack.takeCalls(), []);
    assert.deepEqual(report.standings, []);
  });

  it('takes the next name where another incident has the one it wants', async () => {
    world.slack.addChannel(name, { purpose: 'Something else' });
    await open();
    assert.equal(world.slack.texts(`${name}-2`).length, 1);
    assert.deepEqual(world.slack.texts(name), []);
  });

  it('goes on in its channel after private state was thrown away, though it was archived', async () => {
    world.slack.isBotToken = false;
    await open();
    world.slack.archive(world.slack.channel(name));
    const again = await world.clone({ tree: clone.tree, at: clone.now, seed: 3 });
    await open(again);
    assert.equal(world.slack.channels.length, 1);
    assert.equal(world.slack.channel(name).archived, false);
    assert.equal(world.slack.texts(name).length, 1, 'the declaration was posted twice');
  });

  it('finds the channel of a colleague through the timeline, whatever the title is by now', async () => {
    await open();
    const { path } = clone.incident(incident.uid);
    const text = new TextDecoder().decode(await clone.tree.read(path));
    const other = await world.secondClone(clone);
    await other.tree.write(path, text.replace('Login is down', 'SSO is down'));
    await other.index.refresh([path]);
    await open(other);
    assert.deepEqual(
      world.slack.channels.map((channel) => channel.name),
      [name],
    );
  });

  it('posts an update of two clones that both have the room once', async () => {
    await open();
    const other = await world.secondClone(clone);
    await open(other);
    await post(other, 'Seen by Bob');
    await other.round();
    await clone.index.refresh(['incidents']);
    await clone.round();
    await post(clone, 'Seen by Alice');
    await other.index.refresh(['incidents']);
    await other.round();
    await clone.round();
    assert.equal(world.slack.texts(name).length, 3, world.slack.texts(name).join('\n\n'));
  });

  it('posts what a colleague without a room wrote, after it was theirs to post', async () => {
    await open();
    const other = await world.secondClone(clone);
    await post(other, 'Seen by Bob');
    await clone.index.refresh(['incidents']);
    const report = await clone.round();
    assert.equal(report.standings[0]?.waiting, 1);
    assert.equal(world.slack.texts(name).length, 1);
    clone.pass(2 * minute);
    await clone.round();
    assert.equal(world.slack.texts(name).length, 2);
    other.pass(10 * minute);
    await open(other);
    assert.equal(world.slack.texts(name).length, 2, 'posted again by its author');
  });

  it('does not take a name-sake that says nothing for its own before it has had time to say something', async () => {
    world.slack.addChannel(name, { creator: botUser, members: new Set([botUser]) });
    const report = await open();
    assert.equal(report.standings[0]?.failures[0]?.reason, 'limited');
    clone.pass(15 * second);
    await clone.round();
    assert.equal(world.slack.texts(`${name}-2`).length, 1);
  });

  describe('on bad days', () => {
    const failure = async () =>
      (await clone.room.standing(clone.messengers())).find(({ uid }) => uid === incident.uid)?.failures[0];

    it('keeps what waits while Slack is down, and goes on later', async () => {
      world.slack.next({ kind: 'answer', status: 503 });
      const report = await open();
      assert.equal((await failure())?.reason, 'server');
      assert.equal(report.standings[0]?.waiting, 1);
      assert.equal(report.next, clone.now + 5 * second);
      world.slack.takeCalls();
      await clone.round();
      assert.deepEqual(world.slack.takeCalls(), [], 'asked before its time');
      clone.pass(5 * second);
      const later = await clone.round();
      assert.equal(later.standings[0]?.waiting, 0);
      assert.equal(world.slack.texts(name).length, 1);
    });

    it('waits longer each time, ten minutes at most', async () => {
      await world.slack.stop();
      await open();
      const waits: number[] = [];
      for (let round = 0; round < 9; round++) {
        const until = (await failure())?.until ?? 0;
        waits.push((until - clone.now) / second);
        clone.pass(until - clone.now);
        await clone.round();
      }
      assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
      assert.equal((await failure())?.reason, 'notSent');
    });

    it('waits as long as Slack asks, for every incident', async () => {
      await open();
      const second_ = await clone.declare({ title: 'Mail is down', severity: 'P1' });
      await clone.room.open(second_, ['slack']);
      await post(clone, 'Rolling back');
      world.slack.next({ kind: 'answer', status: 429, headers: { 'retry-after': '30' } }, 'chat.postMessage');
      world.slack.takeCalls();
      const report = await clone.round();
      assert.deepEqual(world.slack.takeCalls(), ['chat.postMessage']);
      assert.equal(report.next, clone.now + 30 * second);
      clone.pass(29 * second);
      await clone.round();
      assert.deepEqual(world.slack.takeCalls(), []);
      clone.pass(second);
      await clone.round();
      assert.equal(world.slack.texts(name).length, 2);
      assert.equal(world.slack.texts('inc-20250923-mail-is-down').length, 1);
    });

    it('says that the token is no good any more, and goes on once it is told of another', async () => {
      world.slack.tokens.clear();
      await open();
      const found = await failure();
      assert.equal(found?.reason, 'badToken');
      assert.equal(found?.message, 'Slack says invalid_auth');
      world.slack.tokens.add(slackToken);
      await clone.room.retry();
      await clone.round();
      assert.equal(world.slack.texts(name).length, 1);
    });

    it('does not post twice when the answer gets lost', async () => {
      world.slack.next({ kind: 'dropAfter' }, 'chat.postMessage');
      await open();
      assert.equal((await failure())?.reason, 'maybeSent');
      clone.pass(minute);
      await clone.round();
      assert.equal(world.slack.texts(name).length, 1);
      assert.equal(await failure(), undefined);
    });

    it('posts again when the message did not arrive', async () => {
      world.slack.next({ kind: 'dropBefore' }, 'chat.postMessage');
      await open();
      clone.pass(minute);
      await clone.round();
      assert.equal(world.slack.texts(name).length, 1);
    });

    it('does not make a second channel when the answer to making it gets lost', async () => {
      world.slack.next({ kind: 'dropAfter' }, 'conversations.create');
      await open();
      clone.pass(minute);
      await clone.round();
      assert.deepEqual(
        world.slack.channels.map((channel) => channel.name),
        [name],
      );
      assert.equal(world.slack.texts(name).length, 1);
    });

    it('comes back into a channel that it was taken out of, or that was archived', async () => {
      world.slack.isBotToken = false;
      await open();
      world.slack.channel(name).members.delete(botUser);
      await post(clone, 'One');
      await clone.round();
      world.slack.archive(world.slack.channel(name));
      await post(clone, 'Two');
      await clone.round();
      assert.equal(world.slack.texts(name).length, 3);
    });

    it('reads pins again after it was taken out of the channel', async () => {
      await open();
      world.slack.channel(name).members.delete(botUser);
      clone.pass(minute);
      await clone.round();
      assert.equal(await failure(), undefined);
      assert.ok(world.slack.channel(name).members.has(botUser));
    });

    it('says that somebody has to bring the channel back, as apps can not, and goes on after that', async () => {
      await open();
      world.slack.archive(world.slack.channel(name));
      await post(clone, 'One');
      await clone.round();
      assert.equal((await failure())?.reason, 'archived');
      assert.equal(world.slack.channels.length, 1, 'another channel was made');
      world.slack.channel(name).archived = false;
      await clone.room.retry();
      await clone.round();
      assert.equal(world.slack.texts(name).length, 2);
    });

    it('makes a channel that was deleted anew only when somebody opens the room again', async () => {
      await open();
      world.slack.channels.length = 0;
      await post(clone, 'One');
      await clone.round();
      assert.equal((await failure())?.reason, 'noChannel');
      clone.pass(20 * minute);
      await clone.round();
      assert.deepEqual(world.slack.channels, []);
      await open();
      assert.equal(world.slack.texts(name).length, 2);
    });

    it('has one window send, and the other come again', async () => {
      await clone.room.open(incident, ['slack']);
      const other = clone.newRoom();
      const [first, second_] = await Promise.all([clone.round(), other.round(clone.messengers())]);
      assert.equal(world.slack.texts(name).length, 1);
      assert.equal(first.standings[0]?.waiting, 0);
      assert.equal(second_.next, clone.now + 2 * second);
    });

    it('is not held up by a clock that was set back', async () => {
      world.slack.next({ kind: 'answer', status: 503 });
      await open();
      clone.pass(-24 * 60 * minute);
      await clone.round();
      assert.equal(world.slack.texts(name).length, 1);
    });

    it('keeps no token where it keeps what was sent', async () => {
      await open();
      const paths = clone.privateFiles?.paths() ?? [];
      assert.ok(paths.some((path) => path.startsWith('war-room/')));
      for (const path of paths) assert.ok(!clone.privateFiles?.text(path)?.includes(slackToken), path);
    });
  });

  describe('pinned messages', () => {
    it('come back as events that are the same in every clone', async () => {
      await open();
      const channel = world.slack.channel(name);
      world.slack.write(channel, 'U0BOB', 'The <https://example.com/d|dashboard> shows &lt;500&gt;', true);
      world.slack.write(channel, 'U0BOB', 'Not pinned');
      clone.pass(minute);
      await clone.round();
      clone.pass(minute);
      await clone.round();
      const pins = (await clone.index.events(incident.uid)).filter(({ event }) => event.kind === 'pin');
      assert.deepEqual(
        pins.map(({ event }) => [event.by, event.at, event.origin, event.body]),
        [['U0BOB', '2025-09-23T14:31:02Z', 'slack', 'The dashboard (https://example.com/d) shows <500>']],
      );
      const before = clone.tree.paths().filter((path) => path.includes('-pin-'));
      const other = await world.secondClone(clone);
      for (const path of before) await other.tree.delete(path);
      await other.load();
      await open(other);
      assert.deepEqual(
        other.tree.paths().filter((path) => path.includes('-pin-')),
        before,
      );
    });

    it('are looked for once a minute, and no more once the incident is closed', async () => {
      const report = await open();
      assert.equal(report.next, clone.now + minute);
      world.slack.takeCalls();
      clone.pass(10 * second);
      await clone.round();
      assert.deepEqual(world.slack.takeCalls(), []);
      await changePhase(clone.context, clone.incident(incident.uid), 'closed', '');
      await clone.round();
      world.slack.takeCalls();
      clone.pass(10 * minute);
      assert.equal((await clone.round()).next, undefined);
      assert.deepEqual(world.slack.takeCalls(), []);
    });
  });
});
