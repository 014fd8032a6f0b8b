import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isIncident } from '../../src/core/item.ts';
import { type Phase, phases } from '../../src/core/phase.ts';
import { minute } from '../../src/core/time.ts';
import { emptyStatusUpdate } from '../../src/documents/statusUpdate.ts';
import { addItem } from '../../src/services/addItem.ts';
import { assignRole } from '../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../src/services/changeItem.ts';
import { changePhase } from '../../src/services/changePhase.ts';
import { declareIncident } from '../../src/services/declareIncident.ts';
import { postStatusUpdate } from '../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../src/services/replaceEvent.ts';
import { alice, bob, type Clone, openClone } from '../unit/services/clone.ts';
import { RealGit } from './realGit.ts';

// More of them, or others: TIMELINE_HISTORIES=500 TIMELINE_SEED=2
const histories = Number(process.env.TIMELINE_HISTORIES ?? 14);
const names = ['a', 'b', 'c'] as const;

type ValueOf<Made> = Made extends fc.Arbitrary<infer Value> ? Value : never;

const act = fc.record({
  do: fc.constantFrom(
    ...(['note', 'note', 'note', 'status', 'decision', 'phase', 'severity', 'role', 'correct', 'retract'] as const),
    ...(['change', 'title', 'add', 'declare'] as const),
  ),
  chosen: fc.nat(50),
});
type Act = ValueOf<typeof act>;

/** In a round everybody writes something without knowing of the others, and then shares it, one after the other. */
const round = fc.record({
  acts: fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: names.length, maxLength: names.length }),
  order: fc.shuffledSubarray([0, 1, 2] as const, { minLength: names.length }),
  how: fc.array(fc.constantFrom('merge' as const, 'rebase' as const), {
    minLength: names.length,
    maxLength: names.length,
  }),
  theirs: fc.boolean(),
});
type Round = ValueOf<typeof round>;

describe('Incidents that three clones write at once, merged and rebased by git itself', function () {
  this.timeout(60_000 + histories * 30_000);

  it(`have no conflict in a timeline, and no event or record is lost, doubled or changed, in ${histories} histories`, async () => {
    const counts = { merge: 0, rebase: 0, files: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 6, maxLength: 9, size: 'max' }), async (rounds) => {
        const world = await Timelines.start();
        try {
          for (const one of rounds) await world.play(one);
          await world.settle();
          await world.assertWhole();
          counts.merge += world.counts.merge;
          counts.rebase += world.counts.rebase;
          counts.files += world.written.size;
        } finally {
          world.end();
        }
      }),
      { numRuns: histories, seed: Number(process.env.TIMELINE_SEED ?? 1), endOnFailure: true },
    );
    // Of those that had something on both sides: a fast-forward proves nothing.
    assert.ok(counts.merge > histories * 3 && counts.rebase > histories * 3, JSON.stringify(counts));
  });
});

/** What is never rewritten: git must never be asked to merge two versions of one. */
const isRecord = (path: string) => path.includes('/timeline/') || path.startsWith('.firebreak/');

class Timelines {
  readonly #git: RealGit;
  readonly #clones: readonly Clone[];
  /** Every event and record that was ever written, by its path. */
  readonly written = new Map<string, string>();
  readonly counts = { merge: 0, rebase: 0 };
  #words = 0;
  /** How often something was pushed, and how much of that each clone has. */
  #shares = 0;
  readonly #seen = new Map<number, number>();

  private constructor(git: RealGit, clones: readonly Clone[]) {
    this.#git = git;
    this.#clones = clones;
  }

  static async start(): Promise<Timelines> {
    const clones = [];
    for (const [index, who] of [alice, bob, { name: 'Carol', email: 'carol@example.com' }].entries()) {
      clones.push(await openClone({ origin: `c10e0${index}`, seed: index + 1, who }));
    }
    const world = new Timelines(new RealGit(names, true), clones);
    await world.#act(0, { do: 'declare', chosen: 0 });
    for (const index of names.keys()) await world.#share(index, 'merge', true);
    return world;
  }

  end(): void {
    this.#git.remove();
  }

  async play({ acts, order, how, theirs }: Round): Promise<void> {
    // All in one second: names of files that were made of the time and the kind alone would be the same.
    for (const clone of this.#clones) clone.pass(minute);
    for (const [index, own] of acts.entries()) for (const one of own) await this.#act(index, one);
    for (const index of order) await this.#share(index, how[index] ?? 'merge', theirs);
  }

  /** Everybody has everything. */
  async settle(): Promise<void> {
    for (const index of [0, 1, 2, 0, 1]) await this.#share(index, 'merge', true);
  }

  async assertWhole(): Promise<void> {
    const expected = [...this.written].sort();
    for (const clone of this.#clones) {
      assert.deepEqual(recordsIn(clone), expected, 'files of events and records');
      const shown: string[] = [];
      for (const { uid } of clone.index.items()) {
        for (const { event } of await clone.index.events(uid)) shown.push(event.id);
      }
      assert.equal(new Set(shown).size, shown.length, 'an event is shown twice');
      assert.equal(shown.length, expected.filter(([path]) => path.includes('/timeline/')).length);
      assert.deepEqual(standing(clone), standing(this.#clones[0] ?? clone));
    }
  }

  async #act(index: number, { do: what, chosen }: Act): Promise<void> {
    const clone = this.#clones[index];
    if (!clone) return;
    const { context } = clone;
    this.#words += 1;
    const words = `word ${this.#words}`;
    const items = clone.index.items();
    const item = items[chosen % Math.max(1, items.length)];
    // Ids of their own: what becomes of two clones that make the same one is another test's.
    const type = (['bug', 'task', 'feature'] as const)[index] ?? 'bug';
    const severity = (['P1', 'P2', 'P3', 'P4'] as const)[chosen % 4] ?? 'P1';
    if (what === 'declare' && items.length < 5) {
      await declareIncident(context, { type, title: words, severity: 'P0', criteria: [], impact: words });
    } else if (what === 'add' && items.length < 8) {
      await addItem(context, { type, title: words, severity: 'P2', description: words });
    } else if (item && what === 'title') await changeItem(context, item, { title: words });
    else if (item && what === 'change') await changeItem(context, item, { owner: `@${names[index]}` });
    else if (item && what === 'severity') await changeSeverity(context, item, severity, words);
    else if (item && isIncident(item)) {
      const events = await clone.index.events(item.uid);
      const event = events[chosen % Math.max(1, events.length)]?.event;
      if (what === 'note' || what === 'decision') await recordEvent(context, item, what, words);
      else if (what === 'status') await postStatusUpdate(context, item, { ...emptyStatusUpdate, currentState: words });
      else if (what === 'phase') await changePhase(context, item, phaseOf(chosen), words);
      else if (what === 'role') await assignRole(context, item, 'commander', `@${names[chosen % 3]}`, words);
      else if (what === 'correct' && event) await correctEvent(context, item, event, words);
      else if (what === 'retract' && event) await retractEvent(context, item, event, words);
    }
    for (const [path, text] of recordsIn(clone)) {
      const before = this.written.get(path);
      assert.ok(before === undefined || before === text, `${path} was rewritten`);
      this.written.set(path, text);
    }
  }

  async #share(index: number, how: 'merge' | 'rebase', theirs: boolean): Promise<void> {
    const [name, clone] = [names[index] ?? '', this.#clones[index]];
    if (!clone) return;
    const before = clone.tree.snapshot();
    const isAhead = this.#git.commit(name, new Map(Object.entries(before)));
    const isBehind = this.#shares !== (this.#seen.get(index) ?? 0);
    if (isAhead && isBehind) this.counts[how] += 1;
    const settle = (path: string, ours: string | undefined, other: string | undefined) => {
      assert.ok(!isRecord(path), `git found a conflict in ${path}`);
      return theirs ? (other ?? ours) : (ours ?? other);
    };
    if (how === 'rebase') this.#git.pullRebase(name, settle);
    else {
      const conflicts = this.#git.pullMerge(name);
      if (conflicts.length > 0) {
        const merged = new Map(this.#git.tree(name));
        for (const path of conflicts) {
          const text = settle(path, this.#git.stage(name, 2, path), this.#git.stage(name, 3, path));
          if (text === undefined) merged.delete(path);
          else merged.set(path, text);
        }
        this.#git.conclude(name, merged);
      }
    }
    assert.ok(this.#git.push(name), 'nobody else pushed meanwhile');
    if (isAhead) this.#shares += 1;
    this.#seen.set(index, this.#shares);
    await receive(clone, before, Object.fromEntries(this.#git.tree(name)));
  }
}

/** The work tree becomes what git made of it. */
async function receive(clone: Clone, before: Record<string, string>, after: Record<string, string>): Promise<void> {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  for (const path of changed) {
    const text = after[path];
    if (text === undefined) clone.tree.remove(path);
    else clone.tree.put(path, text);
  }
  await clone.index.refresh(changed);
}

function recordsIn(clone: Clone): [path: string, text: string][] {
  return Object.entries(clone.tree.snapshot())
    .filter(([path]) => isRecord(path))
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

function phaseOf(chosen: number): Phase {
  // Not `closed`: a closed incident takes few acts.
  return phases[chosen % (phases.length - 1)] ?? 'fix';
}

/** What records decide, whatever side of a conflict in front matter somebody took. */
function standing(clone: Clone): unknown {
  return clone.index
    .items()
    .map(({ uid, title, severity, owner, incident }) => ({ uid, title, severity, owner, phase: incident?.phase }))
    .sort((left, right) => (left.uid < right.uid ? -1 : 1));
}
