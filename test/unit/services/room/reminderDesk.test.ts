import assert from 'node:assert/strict';
import { isIncident } from '../../../../src/core/item.ts';
import type { Turn } from '../../../../src/core/reminderMemory.ts';
import { minute } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { assignRole } from '../../../../src/services/assignRole.ts';
import { declareIncident } from '../../../../src/services/declareIncident.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { ReminderDesk } from '../../../../src/services/room/reminderDesk.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { alice, bob, type Clone, openClone } from '../clone.ts';

/** Windows on one clone hold each other off by a lock. */
function lockable() {
  let held = false;
  return async () => {
    if (held) return undefined;
    held = true;
    return {
      async dispose() {
        held = false;
      },
    };
  };
}

function deskOf(clone: Clone, lock = lockable()): ReminderDesk {
  assert.ok(clone.privateFiles);
  return new ReminderDesk({ context: clone.context, privateFiles: clone.privateFiles, lock, now: () => clone.now });
}

const said = (turn: Turn | undefined) =>
  turn?.say.map(({ reminder }) => ('stage' in reminder ? `${reminder.kind} ${reminder.stage}` : reminder.kind));

async function declared(commander?: string) {
  const clone = await openClone({ who: alice });
  const incident = await declareIncident(clone.context, {
    title: 'Production API Down',
    severity: 'P0',
    criteria: [],
    ...(commander === undefined ? {} : { commander }),
  });
  if (commander !== undefined) await assignRole(clone.context, incident, 'communications', '@carol');
  return { clone, incident };
}

describe('the reminders of a clone', () => {
  it('are its own where it declared, until somebody else commands, and follow the commander', async () => {
    const { clone, incident } = await declared();
    const other = await openClone({ tree: clone.tree, who: bob, origin: 'b0b000', seed: 7 });
    const [mine, theirs] = [deskOf(clone), deskOf(other)];
    clone.pass(15 * minute);
    other.pass(15 * minute);
    assert.deepEqual(said(await mine.takeTurn()), ['escalation', 'role']);
    assert.deepEqual(said(await theirs.takeTurn()), []);

    const current = clone.index.item(incident.uid);
    assert.ok(current && isIncident(current));
    await assignRole(clone.context, current, 'commander', '@bob');
    await other.index.refresh(clone.tree.paths());
    clone.pass(12 * minute);
    other.pass(12 * minute);
    assert.deepEqual(said(await mine.takeTurn()), []);
    assert.deepEqual(said(await theirs.takeTurn()), ['update soon', 'role', 'mitigate soon']);
  });

  it('know a commander by any of the names that the policy gives', async () => {
    const tree = memoryFiles({
      'incident-policy.yml': 'people:\n  - { name: Alice Long, github: Alice }\n  - { name: Eve, email: eve@x.org }\n',
    });
    for (const [who, commander] of [
      [alice, 'Alice Long'],
      [{ name: 'Somebody', email: 'eve@x.org' }, 'eve@x.org'],
    ] as const) {
      const clone = await openClone({ tree: memoryFiles(tree.snapshot()), who });
      await declareIncident(clone.context, { title: 'Down', severity: 'P0', criteria: [], commander });
      clone.pass(25 * minute);
      assert.ok(said(await deskOf(clone).takeTurn())?.includes('update soon'), commander);
    }
  });

  it('are said by one window of two, and by none while the other has the memory', async () => {
    const { clone } = await declared('@alice');
    const lock = lockable();
    const [first, second] = [deskOf(clone, lock), deskOf(clone, lock)];
    clone.pass(26 * minute);
    const [left, right] = await Promise.all([first.takeTurn(), second.takeTurn()]);
    assert.ok((left === undefined) !== (right === undefined));
    assert.deepEqual(said(left ?? right), ['update soon', 'mitigate soon', 'quiet']);
    assert.deepEqual([said(await first.takeTurn()), said(await second.takeTurn())], [[], []]);
    assert.equal((await second.takeTurn())?.standing.length, 3);
  });

  it('survive a restart, and a lost or broken memory says them once more', async () => {
    const { clone } = await declared('@alice');
    clone.pass(31 * minute);
    assert.deepEqual(said(await deskOf(clone).takeTurn()), ['update due', 'mitigate due', 'quiet']);
    assert.deepEqual(said(await deskOf(clone).takeTurn()), []);
    for (const broken of ['', '{"', '[]', '{"x":{"said":3}}']) {
      clone.privateFiles?.put('reminders.json', broken);
      assert.equal(said(await deskOf(clone).takeTurn())?.length, 3);
      assert.equal(said(await deskOf(clone).takeTurn())?.length, 0);
    }
    clone.privateFiles?.remove('reminders.json');
    assert.equal(said(await deskOf(clone).takeTurn())?.length, 3);
  });

  it('write nothing when nothing is new', async () => {
    const { clone } = await declared('@alice');
    let held = 0;
    const lock = lockable();
    const desk = deskOf(clone, () => {
      held++;
      return lock();
    });
    clone.privateFiles?.forgetCounts();
    await desk.takeTurn();
    assert.deepEqual([held, clone.privateFiles?.writes], [0, []], 'nothing is due yet');
    clone.pass(31 * minute);
    await desk.takeTurn();
    assert.deepEqual([held, clone.privateFiles?.writes], [1, ['reminders.json']]);
    for (let number = 0; number < 5; number++) await desk.takeTurn();
    assert.deepEqual([held, clone.privateFiles?.writes], [1, ['reminders.json']]);
  });

  it('are silent while snoozed, gone when seen to, and back on request', async () => {
    const { clone, incident } = await declared('@alice');
    const desk = deskOf(clone);
    clone.pass(31 * minute);
    const turn = await desk.takeTurn();
    await desk.snooze(incident.uid, 30 * minute);
    clone.pass(29 * minute);
    assert.deepEqual(said(await desk.takeTurn()), []);
    for (const { reminder } of turn?.say ?? []) await desk.markDone(incident.uid, reminder.key);
    clone.pass(minute);
    assert.deepEqual([said(await desk.takeTurn()), (await desk.takeTurn())?.standing], [[], []]);
    await desk.remindAgain(incident.uid);
    assert.deepEqual(said(await desk.takeTurn()), ['update due', 'mitigate due', 'quiet']);
  });

  it('sum up what passed in a sleep in one turn, and go away when things are done', async () => {
    const { clone, incident } = await declared('@alice');
    const desk = deskOf(clone);
    clone.pass(9 * 60 * minute);
    assert.deepEqual(said(await desk.takeTurn()), ['update due', 'mitigate due', 'resolve due', 'quiet']);
    await postStatusUpdate(clone.context, incident, { ...emptyStatusUpdate, currentState: 'up' });
    await recordEvent(clone.context, incident, 'note', 'Back.');
    assert.deepEqual(
      (await desk.takeTurn())?.standing.map(({ reminder }) => reminder.kind),
      ['mitigate', 'resolve'],
    );
  });

  it('fail aloud when the memory can’t be had for something that was asked for', async () => {
    const { clone, incident } = await declared('@alice');
    const desk = deskOf(clone, async () => undefined);
    clone.pass(31 * minute);
    assert.equal(await desk.takeTurn(), undefined);
    await assert.rejects(desk.snooze(incident.uid, minute), { name: 'FileError' });
  });
});
