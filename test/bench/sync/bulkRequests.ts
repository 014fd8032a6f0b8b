import { OctokitIssueTracker } from '../../../src/adapters/github/octokitTracker.ts';
import { ImportIssues } from '../../../src/services/sync/importIssues.ts';
import { SyncWorld, type TestClone, tokenOf } from '../../unit/services/sync/syncWorld.ts';
import { openIssues, publishedIncidents } from './filledRepository.ts';

/** Requests, of which `unchanged` were answered by 304 and cost no quota. */
export interface Requests {
  readonly all: number;
  readonly unchanged: number;
}

export interface BulkRequests {
  readonly items: number;
  /** Importing all issues as items of the backlog. */
  readonly imported: Requests;
  /** The first sync of a clone that git brought as many incidents to, with all their comments. */
  readonly cloned: Requests;
  readonly idle: Requests & {
    /** Calls of the file system, in the tree and the private state. */
    readonly writes: number;
    readonly reads: number;
    /** Milliseconds of a processor, this GitHub's two answers among them. */
    readonly processor: number;
    /** The same for the first sync of a process, which reads the state of each item. */
    readonly processorAtFirst: number;
  };
  /** Ten issues that people commented on. */
  readonly commented: Requests;
  /** Ten issues whose title people changed. */
  readonly renamed: Requests;
  /** The look for deleted comments once a day, with all that such a round asks. */
  readonly swept: Requests;
}

const changedIssues = 10;
const hours = 3600;

/** Counts what GitHub is asked at so many items of five comments each. The hourly quota is GitHub's own. */
export async function measureBulkRequests(items: number): Promise<BulkRequests> {
  const imported = await inWorld(async (world) => {
    openIssues(world, items);
    const clone = await world.clone('alice').load();
    await importAll(world, clone);
    const counted = taken(world);
    if (clone.context.index.items().length !== items) throw new Error('Not all issues came in.');
    return counted;
  });
  return inWorld(async (world) => {
    const documents = publishedIncidents(world, items);
    const clone = world.clone('alice');
    for (const [path, text] of Object.entries(documents)) clone.tree.put(path, text);
    await clone.load();
    await settled(clone);
    const cloned = taken(world);
    // The ETags of the lists are remembered.
    await settled(clone);
    await settled(clone);

    taken(world);
    forgetCounts(clone);
    await settled(clone);
    const counted = { ...taken(world), ...fileCalls(clone) };
    const processor = await processorTimeOf(() => settled(clone));
    taken(world);

    world.clock.advance(60);
    for (let number = 1; number <= changedIssues; number++) world.manager.comment(number, 'Still so here.');
    await settled(clone);
    const commented = taken(world);
    await settled(clone);

    world.clock.advance(60);
    for (let number = 1; number <= changedIssues; number++) world.manager.editTitle(number, `Worse than ${number}`);
    taken(world);
    await settled(clone);
    const renamed = taken(world);
    await settled(clone);
    await settled(clone);

    world.clock.advance(25 * hours);
    taken(world);
    await settled(clone);
    const swept = taken(world);

    clone.newSync();
    const processorAtFirst = await processorTimeOf(() => settled(clone));
    const idle = { ...counted, processor, processorAtFirst };
    return { items, imported, cloned, idle, commented, renamed, swept };
  });
}

async function inWorld<T>(act: (world: SyncWorld) => Promise<T>): Promise<T> {
  const world = await SyncWorld.start({ strict: false });
  try {
    return await act(world);
  } finally {
    await world.stop();
  }
}

async function importAll(world: SyncWorld, clone: TestClone): Promise<void> {
  const importing = new ImportIssues({
    services: clone.context,
    privateFiles: clone.privateFiles,
    repository: { owner: 'acme', repo: 'shop' },
    tracker: async (repository) =>
      new OctokitIssueTracker({
        apiUrl: world.gitHub.url,
        repository,
        token: tokenOf('alice'),
        now: () => clone.now(),
        log: () => undefined,
        gate: clone.pace.bulk,
      }),
    lock: () => clone.machine.lock('import'),
  });
  await importing.list({ state: 'all', labels: [] });
  await importing.apply();
}

async function settled(clone: TestClone): Promise<void> {
  const { waiting, problems } = await clone.sync.sync();
  if (waiting.length > 0 || problems.length > 0) throw new Error(`Not in step: ${JSON.stringify([waiting, problems])}`);
}

async function processorTimeOf(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function taken(world: SyncWorld): Requests {
  const requests = world.takeRequests();
  return { all: requests.length, unchanged: requests.filter((line) => line.endsWith(' 304')).length };
}

function forgetCounts({ tree, privateFiles, machine }: TestClone): void {
  for (const files of [tree, privateFiles, machine.files]) files.forgetCounts();
}

function fileCalls({ tree, privateFiles, machine }: TestClone): { writes: number; reads: number } {
  const all = [tree, privateFiles, machine.files];
  return {
    writes: all.reduce((sum, { writes }) => sum + writes.length, 0),
    reads: all.reduce((sum, { reads }) => sum + reads.length, 0),
  };
}
