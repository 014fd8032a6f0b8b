import assert from 'node:assert/strict';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { enterpriseServer } from '../../../github/fakeGitHub.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync with a GitHub Enterprise Server', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start(enterpriseServer);
    const apiUrl = world.gitHub.enterpriseUrl;
    alice = await world.clone('alice', { apiUrl }).load();
    ({ id } = await declare(alice));
  });
  // Each request and answer is held against the server's own description here.
  afterEach(() => world.stop());

  it('the straight road, both ways, between two clones', async () => {
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(id), 'triage');
    await recordEvent(alice.context, alice.incident(id), 'note', 'It is the pool');
    await alice.syncClean();
    assert.ok(world.labels().includes('phase: triage'));
    assert.equal(world.comments().length, 2);
    world.manager.editTitle(1, 'Renamed');
    world.manager.comment(1, 'Any news?');
    world.manager.addLabels(1, 'severity: P1');
    const bob = await world.clone('bob', { apiUrl: world.gitHub.enterpriseUrl }).load();
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    for (const clone of [alice, bob]) {
      assert.equal(clone.item(id).title, 'Renamed');
      assert.ok((await clone.events(id)).some(({ body }) => body === 'Any news?'));
      assert.equal(clone.item(id).severity, 'P1');
    }
    world.manager.close(1);
    await bob.syncClean();
    assert.notEqual(bob.incident(id).incident.phase, 'triage');
    await alice.syncClean();
    await alice.pullFrom(bob);
    await alice.assertSilent();
    await bob.pullFrom(alice);
    await bob.assertSilent();
    assert.ok(
      alice.log.every((line) => / - \d+ ms$/.test(line)),
      'no quota is told',
    );
  });

  for (const name of ['commit-then-502', 'commit-then-reset', 'commit-then-truncated', 'commit-then-empty'] as const) {
    it(`${name} makes no second issue and no second comment`, async () => {
      world.gitHub.inject({ name, method: 'POST', path: /\/issues$/ });
      world.gitHub.inject({ name, method: 'POST', path: /\/comments$/ });
      await alice.syncClean();
      assert.equal(world.issues.length, 1);
      assert.equal(world.comments().length, 1);
      await alice.assertSilent();
    });
  }

  it('a pause is kept where somebody switched limits on', async () => {
    world.gitHub.inject({ name: 'secondary-limit-403', retryAfter: 90, method: 'POST' });
    const { waiting } = await alice.sync.sync();
    assert.deepEqual(
      waiting.map(({ reason, until }) => [reason, (until ?? 0) - alice.now()]),
      [['rateLimited', 90_000]],
    );
    world.clock.advance(90);
    alice.newSync();
    await alice.syncClean();
    assert.ok(world.gitHub.requests.every(({ tooEarly }) => !tooEarly));
  });

  it('links to pages lead nowhere but to the server', async () => {
    await alice.syncClean();
    for (let count = 0; count < 250; count++) world.manager.openIssue({ title: `Other ${count}`, body: '' });
    world.gitHub.behaviour.linkOrigin = 'http://127.0.0.1:9';
    await recordEvent(alice.context, alice.incident(id), 'note', 'It is the pool');
    const { waiting } = await alice.sync.sync();
    assert.deepEqual(
      waiting.map(({ reason }) => reason),
      ['server'],
    );
    world.gitHub.behaviour.linkOrigin = null;
    await alice.syncClean();
  });
});
