import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import { requestReview, reviewPath } from '../../../../src/services/postReview.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: a review that is posted', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let incident: Incident;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice', { timeout: 2_000 }).load();
    incident = await declare(alice);
    await alice.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  const records = () => {
    const repository = world.gitHub.state.repository('acme/shop');
    return repository.commentsOf(world.issue());
  };
  const shown = () => world.comments().map((body) => body.replace(/\s*<!-- firebreak:ev=[^\n]*$/, ''));
  const write = (text: string, clone = alice) => clone.tree.put(reviewPath(incident), text);
  const request = (clone = alice) => requestReview(clone.tree, clone.privateFiles, clone.incident(incident.id));

  it('stands on the issue as it was when somebody asked, without its front matter', async () => {
    write('---\nauthor: alice\n---\n\n# Root cause\n\nThe pool.\n');
    await alice.assertSilent();
    await request();
    write('later words');
    const { steps } = await alice.sync.pendingWork();
    assert.deepEqual(steps, [{ item: incident.id, step: 'comment', detail: 'post the review' }]);
    assert.equal((await alice.syncClean()).commented, 1);
    assert.equal(shown()[1], '**RCA** · Production API down\n\n# Root cause\n\nThe pool.');
    await alice.assertSilent();
    assert.equal((await alice.sync.pendingWork()).count, 0);
    assert.ok((await alice.events(incident.id)).every(({ origin }) => origin !== 'github'));
  });

  it('is changed when it is asked for again, by any clone', async () => {
    write('one');
    await request();
    await alice.syncClean();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.syncClean();
    write('two', bob);
    await request(bob);
    assert.equal((await bob.syncClean()).commented, 1);
    assert.equal(shown()[1], '**RCA** · Production API down\n\ntwo');
    await request(bob);
    assert.equal((await bob.syncClean()).commented, 0);
    await alice.assertSilent();
    await bob.assertSilent();
    assert.equal(records().length, 2);
  });

  it('that a person edited on GitHub stays, is noted here, and the next is a comment of its own', async () => {
    write('one');
    await request();
    await alice.syncClean();
    world.clock.advance(60);
    const last = records().at(-1);
    world.manager.editComment(last?.id ?? 0, (last?.body ?? '').replace('one', 'ONE'));
    await alice.syncClean();
    const [note] = (await alice.events(incident.id)).filter(({ origin }) => origin === 'github');
    assert.equal(note?.kind, 'note');
    assert.match(note?.body ?? '', /It reads now:\n\n> \*\*RCA\*\*.*\n>\n> ONE$/);
    write('two');
    await request();
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /ONE/);
    assert.match(shown()[2] ?? '', /two$/);
    write('three');
    await request();
    await alice.syncClean();
    assert.match(shown()[2] ?? '', /three$/);
    assert.equal(records().length, 3);
    await alice.assertSilent();
  });

  it('is queued while the network is down, and found when its answer is lost', async () => {
    write('one');
    await request();
    world.gitHub.inject({ name: 'offline' });
    await alice.sync.sync();
    assert.equal(records().length, 1);
    world.gitHub.inject({ name: 'commit-then-502', method: 'POST', path: /\/issues\/1\/comments$/ });
    await alice.newSync().sync();
    await alice.syncClean();
    assert.equal(records().length, 2);
    write('two');
    await request();
    world.gitHub.inject({ name: 'commit-then-reset', method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
    await alice.sync.sync();
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /two$/);
    assert.equal(records().length, 2);
    await alice.assertSilent();
  });

  it('goes out though small events are being gathered', async () => {
    await recordEvent(alice.context, incident, 'note', 'small');
    write('one');
    await request();
    const report = await alice.sync.sync({ gather: true });
    assert.equal(report.commented, 1);
    assert.match(shown()[1] ?? '', /one$/);
    await alice.syncClean();
    assert.match(shown()[2] ?? '', /small$/);
  });

  it('that is longer than a comment takes several', async () => {
    write(`${'x'.repeat(70_000)}\nend`);
    await request();
    await alice.syncClean();
    assert.equal(records().length, 3);
    await alice.assertSilent();
    await request();
    await alice.syncClean();
    assert.equal(records().length, 3);
  });

  it('is not sent where it names a private item, and not at all of a private incident', async () => {
    const secret = await declare(alice, 'Customer records leaked', { criteria: ['security-breach'] });
    write(`Follows ${secret.id}`);
    await request();
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['namesPrivate'],
    );
    assert.equal(records().length, 1);
    await assert.rejects(requestReview(alice.tree, alice.privateFiles, alice.incident(secret.id)), /is private/);
  });

  it('has to be there, and to have an issue to stand on', async () => {
    await assert.rejects(request(), /There is no incidents\/.*\/rca\.md: write the review first/);
    write('---\nauthor: alice\n---\n');
    await assert.rejects(request(), /is empty/);
    const unlinked = await declare(alice, 'Another');
    await assert.rejects(requestReview(alice.tree, alice.privateFiles, unlinked), /no GitHub issue yet/);
  });
});
