import { addItem } from '../../../src/services/addItem.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { declare, SyncWorld, type TestClone } from '../../unit/services/sync/syncWorld.ts';

export interface EditRequests {
  readonly what: string;
  /** Beside the polls of a sync, and for an edit beside the comment that tells of it. */
  readonly requests: readonly string[];
  readonly goal: number;
}

const incidentGoal = 2;
const editGoal = 4;
const moreAfterNoAnswer = 3;
const polls = [/^GET \/repos\/acme\/shop\/issues\?/, /^GET \/repos\/acme\/shop\/issues\/comments\?/];
const comment = /^POST .*\/issues\/\d+\/comments /;

/** Counts what one act of one person costs, in a clone that has synced before. */
export async function measureEditRequests(): Promise<EditRequests[]> {
  const world = await SyncWorld.start();
  try {
    const clone = await world.clone('alice', { publish: 'all' }).load();
    const { id: incident } = await declare(clone);
    const { id: item } = await addItem(clone.context, {
      type: 'bug',
      title: 'Slow search',
      severity: 'P2',
      owner: '@alice',
      description: 'One\n\nTwo',
    });
    await clone.syncClean();
    await prepare(world, clone, item, incident);
    const counted: EditRequests[] = [];
    const taken = async (act: () => Promise<unknown>): Promise<string[]> => {
      world.clock.advance(120);
      await act();
      world.takeRequests();
      await clone.syncClean();
      return besidePolls(world.takeRequests());
    };
    const edit = async (what: string, act: () => Promise<unknown>): Promise<void> => {
      const requests = (await taken(act)).filter((line) => !comment.test(line));
      counted.push({ what, goal: editGoal, requests });
    };
    const change = (set: Parameters<typeof changeItem>[2]) => changeItem(clone.context, clone.item(item), set);

    counted.push({
      what: 'a new incident',
      goal: incidentGoal,
      requests: await taken(() => declare(clone, 'Checkout is down')),
    });
    await edit('a new title', () => change({ title: 'Search is slow' }));
    await edit('a new text', async () => {
      const { path } = clone.item(item);
      await clone.receive({ [path]: (clone.tree.text(path) ?? '').replace('Two', 'Three') });
    });
    await edit('a new severity', () => changeSeverity(clone.context, clone.item(item), 'P1'));
    await edit('a new status', () => change({ status: 'doing' }));
    await edit('a new owner', () => change({ owner: '@bob' }));
    await edit('a new sprint', () => change({ sprint: '2025-W40' }));
    await edit('done, and closed', () => change({ status: 'done' }));
    await edit('a new phase of an incident', () => changePhase(clone.context, clone.incident(incident), 'triage'));

    const requests = await taken(async () => {
      await declare(clone, 'Search is down');
      world.gitHub.inject({ name: 'commit-then-502', method: 'POST', path: /^\/repos\/acme\/shop\/issues$/ });
    });
    counted.push({ what: 'a create that was done and not answered', goal: incidentGoal + moreAfterNoAnswer, requests });
    await clone.assertSilent();
    return counted;
  } finally {
    await world.stop();
  }
}

/** Without the two of them that each sync begins with. */
function besidePolls(requests: readonly string[]): string[] {
  const left = [...requests];
  for (const poll of polls) {
    const first = left.findIndex((line) => poll.test(line));
    if (first >= 0) left.splice(first, 1);
  }
  return left;
}

/** Labels and milestones are made once for a repository. */
async function prepare(world: SyncWorld, clone: TestClone, item: string, incident: string): Promise<void> {
  const changes = [
    { status: 'doing' },
    { status: 'done' },
    { status: 'inbox' },
    { sprint: '2025-W40' },
    { sprint: '2025-W39' },
  ] as const;
  for (const change of changes) {
    world.clock.advance(120);
    await changeItem(clone.context, clone.item(item), change);
    await clone.syncClean();
  }
  for (const severity of ['P1', 'P2'] as const) {
    world.clock.advance(120);
    await changeSeverity(clone.context, clone.item(item), severity);
    await clone.syncClean();
  }
  for (const phase of ['triage', 'declared'] as const) {
    world.clock.advance(120);
    await changePhase(clone.context, clone.incident(incident), phase);
    await clone.syncClean();
  }
}
