import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: a file that changed and that nobody told of yet', function () {
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let path: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice', { publish: 'all' }).load();
    const item = await addItem(alice.context, {
      type: 'bug',
      title: 'Slow search',
      severity: 'P2',
      description: 'One\n\nTwo\n\nThree',
    });
    ({ path } = item);
    await alice.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  const text = () => alice.tree.text(path) ?? '';
  const onGitHub = (from: string, to: string) =>
    world.manager.editBody(1, (world.issue().body ?? '').replaceAll('\r', '').replace(from, to));

  it('is merged as it is now, not as it was last seen', async () => {
    onGitHub('Three', 'THREE');
    alice.tree.put(path, text().replace('One', 'ONE'));
    await alice.sync.sync();
    assert.match(text(), /ONE\n\nTwo\n\nTHREE\n$/);
    await alice.syncClean();
    assert.match(world.issue().body ?? '', /^ONE\n\nTwo\n\nTHREE\n/);
  });

  it('is kept as a conflict where both changed one place, with the words of now', async () => {
    onGitHub('Two', '2');
    alice.tree.put(path, text().replace('Two', 'II'));
    await alice.sync.sync();
    assert.match(text(), /One\n\n2\n\nThree\n$/);
    const kept = alice.tree.paths().filter((name) => name.endsWith('.mine.md'));
    assert.deepEqual(
      kept.map((name) => alice.tree.text(name)),
      ['One\n\nII\n\nThree\n'],
    );
  });

  it('loses no word that is written in the very moment of the merge', async () => {
    onGitHub('Three', 'THREE');
    const read = alice.tree.read.bind(alice.tree);
    let reads = 0;
    alice.tree.read = async (name) => {
      // The sync has looked at the file, and is about to write it.
      if (name === path && ++reads === 2) alice.tree.put(path, text().replace('One', 'ONE'));
      return read(name);
    };
    await alice.sync.sync();
    assert.ok(reads >= 3);
    assert.match(text(), /ONE\n\nTwo\n\nTHREE\n$/);
  });
});
