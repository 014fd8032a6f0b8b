import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FirebreakError } from '../../../src/core/errors.ts';
import { type Item, isIncident } from '../../../src/core/item.ts';
import { type Phase, phases } from '../../../src/core/phase.ts';
import { type Role, roles } from '../../../src/core/role.ts';
import { type Severity, severities } from '../../../src/core/severity.ts';
import { type Status, statuses } from '../../../src/core/status.ts';
import { hour, minute } from '../../../src/core/time.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { cancelIncident, mergeIncident } from '../../../src/services/closeWrongIncident.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { memoryFiles } from '../support/memoryFiles.ts';
import { alice, bob, type Clone, openClone, start } from './clone.ts';
import { Remote, type Settling } from './remote.ts';

/** One thing that happens in one of two clones. Numbers choose among the items that are there, whatever their count. */
type Step = { readonly clone: 0 | 1 } & (
  | { readonly act: 'add' | 'declare' }
  | { readonly act: 'note'; readonly item: number }
  | { readonly act: 'phase'; readonly item: number; readonly to: Phase }
  | { readonly act: 'severity'; readonly item: number; readonly to: Severity }
  | { readonly act: 'role'; readonly item: number; readonly role: Role; readonly to: string }
  | { readonly act: 'change'; readonly item: number; readonly status: Status; readonly owner: string }
  | { readonly act: 'title'; readonly item: number; readonly to: string }
  | { readonly act: 'cancel'; readonly item: number }
  | { readonly act: 'merge'; readonly item: number; readonly into: number }
  | { readonly act: 'share'; readonly settling: Settling }
  | { readonly act: 'clean'; readonly chosen: number }
  | { readonly act: 'restore' | 'reopen' }
  | { readonly act: 'clock'; readonly minutes: number }
);

const clone = fc.constantFrom(0 as const, 1 as const);
const item = fc.nat(7);
const people = fc.constantFrom('@alice', '@bob', '');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ clone, act: fc.constantFrom('add', 'declare') }) },
  { weight: 2, arbitrary: fc.record({ clone, act: fc.constant('note'), item }) },
  { weight: 3, arbitrary: fc.record({ clone, act: fc.constant('phase'), item, to: fc.constantFrom(...phases) }) },
  {
    weight: 3,
    arbitrary: fc.record({ clone, act: fc.constant('severity'), item, to: fc.constantFrom(...severities) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ clone, act: fc.constant('role'), item, role: fc.constantFrom(...roles), to: people }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      clone,
      act: fc.constant('change'),
      item,
      status: fc.constantFrom(...statuses),
      owner: people,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ clone, act: fc.constant('title'), item, to: fc.constantFrom('Slow', 'Down', 'Odd') }),
  },
  { weight: 1, arbitrary: fc.record({ clone, act: fc.constant('cancel'), item }) },
  { weight: 1, arbitrary: fc.record({ clone, act: fc.constant('merge'), item, into: item }) },
  {
    weight: 4,
    arbitrary: fc.record({ clone, act: fc.constant('share'), settling: fc.constantFrom('ours', 'theirs', 'markers') }),
  },
  { weight: 1, arbitrary: fc.record({ clone, act: fc.constant('clean'), chosen: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ clone, act: fc.constantFrom('restore', 'reopen') }) },
  {
    weight: 1,
    arbitrary: fc.record({ clone, act: fc.constant('clock'), minutes: fc.integer({ min: -3 * 60, max: 3 * 60 }) }),
  },
);

async function take(step: Step, self: Clone, remote: Remote, seed: number): Promise<void> {
  const { context, index } = self;
  const items = index.items();
  // Ids of their own: what becomes of two clones that make the same one is another test's.
  const type = step.clone === 0 ? 'bug' : 'task';
  const at = (number: number): Item | undefined => items[number % Math.max(1, items.length)];
  const chosen = 'item' in step ? at(step.item) : undefined;
  switch (step.act) {
    case 'add':
      await addItem(context, { type, title: 'Slow', severity: 'P2', description: `Words ${seed}` });
      return;
    case 'declare':
      await declareIncident(context, { type, title: 'Down', severity: 'P0', criteria: [], commander: '@alice' });
      return;
    case 'note':
      if (chosen && isIncident(chosen)) await recordEvent(context, chosen, 'note', `Note ${seed}`);
      return;
    case 'phase': {
      if (!chosen || !isIncident(chosen)) return;
      const changed = await changePhase(context, chosen, step.to, 'why');
      assert.equal(changed.incident.phase, step.to, 'a change takes effect for the one who makes it');
      return;
    }
    case 'severity': {
      if (!chosen) return;
      // An item that is not in this checkout can't be moved.
      if (step.to === 'P0' && index.missing().includes(chosen.path)) return;
      const changed = await changeSeverity(context, chosen, step.to);
      assert.equal(changed.severity, step.to, 'a change takes effect for the one who makes it');
      return;
    }
    case 'role': {
      if (!chosen || !isIncident(chosen)) return;
      const changed = await assignRole(context, chosen, step.role, step.to);
      assert.equal(changed.incident.roles[step.role] ?? '', step.to);
      return;
    }
    case 'change': {
      if (!chosen) return;
      const changed = await changeItem(context, chosen, { status: step.status, owner: step.owner });
      assert.deepEqual([changed.status, changed.owner ?? ''], [step.status, step.owner]);
      return;
    }
    case 'title': {
      if (!chosen) return;
      assert.equal((await changeItem(context, chosen, { title: step.to })).title, step.to);
      return;
    }
    case 'cancel':
      if (chosen && isIncident(chosen)) await cancelIncident(context, chosen, 'no').catch(expected);
      return;
    case 'merge': {
      const into = at(step.into);
      if (chosen && into && isIncident(chosen) && isIncident(into)) {
        await mergeIncident(context, chosen, into).catch(expected);
      }
      return;
    }
    case 'share':
      await index.refresh(remote.share(self.tree, step.settling));
      return;
    case 'clean': {
      // `git clean` of some of what was never shared.
      const tracked = remote.tracked(self.tree);
      const untracked = self.tree.paths().filter((path) => !tracked.has(path));
      const gone = untracked.filter((_, position) => ((step.chosen >> (position % 16)) & 1) === 1);
      for (const path of gone) self.tree.remove(path);
      await index.refresh(gone);
      return;
    }
    case 'restore':
      await context.writer.restore(index.missing());
      return;
    case 'reopen':
      await self.reopen(seed);
      return;
    case 'clock':
      self.pass(step.minutes * minute);
      return;
  }
}

function expected(error: unknown): void {
  if (!FirebreakError.is(error, 'alreadyClosed', 'invalidInput')) throw error;
}

/** Every word and every record that a clone shows: what nobody may lose. */
async function shownBy(self: Clone): Promise<Set<string>> {
  const shown = new Set<string>();
  for (const { uid, body } of self.index.items()) {
    if (body.trim() !== '') shown.add(body.trim());
    for (const { event } of await self.index.events(uid)) shown.add(`event ${event.id} ${event.body}`);
    for (const record of self.index.records(uid)) shown.add(`record ${record.id}`);
  }
  return shown;
}

/** All but what is only of one clone: where a file lies is the same, too. */
async function stateOf(self: Clone): Promise<unknown> {
  const state: unknown[] = [];
  // Until its events are read, a closed incident is what its document says: the last word of somebody's merge.
  for (const { uid } of self.index.items()) await self.index.events(uid);
  for (const found of self.index.items()) {
    state.push({ ...found, events: (await self.index.timeline(found.uid)).map(({ event }) => event.id) });
  }
  return state;
}

/** `PROPERTY_RUNS=1000 PROPERTY_SEED=7` looks further than every run needs to. */
const runs = Number(process.env.PROPERTY_RUNS ?? 50);

describe('two clones that share through git', function () {
  this.timeout(30_000 + runs * 5_000);

  it('come to the same state, and neither loses a word', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const remote = new Remote();
        const clones = [
          await openClone({ tree: memoryFiles(), privateFiles: memoryFiles(), origin: 'a11ce0', seed: 1, who: alice }),
          await openClone({
            tree: memoryFiles(),
            privateFiles: memoryFiles(),
            origin: 'b0b000',
            seed: 2,
            who: bob,
            at: start - hour,
          }),
        ] as const;
        await take({ clone: 0, act: 'add' }, clones[0], remote, 3);
        await take({ clone: 0, act: 'declare' }, clones[0], remote, 4);
        for (const self of clones) await self.index.refresh(remote.share(self.tree, 'ours'));
        const seen = new Set<string>();
        for (const [position, taken] of steps.entries()) {
          const self = clones[taken.clone];
          self.pass(minute);
          await take(taken, self, remote, 1000 + position);
          for (const word of await shownBy(self)) seen.add(word);
        }
        for (const self of clones) await self.context.writer.restore(self.index.missing());
        for (const turn of [0, 1, 0] as const) {
          await clones[turn].index.refresh(remote.share(clones[turn].tree, 'ours'));
        }
        for (const self of clones) {
          const shown = await shownBy(self);
          assert.deepEqual(
            [...seen].filter((word) => !shown.has(word)),
            [],
            'nothing is lost',
          );
          assert.deepEqual(self.index.missing(), []);
        }
        assert.deepEqual(clones[0].tree.snapshot(), clones[1].tree.snapshot());
        const [left, right] = [await stateOf(clones[0]), await stateOf(clones[1])];
        assert.deepEqual(left, right, 'both see the same');
        // What is remembered is what is read: a new window, and a new clone, see it too.
        await clones[0].reopen(5);
        assert.deepEqual(await stateOf(clones[0]), left);
        const newcomer = await openClone({ tree: memoryFiles(clones[0].tree.snapshot()), origin: 'ca401a' });
        assert.deepEqual(await stateOf(newcomer), left);
      }),
      { numRuns: runs, seed: Number(process.env.PROPERTY_SEED ?? 20250923) },
    );
  });
});
