import assert from 'node:assert/strict';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { addItem } from '../../../../src/services/addItem.ts';
import { declareItem } from '../../../../src/services/declareIncident.ts';
import {
  conflictTexts,
  preferring,
  requireConflict,
  resolveConflict,
} from '../../../../src/services/resolveConflict.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

/** The text of an item, below its front matter, as a person edits it in the file. */
async function edit(clone: TestClone, id: string, body: string): Promise<void> {
  const { path } = clone.item(id);
  const front = /^---\n[\s\S]*?\n---\n/.exec(clone.tree.text(path) ?? '')?.[0] ?? '';
  await clone.receive({ [path]: `${front}${body}\n` });
}

const kept = (clone: TestClone) => clone.tree.paths().filter((path) => path.startsWith('.firebreak/conflicts/'));

/** All that the other has, and nothing that it has not: a pull where only one side changed. */
async function follow(clone: TestClone, other: TestClone): Promise<void> {
  const gone = clone.tree.paths().filter((path) => other.tree.text(path) === undefined);
  for (const path of gone) clone.tree.remove(path);
  await clone.context.index.refresh(gone);
  await clone.pullFrom(other);
}

describe('Sync: a text that was changed here and on GitHub in one place', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  const before = 'Checkout\n\nAll checkouts fail\n\nCards only?';
  const mine = 'Checkout (mine)\n\nCheckouts fail for cards\n\nCards only?';
  const theirs = 'Checkout\n\nCheckouts fail in the EU\n\nCards only!';
  const onGitHub = () => (world.issue().body ?? '').replaceAll('\r', '').replace(/\s*<!-- firebreak:[\s\S]*$/, '');

  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    ({ id } = await declare(alice, 'Production API down', { impact: before }));
    await alice.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  async function clash(clone = alice): Promise<void> {
    await edit(clone, id, mine);
    world.manager.editBody(1, (world.issue().body ?? '').replace(before, theirs));
    await clone.sync.sync();
  }

  const texts = (clone = alice) => conflictTexts(clone.tree, clone.item(id), requireConflict(clone.item(id)));

  async function resolve(decided: string, clone = alice): Promise<void> {
    const conflict = requireConflict(clone.item(id));
    await resolveConflict(clone.context, clone.item(id).uid, conflict.id, {
      decided,
      shown: (await texts(clone)).theirs,
    });
  }

  it('keeps all three sides: GitHub’s in the file, ours and what both grew out of beside it, and says so', async () => {
    await edit(alice, id, mine);
    world.manager.editBody(1, (world.issue().body ?? '').replace(before, theirs));
    const report = await alice.sync.sync();
    const [conflict] = alice.item(id).conflicts;
    assert.deepEqual(
      report.problems.map(({ code, path }) => [code, path]),
      [['conflict', conflict?.mine]],
    );
    assert.deepEqual(await texts(), { base: before, mine, theirs });
    assert.equal(alice.tree.text(conflict?.mine ?? ''), `${mine}\n`);
    assert.equal(onGitHub(), theirs);
    const [problem] = alice.context.index.problems();
    assert.deepEqual([problem?.code, problem?.path], ['textConflict', alice.item(id).path]);
    await alice.assertSilent();
    assert.equal(alice.item(id).conflicts.length, 1);
  });

  it('is one conflict in every clone that gets its files, also where that clone came upon it by itself', async () => {
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.syncClean();
    await edit(alice, id, mine);
    await edit(bob, id, mine);
    world.manager.editBody(1, (world.issue().body ?? '').replace(before, theirs));
    await alice.sync.sync();
    await bob.sync.sync();
    assert.equal(kept(alice).length, 2);
    assert.deepEqual(kept(alice), kept(bob));
    for (const path of kept(alice)) assert.equal(alice.tree.text(path), bob.tree.text(path));
    const carol = await world.clone('alice').load();
    await carol.pullFrom(bob);
    assert.deepEqual(carol.item(id).conflicts, alice.item(id).conflicts);
  });

  it('is resolved by what somebody decides, which goes to GitHub; the kept texts go away, in the other clones too', async () => {
    await clash();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    const decided = 'Checkout (mine)\n\nCheckouts with cards fail in the EU\n\nCards only!';
    await resolve(decided);
    assert.deepEqual(alice.item(id).conflicts, []);
    assert.deepEqual(alice.context.index.problems(), []);
    assert.deepEqual(
      kept(alice).map((path) => path.replace(/^.*\./, '')),
      ['resolved'],
    );
    assert.deepEqual(alice.context.index.missing(), []);
    await alice.syncClean();
    assert.equal(onGitHub(), decided);
    await alice.assertSilent();
    await follow(bob, alice);
    await bob.syncClean();
    assert.deepEqual(bob.item(id).conflicts, []);
    assert.equal(bob.item(id).body.trim(), decided);
  });

  it('is no missing file to the clone that kept it, when another one resolved it', async () => {
    await clash();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await resolve('Decided by Bob', bob);
    await follow(alice, bob);
    assert.deepEqual(alice.item(id).conflicts, []);
    assert.deepEqual(alice.context.index.missing(), []);
  });

  it('is brought back by Restore when a clean took the kept texts away', async () => {
    await clash();
    const paths = kept(alice);
    alice.tree.remove('.firebreak/conflicts');
    await alice.context.index.refresh(['.firebreak/conflicts']);
    assert.deepEqual(alice.item(id).conflicts, []);
    assert.deepEqual(alice.context.index.missing(), paths);
    await alice.context.writer.restore(paths);
    assert.deepEqual(await texts(), { base: before, mine, theirs });
  });

  it('can be decided for one side where both changed it; what else either changed stays', async () => {
    await clash();
    const sides = await texts();
    assert.equal(preferring('mine', sides), 'Checkout (mine)\n\nCheckouts fail for cards\n\nCards only!');
    assert.equal(preferring('theirs', sides), 'Checkout (mine)\n\nCheckouts fail in the EU\n\nCards only!');
  });

  it('keeps what came into the file while somebody decided, and says where that is not possible', async () => {
    await clash();
    const { theirs: shown } = await texts();
    const conflict = requireConflict(alice.item(id));
    const decide = (decided: string) =>
      resolveConflict(alice.context, alice.item(id).uid, conflict.id, { decided, shown });
    await edit(alice, id, theirs.replace('fail in the EU', 'fail in all of the EU'));
    await assert.rejects(decide(shown.replace('fail in the EU', 'fail')), (error) =>
      FirebreakError.is(error, 'invalidInput'),
    );
    assert.equal(alice.item(id).conflicts.length, 1);
    await decide(shown.replace('Cards only!', 'Cards and wallets'));
    assert.equal(alice.item(id).body.trim(), 'Checkout\n\nCheckouts fail in all of the EU\n\nCards and wallets');
    await assert.rejects(decide(shown), (error) => FirebreakError.is(error, 'notFound'));
  });

  it('that comes once more after it was resolved is another one', async () => {
    await clash();
    const [first] = alice.item(id).conflicts;
    await resolve(before);
    await edit(alice, id, `${before}\n\nMore.`);
    await alice.syncClean();
    await edit(alice, id, before);
    // GitHub's is the base once more, and both sides change it as before.
    world.clock.advance(60);
    await alice.sync.sync();
    await edit(alice, id, mine);
    world.manager.editBody(1, (world.issue().body ?? '').replace(/^[\s\S]*?(?=\s*<!-- firebreak:)/, theirs));
    await alice.sync.sync();
    const [second] = alice.item(id).conflicts;
    assert.ok(second && second.id !== first?.id);
    assert.equal((await texts()).mine, mine);
  });

  it('leaves one conflict behind when the machine stops before the state is saved', async () => {
    await edit(alice, id, mine);
    world.manager.editBody(1, (world.issue().body ?? '').replace(before, theirs));
    const state = alice.privateFiles.snapshot();
    await alice.sync.sync();
    const files = kept(alice);
    // As it was before: the file shows the local text, and nothing of the sync is remembered.
    for (const path of alice.privateFiles.paths().filter((one) => one.startsWith('sync/'))) {
      alice.privateFiles.remove(path);
      if (state[path] !== undefined) alice.privateFiles.put(path, state[path]);
    }
    await edit(alice, id, mine);
    world.clock.advance(10);
    await alice.newSync().sync();
    assert.deepEqual(kept(alice), files);
    assert.equal(alice.item(id).body.trim(), theirs);
  });

  it('goes with an item that is declared an incident meanwhile', async () => {
    const bob = await world.clone('bob', { publish: 'all' }).load();
    const item = await addItem(bob.context, {
      type: 'bug',
      title: 'Login times out',
      severity: 'P2',
      description: before,
    });
    await bob.syncClean();
    world.clock.advance(60);
    await edit(bob, item.id, mine);
    world.manager.editBody(2, (world.issue(2).body ?? '').replace(before, theirs));
    await bob.sync.sync();
    assert.equal(bob.item(item.id).conflicts.length, 1);
    await declareItem(bob.context, bob.item(item.id), { title: item.title, severity: 'P1', criteria: [] });
    assert.equal(bob.incident(item.id).conflicts.length, 1);
  });
});
