import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { bob, type Clone, openClone } from './clone.ts';
import { Remote, type Settling } from './remote.ts';

const id = 'BUG-P0-20250923-1430';

/** Two people who declare in the same minute, each in a clone of their own, and share through git. */
async function bothDeclare(settling: Settling) {
  const remote = new Remote();
  const first = await openClone({ seed: 1 });
  const second = await openClone({ seed: 2, origin: 'b0b000', who: bob });
  const share = async (clone: Clone, how: Settling) => clone.index.refresh(remote.share(clone.tree, how));
  const alices = await declareIncident(first.context, { title: 'API down', severity: 'P0', criteria: [] });
  const bobs = await declareIncident(second.context, { title: 'Website down', severity: 'P0', criteria: [] });
  assert.equal(alices.id, bobs.id);
  await recordEvent(first.context, alices, 'note', 'Seen by Alice');
  await recordEvent(second.context, bobs, 'note', 'Seen by Bob');
  await changePhase(second.context, requireIncident(second.index, bobs.uid), 'mitigate');
  await share(first, 'ours');
  await share(second, settling);
  return { first, second, alices, bobs, share };
}

const notes = async (clone: Clone, uid: string) =>
  (await clone.index.events(uid)).filter(({ event }) => event.kind === 'note').map(({ event }) => event.body);

describe('two clones that made the same id', () => {
  for (const [settling, loser] of [
    ['theirs', 'second'],
    ['ours', 'first'],
  ] as const) {
    it(`keep both incidents, whoever settles the conflict and how: ${settling}`, async () => {
      const { first, second, alices, bobs, share } = await bothDeclare(settling);
      await share(first, 'ours');
      const at = loser === 'first' ? first : second;
      const lost = loser === 'first' ? alices : bobs;
      const path = `incidents/${id}/incident.md`;
      assert.deepEqual(at.index.missing(), [path]);
      assert.deepEqual(await at.context.writer.restore([path]), [path]);
      for (const clone of [at, at === first ? second : first, at]) await share(clone, 'ours');

      for (const clone of [first, second]) {
        assert.deepEqual(clone.index.missing(), []);
        assert.deepEqual(
          clone.index.problems().filter(({ code }) => code !== 'stale'),
          [],
        );
        const moved = requireIncident(clone.index, lost.uid);
        assert.deepEqual([moved.id, moved.aliases, moved.path], [`${id}-2`, [id], `incidents/${id}-2/incident.md`]);
        assert.equal(moved.title, lost.title);
        assert.deepEqual(await notes(clone, alices.uid), ['Seen by Alice']);
        assert.deepEqual(await notes(clone, bobs.uid), ['Seen by Bob']);
        assert.equal(requireIncident(clone.index, alices.uid).incident.phase, 'declared');
        assert.equal(requireIncident(clone.index, bobs.uid).incident.phase, 'mitigate');
        await clone.reopen(9);
        assert.equal(requireIncident(clone.index, lost.uid).id, `${id}-2`);
      }
    });
  }

  it('are not parted while git’s conflict is open: a person is to settle it', async () => {
    const { second } = await bothDeclare('markers');
    second.tree.remove(`incidents/${id}/timeline`);
    await second.load();
    const before = second.tree.text(`incidents/${id}/incident.md`);
    await second.context.writer.restore(second.index.missing()).catch((error: unknown) => {
      assert.ok(FirebreakError.is(error, 'unreadableFile'));
    });
    assert.equal(second.tree.text(`incidents/${id}/incident.md`), before);
    assert.equal(second.index.item(`${id}-2`), undefined);
  });

  it('keep both items of the backlog', async () => {
    const remote = new Remote();
    const first = await openClone({ seed: 1 });
    const second = await openClone({ seed: 2, origin: 'b0b000', who: bob });
    const input = { type: 'bug', severity: 'P2' } as const;
    await addItem(first.context, { ...input, title: 'Slow', description: 'Words of Alice' });
    const bobs = await addItem(second.context, { ...input, title: 'Odd', description: 'Words of Bob' });
    await first.index.refresh(remote.share(first.tree, 'ours'));
    await second.index.refresh(remote.share(second.tree, 'theirs'));
    await second.context.writer.restore(second.index.missing());
    assert.deepEqual(
      second.index
        .items()
        .map((item) => `${item.path} ${item.title}: ${item.body.trim()}`)
        .sort(),
      ['backlog/BUG-P2-20250923-1430-2.md Odd: Words of Bob', 'backlog/BUG-P2-20250923-1430.md Slow: Words of Alice'],
    );
    assert.deepEqual(second.index.item(bobs.uid)?.aliases, ['BUG-P2-20250923-1430']);
    assert.deepEqual(second.index.problems(), []);
  });
});
