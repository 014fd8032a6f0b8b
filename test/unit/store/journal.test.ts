import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { eventFileName } from '../../../src/documents/eventDocument.ts';
import { recordPath } from '../../../src/documents/recordDocument.ts';
import { WorkspaceIndex } from '../../../src/store/workspaceIndex.ts';
import { anEvent, aRecord, bug, eventText, incidentText, itemText, outage, recordText } from '../support/documents.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';

const declared = anEvent({ kind: 'phase', to: 'declared', prev: null });
const mitigate = anEvent({ kind: 'phase', to: 'mitigate', prev: declared.id });
const note = anEvent({ body: 'Remember this.' });
const record = aRecord({
  id: 'R1',
  set: { title: 'Renamed' },
  prev: { title: null },
  was: { title: 'Login times out for SSO users' },
});

const pathOf = (event: Parameters<typeof eventFileName>[0], folder = outage.folder) =>
  `${folder}/timeline/${eventFileName(event)}`;

/** What this clone wrote, as it stands in the tree and in the journal. */
function everything(): MemoryFiles {
  const files = memoryFiles({
    [bug.path]: itemText(),
    [outage.path]: incidentText({ phase: 'mitigate' }),
    [recordPath(record)]: recordText(record),
  });
  for (const event of [declared, mitigate, note]) files.put(pathOf(event), eventText(event));
  return files;
}

async function load(tree: MemoryFiles, journal: MemoryFiles): Promise<WorkspaceIndex> {
  const index = new WorkspaceIndex({ files: tree, journal, log: silentLog });
  await index.load();
  return index;
}

describe('what the journal holds beyond the tree', () => {
  it('is nothing while the tree has it all', async () => {
    const index = await load(everything(), everything());
    assert.deepEqual(index.missing(), []);
    assert.ok((await index.events(outage.uid)).every(({ missing }) => !missing));
  });

  it('is shown from there: items, incidents, events and records', async () => {
    const index = await load(memoryFiles(), everything());
    assert.deepEqual(index.missing(), everything().paths());
    assert.deepEqual(
      index.items().map(({ uid, title }) => [uid, title]),
      [
        [bug.uid, 'Renamed'],
        [outage.uid, 'Production API Down'],
      ],
    );
    assert.equal(index.item(outage.uid)?.incident?.phase, 'mitigate');
    const events = await index.events(outage.uid);
    assert.deepEqual(
      events.map(({ event, missing, path }) => [event.id, missing, path]),
      [declared, mitigate, note].map((event) => [event.id, true, pathOf(event)]),
    );
    assert.equal(index.itemAt(outage.path)?.uid, outage.uid);
  });

  it('counts for the state, so that a checkout changes no phase', async () => {
    const tree = everything();
    const index = await load(tree, everything());
    // Another branch: the note and the step to `mitigate` are not in it, and its document is older.
    tree
      .remove(pathOf(mitigate))
      .remove(pathOf(note))
      .put(outage.path, incidentText({ phase: 'declared' }));
    await index.refresh([pathOf(mitigate), pathOf(note), outage.path]);
    assert.equal(index.item(outage.uid)?.incident?.phase, 'mitigate');
    assert.deepEqual(index.missing(), [pathOf(mitigate), pathOf(note)].sort());
    assert.deepEqual(
      index
        .problems()
        .filter(({ path }) => path === outage.path)
        .map(({ code, field }) => [code, field]),
      [['stale', 'phase']],
    );
    assert.deepEqual(
      (await index.events(outage.uid)).map(({ missing }) => missing),
      [false, true, true],
    );
  });

  it('is noticed when folders go, and forgotten when they come back', async () => {
    const tree = everything();
    const index = await load(tree, everything());
    let told = 0;
    index.onDidChange(() => told++);
    tree.remove('incidents').remove('.firebreak');
    await index.refresh(['incidents', '.firebreak']);
    assert.equal(index.missing().length, 5);
    assert.equal(told, 1);
    assert.equal(index.item(outage.uid)?.incident?.phase, 'mitigate');
    for (const path of everything().paths()) tree.put(path, everything().text(path) ?? '');
    await index.refresh(['incidents', '.firebreak']);
    assert.deepEqual(index.missing(), []);
    assert.ok((await index.events(outage.uid)).every(({ missing }) => !missing));
  });

  it('is told by the id and not by the path', async () => {
    const moved = memoryFiles({ 'backlog/elsewhere.md': itemText(), [recordPath(record)]: recordText(record) });
    for (const [path, text] of Object.entries(everything().snapshot())) {
      if (path.startsWith('incidents/')) moved.put(path.replace(outage.folder, `${outage.folder}-2`), text);
    }
    assert.deepEqual((await load(moved, everything())).missing(), []);

    // The same path, and another event in it: one of a million, but its words would be gone.
    const other = anEvent({ ...note, id: `01K5V80000000000000000${note.id.slice(-4)}`, body: 'Theirs.' });
    assert.equal(pathOf(other), pathOf(note));
    const index = await load(everything().put(pathOf(note), eventText(other)), everything());
    assert.deepEqual(index.missing(), [pathOf(note)]);
    assert.deepEqual(
      (await index.events(outage.uid))
        .map(({ event }) => event.body)
        .slice(2)
        .sort(),
      ['Remember this.', 'Theirs.'],
    );

    // An item at whose path another stands.
    const both = await load(
      memoryFiles({ [bug.path]: itemText({ uid: 'other', title: 'Another one' }) }),
      memoryFiles({ [bug.path]: itemText() }),
    );
    assert.deepEqual(both.missing(), [bug.path]);
    assert.deepEqual(
      both
        .items()
        .map(({ uid, title }) => [uid, title])
        .sort(),
      [
        [bug.uid, 'Login times out for SSO users'],
        ['other', 'Another one'],
      ],
    );
  });

  it('gives way to a declared item: its copy in the backlog is not missing', async () => {
    const journal = everything().put(`backlog/${outage.id}.md`, incidentText({ phase: undefined }));
    assert.deepEqual((await load(everything(), journal)).missing(), []);
    const gone = await load(memoryFiles(), journal);
    assert.equal(gone.items().filter(({ uid }) => uid === outage.uid).length, 1);
    assert.equal(gone.item(outage.uid)?.path, outage.path);
    assert.equal(gone.missing().includes(`backlog/${outage.id}.md`), false);
  });

  it('stands in for a document that is broken, which is not missing', async () => {
    const tree = everything().put(outage.path, '---\ntitle: a: b\n---\n');
    const index = await load(tree, everything());
    assert.equal(index.item(outage.uid)?.title, 'Production API Down');
    assert.equal(index.item(outage.uid)?.incident?.phase, 'mitigate');
    assert.deepEqual(index.missing(), []);
    assert.deepEqual(
      index
        .problems()
        .filter(({ level }) => level === 'error')
        .map(({ code }) => code),
      ['brokenFrontMatter'],
    );
  });

  it('stands in for an event and a record that are broken', async () => {
    const tree = everything().put(pathOf(note), '---\nkind: a: b\n---\n').put(recordPath(record), '{');
    const index = await load(tree, everything());
    assert.deepEqual(index.missing(), [recordPath(record), pathOf(note)].sort());
    assert.equal((await index.events(outage.uid)).length, 3);
    assert.equal(index.item(bug.uid)?.title, 'Renamed');
  });

  it('is read for the events of a closed incident only where a name is missing', async () => {
    const closed = anEvent({ kind: 'phase', to: 'closed', prev: mitigate.id });
    const all = () =>
      everything()
        .put(outage.path, incidentText({ phase: 'closed' }))
        .put(pathOf(closed), eventText(closed));
    const journal = all();
    const tree = all();
    let index = await load(tree, journal);
    assert.equal(journal.reads.includes(pathOf(note)), false);
    assert.deepEqual(index.missing(), []);
    tree.remove(pathOf(note));
    index = await load(tree, journal);
    assert.deepEqual(index.missing(), [pathOf(note)]);
    assert.equal((await index.events(outage.uid)).length, 4);
    // Whatever its name is in the tree.
    index = await load(
      tree.put(`${outage.folder}/timeline/20250923T140000Z-note-renamed.md`, eventText(note)),
      journal,
    );
    assert.deepEqual(index.missing(), []);
  });

  it('is forgotten when it is discarded', async () => {
    const journal = everything();
    const index = await load(memoryFiles(), journal);
    const missing = index.missing();
    journal.remove('');
    await index.refresh(missing);
    assert.deepEqual([index.missing(), index.items()], [[], []]);
  });

  it('may be unreadable: then the tree is all there is', async () => {
    const index = await load(everything(), everything().fail('', 'denied'));
    assert.equal(index.items().length, 2);
    assert.deepEqual([index.missing(), index.problems().filter(({ code }) => code === 'unreadable')], [[], []]);
  });

  it('keeps what was written when the tree refused it', async () => {
    const tree = memoryFiles();
    const journal = memoryFiles();
    const index = await load(tree, journal);
    journal.put(outage.path, incidentText()).put(pathOf(note), eventText(note));
    await index.refresh([outage.path, pathOf(note)]);
    assert.deepEqual(index.missing(), [outage.path, pathOf(note)].sort());
    assert.equal((await index.events(outage.uid)).length, 1);
  });
});
