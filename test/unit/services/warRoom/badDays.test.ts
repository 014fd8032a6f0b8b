import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import type { AnnounceTarget } from '../../../../src/core/policy.ts';
import { FileError, type Files } from '../../../../src/core/ports/files.ts';
import { day, minute, second } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { portOf } from '../clone.ts';
import { type RoomClone, RoomWorld } from './roomWorld.ts';

const name = 'inc-20250923-login-is-down';

describe('A war room on bad days', function () {
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
  const open = async (targets: readonly AnnounceTarget[] = ['slack']) => {
    await clone.room.open(clone.incident(incident.uid), targets);
    return clone.round();
  };
  const failure = async (target: AnnounceTarget = 'slack') =>
    (await clone.room.standing(clone.messengers()))
      .find(({ uid }) => uid === incident.uid)
      ?.failures.find((one) => one.target === target);
  const texts = () => world.slack.texts(name);
  const answer = (error: string) =>
    ({ kind: 'answer', status: 200, body: JSON.stringify({ ok: false, error }) }) as const;

  describe('when the token is no good any more, in mid-incident', () => {
    for (const error of ['token_revoked', 'token_expired', 'account_inactive', 'invalid_auth']) {
      it(`keeps what waits after ${error}, asks no more until another is given, and then says it all once`, async () => {
        await open();
        const one = await post('One');
        world.slack.next(answer(error), 'chat.postMessage');
        await clone.round();
        await post('Two');
        assert.equal((await failure())?.reason, 'badToken');
        world.slack.takeCalls();
        clone.pass(minute);
        const report = await clone.round();
        assert.deepEqual(world.slack.takeCalls(), [], 'asked again with a token that is no good');
        assert.equal(report.standings[0]?.waiting, 2);
        await clone.room.retry();
        await clone.round();
        assert.equal(texts().length, 3, one.id);
        assert.equal(await failure(), undefined);
      });
    }
  });

  describe('when somebody changes the channel', () => {
    it('goes on in the one that was renamed, and takes no other of the name it had', async () => {
      await open();
      world.slack.channel(name).name = 'outage';
      world.slack.addChannel(name, { purpose: 'Something else' });
      await post('One');
      await clone.round();
      assert.equal(world.slack.texts('outage').length, 2);
      assert.deepEqual(texts(), []);
      const other = await world.secondClone(clone);
      await other.room.open(other.incident(incident.uid), ['slack']);
      await other.round();
      assert.equal(world.slack.channels.length, 2, 'another channel was made by a colleague');
      assert.equal(world.slack.texts('outage').length, 2, 'told twice');
    });

    it('says that a deleted one is gone, and holds up neither PagerDuty nor the webhook', async () => {
      await open(['slack', 'pagerduty', 'webhook']);
      world.slack.channels.length = 0;
      await post('One');
      await clone.round();
      assert.equal((await failure())?.reason, 'noChannel');
      assert.deepEqual([world.pager.calls, world.webhook.messages.length], [1, 2]);
    });
  });

  it('gives up on names after twenty that others have, says so, and makes one once there is one', async () => {
    world.slack.addChannel(name, { purpose: 'Something else' });
    for (let attempt = 2; attempt <= 20; attempt++) world.slack.addChannel(`${name}-${attempt}`, { purpose: 'Other' });
    await open();
    assert.match((await failure())?.message ?? '', /All names like #inc-20250923-login-is-down.* are taken/);
    world.slack.channels.splice(19, 1);
    await clone.room.retry();
    await clone.round();
    assert.equal(world.slack.texts(`${name}-20`).length, 1);
  });

  describe('when a server wants to be asked later', () => {
    it('waits a minute where Slack says so without a time, in whatever of its ways', async () => {
      await open();
      for (const trouble of [answer('ratelimited'), answer('rate_limited')]) {
        await post('Again');
        world.slack.next(trouble, 'chat.postMessage');
        await clone.round();
        assert.equal((await failure())?.reason, 'limited');
        clone.pass(10 * minute);
        await clone.round();
        assert.equal(await failure(), undefined);
      }
      assert.equal(texts().length, 3);
    });

    it('waits a minute where PagerDuty names no time, and calls once', async () => {
      world.pager.next({ kind: 'answer', status: 429 });
      const report = await open(['pagerduty']);
      assert.equal(report.next, clone.now + minute);
      clone.pass(59 * second);
      await clone.round();
      assert.equal(world.pager.calls, 0);
      clone.pass(second);
      await clone.round();
      assert.equal(world.pager.calls, 1);
    });

    it('waits ten minutes at most, however long it is told to', async () => {
      world.pager.next({ kind: 'answer', status: 429, headers: { 'retry-after': '86400' } });
      const report = await open(['pagerduty']);
      assert.equal(report.next, clone.now + 10 * minute);
    });
  });

  it('understands an answer that is none: a page of a proxy, or half of one', async () => {
    for (const body of ['<html>Sign in to the guests’ network</html>', '{"ok": tr', '[]', 'null']) {
      world.slack.next({ kind: 'answer', status: 200, body }, 'conversations.create');
      await clone.room.open(clone.incident(incident.uid), ['slack']);
      await clone.round();
      const found = await failure();
      assert.ok(found?.reason === 'server' || found?.reason === 'maybeSent', `${body}: ${found?.reason}`);
      assert.ok(!found.message.includes('html'), found.message);
    }
    clone.pass(10 * minute);
    await clone.round();
    assert.equal(texts().length, 1);
  });

  it('says everything in its order once the network is back', async () => {
    await open(['slack', 'webhook']);
    const cut = { kind: 'dropBefore' } as const;
    for (const state of ['One', 'Two', 'Three']) {
      world.slack.next(cut);
      world.webhook.next(cut);
      await post(state);
      clone.pass(10 * minute);
      await clone.round();
    }
    clone.pass(10 * minute);
    const report = await clone.round();
    assert.deepEqual(
      texts()
        .slice(1)
        .map((text) => text.split('*Current State*: ')[1]),
      ['One', 'Two', 'Three'],
    );
    assert.deepEqual(
      world.webhook.messages.map(({ kind }) => kind),
      ['opened', 'status', 'status', 'status'],
    );
    assert.deepEqual([report.standings[0]?.waiting, report.standings[0]?.failures], [0, []]);
  });

  describe('when it stops between sending and keeping that it was sent', () => {
    /** A disk that is full from the n-th writing on; what was written before stays. */
    const fullAfter = (files: Files, count: number): Files => {
      let left = count;
      return {
        ...portOf(files),
        write: async (path, data) => {
          if (--left < 0) throw new FileError('full', path);
          return files.write(path, data);
        },
      };
    };

    for (const target of ['slack', 'pagerduty', 'webhook'] as const) {
      it(`says nothing twice through ${target}, at whatever moment, but where it can't be asked`, async () => {
        let moments = 0;
        for (let moment = 0; moment < 30; moment++) {
          const here = await RoomWorld.start();
          try {
            const first = await here.clone();
            const declared = await first.declare();
            await first.room.open(declared, [target]);
            assert.ok(first.privateFiles);
            const limited = first.newRoom(fullAfter(first.privateFiles, moment));
            const stopped = await limited.round(first.messengers()).then(
              () => false,
              (error: unknown) => {
                if (!FileError.is(error)) throw error;
                return true;
              },
            );
            if (stopped) moments += 1;
            // A new window, another process: it knows what is on the disk.
            await first.reopen(9);
            const next = first.newRoom();
            first.pass(minute);
            await next.round(first.messengers());
            first.pass(minute);
            const report = await next.round(first.messengers());
            assert.deepEqual([report.standings[0]?.waiting, report.standings[0]?.failures], [0, []], `at ${moment}`);
            if (target === 'slack') {
              assert.equal(here.slack.channels.length, 1, `a channel too many at ${moment}`);
              assert.equal(here.slack.texts(name).length, 1, `told twice at ${moment}`);
            } else if (target === 'pagerduty') assert.equal(here.pager.calls, 1, `called twice at ${moment}`);
            else {
              const keys = new Set(here.webhook.messages.map(({ key }) => key));
              assert.equal(keys.size, 1, 'a second message has the key of the first');
            }
            if (!stopped) break;
          } finally {
            await here.stop();
          }
        }
        assert.ok(moments >= 1, 'never stopped');
      });
    }
  });

  describe('in two windows', () => {
    it('is changed by the one, and the other says what it changed', async () => {
      await open();
      const other = clone.newRoom();
      await post('From the first');
      await Promise.all([clone.round(), other.round(clone.messengers())]);
      await post('From the second');
      await Promise.all([other.round(clone.messengers()), clone.round()]);
      clone.pass(minute);
      await other.round(clone.messengers());
      assert.equal(texts().length, 3);
    });
  });

  describe('when a clock is wrong', () => {
    it('posts what a colleague wrote in the future or the past, once', async () => {
      await open();
      const other = await world.secondClone(clone);
      other.pass(3 * day);
      await post('From Friday', other);
      await clone.index.refresh(['incidents']);
      await clone.round();
      other.pass(-3 * day + 5 * second);
      await post('From now', other);
      await clone.index.refresh(['incidents']);
      clone.pass(3 * minute);
      await clone.round();
      await clone.round();
      assert.equal(texts().length, 3, texts().join('\n'));
    });

    it('waits no longer than it was told after the clock was set back, or forth', async () => {
      world.slack.next({ kind: 'answer', status: 429, headers: { 'retry-after': '60' } });
      await open();
      clone.pass(-day);
      await clone.round();
      assert.equal(texts().length, 1);
      await post('One');
      world.slack.next({ kind: 'answer', status: 503 }, 'chat.postMessage');
      await clone.round();
      clone.pass(2 * day);
      await clone.round();
      assert.equal(texts().length, 2);
    });
  });

  it('invites nobody twice, whoever else can not come, and those whom the policy names later', async () => {
    const policy = async (invite: string) => {
      await clone.tree.write(
        'incident-policy.yml',
        `people:\n  - { name: Bob, github: bob, chat: U0BOB }\n  - { name: Gone, github: gone, chat: U0GONE }\n  - { name: Guest, github: guest, chat: U0GUEST }\n  - { name: Cy, github: cy, chat: U0CY }\nwar-room:\n  invite: [${invite}]\n`,
      );
      await clone.index.refresh(['incident-policy.yml']);
    };
    for (const user of ['U0BOB', 'U0GUEST', 'U0CY']) world.slack.users.add(user);
    world.slack.uninvitable.set('U0GUEST', 'ura_max_channels');
    await policy('"@gone", "@guest", "@nobody", "@bob"');
    const report = await open();
    assert.deepEqual(report.standings[0]?.notices, [
      {
        kind: 'notInvited',
        name: '@gone',
        why: 'Slack says user_not_found: nobody in the workspace has this id',
        lasting: false,
      },
      {
        kind: 'notInvited',
        name: '@guest',
        why: 'Slack says ura_max_channels: a guest, who can be in one channel only',
        lasting: false,
      },
      { kind: 'notInvited', name: '@nobody', why: undefined, lasting: false },
    ]);
    assert.deepEqual([report.standings[0]?.waiting, report.standings[0]?.failures], [0, []]);
    assert.ok(world.slack.channel(name).members.has('U0BOB'));
    world.slack.takeCalls();
    await policy('"@gone", "@bob", "@cy"');
    clone.pass(minute);
    await clone.round();
    assert.deepEqual(
      world.slack.takeCalls().filter((call) => call === 'conversations.invite'),
      ['conversations.invite'],
    );
    assert.ok(world.slack.channel(name).members.has('U0CY'));
    world.slack.users.add('U0GONE');
    await clone.room.retry();
    clone.pass(minute);
    assert.deepEqual((await clone.round()).standings[0]?.notices, []);
    assert.ok(world.slack.channel(name).members.has('U0GONE'));
  });

  it('goes on without inviting anybody where the app may not', async () => {
    await clone.tree.write(
      'incident-policy.yml',
      'people:\n  - { name: Bob, github: bob, chat: U0BOB }\nwar-room:\n  invite: ["@bob"]\n',
    );
    await clone.index.refresh(['incident-policy.yml']);
    const body = JSON.stringify({
      ok: false,
      error: 'missing_scope',
      needed: 'channels:manage',
      provided: 'chat:write',
    });
    world.slack.next({ kind: 'answer', status: 200, body }, 'conversations.invite');
    const report = await open();
    assert.deepEqual(
      report.standings[0]?.notices.map((notice) => 'why' in notice && notice.why),
      ['Slack says missing_scope: the token needs the scope channels:manage'],
    );
    assert.equal(texts().length, 1);
  });
});
