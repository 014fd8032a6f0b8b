import assert from 'node:assert/strict';
import { assignRole } from '../../../../src/services/assignRole.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordHandEdits } from '../../../../src/services/handEdits.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: edits by hand count', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  let path: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    ({ id, path } = await declare(alice));
    await alice.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  const text = () => alice.tree.text(path) ?? '';
  const edit = (from: string | RegExp, to: string) => alice.receive({ [path]: text().replace(from, to) });

  it('each becomes a record that explains it, and goes to GitHub from the configured branch', async () => {
    await changeItem(alice.context, alice.item(id), { title: 'First title' });
    await alice.syncClean();
    const before = text();
    await edit('title: First title', 'title: Second title');
    await edit('phase: declared', 'phase: mitigate');
    await edit('severity: P0', 'severity: P1');
    await edit('commander: "@alice"', 'commander: "@bob"');
    const edited = text();
    assert.notEqual(edited, before);
    await alice.syncClean();
    assert.equal(text(), edited);
    assert.equal(world.issue().title, 'Second title');
    assert.deepEqual(world.labels(), ['phase: mitigate', 'severity: P1', 'type: bug']);
    const inferred = (await alice.events(id)).filter((event) => event.origin === 'inferred');
    assert.deepEqual(
      inferred.map((event) => ('to' in event ? `${event.kind} ${event.to} ${event.by}` : event.kind)).sort(),
      ['phase mitigate unknown', 'role @bob unknown', 'severity P1 unknown'],
    );
    assert.deepEqual(alice.context.index.handEdits(alice.item(id).uid), []);
    assert.deepEqual(alice.context.index.problems(), []);
    await alice.assertSilent();
  });

  it('every clone makes the same record of it, byte for byte', async () => {
    const bob = await world.clone('bob').load();
    await edit('phase: declared', 'phase: fix');
    await edit('title: Production API down', 'title: By hand');
    await bob.pullFrom(alice);
    await changeItem(alice.context, alice.item(id), { owner: '@carol' });
    assert.equal(await recordHandEdits(alice.context), 1);
    assert.equal(await recordHandEdits(bob.context), 1);
    assert.equal(await recordHandEdits(bob.context), 0);
    const inferred = (clone: TestClone) =>
      Object.entries(clone.tree.snapshot()).filter(([, content]) => content.includes('inferred'));
    assert.equal(inferred(alice).length, 1);
    assert.deepEqual(inferred(bob), inferred(alice));
  });

  it('a change that came with its record is none, though the index was told of the document alone', async () => {
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await changePhase(alice.context, alice.incident(id), 'fix');
    await changeItem(alice.context, alice.item(id), { status: 'review' });
    for (const [name, content] of Object.entries(alice.tree.snapshot())) bob.tree.put(name, content);
    await bob.context.index.refresh([path]);
    assert.notDeepEqual(bob.context.index.handEdits(bob.item(id).uid), []);
    assert.equal(await recordHandEdits(bob.context), 0);
    assert.deepEqual(bob.tree.snapshot(), alice.tree.snapshot());
  });

  it('on another branch nothing is inferred and nothing sent', async () => {
    alice.onConfiguredBranch = false;
    await edit('phase: declared', 'phase: fix');
    await edit('title: Production API down', 'title: By hand');
    const tree = alice.tree.snapshot();
    await alice.assertSilent();
    assert.deepEqual(alice.tree.snapshot(), tree);
    alice.onConfiguredBranch = true;
    await alice.syncClean();
    assert.equal(world.issue().title, 'By hand');
    assert.ok(world.labels().includes('phase: fix'));
    await alice.assertSilent();
  });

  it('a value from before is none: an old copy sends nothing, and says so in the problems', async () => {
    const old = text();
    await edit('title: Production API down', 'title: By hand');
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(id), 'fix');
    await assignRole(alice.context, alice.incident(id), 'scribe', '@dave');
    await alice.syncClean();
    await alice.receive({ [path]: old });
    world.takeRequests();
    await alice.sync.sync();
    assert.deepEqual(world.takeWrites(), []);
    assert.deepEqual([world.issue().title, alice.item(id).title], ['By hand', 'By hand']);
    assert.deepEqual(
      alice.context.index
        .problems()
        .filter(({ code }) => code === 'stale')
        .map(({ field }) => field)
        .sort(),
      ['phase', 'title'],
    );
  });
});
