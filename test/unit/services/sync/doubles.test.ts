import assert from 'node:assert/strict';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { mergeIncident } from '../../../../src/services/closeWrongIncident.ts';
import { purgeEvent } from '../../../../src/services/purgeEvent.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { type CloneOptions, declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: two issues of one item', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    ({ id } = await declare(alice));
    bob = await world.clone('bob').load();
  });
  afterEach(() => world.stop());

  const look = (number: number) => {
    const { state, stateReason, duplicateOfId } = world.issue(number);
    return [state, stateReason, duplicateOfId === null ? null : duplicateOfId === world.issue(1).id];
  };
  const standing = (clone: TestClone) => [
    clone.item(id).github?.number,
    clone.item(id).status,
    clone.incident(id).incident.phase,
  ];

  /** Alice's issue is out of sight for so long that her clone, or one that took over, makes another. */
  const makeTwo = async () => {
    const unlinked = alice.tree.snapshot();
    await alice.syncClean();
    const other = await world.clone('alice', { origin: alice.origin }).load();
    await other.receive(unlinked);
    world.gitHub.behaviour.listLagMs = 10 * 60_000;
    world.clock.advance(60);
    await other.syncClean();
    world.gitHub.behaviour.listLagMs = 0;
    assert.equal(world.issues.length, 2);
    assert.deepEqual([alice.item(id).github?.number, other.item(id).github?.number], [1, 2]);
    return other;
  };
  const settle = async (...clones: TestClone[]) => {
    for (let round = 0; round < 3; round++) {
      world.clock.advance(60);
      for (const clone of clones) await clone.syncClean();
    }
  };

  it('end up as one, whichever clone looks first', async () => {
    for (const [index, order] of [
      (one: TestClone, two: TestClone) => [one, two],
      (one: TestClone, two: TestClone) => [two, one],
    ].entries()) {
      if (index === 1) {
        await world.stop();
        world = await SyncWorld.start();
        alice = await world.clone('alice').load();
        ({ id } = await declare(alice));
      }
      const other = await makeTwo();
      await recordEvent(other.context, other.incident(id), 'note', 'said in the other clone');
      await settle(...order(alice, other));
      assert.deepEqual(look(2), ['closed', 'duplicate', true]);
      assert.equal(world.issue(1).state, 'open');
      for (const clone of [alice, other]) {
        assert.deepEqual(standing(clone), [1, 'doing', 'declared']);
        await clone.assertSilent();
      }
      assert.equal(world.comments(1).join('\n').split('said in the other clone').length - 1, 1);
      assert.equal(world.comments(1).join('\n').split('All checkouts fail').length - 1, 1);
    }
  });

  it('that another clone has closed as a double leads a clone that knows no other to the right one', async () => {
    const other = await makeTwo();
    await settle(alice);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    for (const lost of other.privateFiles.paths()) if (lost.startsWith('sync/')) other.privateFiles.remove(lost);
    await bob.pullFrom(other);
    assert.equal(bob.item(id).github?.number, 2);
    await settle(other, bob);
    for (const clone of [other, bob]) {
      assert.deepEqual(standing(clone), [1, 'doing', 'declared']);
      await clone.assertSilent();
    }
    await changePhase(bob.context, bob.incident(id), 'fix');
    await bob.syncClean();
    assert.deepEqual(world.labels(1), ['phase: fix', 'severity: P0', 'type: bug']);
    assert.ok(!world.labels(2).includes('phase: fix'));
  });

  it('that a list showed before git brought the item end up as one in a clone that sees no list of them again', async () => {
    const other = await makeTwo();
    await declare(bob, 'Search is slow');
    await settle(bob);
    world.clock.advance(3_600);
    world.manager.comment(3, 'Still so here');
    await settle(bob);
    await bob.pullFrom(other);
    assert.equal(bob.item(id).github?.number, 2);
    await settle(bob);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    assert.deepEqual(standing(bob), [1, 'doing', 'declared']);
    await bob.assertSilent();
  });

  it('that a person has commented on stays open, and is shown for as long as it is there', async () => {
    const other = await makeTwo();
    world.manager.comment(2, 'I am at it');
    await alice.sync.sync();
    const problems = async () => (await alice.sync.pendingWork()).problems.map(({ code, message }) => [code, message]);
    const expected = [['twoIssues', 'Issue #2 carries its marker too, beside #1: close the one that is a copy.']];
    assert.deepEqual(await problems(), expected);
    await alice.sync.sync();
    assert.deepEqual(await problems(), expected);
    assert.equal(world.issue(2).state, 'open');
    await other.sync.sync();
    assert.equal(other.item(id).github?.number, 1);
    world.clock.advance(60);
    world.manager.close(2, 'duplicate');
    await alice.sync.sync();
    assert.deepEqual(await problems(), []);
    await alice.assertSilent();
    assert.deepEqual(standing(alice), [1, 'doing', 'declared']);
  });

  it('a person who writes into the double right before it is closed finds their words in the one that goes on', async () => {
    await makeTwo();
    const { tree, privateFiles, origin } = alice;
    let isThere = false;
    const person: CloneOptions['fetch'] = async (input, init) => {
      if (!isThere && init?.method === 'PATCH' && /issues\/2$/.test(String(input))) {
        isThere = true;
        world.manager.editBody(2, `Seen in Basel too\n\n${world.issue(2).body}`);
      }
      return fetch(input, init);
    };
    const closing = await world.clone('alice', { tree, privateFiles, origin, fetch: person }).load();
    await closing.sync.sync();
    assert.ok(isThere);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    await settle(closing);
    assert.match(closing.item(id).body, /^Seen in Basel too\n\nAll checkouts fail/);
    assert.match(world.issue(1).body ?? '', /^Seen in Basel too\n\nAll checkouts fail/);
    await closing.assertSilent();
  });

  it('and finds them there though the machine stopped in between', async () => {
    await makeTwo();
    const { tree, privateFiles, origin } = alice;
    const stopping: CloneOptions['fetch'] = async (input, init) => {
      if (String(input).endsWith('/graphql')) throw new Error('stopped');
      if (init?.method === 'PATCH' && /issues\/2$/.test(String(input))) {
        world.manager.editBody(2, `Seen in Basel too\n\n${world.issue(2).body}`);
      }
      return fetch(input, init);
    };
    const closing = await world.clone('alice', { tree, privateFiles, origin, fetch: stopping }).load();
    await closing.sync.sync();
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    assert.doesNotMatch(world.issue(1).body ?? '', /Basel/);
    const back = await world.clone('alice', { tree, privateFiles, origin }).load();
    await settle(back);
    assert.match(world.issue(1).body ?? '', /^Seen in Basel too\n\nAll checkouts fail/);
    await back.assertSilent();
  });

  it('what was posted on the double is purged there too, by the clone that closed it and by one that only saw it', async () => {
    const other = await makeTwo();
    const words = ['hunter2-of-the-database', 'hunter3-of-the-cache'];
    const said: TimelineEvent[] = [];
    for (const word of words) said.push(await recordEvent(other.context, other.incident(id), 'note', word));
    await recordEvent(other.context, other.incident(id), 'note', 'harmless');
    // On another branch it does not move to the first.
    other.onConfiguredBranch = false;
    await other.sync.sync();
    other.onConfiguredBranch = true;
    for (const word of words) assert.ok(world.comments(2).join('\n').includes(word));
    await bob.pullFrom(alice);
    await bob.syncClean();
    await settle(alice, other, bob);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    for (const word of words) assert.ok(world.comments(1).join('\n').includes(word));
    for (const [index, clone] of [alice, bob].entries()) {
      await clone.pullFrom(other);
      const incident = clone.incident(id);
      const stored = (await clone.context.index.events(incident.uid)).find(({ event }) => event.id === said[index]?.id);
      assert.ok(stored);
      await purgeEvent(clone.context, clone.privateFiles, incident, stored);
      await clone.syncClean();
      for (const number of [1, 2]) {
        const comments = world.comments(number).join('\n');
        assert.ok(!comments.includes(words[index] ?? ''), `#${number} has it still`);
        assert.match(comments, /harmless/);
      }
      await clone.assertSilent();
    }
    await other.pullFrom(bob);
    await other.assertSilent();
  });

  for (const isTalkedOf of [false, true]) {
    const what = isTalkedOf ? 'leads there, and stays open with what people wrote' : 'is closed for it';
    it(`an issue that somebody links by hand stands for the item, and the one before ${what}`, async () => {
      await alice.syncClean();
      await bob.pullFrom(alice);
      await settle(bob);
      if (isTalkedOf) world.manager.comment(1, 'Customers wrote here');
      await settle(alice, bob);
      const chosen = world.manager.openIssue({ title: 'Checkout fails', body: '' });
      const file = alice.item(id).path;
      const text = (alice.tree.snapshot()[file] ?? '').replace(/^github: .*$/m, `github: acme/shop#${chosen.number}`);
      await alice.receive({ ...alice.tree.snapshot(), [file]: text });
      await settle(alice);
      await bob.pullFrom(alice);
      await settle(bob, alice);
      assert.deepEqual(look(1).slice(0, 2), isTalkedOf ? ['open', null] : ['closed', 'duplicate']);
      for (const clone of [alice, bob]) {
        assert.equal(clone.item(id).github?.number, chosen.number);
        await clone.assertSilent();
      }
      world.clock.advance(3_600);
      world.manager.comment(1, 'Is this still so?');
      await settle(bob, alice);
      for (const clone of [alice, bob]) assert.equal(clone.item(id).github?.number, chosen.number);
      await changePhase(bob.context, bob.incident(id), 'fix');
      await bob.syncClean();
      assert.ok(world.labels(chosen.number).includes('phase: fix'));
      assert.ok(!world.labels(1).includes('phase: fix'));
    });
  }

  it('of which the first was given another meaning by a person is left to people', async () => {
    const other = await makeTwo();
    world.manager.editTitle(1, 'Something else altogether');
    await other.sync.sync();
    assert.equal(other.item(id).github?.number, 2);
    assert.deepEqual(
      (await other.sync.pendingWork()).problems.map(({ code }) => code),
      ['twoIssues'],
    );
  });

  it('are not closed by a token that may not, nor from another branch by a clone that would have to move', async () => {
    const other = await makeTwo();
    other.onConfiguredBranch = false;
    await other.sync.sync();
    assert.equal(other.item(id).github?.number, 2);
    const mallory = await world.clone('mallory').load();
    await mallory.pullFrom(alice);
    await mallory.sync.sync();
    assert.equal(world.issue(2).state, 'open');
    other.onConfiguredBranch = true;
    await settle(other);
    assert.equal(other.item(id).github?.number, 1);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
  });

  for (const name of ['commit-then-502', '502-before', 'offline'] as const) {
    it(`are settled by the next sync where the closing meets ${name}`, async () => {
      const other = await makeTwo();
      world.gitHub.inject({ name, method: 'PATCH', path: /issues\/2$/ });
      await alice.sync.sync();
      await settle(alice, other);
      assert.deepEqual(look(2), ['closed', 'duplicate', true]);
      for (const clone of [alice, other]) assert.deepEqual(standing(clone), [1, 'doing', 'declared']);
    });
  }

  it('are settled though the machine stopped when the file already named the other', async () => {
    const other = await makeTwo();
    const { path } = other.item(id);
    const write = other.privateFiles.write.bind(other.privateFiles);
    other.privateFiles.write = async (file, text) => {
      if ((other.tree.text(path) ?? '').includes('github: acme/shop#1')) throw new Error('stopped');
      return write(file, text);
    };
    await assert.rejects(other.sync.sync(), /stopped/);
    other.privateFiles.write = write;
    other.newSync();
    await settle(other);
    assert.deepEqual(standing(other), [1, 'doing', 'declared']);
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    await other.assertSilent();
  });

  it('an incident that was merged into another closes its issue as the duplicate of that one’s', async () => {
    await alice.syncClean();
    world.clock.advance(60);
    const second = await declare(alice, 'The same trouble again');
    await alice.syncClean();
    await mergeIncident(alice.context, second, alice.incident(id));
    await alice.syncClean();
    assert.deepEqual(look(2), ['closed', 'duplicate', true]);
    await alice.assertSilent();
  });

  it('and as not planned on a server that knows no duplicates', async () => {
    await alice.syncClean();
    world.clock.advance(60);
    const second = await declare(alice, 'The same trouble again');
    await alice.syncClean();
    await mergeIncident(alice.context, second, alice.incident(id));
    world.gitHub.inject({ name: '422', method: 'PATCH', path: /issues\/2$/, count: 2 });
    await alice.syncClean();
    assert.deepEqual(look(2), ['closed', 'not_planned', null]);
    await alice.assertSilent();
    assert.equal(alice.item(second.id).status, 'duplicate');
  });

  it('and as a duplicate of none where the other has no issue, or GitHub knows it no more', async () => {
    world.clock.advance(60);
    const second = await declare(alice, 'The same trouble again');
    await alice.syncClean();
    world.clock.advance(60);
    world.manager.deleteIssue(1);
    await mergeIncident(alice.context, second, alice.incident(id));
    await alice.sync.sync();
    assert.deepEqual(look(2).slice(0, 2), ['closed', 'duplicate']);
    await changeItem(alice.context, alice.item(second.id), { title: 'Over' });
    await alice.sync.sync();
    assert.equal(world.issue(2).title, 'Over');
  });
});
