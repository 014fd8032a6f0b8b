import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import { FileError } from '../../../src/core/ports/files.ts';
import { emptyStatusUpdate } from '../../../src/documents/statusUpdate.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { cancelIncident, mergeIncident } from '../../../src/services/closeWrongIncident.ts';
import { requireIncident, requireItem } from '../../../src/services/context.ts';
import { declareIncident, declareItem } from '../../../src/services/declareIncident.ts';
import { postStatusUpdate } from '../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { restoreRecordedValue, type StaleField } from '../../../src/services/staleFields.ts';
import { type Clone, openClone } from './clone.ts';
import { CrashPoint } from './crashingFiles.ts';

interface Uids {
  readonly item: string;
  readonly incident: string;
  readonly other: string;
}

interface Act {
  readonly run: (clone: Clone, uids: Uids) => Promise<unknown>;
  /** Holds when it was done at least once. */
  readonly done: (clone: Clone, uids: Uids) => Promise<boolean> | boolean;
}

/** Asked again after it was done, and said so. */
function isClosed(error: unknown): void {
  if (!FirebreakError.is(error, 'alreadyClosed')) throw error;
}

const titled = (clone: Clone, title: string) => clone.index.items().filter((item) => item.title === title);
const bodies = async (clone: Clone, uid: string) => (await clone.index.events(uid)).map(({ event }) => event.body);

const acts: Readonly<Record<string, Act>> = {
  'declaring an incident': {
    run: (clone) => declareIncident(clone.context, { title: 'New', severity: 'P0', criteria: [], impact: 'All' }),
    done: async (clone) => {
      const found = titled(clone, 'New');
      for (const { uid, incident } of found) {
        if (incident?.phase === 'declared' && (await bodies(clone, uid)).includes('All')) return true;
      }
      return false;
    },
  },
  'adding an item': {
    run: (clone) => addItem(clone.context, { type: 'task', title: 'New', severity: 'P3', description: 'Words' }),
    done: (clone) => titled(clone, 'New').some((item) => item.body.trim() === 'Words'),
  },
  'declaring an item': {
    run: (clone, { item }) => {
      const found = requireItem(clone.index, item);
      if (found.incident) return Promise.resolve();
      return declareItem(clone.context, found, {
        title: 'Spread',
        severity: 'P0',
        criteria: ['security-breach'],
        impact: 'All',
        commander: '@bob',
      });
    },
    done: async (clone, { item }) => {
      const found = requireItem(clone.index, item);
      return found.incident?.phase === 'declared' && found.private && (await bodies(clone, item)).includes('All');
    },
  },
  'changing an item': {
    run: (clone, { item }) =>
      changeItem(clone.context, requireItem(clone.index, item), { title: 'Renamed', status: 'ready', owner: '@bob' }),
    done: (clone, { item }) => {
      const found = requireItem(clone.index, item);
      return found.title === 'Renamed' && found.status === 'ready' && found.owner === '@bob';
    },
  },
  'a note': {
    run: (clone, { incident }) =>
      recordEvent(clone.context, requireIncident(clone.index, incident), 'note', 'Remember this'),
    done: async (clone, { incident }) => (await bodies(clone, incident)).includes('Remember this'),
  },
  'a status update': {
    run: (clone, { incident }) =>
      postStatusUpdate(clone.context, requireIncident(clone.index, incident), {
        ...emptyStatusUpdate,
        currentState: 'half up',
      }),
    done: async (clone, { incident }) => (await bodies(clone, incident)).some((body) => body.includes('half up')),
  },
  'changing the phase': {
    run: (clone, { incident }) => changePhase(clone.context, requireIncident(clone.index, incident), 'rca', 'Fixed'),
    done: (clone, { incident }) => {
      const found = requireIncident(clone.index, incident);
      return found.incident.phase === 'rca' && found.status === 'review';
    },
  },
  'changing the severity': {
    run: (clone, { incident }) => changeSeverity(clone.context, requireIncident(clone.index, incident), 'P2'),
    done: (clone, { incident }) => requireItem(clone.index, incident).severity === 'P2',
  },
  'assigning a role': {
    run: (clone, { incident }) =>
      assignRole(clone.context, requireIncident(clone.index, incident), 'commander', '@carol'),
    done: (clone, { incident }) => requireIncident(clone.index, incident).incident.roles.commander === '@carol',
  },
  cancelling: {
    run: (clone, { incident }) => {
      return cancelIncident(clone.context, requireIncident(clone.index, incident), 'a broken probe').catch(isClosed);
    },
    done: async (clone, { incident }) => {
      const found = requireIncident(clone.index, incident);
      return (
        found.status === 'declined' && (await bodies(clone, incident)).some((body) => body.includes('broken probe'))
      );
    },
  },
  merging: {
    run: (clone, { incident, other }) => {
      const found = requireIncident(clone.index, other);
      return mergeIncident(clone.context, found, requireIncident(clone.index, incident)).catch(isClosed);
    },
    done: async (clone, { incident, other }) =>
      requireIncident(clone.index, other).duplicateOf !== undefined &&
      (await clone.index.timeline(incident)).some(({ event }) => event.incident === other),
  },
};

/** A folder with an item and two incidents. */
async function workspace(): Promise<{ clone: Clone; uids: Uids }> {
  const clone = await openClone();
  const item = await addItem(clone.context, { type: 'bug', title: 'Slow', severity: 'P2', description: 'Old words' });
  await changeItem(clone.context, item, { status: 'ready' });
  const incident = await declareIncident(clone.context, { title: 'Down', severity: 'P0', criteria: [] });
  await recordEvent(clone.context, incident, 'note', 'Old note');
  const other = await declareIncident(clone.context, { title: 'Also down', severity: 'P0', criteria: [] });
  clone.pass(60_000);
  return { clone, uids: { item: item.uid, incident: incident.uid, other: other.uid } };
}

/** The ids of all records and events that stand somewhere on the disk, in the tree or in the journal. */
function idsOnDisk(clone: Clone): Set<string> {
  const ids = new Set<string>();
  const texts = { ...clone.tree.snapshot(), ...clone.privateFiles?.snapshot() };
  for (const [path, text] of Object.entries(texts)) {
    const id = path.endsWith('.json') ? JSON.parse(text).id : /^id: (\S+)$/m.exec(text)?.[1];
    if ((path.includes('/timeline/') || path.endsWith('.json')) && typeof id === 'string') ids.add(id);
  }
  return ids;
}

/** What the index shows, and what it says to be missing and can restore. */
async function idsShown(clone: Clone): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const path of clone.index.missing()) {
    const id = /^id: (\S+)$/m.exec(clone.privateFiles?.text(`journal/${path}`) ?? '')?.[1];
    if (id !== undefined) ids.add(id);
  }
  for (const { uid } of clone.index.items()) {
    for (const { event } of await clone.index.events(uid)) ids.add(event.id);
    for (const record of clone.index.records(uid)) ids.add(record.id);
  }
  return ids;
}

function assertNoneLost(before: ReadonlySet<string>, after: ReadonlySet<string>, when: string): void {
  assert.deepEqual(
    [...before].filter((id) => !after.has(id)),
    [],
    when,
  );
}

describe('a machine that stops in the middle', function () {
  this.timeout(30_000);

  for (const [name, act] of Object.entries(acts)) {
    it(`loses nothing of ${name}, wherever it stops, and may be asked again`, async () => {
      let writes = 0;
      for (let finished = false; !finished; writes++) {
        const { clone, uids } = await workspace();
        const point = new CrashPoint(writes);
        await clone.reopen(100, (files) => point.through(files));
        try {
          await act.run(clone, uids);
          finished = !point.crashed;
        } catch (error) {
          assert.ok(FirebreakError.is(error) || FileError.is(error), String(error));
          assert.ok(point.crashed, String(error));
        }
        const stopped = `stopped after ${writes} writes`;

        await clone.reopen(200);
        assertNoneLost(idsOnDisk(clone), await idsShown(clone), `${stopped}: what is on disk is shown`);
        assert.deepEqual(
          clone.index.problems().filter((problem) => problem.level === 'error'),
          [],
          stopped,
        );
        const item = requireItem(clone.index, uids.item);
        assert.equal(item.body.trim(), 'Old words', stopped);
        assert.ok((await bodies(clone, uids.incident)).includes('Old note'), stopped);
        if (finished) assert.ok(await act.done(clone, uids), 'it was done without a crash');

        const known = idsOnDisk(clone);
        clone.pass(60_000);
        await act.run(clone, uids);
        assert.ok(await act.done(clone, uids), `${stopped}: done when asked again`);

        await clone.context.writer.restore(clone.index.missing());
        assert.deepEqual(clone.index.missing(), [], stopped);
        await clone.reopen(300);
        assertNoneLost(known, await idsShown(clone), `${stopped}: nothing went by asking again`);
        // What was refused as done already may still stand in the document as it was: that is said, and mended by a click.
        for (const { code, path, field } of clone.index.problems()) {
          const found = clone.index.itemAt(path);
          assert.ok(code === 'stale' && field !== undefined && found, `${stopped}: ${code}`);
          await restoreRecordedValue(clone.context, found, field as StaleField);
        }
        assert.ok(await act.done(clone, uids), `${stopped}: still done after restoring`);
        assert.deepEqual(clone.index.problems(), [], stopped);
        // The tree alone holds everything now: private state may be thrown away.
        clone.privateFiles?.remove('');
        await clone.reopen(400);
        assertNoneLost(known, await idsShown(clone), `${stopped}: private state was only a copy`);
        assert.ok(await act.done(clone, uids), stopped);
      }
      assert.ok(writes > 2, `${writes} writes were tried`);
    });
  }
});
