import assert from 'node:assert/strict';
import fc from 'fast-check';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { type ConflictPart, conflictPath } from '../../../src/documents/conflictFiles.ts';
import { eventFileName } from '../../../src/documents/eventDocument.ts';
import { recordPath } from '../../../src/documents/recordDocument.ts';
import { type IndexChange, WorkspaceIndex } from '../../../src/store/workspaceIndex.ts';
import { anEvent, aRecord, documentText, eventText, recordText } from '../support/documents.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';

/** Few names, so that they meet: copies, moves, duplicates, events of other incidents, folders in the place of files. */
const uids = ['01K5V000000000000000000001', '01K5V000000000000000000002', '01K5V000000000000000000003'] as const;
const ids = ['BUG-P0-20250923-1430', 'BUG-P2-20250923-1015', 'TASK-P3-20250101-0000'] as const;
const paths = [
  ...ids.flatMap((id) => [`backlog/${id}.md`, `backlog/sub/${id}.md`, `incidents/${id}/incident.md`]),
  `incidents/${ids[0]}-2/incident.md`,
];

const uid = fc.constantFrom(...uids);
const document = fc
  .record(
    {
      title: fc.constantFrom('One', 'Two', ''),
      uid,
      id: fc.constantFrom(...ids),
      status: fc.constantFrom('inbox', 'doing', 'lunch'),
      severity: fc.constantFrom('P0', 'p3', 'P9'),
      owner: fc.constantFrom('@alice', ''),
      phase: fc.constantFrom('declared', 'mitigate', 'closed'),
      roles: fc.constantFrom({ commander: '@alice' }, { scribe: 'bob' }),
      'duplicate-of': fc.constantFrom(...ids, ...uids, 'Acme/Shop#1'),
      aliases: fc.constantFrom(['OLD-1'], [ids[0]]),
      github: fc.constantFrom('acme/shop#1', 'acme/shop#2'),
      private: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((values) => documentText(values as Parameters<typeof documentText>[0], 'Body\n'));
const anything = fc.oneof(
  { weight: 8, arbitrary: document },
  fc.constantFrom(
    '# Heading\n',
    '---\ntitle: a: b\n---\n',
    '---js\nx\n---\n',
    '\0binary',
    '---\n<<<<<<< a\nstatus: doing\n=======\nstatus: ready\n>>>>>>> b\nuid: x1\n---\n',
  ),
);

const eventIds = [
  '01K5V8000000000000000000A1',
  '01K5V8000000000000000000B2',
  '01K5V8000000000000000000C3',
  '01K5V8000000000000000000D4',
] as const;
const event = fc
  .record({
    id: fc.constantFrom(...eventIds),
    incident: uid,
    prev: fc.option(fc.constantFrom(...eventIds)),
    change: fc.constantFrom(
      { kind: 'phase' as const, to: 'triage' },
      { kind: 'phase' as const, to: 'closed', was: 'declared' },
      { kind: 'severity' as const, to: 'P1' },
      { kind: 'role' as const, role: 'commander' as const, to: '@carol' },
      { kind: 'note' as const },
      { kind: 'status' as const },
    ),
    folder: fc.constantFrom(...ids, `${ids[0]}-2`),
    named: fc.boolean(),
  })
  .map(({ id, incident, prev, change, folder, named }) => {
    const made = anEvent({
      id,
      incident,
      ...('to' in change ? { prev } : {}),
      ...change,
      at: '2025-09-23T14:32:10Z',
      recorded: '2025-09-23T14:32:10Z',
    });
    return {
      path: `incidents/${folder}/timeline/${named ? eventFileName(made) : 'by-hand.md'}`,
      text: eventText(made),
    };
  });

const record = fc
  .record({
    id: fc.constantFrom('01K5V9000000000000000000R1', '01K5V9000000000000000000R2', '01K5V9000000000000000000R3'),
    item: uid,
    set: fc.constantFrom(
      { status: 'doing' },
      { status: 'ready' },
      { severity: 'P2' },
      { title: 'Three', owner: '@bob' },
    ),
    prev: fc.option(fc.constantFrom('01K5V9000000000000000000R1', '01K5V9000000000000000000R2')),
    was: fc.boolean(),
  })
  .map(({ id, item, set, prev, was }) => {
    const fields = Object.keys(set);
    const made = aRecord({
      id,
      item,
      set,
      prev: Object.fromEntries(fields.map((field) => [field, prev])),
      was: was && prev === null ? { status: 'inbox' } : {},
    });
    return { path: recordPath(made), text: recordText(made) };
  });

const keptText = fc
  .record({
    item: uid,
    id: fc.constantFrom('0123456789ab', '0123456789ab-2'),
    part: fc.constantFrom<ConflictPart[]>('base', 'mine', 'mine', 'resolved'),
  })
  .map((file) => ({ path: conflictPath(file), text: `${file.part}\n` }));

interface Change {
  /** For the eye that reads a counterexample. */
  readonly does: string;
  readonly touched: readonly string[];
  apply(tree: MemoryFiles, journal: MemoryFiles): void;
}

const put = fc
  .oneof(
    fc.record({ path: fc.constantFrom(...paths), text: anything }),
    event,
    event,
    record,
    keptText,
    fc.constantFrom(
      { path: 'incident-policy.yml', text: 'severities:\n  P0: { update: 10m }\n' },
      { path: 'incident-policy.yml', text: 'people: alice\n' },
      { path: '.firebreak/records/x/broken.json', text: '{' },
      { path: `incidents/${ids[0]}/rca.md`, text: '# RCA\n' },
    ),
  )
  .chain(({ path, text }) =>
    fc.constantFrom('tree', 'both', 'journal').map(
      (where): Change => ({
        does: `${where}: ${text}`,
        touched: [path],
        apply: (tree, journal) => {
          if (where !== 'journal') clear(tree, path).put(path, text);
          if (where !== 'tree' && path !== 'incident-policy.yml') clear(journal, path).put(path, text);
        },
      }),
    ),
  );

/** Makes room: what stands at a path, or as a file in the place of a folder above it. */
function clear(files: MemoryFiles, path: string): MemoryFiles {
  const segments = path.split('/');
  for (let end = 1; end < segments.length; end++) {
    const above = segments.slice(0, end).join('/');
    if (files.text(above) !== undefined) files.remove(above);
  }
  return files.remove(path);
}

const folders = [
  'backlog',
  'backlog/sub',
  'incidents',
  `incidents/${ids[0]}`,
  `incidents/${ids[0]}/timeline`,
  '.firebreak',
  '.firebreak/records',
  `.firebreak/records/${uids[0]}`,
  '.firebreak/conflicts',
  `.firebreak/conflicts/${uids[0]}`,
];
const somewhere = fc.oneof(
  fc.constantFrom(...paths, ...folders),
  event.map(({ path }) => path),
  record.map(({ path }) => path),
  keptText.map(({ path }) => path),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: put },
  somewhere.map((path): Change => ({ does: 'remove', touched: [path], apply: (tree) => void tree.remove(path) })),
  // The user says that the absence is meant.
  somewhere.map(
    (path): Change => ({ does: 'discard', touched: [path], apply: (_tree, journal) => void journal.remove(path) }),
  ),
  // A folder where a document belongs, and a file where a folder belongs.
  fc
    .constantFrom(...paths)
    .map((path): Change => ({ does: 'folder', touched: [path], apply: (tree) => void clear(tree, path).folder(path) })),
  fc.constantFrom('backlog', `incidents/${ids[0]}/timeline`).map(
    (path): Change => ({
      does: 'file',
      touched: [path],
      apply: (tree) => void clear(tree, path).put(path, 'a file'),
    }),
  ),
  fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)).map(
    ([from, to]): Change => ({
      does: 'declare',
      touched: [`incidents/${from}`, `incidents/${to}`, `backlog/${from}.md`],
      apply: (tree) => {
        const text = tree.text(`backlog/${from}.md`);
        if (text === undefined) return;
        clear(tree.remove(`backlog/${from}.md`), `incidents/${to}/incident.md`).put(
          `incidents/${to}/incident.md`,
          text,
        );
      },
    }),
  ),
  fc.constantFrom(...ids).map(
    (from): Change => ({
      does: 'rename',
      touched: [`incidents/${from}`, `incidents/${ids[0]}-2`],
      apply: (tree) => {
        for (const path of tree.paths().filter((one) => one.startsWith(`incidents/${from}/`))) {
          const target = path.replace(`incidents/${from}/`, `incidents/${ids[0]}-2/`);
          if (target === path) continue;
          const text = tree.text(path) ?? '';
          clear(tree.remove(path), target).put(target, text);
        }
      },
    }),
  ),
);

/** Everything that an index says. */
async function stateOf(index: WorkspaceIndex): Promise<unknown> {
  const events: Record<string, unknown> = {};
  for (const { uid: own } of index.items()) events[own] = await index.timeline(own);
  return {
    events,
    items: index.items(),
    problems: index
      .problems()
      .map((problem) => JSON.stringify(problem))
      .sort(),
    missing: index.missing(),
    policy: index.policy(),
    records: index.items().map(({ uid: own }) => index.records(own)),
    handEdits: index.items().map(({ uid: own }) => index.handEdits(own)),
    byName: [...uids, ...ids, 'OLD-1', 'acme/shop#1', 'ACME/shop#2'].map((name) => index.item(name)?.path),
    byPath: [...paths, `incidents/${ids[0]}/timeline/x.md`].map((path) => index.itemAt(path)?.uid),
  };
}

async function timelinesOf(index: WorkspaceIndex): Promise<Map<string, string>> {
  const timelines = new Map<string, string>();
  for (const { uid: own } of index.items()) timelines.set(own, JSON.stringify(await index.timeline(own)));
  return timelines;
}

function open(tree: MemoryFiles, journal: MemoryFiles): WorkspaceIndex {
  return new WorkspaceIndex({ files: tree, journal, log: silentLog });
}

describe('an index that was kept by changes', function () {
  // As long as it takes when somebody asks for more runs than usual.
  this.timeout(process.env.PROPERTY_RUNS === undefined ? 240_000 : 0);

  it('says what one says that reads everything anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean()), {
          minLength: 1,
          maxLength: 8,
        }),
        async (turns) => {
          const tree = memoryFiles();
          const journal = memoryFiles();
          const kept = open(tree, journal);
          await kept.load();
          const told: IndexChange[] = [];
          kept.onDidChange((one) => told.push(one));
          for (const [changes, readsEvents] of turns) {
            const timelines = readsEvents ? await timelinesOf(kept) : undefined;
            const before = { items: kept.items(), problems: kept.problems(), policy: kept.policy() };
            for (const one of changes) one.apply(tree, journal);
            told.length = 0;
            await kept.refresh(changes.flatMap(({ touched }) => touched));
            assertTold(before, kept, told);
            const after = timelines && (await timelinesOf(kept));
            for (const [own, events] of timelines ?? []) {
              const isOther = after?.has(own) && after.get(own) !== events;
              if (isOther) assert.ok(told[0]?.uids.has(own), `told of the timeline of ${own}`);
            }
            const again = told.length;
            await kept.refresh(changes.flatMap(({ touched }) => touched));
            assert.equal(told.length, again, 'nobody is told of what did not change');
            if (!readsEvents) continue;
            const anew = open(tree, journal);
            await anew.load();
            assert.deepEqual(await stateOf(kept), await stateOf(anew));
          }
          const anew = open(tree, journal);
          await anew.load();
          assert.deepEqual(await stateOf(kept), await stateOf(anew));
        },
      ),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 200) },
    );
  });
});

/** Listeners are told once, and of every item that is not what it was. */
function assertTold(
  before: { items: readonly { uid: string }[]; problems: unknown; policy: unknown },
  index: WorkspaceIndex,
  told: readonly IndexChange[],
): void {
  assert.ok(told.length <= 1, 'once');
  const was = new Map(before.items.map((item) => [item.uid, item]));
  const is = new Map(index.items().map((item) => [item.uid, item]));
  for (const one of new Set([...was.keys(), ...is.keys()])) {
    if (JSON.stringify(was.get(one)) !== JSON.stringify(is.get(one)))
      assert.ok(told[0]?.uids.has(one), `told of ${one}`);
  }
  if (JSON.stringify(before.problems) !== JSON.stringify(index.problems())) assert.ok(told[0]?.problems);
  if (JSON.stringify(before.policy) !== JSON.stringify(index.policy())) assert.ok(told[0]?.policy);
}
