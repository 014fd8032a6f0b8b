import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Severity } from '../../src/core/severity.ts';
import { isFinished } from '../../src/core/status.ts';
import { changeItem } from '../../src/services/changeItem.ts';
import { importedItem } from '../../src/services/sync/importedItem.ts';
import { readSyncRules } from '../../src/services/sync/syncRules.ts';
import { ModelWorld, repositoryName } from './modelWorld.ts';
import type { Step, WebStep } from './steps.ts';

type Field = 'severity' | 'owner' | 'sprint' | 'title' | 'status';
type ImportStep =
  | Step
  | { readonly do: 'change'; readonly clone: number; readonly field: Field; readonly value: number };

const owners = ['@alice', '@bob', '@carol', ''];
const severities: readonly Severity[] = ['P1', 'P2', 'P3', 'P4'];
const sprints = ['2025-W10', '2025-W11', '2025-W39', ''];
const statuses = ['ready', 'doing', 'done', 'inbox'] as const;
/** What is done to each field on GitHub. */
const fields: readonly (readonly [Field, readonly WebStep['what'][]])[] = [
  ['severity', ['severity']],
  ['owner', ['assign']],
  ['sprint', ['milestone']],
  ['title', ['title']],
  ['status', ['close', 'reopen']],
];

/** An issue that people had made and changed before three clones have it as an item. */
class ImportedWorld {
  readonly world: ModelWorld;
  readonly #number: number;
  readonly #uid: string;

  private constructor(world: ModelWorld, number: number, uid: string) {
    this.world = world;
    this.#number = number;
    this.#uid = uid;
  }

  static async start(): Promise<ImportedWorld> {
    const world = await ModelWorld.start();
    await world.begin();
    const manager = world.gitHub.web('manager', repositoryName);
    const made = { title: 'Old issue', body: 'Since spring', labels: ['bug', 'severity: P1'], assignees: ['alice'] };
    const { number, createdAt } = manager.openIssue(made);
    manager.addLabels(number, 'severity: P3');
    manager.removeLabels(number, 'severity: P1');
    world.clock.advance(5);
    const issue = {
      ...made,
      number,
      createdAt,
      labels: ['bug', 'severity: P3'],
      state: 'open' as const,
      stateReason: undefined,
      milestone: undefined,
    };
    const repository = { owner: 'acme', repo: 'shop', id: world.repository.id };
    const { path, text, uid } = importedItem(repository, issue, readSyncRules({}).labels);
    const [first, ...others] = world.clones;
    await first?.show(new Map(first.snapshot).set(path, text));
    first?.repository.commit(first.snapshot);
    first?.repository.push();
    for (const clone of others) await clone.show(clone.repository.pullMerge());
    return new ImportedWorld(world, number, uid);
  }

  async play(step: ImportStep): Promise<void> {
    if (step.do !== 'change') return this.world.play(step);
    const clone = this.world.clones[step.clone];
    const item = clone?.index.item(this.#uid);
    if (!clone || !item) return;
    this.world.clock.advance(1);
    const value = <T>(values: readonly T[]) => values[step.value % values.length];
    const changes = {
      severity: { severity: value(severities) },
      owner: { owner: value(owners) },
      sprint: { sprint: value(sprints) },
      title: { title: `Title ${step.value}` },
      status: { status: value(statuses) },
    }[step.field];
    await clone.act(() => changeItem(clone.context, item, changes), undefined);
  }

  /** Settles, and looks whether git had anything to merge, and whether all say the same. */
  async check(): Promise<void> {
    await this.world.settle(7);
    assert.deepEqual(this.world.clashes, [], 'git found a conflict');
    const shown = this.world.clones.map((clone) => {
      const item = clone.index.item(this.#uid);
      return [item?.title, item?.severity, item?.owner ?? '', item?.sprint ?? '', item?.status];
    });
    for (const other of shown) assert.deepEqual(other, shown[0]);
    const item = this.world.clones[0]?.index.item(this.#uid);
    const issue = this.world.issues.find(({ number }) => number === this.#number);
    assert.ok(item && issue);
    assert.equal(issue.title, item.title);
    assert.deepEqual(
      this.world.labelsOf(issue).filter((label) => label.startsWith('severity:')),
      [`severity: ${item.severity}`],
    );
    const assignees = this.world.assigneesOf(issue);
    if (item.owner === undefined) assert.deepEqual(assignees, []);
    else assert.ok(assignees.includes(item.owner.slice(1).toLowerCase()), `${item.owner} is one of ${assignees}`);
    assert.equal(issue.state === 'closed', isFinished(item.status));
  }
}

function stepsOf(field: Field, whats: readonly WebStep['what'][]): fc.Arbitrary<ImportStep[]> {
  const clone = fc.nat({ max: 2 });
  const constant = fc.constant;
  return fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          do: constant('web' as const),
          issue: constant(0),
          what: fc.constantFrom(...whats),
          value: fc.nat({ max: 4 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ do: constant('sync' as const), clone }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: constant('change' as const),
          clone,
          field: constant(field),
          value: fc.nat({ max: 3 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: constant('share' as const),
          clone,
          how: constant('merge' as const),
          decide: constant(0),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: constant('forget' as const), clone }) },
    ),
    { minLength: 2, maxLength: 9 },
  );
}

describe('An issue that was imported', function () {
  this.timeout(300_000);

  for (const [field, whats] of fields) {
    it(`has one ${field} in all clones and on GitHub, whoever saw what of it`, async () => {
      await fc.assert(
        fc.asyncProperty(stepsOf(field, whats), async (steps) => {
          const imported = await ImportedWorld.start();
          for (const step of steps) await imported.play(step);
          await imported.check();
        }),
        { seed: 1, numRuns: 60 },
      );
    });
  }
});
