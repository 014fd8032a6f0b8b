import assert from 'node:assert/strict';
import { changeItem, changeSeverity } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: several clones of one repository', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    bob = await world.clone('bob').load();
    ({ id } = await declare(alice));
  });
  afterEach(() => world.stop());

  it('only the clone that declared an incident makes its issue and posts its events', async () => {
    await bob.pullFrom(alice);
    await bob.syncClean();
    assert.deepEqual(world.takeRequests(), []);
    await alice.syncClean();
    await bob.syncClean();
    assert.equal(world.issues.length, 1);
    assert.equal(world.comments().length, 1);
  });

  it('a clone that gets the link by git reads the issue and changes nothing', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    const tree = bob.tree.snapshot();
    await bob.syncClean();
    assert.deepEqual(bob.tree.snapshot(), tree);
    assert.equal(world.comments().length, 1);
    await bob.assertSilent();
  });

  it('a clone that polls already finds a new issue of another by its marker, before git brings the link', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
    const { id: second, path } = await declare(alice, 'The second');
    const unlinked = alice.tree.text(path) ?? '';
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.receive({ [path]: unlinked });
    await bob.syncClean();
    assert.equal(bob.item(second).github?.number, 2);
    assert.equal(bob.tree.text(path), alice.tree.text(path));
    await bob.assertSilent();
  });

  it('each posts its own events, and nobody’s twice', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await recordEvent(bob.context, bob.incident(id), 'note', 'Bob was here');
    await recordEvent(alice.context, alice.incident(id), 'note', 'Alice was here');
    await bob.syncClean();
    await alice.pullFrom(bob);
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    const text = world.comments().join('\n');
    for (const words of ['Bob was here', 'Alice was here']) assert.equal(text.split(words).length, 2);
    for (const clone of [alice, bob]) {
      assert.ok((await clone.events(id)).every((event) => event.origin !== 'github'));
      await clone.assertSilent();
    }
  });

  it('what another clone sent is not taken for a person’s act while its records are under way by git', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    const phases = ['triage', 'respond', 'mitigate', 'fix'] as const;
    for (const phase of phases) {
      world.clock.advance(60);
      await changePhase(alice.context, alice.incident(id), phase);
      await changeSeverity(alice.context, alice.incident(id), phase === 'fix' ? 'P1' : 'P2');
      await changeItem(alice.context, alice.item(id), { title: `Now in ${phase}` });
      await alice.syncClean();
      await bob.assertSilent();
      assert.equal(bob.incident(id).incident.phase, 'declared');
    }
    // One more step that GitHub has not got yet, and then git brings all.
    await changePhase(alice.context, alice.incident(id), 'verify');
    await bob.pullFrom(alice);
    assert.deepEqual([bob.incident(id).incident.phase, bob.item(id).severity], ['verify', 'P1']);
    await bob.syncClean();
    assert.equal(
      world
        .labels()
        .filter((label) => label.startsWith('phase'))
        .join(),
      'phase: fix',
    );
    await alice.syncClean();
    await bob.syncClean();
    for (const clone of [alice, bob]) {
      assert.equal(clone.incident(id).incident.phase, 'verify');
      assert.equal(clone.item(id).title, 'Now in fix');
      assert.ok((await clone.events(id)).every((event) => event.origin !== 'github'));
      await clone.assertSilent();
    }
  });

  it('the same for a close and a reopening that another clone sent', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    for (const phase of ['closed', 'fix'] as const) {
      world.clock.advance(60);
      await changePhase(alice.context, alice.incident(id), phase);
      await alice.syncClean();
      await bob.assertSilent();
    }
    await bob.pullFrom(alice);
    assert.equal(bob.incident(id).incident.phase, 'fix');
    await bob.assertSilent();
  });

  it('a clone that looks between two requests of another takes nothing for news', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'mitigate');
    for (const method of ['POST', 'DELETE'] as const) {
      world.gitHub.inject({ name: 'offline', method, path: /\/labels/ });
      await alice.sync.sync();
      await bob.assertSilent();
      const fresh = await world.clone('bob').load();
      await fresh.pullFrom(bob);
      await fresh.assertSilent();
      assert.equal(fresh.incident(id).incident.phase, 'declared');
    }
    await alice.syncClean();
    await bob.assertSilent();
    assert.equal(bob.incident(id).incident.phase, 'declared');
    await bob.pullFrom(alice);
    assert.equal(bob.incident(id).incident.phase, 'mitigate');
  });

  it('a person’s change on GitHub is one record, byte for byte the same in every clone', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    world.clock.advance(60);
    world.manager.editTitle(1, 'Renamed');
    world.manager.addLabels(1, 'phase: mitigate', 'severity: P1');
    world.manager.removeLabels(1, 'phase: declared', 'severity: P0');
    world.manager.comment(1, 'A word from outside');
    await alice.syncClean();
    await bob.syncClean();
    const made = (clone: TestClone) =>
      Object.entries(clone.tree.snapshot()).filter(
        ([path, text]) => /\.firebreak|timeline/.test(path) && text.includes('github'),
      );
    assert.deepEqual(made(bob), made(alice));
    assert.equal(made(alice).length, 4);
    await bob.pullFrom(alice);
    await bob.assertSilent();
    await alice.assertSilent();
  });

  it('a person’s change after another clone’s follows that, whoever of both is seen first', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'mitigate');
    await alice.syncClean();
    world.manager.addLabels(1, 'phase: fix');
    world.manager.removeLabels(1, 'phase: mitigate');
    await bob.syncClean();
    assert.equal(bob.incident(id).incident.phase, 'fix');
    await alice.syncClean();
    assert.equal(alice.incident(id).incident.phase, 'fix');
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'verify');
    await bob.pullFrom(alice);
    assert.equal(bob.incident(id).incident.phase, 'verify');
    const chain = (await bob.events(id)).flatMap((event) => (event.kind === 'phase' ? [event] : []));
    assert.deepEqual(
      chain.slice(1).map((event) => chain.some((other) => other.id === event.prev)),
      [true, true, true],
    );
  });

  it('two clones that changed a field at once end up alike, and GitHub with them', async () => {
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'mitigate');
    world.clock.advance(1);
    await changePhase(bob.context, bob.incident(id), 'investigate');
    for (let round = 0; round < 3; round++) {
      await alice.sync.sync();
      await bob.sync.sync();
      const [ofAlice, ofBob] = [alice, bob].map((clone) =>
        Object.fromEntries(Object.entries(clone.tree.snapshot()).filter(([path]) => /timeline|\.firebreak/.test(path))),
      );
      await alice.receive(ofBob ?? {});
      await bob.receive(ofAlice ?? {});
    }
    await alice.sync.sync();
    await bob.sync.sync();
    assert.equal(alice.incident(id).incident.phase, bob.incident(id).incident.phase);
    assert.ok(world.labels().includes(`phase: ${alice.incident(id).incident.phase}`));
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('a clone that lost all its private state doubles nothing', async () => {
    await alice.syncClean();
    await recordEvent(alice.context, alice.incident(id), 'note', 'one');
    await alice.syncClean();
    world.manager.comment(1, 'two');
    await alice.syncClean();
    const reborn = await world.clone('alice').load();
    await reborn.pullFrom(alice);
    await reborn.syncClean();
    assert.equal(world.issues.length, 1);
    assert.equal(world.comments().length, 3);
    assert.deepEqual(Object.keys(reborn.tree.snapshot()), Object.keys(alice.tree.snapshot()));
    await reborn.assertSilent();
  });

  it('an item that is not on the checked-out branch is read whole when it is there again', async () => {
    await alice.syncClean();
    const { path } = alice.item(id);
    const files = alice.tree.snapshot();
    alice.tree.remove('incidents').remove('.firebreak');
    for (const copy of alice.privateFiles.paths()) if (copy.startsWith('journal/')) alice.privateFiles.remove(copy);
    await alice.context.index.load();
    world.clock.advance(60);
    const { id: other } = await declare(alice, 'On the other branch');
    await alice.syncClean();
    world.manager.editTitle(1, 'Meanwhile');
    world.manager.comment(1, 'unseen');
    world.clock.advance(3600);
    await alice.syncClean();
    await alice.receive(files);
    assert.equal(alice.item(id).path, path);
    await alice.syncClean();
    assert.equal(alice.item(id).title, 'Meanwhile');
    assert.ok((await alice.events(id)).some((event) => event.body === 'unseen'));
    assert.equal(alice.item(other).github?.number, 2);
    await alice.assertSilent();
  });

  it('an old branch, on which the file has no link and old values, makes GitHub nothing', async () => {
    const { path } = alice.item(id);
    const old = alice.tree.text(path) ?? '';
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(id), 'fix');
    await changeItem(alice.context, alice.item(id), { title: 'A better title' });
    await alice.syncClean();
    alice.onConfiguredBranch = false;
    await alice.receive({ [path]: old });
    world.takeRequests();
    await alice.sync.sync();
    assert.deepEqual(world.takeWrites(), []);
    assert.equal(alice.tree.text(path), old);
    // And one's own acts go out from there too.
    await recordEvent(alice.context, alice.incident(id), 'note', 'from the old branch');
    await alice.sync.sync();
    assert.match(world.comments().at(-1) ?? '', /from the old branch/);
    assert.equal(world.issue().title, 'A better title');
  });

  it('a copied file has no claim to the issue of the first', async () => {
    await alice.syncClean();
    const { path } = alice.item(id);
    await alice.receive({ 'incidents/copy/incident.md': (alice.tree.text(path) ?? '').replace('API', 'Copy') });
    world.takeRequests();
    const report = await alice.sync.sync();
    assert.ok(report.problems.some(({ code }) => code === 'twoIssues'));
    assert.deepEqual(world.takeWrites(), []);
    assert.equal(world.issue().title, 'Production API down');
  });

  it('a second issue with the marker, as GitHub makes by copying a body, is reported and left alone', async () => {
    await alice.syncClean();
    world.manager.openIssue({ title: 'Copied', body: world.issue().body ?? '' });
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['twoIssues'],
    );
    assert.equal(alice.item(id).github?.number, 1);
    assert.equal(world.issue(2).title, 'Copied');
  });
});
