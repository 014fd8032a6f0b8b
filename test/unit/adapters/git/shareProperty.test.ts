import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { Clone, GitWorld, gitWorld, ours } from './gitWorld.ts';

type Act =
  | { readonly kind: 'event'; readonly by: number; readonly incident: number }
  /** The same file from outside, as two clones import it from GitHub: alike in each. */
  | { readonly kind: 'import'; readonly by: number; readonly id: number }
  | { readonly kind: 'commit'; readonly by: number }
  | { readonly kind: 'share'; readonly by: number }
  | { readonly kind: 'shareAtOnce' };

const by = fc.nat(1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('event' as const), by, incident: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('import' as const), by, id: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), by }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('share' as const), by }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'shareAtOnce' as const }) },
);

describe('two clones that write events and share them in any order', function () {
  this.timeout(180_000);
  const current = gitWorld((world) => world.clones('alice', 'bob'));

  it('end with all events in both, without a conflict or a loss', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 8 }), async (acts) => {
        const world = new GitWorld(current.world.at(`round-${round++}`), current.world.environment);
        for (const name of ['origin.git', 'alice', 'bob']) {
          await cp(current.world.at(name), world.at(name), { recursive: true });
        }
        try {
          await play(world, acts);
        } finally {
          await rm(world.folder, { recursive: true });
        }
      }),
      { numRuns: 10, seed: 20250923, endOnFailure: true },
    );
  });

  async function play(world: GitWorld, acts: readonly Act[]): Promise<void> {
    const clones = ['alice', 'bob'].map((name) => new Clone(world, name));
    const gits = clones.map((clone) => clone.adapter());
    const all: Record<string, string> = { 'README.md': 'shop\n' };
    // What people do meanwhile is none of Firebreak's business, and stays as it is.
    for (const clone of clones) {
      await clone.write('src/work.ts', clone.name);
      clone.git('add', 'src/work.ts');
      await clone.write('README.md', `shop\n${clone.name}\n`);
    }
    const share = async (index: number) => {
      await gits[index]?.share(ours, `shared by ${index}`);
    };
    for (const [number, act] of acts.entries()) {
      if (act.kind === 'event' || act.kind === 'import') {
        const file =
          act.kind === 'event'
            ? `incidents/${act.incident}/timeline/${number}-${act.by}.md`
            : `incidents/0/timeline/gh-${act.id}.md`;
        const content =
          act.kind === 'event' ? `---\nkind: note\n---\n${number}\n` : `---\nid: gh-${act.id}\n---\nImported\n`;
        await clones[act.by]?.write(file, content);
        all[file] = content;
      }
      if (act.kind === 'commit') await gits[act.by]?.commit(ours, `committed by ${act.by}`);
      if (act.kind === 'share') await share(act.by);
      if (act.kind === 'shareAtOnce') await Promise.all([share(0), share(1)]);
    }
    for (const last of [0, 1, 0]) await share(last);
    for (const clone of clones) {
      assert.deepEqual(clone.tree(), all);
      const { 'src/work.ts': work, 'README.md': readme, ...rest } = await clone.files();
      const { 'README.md': _, ...events } = all;
      assert.deepEqual(rest, events);
      assert.deepEqual([work, readme], [clone.name, `shop\n${clone.name}\n`]);
      assert.deepEqual(clone.status(), [' M README.md', 'A  src/work.ts']);
    }
    assert.equal(clones[0]?.head(), clones[1]?.head());
  }
});
