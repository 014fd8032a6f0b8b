import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { holdsSecret } from '../../../support/secretScan.ts';
import { testToken } from '../../../support/testTokens.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: what is private stays inside', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice', { publish: 'all' }).load();
  });
  afterEach(() => world.stop());

  /** Everything that ever went out. */
  const sent = () => JSON.stringify(world.gitHub.requests.map(({ path, body }) => [path, body]));
  const breach = () =>
    declare(alice, 'Customer records leaked', { criteria: ['security-breach'], impact: 'The dump is on a forum' });
  const assertUnnamed = (...names: string[]) => {
    for (const name of names) assert.ok(!sent().toLowerCase().includes(name.toLowerCase()), `${name} went out`);
  };

  it('a private incident is neither sent nor asked for', async () => {
    const secret = await breach();
    await declare(alice, 'An ordinary outage');
    await alice.syncClean();
    await recordEvent(alice.context, secret, 'note', 'The attacker is still in');
    await changePhase(alice.context, alice.incident(secret.id), 'mitigate');
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
    assertUnnamed(secret.id, secret.uid, 'Customer records', 'forum', 'attacker');
    assert.ok(!alice.log.join('\n').includes(secret.id));
    assert.deepEqual(
      (await alice.sync.pendingWork()).steps.filter(({ item }) => item === secret.id),
      [],
    );
  });

  it('one that turns private after it was published is left as it is: nothing more goes out, not even a look', async () => {
    const incident = await declare(alice, 'Odd logins in the night');
    await alice.syncClean();
    const text = (alice.tree.text(incident.path) ?? '').replace(/\n---\n/, '\nprivate: true\n---\n');
    await alice.receive({ [incident.path]: text });
    world.takeRequests();
    await recordEvent(alice.context, alice.incident(incident.id), 'note', 'It is a breach');
    await changePhase(alice.context, alice.incident(incident.id), 'closed');
    await alice.syncClean();
    assert.deepEqual(world.takeRequests(), []);
    await declare(alice, 'An ordinary outage');
    world.manager.comment(1, 'What is going on?');
    await alice.syncClean();
    assertUnnamed('It is a breach', 'issues/1/', '/issues/1"');
    assert.equal(
      (await alice.events(incident.id)).some((event) => event.origin === 'github'),
      false,
    );
  });

  it('texts that name a private item are withheld, and that is said', async () => {
    const secret = await breach();
    const open = await declare(alice, 'An ordinary outage');
    await recordEvent(alice.context, open, 'note', `Same cause as ${secret.id.toLowerCase()}`);
    await recordEvent(alice.context, open, 'note', 'See "customer records leaked" too');
    await recordEvent(alice.context, open, 'note', 'Harmless');
    const item = await addItem(alice.context, {
      type: 'task',
      title: 'Rotate keys',
      severity: 'P2',
      description: `After ${secret.id}`,
    });
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map((problem) => [problem.item, problem.code]),
      [
        [open.id, 'namesPrivate'],
        [item.id, 'namesPrivate'],
      ],
    );
    assert.equal(world.issues.length, 1);
    assert.match(world.comments().join('\n'), /Harmless/);
    assertUnnamed(secret.id, 'customer records leaked');
    await changeItem(alice.context, alice.item(open.id), { title: `Follows ${secret.id}` });
    await alice.sync.sync();
    assertUnnamed(secret.id);
    assert.equal(world.issue().title, 'An ordinary outage');
  });

  it('no token is in any file, log or error', async () => {
    await declare(alice);
    await alice.syncClean();
    world.gitHub.state.revokeToken(testToken('alice'));
    const report = await alice.sync.sync();
    assert.equal(report.waiting[0]?.reason, 'unauthorized');
    assert.ok(!holdsSecret(JSON.stringify(report)));
    assert.ok(alice.log.length > 5);
    for (const line of alice.log) assert.match(line, /^(GET|POST|PATCH|DELETE) \/\S+ (\d{3}|\w+) (\d+ left|-) \d+ ms$/);
    alice.assertNoToken();
  });
});
