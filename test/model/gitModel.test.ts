import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ModelRemote, ModelRepository, type Snapshot } from './gitModel.ts';
import { RealGit } from './realGit.ts';

// More of them, or others: GIT_HISTORIES=1000 GIT_SEED=2
const histories = Number(process.env.GIT_HISTORIES ?? 100);
const names = ['a', 'b', 'c'];

type Act =
  | { readonly do: 'edit'; readonly clone: number; readonly file: number; readonly line: number; readonly how: number }
  | { readonly do: 'add' | 'delete'; readonly clone: number; readonly file: number }
  | { readonly do: 'merge' | 'rebase'; readonly clone: number; readonly theirs: boolean };

const clone = fc.nat({ max: names.length - 1 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      clone,
      file: fc.nat({ max: 2 }),
      line: fc.nat({ max: 14 }),
      how: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'delete' as const), clone, file: fc.nat({ max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('merge' as const, 'rebase' as const), clone, theirs: fc.boolean() }),
  },
);

/** Documents as Firebreak writes them: each line is another. */
const document = (file: number) =>
  Array.from({ length: 14 }, (_, line) => `line ${line} of ${file}`)
    .join('\n')
    .concat('\n');

describe('The model of git', function () {
  this.timeout(600_000);

  it(`does what git does, in ${histories} histories of three clones`, () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 3, maxLength: 24, size: 'max' }), (acts) => {
        const real = new RealGit(names);
        try {
          play(real, acts);
        } finally {
          real.remove();
        }
      }),
      { numRuns: histories, seed: Number(process.env.GIT_SEED ?? 1), interruptAfterTimeLimit: 500_000 },
    );
  });
});

function play(real: RealGit, acts: readonly Act[]): void {
  const remote = new ModelRemote();
  const repositories = names.map(() => new ModelRepository(remote));
  const trees: Map<string, string>[] = names.map(() => new Map());
  const same = (index: number, tree: Snapshot, what: string) => {
    const sorted = [...tree].sort(([left], [right]) => (left < right ? -1 : 1));
    assert.deepEqual([...real.tree(names[index] ?? '')], sorted, what);
    trees[index] = new Map(tree);
  };
  const share = (index: number, how: 'merge' | 'rebase', theirs: boolean) => {
    const [name, repository] = [names[index] ?? '', repositories[index]];
    const tree = trees[index];
    if (!repository || !tree) return;
    real.commit(name, tree);
    repository.commit(tree);
    const decide = (upstream: string | undefined, other: string | undefined) => (theirs ? upstream : other);
    if (how === 'rebase') {
      real.pullRebase(name, (_, upstream, replayed) => decide(upstream, replayed));
      const after = repository.pullRebase((_, upstream, replayed) => decide(upstream, replayed));
      same(index, after, 'after a rebase');
    } else {
      const conflicts = real.pullMerge(name);
      const after = repository.pullMerge();
      assert.deepEqual(conflicts, repository.conflicts?.paths ?? [], 'what conflicts');
      const merged = new Map(after);
      for (const path of conflicts) {
        const text = decide(repository.conflicts?.theirs.get(path), repository.conflicts?.ours.get(path));
        if (text === undefined) merged.delete(path);
        else merged.set(path, text);
      }
      if (conflicts.length > 0) {
        real.conclude(name, merged);
        repository.conclude(merged);
      }
      same(index, merged, 'after a merge');
    }
    assert.equal(real.push(name), repository.push(), 'whether the push is taken');
  };

  trees[0] = new Map([0, 1, 2].map((file) => [`file${file}.md`, document(file)]));
  for (const [index] of names.entries()) share(index, 'merge', true);
  let words = 0;
  for (const one of acts) {
    if ('theirs' in one) {
      share(one.clone, one.do, one.theirs);
      continue;
    }
    const tree = trees[one.clone];
    const path = `file${one.file}.md`;
    if (!tree) continue;
    words += 1;
    if (one.do === 'add') tree.set(`new/${one.file}.md`, `new ${words}\n`);
    else if (one.do === 'delete') tree.delete(path);
    else if ('line' in one && tree.has(path)) {
      const lines = (tree.get(path) ?? '').split('\n').slice(0, -1);
      const at = one.line % Math.max(1, lines.length);
      lines.splice(at, one.how === 0 ? 0 : 1, ...(one.how === 2 ? [] : [`word ${words}`]));
      tree.set(path, lines.map((line) => `${line}\n`).join(''));
    }
  }
  for (const [index] of names.entries()) share(index, 'merge', false);
}
