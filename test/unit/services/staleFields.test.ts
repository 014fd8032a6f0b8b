import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { requireIncident, requireItem } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { recordStaleValue, restoreRecordedValue, type StaleField } from '../../../src/services/staleFields.ts';
import { type Clone, openClone } from './clone.ts';

/** An incident that went on, and whose document a checkout or a hand set back to what it was at first. */
async function setBack(): Promise<{ clone: Clone; uid: string; path: string }> {
  const clone = await openClone();
  const { uid, path } = await declareIncident(clone.context, {
    title: 'Down',
    severity: 'P0',
    criteria: [],
    commander: '@alice',
  });
  const incident = () => requireIncident(clone.index, uid);
  await changeItem(clone.context, incident(), { sprint: '2025-W40' });
  const before = clone.tree.text(path) ?? '';
  await changeItem(clone.context, incident(), { title: 'All down', owner: '@bob', sprint: '2025-W41' });
  await changeSeverity(clone.context, incident(), 'P1');
  await changePhase(clone.context, incident(), 'rca');
  await assignRole(clone.context, incident(), 'commander', '@bob');
  clone.tree.put(path, before);
  await clone.load();
  return { clone, uid, path };
}

const fields: readonly [field: StaleField, old: string, recorded: string][] = [
  ['title', 'Down', 'All down'],
  ['owner', '@alice', '@bob'],
  ['sprint', '2025-W40', '2025-W41'],
  ['status', 'doing', 'review'],
  ['severity', 'P0', 'P1'],
  ['phase', 'declared', 'rca'],
  ['commander', '@alice', '@bob'],
];

function held(clone: Clone, uid: string, field: StaleField): string | undefined {
  const item = requireIncident(clone.index, uid);
  switch (field) {
    case 'phase':
      return item.incident.phase;
    case 'commander':
      return item.incident.roles.commander;
    case 'title':
    case 'owner':
    case 'sprint':
    case 'status':
    case 'severity':
      return item[field];
    default:
      return undefined;
  }
}

const stale = (clone: Clone) => clone.index.problems().map(({ code, field }) => `${code} ${field}`);

describe('a value in a file that it had before', () => {
  it('changes nothing, and is told, field by field', async () => {
    const { clone, uid } = await setBack();
    for (const [field, , recorded] of fields) assert.equal(held(clone, uid, field), recorded, field);
    assert.deepEqual(stale(clone).sort(), fields.map(([field]) => `stale ${field}`).sort());
  });

  for (const [field, old, recorded] of fields) {
    it(`is recorded when the person means it: ${field}`, async () => {
      const { clone, uid } = await setBack();
      await recordStaleValue(clone.context, requireItem(clone.index, uid), field, old);
      assert.equal(held(clone, uid, field), old);
      assert.ok(!stale(clone).includes(`stale ${field}`));
      await clone.reopen(3);
      assert.equal(held(clone, uid, field), old);
    });

    it(`gives way to what was recorded when the person says so: ${field}`, async () => {
      const { clone, uid, path } = await setBack();
      const records = clone.tree.paths().length;
      await restoreRecordedValue(clone.context, requireItem(clone.index, uid), field);
      assert.equal(held(clone, uid, field), recorded);
      assert.deepEqual(
        stale(clone).sort(),
        fields
          .filter(([other]) => other !== field)
          .map(([other]) => `stale ${other}`)
          .sort(),
      );
      assert.equal(clone.tree.paths().length, records, 'nothing happened, so nothing is recorded');
      assert.ok(clone.tree.text(path)?.includes(recorded));
    });
  }

  it('is refused when it is none of the field', async () => {
    const { clone, uid } = await setBack();
    for (const [field, value] of [
      ['severity', 'P9'],
      ['status', 'gone'],
      ['phase', 'panic'],
    ] as const) {
      await assert.rejects(recordStaleValue(clone.context, requireItem(clone.index, uid), field, value), (error) =>
        FirebreakError.is(error, 'invalidInput'),
      );
    }
  });

  it('is not written over in a document that is in conflict: the person is told', async () => {
    const { clone, uid, path } = await setBack();
    clone.tree.put(
      path,
      (clone.tree.text(path) ?? '').replace('title: Down', '<<<<<<< a\ntitle: Down\n=======\ntitle: X\n>>>>>>> b'),
    );
    await clone.load();
    await assert.rejects(restoreRecordedValue(clone.context, requireItem(clone.index, uid), 'owner'), (error) =>
      FirebreakError.is(error, 'unreadableFile'),
    );
  });
});
