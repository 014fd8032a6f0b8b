import assert from 'node:assert/strict';
import { isIncident } from '../../../src/core/item.ts';
import { defaultPolicy } from '../../../src/core/policy.ts';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { minute } from '../../../src/core/time.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { eventFileName } from '../../../src/documents/eventDocument.ts';
import { recordPath } from '../../../src/documents/recordDocument.ts';
import { type IndexChange, WorkspaceIndex } from '../../../src/store/workspaceIndex.ts';
import { anEvent, aRecord, bug, eventText, incidentText, itemText, outage, recordText } from '../support/documents.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';

async function load(files: MemoryFiles, journal?: MemoryFiles): Promise<WorkspaceIndex> {
  const index = new WorkspaceIndex({ files, ...(journal ? { journal } : {}), log: silentLog });
  await index.load();
  return index;
}

function changesOf(index: WorkspaceIndex): IndexChange[] {
  const changes: IndexChange[] = [];
  index.onDidChange((change) => changes.push(change));
  return changes;
}

function pathOf(event: TimelineEvent, folder = outage.folder): string {
  return `${folder}/timeline/${eventFileName(event)}`;
}

function putEvents(files: MemoryFiles, ...events: TimelineEvent[]): MemoryFiles {
  for (const event of events) files.put(pathOf(event), eventText(event));
  return files;
}

const codes = (index: WorkspaceIndex) => index.problems().map(({ path, code, level }) => [path, code, level]);

describe('WorkspaceIndex', function () {
  this.timeout(30_000);

  describe('reads', () => {
    it('an empty workspace', async () => {
      const index = await load(memoryFiles());
      assert.deepEqual([index.items(), index.problems(), index.missing(), index.policy()], [[], [], [], defaultPolicy]);
    });

    it('the backlog with its folders, and incidents, in the order of their paths', async () => {
      const index = await load(
        memoryFiles({
          'backlog/b.md': itemText({ uid: 'u2', id: 'B' }),
          'backlog/b-2.md': itemText({ uid: 'u3', id: 'B-2' }),
          'backlog/2025/a.md': itemText({ uid: 'u1', id: 'A' }),
          'backlog/notes.txt': 'no item',
          'backlog/.obsidian/x.md': 'hidden',
          'incidents/README.md': 'no incident',
          [outage.path]: incidentText(),
          [`${outage.folder}/rca.md`]: '# RCA',
          'runbooks/database-outage.md': '# Runbook',
        }),
      );
      assert.deepEqual(
        index.items().map(({ path, incident }) => [path, incident?.folder]),
        [
          ['backlog/2025/a.md', undefined],
          ['backlog/b.md', undefined],
          ['backlog/b-2.md', undefined],
          [outage.path, outage.folder],
        ],
      );
      assert.deepEqual(index.problems(), []);
    });

    it("the design's item", async () => {
      const index = await load(memoryFiles({ [bug.path]: itemText({ github: 'acme/shop#41' }) }));
      assert.deepEqual(index.item(bug.uid), {
        uid: bug.uid,
        uidInFile: true,
        id: bug.id,
        aliases: [],
        conflicts: [],
        path: bug.path,
        title: 'Login times out for SSO users',
        type: 'bug',
        severity: 'P2',
        status: 'ready',
        owner: '@alice',
        sprint: undefined,
        tags: ['auth', 'sso'],
        created: Date.UTC(2025, 8, 23, 10, 15),
        github: { owner: 'acme', repo: 'shop', number: 41 },
        private: false,
        duplicateOf: undefined,
        actionOf: undefined,
        body: 'What happens, what should happen…',
        incident: undefined,
      });
    });

    it('what somebody wrote by hand, with what its name and its words tell', async () => {
      const files = memoryFiles({
        'backlog/FEATURE-P1-20250923-1015.md': '# Dark mode #\nplease\n',
        'backlog/idea.md': 'Just a thought.\n',
        'incidents/BUG-P0-20250101-0000/incident.md': '---\ntitle: x\nphase: rca\n---\n',
      });
      const index = await load(files);
      const feature = index.item('FEATURE-P1-20250923-1015');
      assert.deepEqual(
        [feature?.title, feature?.type, feature?.severity, feature?.status, feature?.uidInFile],
        ['Dark mode', 'feature', 'P1', 'inbox', false],
      );
      const idea = index.item('idea');
      assert.deepEqual([idea?.title, idea?.type, idea?.severity, idea?.created], ['idea', 'task', 'P3', undefined]);
      const incident = index.item('BUG-P0-20250101-0000');
      assert.deepEqual(
        [incident?.type, incident?.severity, incident?.status, incident?.incident?.phase],
        ['bug', 'P0', 'review', 'rca'],
      );
      // Every clone derives the same identity, from the name alone.
      const elsewhere = await load(memoryFiles({ 'backlog/deep/idea.md': 'Other words.\n' }));
      assert.equal(elsewhere.item('idea')?.uid, idea?.uid);
      assert.notEqual(idea?.uid, feature?.uid);
    });

    it('a title from the first heading, however it is written', async () => {
      const titleOf = async (body: string) => (await load(memoryFiles({ 'backlog/x.md': body }))).item('x')?.title;
      assert.equal(await titleOf('text\n\n  ## One #two ##  \n# Other\n'), 'One #two');
      assert.equal(await titleOf('# C#\n'), 'C#');
      assert.equal(await titleOf('#hashtag\n    # code\n'), 'x');
      assert.equal(await titleOf('# ##\n'), 'x');
      assert.equal(await titleOf(`# a${' '.repeat(400_000)}b\n`), `a${' '.repeat(400_000)}b`);
    });

    it('unknown words as problems, and shows the item all the same', async () => {
      const source = itemText({ severity: 'urgent', status: 'lunch', type: 'epic', id: 'FEATURE-P1-20250923-1015' });
      const index = await load(memoryFiles({ [bug.path]: source }));
      const item = index.item(bug.uid);
      assert.deepEqual([item?.severity, item?.status, item?.type], ['P1', 'inbox', 'feature']);
      assert.deepEqual(
        index.problems().map(({ code, line }) => [code, source.split('\n')[line ?? -1]]),
        [
          ['unknownValue', 'type: epic'],
          ['unknownValue', 'severity: urgent'],
          ['unknownValue', 'status: lunch'],
        ],
      );
    });

    it('the policy', async () => {
      const files = memoryFiles({ 'incident-policy.yml': 'severities:\n  P0: { update: 10m }\n' });
      const index = await load(files);
      assert.equal(index.policy().severities.P0.update, 10 * minute);
      const changes = changesOf(index);
      files.put('incident-policy.yml', 'severities:\n  P0: { update: soon }\n');
      await index.refresh(['incident-policy.yml']);
      assert.deepEqual(index.policy(), defaultPolicy);
      assert.deepEqual(codes(index), [['incident-policy.yml', 'unknownValue', 'warning']]);
      files.remove('incident-policy.yml');
      await index.refresh(['incident-policy.yml']);
      assert.deepEqual(index.problems(), []);
      assert.deepEqual(
        changes.map(({ policy, problems }) => [policy, problems]),
        [
          [true, true],
          [false, true],
        ],
      );
    });

    it('many files at once, but not more than 32', async () => {
      const files = memoryFiles();
      for (let number = 0; number < 200; number++)
        files.put(`backlog/${number}.md`, itemText({ uid: `u${number}`, id: `I${number}` }));
      for (let number = 0; number < 400; number++) files.folder(`backlog/${number % 20}/${number}`);
      await load(files);
      assert.ok(files.mostAtOnce <= 32 && files.mostAtOnce > 8, `${files.mostAtOnce} at once`);
      assert.equal(files.reads.length, 200);
    });
  });

  describe('finds', () => {
    it('an item by uid, id, alias and issue, and by the files that are its', async () => {
      const event = anEvent();
      const files = putEvents(
        memoryFiles({
          [bug.path]: itemText({ aliases: ['OLD-1'], github: 'acme/shop#41' }),
          [outage.path]: incidentText(),
        }),
        event,
      );
      const index = await load(files);
      for (const name of [bug.uid, bug.id, 'OLD-1', 'acme/shop#41', 'ACME/Shop#41'])
        assert.equal(index.item(name)?.uid, bug.uid, name);
      for (const name of ['', 'OLD', 'old-1', bug.id.toLowerCase(), 'acme/shop#4'])
        assert.equal(index.item(name), undefined, name);
      assert.equal(index.itemAt(bug.path)?.uid, bug.uid);
      for (const path of [
        outage.path,
        pathOf(event),
        `${outage.folder}/rca.md`,
        `${outage.folder}/attachments/a.png`,
      ]) {
        assert.equal(index.itemAt(path)?.uid, outage.uid, path);
      }
      for (const path of ['backlog', outage.folder, 'incidents/other/incident.md', 'README.md'])
        assert.equal(index.itemAt(path), undefined, path);
    });

    it('an id before an alias, so that an old link does not hide an item', async () => {
      const index = await load(
        memoryFiles({
          'backlog/a.md': itemText({ uid: 'u1', id: 'A', aliases: ['B'] }),
          'backlog/b.md': itemText({ uid: 'u2', id: 'B' }),
        }),
      );
      assert.equal(index.item('B')?.uid, 'u2');
    });
  });

  describe('of bad files', () => {
    const good = { 'backlog/good.md': itemText({ uid: 'good', id: 'GOOD' }) };

    for (const [what, put, code] of [
      [
        'a folder in the place of an item',
        (files: MemoryFiles) => files.put('backlog/bad.md/inner.md', itemText()),
        'isFolder',
      ],
      ['an empty folder in the place of an item', (files: MemoryFiles) => files.folder('backlog/bad.md'), 'isFolder'],
      ['a file of 50 MB', (files: MemoryFiles) => files.putSize('backlog/bad.md', 50 * 1024 * 1024), 'tooLarge'],
      [
        'a binary file',
        (files: MemoryFiles) => files.put('backlog/bad.md', Uint8Array.from([0x89, 0x50, 0, 0xff])),
        'binary',
      ],
      [
        'UTF-16',
        (files: MemoryFiles) => files.put('backlog/bad.md', Uint8Array.from([0xff, 0xfe, 0x61, 0x00])),
        'binary',
      ],
      [
        'broken YAML',
        (files: MemoryFiles) => files.put('backlog/bad.md', '---\ntitle: a: b\n---\n'),
        'brokenFrontMatter',
      ],
      [
        'a program',
        (files: MemoryFiles) => files.put('backlog/bad.md', '---js\nprocess.exit(1)\n---\n'),
        'unsafeFrontMatter',
      ],
      [
        'what may not be read',
        (files: MemoryFiles) => files.put('backlog/bad.md', 'x').fail('backlog/bad.md', 'denied'),
        'unreadable',
      ],
      [
        'a link that leads out',
        (files: MemoryFiles) => files.put('backlog/bad.md', 'x').fail('backlog/bad.md', 'outside'),
        'unreadable',
      ],
      [
        'a broken disk',
        (files: MemoryFiles) => files.put('backlog/bad.md', 'x').fail('backlog/bad.md', 'failed'),
        'unreadable',
      ],
    ] as const) {
      it(`says what to do about ${what}, and goes on`, async () => {
        const files = memoryFiles(good);
        put(files);
        const index = await load(files);
        assert.deepEqual(codes(index), [['backlog/bad.md', code, 'error']]);
        assert.match(index.problems()[0]?.message ?? '', /^[A-Z].*(?:: [a-z].*|Correct that line)\.$/);
        assert.deepEqual(
          index.items().map(({ id }) => id),
          ['GOOD'],
        );

        // The same when it is noticed later; and it is forgotten when it is mended.
        files.remove('backlog/bad.md').mend('backlog/bad.md').put('backlog/bad.md', itemText());
        await index.refresh(['backlog/bad.md']);
        assert.deepEqual([codes(index), index.items().length], [[], 2]);
        put(files.remove('backlog/bad.md'));
        await index.refresh(['backlog/bad.md']);
        assert.deepEqual(codes(index), [['backlog/bad.md', code, 'error']]);
      });
    }

    it('says what stands in the way of whole folders', async () => {
      const files = memoryFiles({ ...good, incidents: 'a file', '.firebreak/records': 'a file' });
      assert.deepEqual(codes(await load(files)), [
        ['.firebreak/records', 'unreadable', 'error'],
        ['incidents', 'unreadable', 'error'],
      ]);
      const denied = memoryFiles({ ...good, [outage.path]: incidentText() }).fail('incidents', 'denied');
      const index = await load(denied);
      assert.deepEqual(codes(index), [['incidents', 'unreadable', 'error']]);
      denied.mend('incidents');
      await index.refresh(['incidents']);
      assert.deepEqual([codes(index), index.items().length], [[], 2]);
    });

    it('notices that a folder makes way for what belongs there', async () => {
      const files = memoryFiles({ [outage.path]: incidentText(), [`${outage.folder}/timeline`]: 'a file' });
      const index = await load(files);
      assert.deepEqual(codes(index), [[`${outage.folder}/timeline`, 'unreadable', 'error']]);
      const event = anEvent();
      putEvents(files.remove(`${outage.folder}/timeline`), event);
      await index.refresh([pathOf(event)]);
      assert.deepEqual([codes(index), (await index.events(outage.uid)).length], [[], 1]);
    });

    it('tells a broken record and a broken event, and counts the others', async () => {
      const event = anEvent();
      const record = aRecord({ id: 'R1' });
      const files = putEvents(memoryFiles({ [bug.path]: itemText(), [outage.path]: incidentText() }), event)
        .put(`${outage.folder}/timeline/20250923T150000Z-note-7k2q.md`, '---\nkind: a: b\n---\n')
        .put(recordPath(record), recordText(record))
        .put(`.firebreak/records/${bug.uid}/R2.json`, '{"half":');
      const index = await load(files);
      assert.deepEqual(
        codes(index)
          .map(([path, code]) => [path, code])
          .filter(([, code]) => code !== 'stale'),
        [
          [`.firebreak/records/${bug.uid}/R2.json`, 'unreadable'],
          [`${outage.folder}/timeline/20250923T150000Z-note-7k2q.md`, 'brokenFrontMatter'],
        ],
      );
      assert.equal((await index.events(outage.uid)).length, 1);
      assert.equal(index.records(bug.uid).length, 1);
    });
  });

  describe('of names that two items have', () => {
    it('lists both, and warns of the one with the later uid', async () => {
      const files = memoryFiles({
        'backlog/a.md': itemText({ uid: 'u2', id: 'SAME' }),
        'backlog/b.md': itemText({ uid: 'u1', id: 'SAME' }),
      });
      const index = await load(files);
      assert.equal(index.items().length, 2);
      assert.equal(index.item('SAME')?.uid, 'u1');
      assert.deepEqual(codes(index), [['backlog/a.md', 'duplicateId', 'warning']]);
      assert.match(index.problems()[0]?.message ?? '', /also that of backlog\/b\.md/);
      files.put('backlog/a.md', itemText({ uid: 'u2', id: 'OTHER' }));
      await index.refresh(['backlog/a.md']);
      assert.deepEqual(index.problems(), []);
    });

    it('gives a copy of a file an identity of its own, so that nothing is recorded for the wrong one', async () => {
      const record = aRecord({ id: 'R1', set: { title: 'Renamed' }, prev: { title: null }, was: { title: 'Before' } });
      const files = memoryFiles({
        [bug.path]: itemText({ title: 'Renamed' }),
        'backlog/BUG-P2-20250923-1015 copy.md': itemText({ title: 'A new one' }),
        [recordPath(record)]: recordText(record),
      });
      const index = await load(files);
      const [copy, original] = [index.itemAt('backlog/BUG-P2-20250923-1015 copy.md'), index.itemAt(bug.path)];
      assert.deepEqual([original?.uid, original?.title, original?.uidInFile], [bug.uid, 'Renamed', true]);
      assert.deepEqual([copy?.title, copy?.uidInFile], ['A new one', false]);
      assert.ok(copy && copy.uid !== bug.uid);
      assert.deepEqual(index.handEdits(copy.uid), []);
      assert.equal(index.item(bug.uid)?.path, bug.path);
      assert.deepEqual(codes(index), [['backlog/BUG-P2-20250923-1015 copy.md', 'duplicateId', 'warning']]);
      // When the original goes, the copy is what is left of it.
      files.remove(bug.path);
      await index.refresh([bug.path]);
      assert.equal(index.item(bug.uid)?.path, 'backlog/BUG-P2-20250923-1015 copy.md');
    });

    it('goes on with thousands of copies of one file', async () => {
      const files = memoryFiles();
      for (let number = 0; number < 3_000; number++) files.put(`backlog/copy ${number}.md`, itemText());
      const index = await load(files);
      assert.equal(new Set(index.items().map(({ uid }) => uid)).size, 3_000);
      assert.equal(index.problems().length, 2_999);
      assert.equal(index.item(bug.id)?.path, 'backlog/copy 0.md');
    });

    it('takes the incident for the item, where declaring it left both', async () => {
      const index = await load(
        memoryFiles({ [`backlog/${outage.id}.md`]: incidentText({ phase: undefined }), [outage.path]: incidentText() }),
      );
      assert.equal(index.item(outage.uid)?.path, outage.path);
      assert.deepEqual(codes(index), [[`backlog/${outage.id}.md`, 'duplicateId', 'warning']]);
    });
  });

  describe('holds files against records', () => {
    const first = aRecord({ id: 'R1', set: { status: 'doing' }, prev: { status: null }, was: { status: 'ready' } });
    const second = aRecord({
      id: 'R2',
      set: { status: 'review', owner: '' },
      prev: { status: 'R1', owner: null },
      was: { owner: '@alice' },
    });
    const withRecords = (source: string) =>
      memoryFiles({
        [bug.path]: source,
        [recordPath(first)]: recordText(first),
        [recordPath(second)]: recordText(second),
      });

    it('agrees where the file shows the last record', async () => {
      const index = await load(withRecords(itemText({ status: 'review', owner: undefined })));
      assert.deepEqual([index.item(bug.uid)?.status, index.item(bug.uid)?.owner], ['review', undefined]);
      assert.deepEqual([index.problems(), index.handEdits(bug.uid)], [[], []]);
      assert.deepEqual(index.records(bug.uid), [first, second]);
    });

    it('lets the records decide over a stale copy, and says what it shows', async () => {
      const source = itemText({ status: 'ready', owner: '@alice' });
      const index = await load(withRecords(source));
      assert.deepEqual([index.item(bug.uid)?.status, index.item(bug.uid)?.owner], ['review', undefined]);
      assert.deepEqual(
        index.problems().map(({ code, field, line, level }) => [code, field, source.split('\n')[line ?? -1], level]),
        [
          ['stale', 'status', 'status: ready', 'warning'],
          ['stale', 'owner', 'owner: "@alice"', 'warning'],
        ],
      );
      assert.match(index.problems()[0]?.message ?? '', /shows "ready", and "review" was recorded since/);
      assert.match(index.problems()[1]?.message ?? '', /"@alice", and nothing was recorded since/);
      assert.deepEqual(index.handEdits(bug.uid), []);
    });

    it('takes a value that no record explains for an edit by hand', async () => {
      const index = await load(withRecords(itemText({ status: 'Done', owner: 'bob', title: 'New title' })));
      assert.deepEqual([index.item(bug.uid)?.status, index.item(bug.uid)?.owner], ['done', 'bob']);
      assert.deepEqual(index.handEdits(bug.uid), [
        { field: 'status', value: 'done', prev: 'R2' },
        { field: 'owner', value: 'bob', prev: 'R2' },
      ]);
      assert.deepEqual(index.problems(), []);
    });

    it('takes what the file does not say from the records', async () => {
      const index = await load(withRecords(itemText({ status: undefined, owner: undefined })));
      assert.equal(index.item(bug.uid)?.status, 'review');
      assert.deepEqual(index.problems(), []);
    });

    it('lets the records decide where git left a conflict', async () => {
      const source = itemText({ status: 'review' }).replace(
        'status: review',
        '<<<<<<< HEAD\nstatus: done\n=======\nstatus: ready\n>>>>>>> theirs',
      );
      const index = await load(withRecords(source.replace('owner: "@alice"\n', '')));
      assert.equal(index.item(bug.uid)?.status, 'review');
      assert.deepEqual(index.handEdits(bug.uid), []);
      assert.deepEqual(codes(index), [[bug.path, 'conflictMarkers', 'error']]);
      const alone = await load(memoryFiles({ [bug.path]: source }));
      assert.equal(alone.item(bug.uid)?.status, 'done', 'our side, where there is no record');
    });

    it('does not mind records of items that are not there', async () => {
      const index = await load(memoryFiles({ [recordPath(first)]: recordText(first) }));
      assert.deepEqual([index.items(), index.problems(), index.records(bug.uid)], [[], [], [first]]);
    });
  });

  describe('of incidents', () => {
    const declared = anEvent({ kind: 'phase', to: 'declared', prev: null });
    const p0 = anEvent({ kind: 'severity', to: 'P0', prev: null });
    const commander = anEvent({ kind: 'role', role: 'commander', to: '@alice', prev: null });
    const mitigate = anEvent({ kind: 'phase', to: 'mitigate', prev: declared.id });

    it('takes phase, severity and roles from the events', async () => {
      const files = putEvents(
        memoryFiles({ [outage.path]: incidentText({ phase: 'mitigate' }) }),
        mitigate,
        commander,
        p0,
        declared,
      );
      const index = await load(files);
      const item = index.item(outage.uid);
      assert.deepEqual(
        [item?.incident?.phase, item?.severity, item?.incident?.roles],
        ['mitigate', 'P0', { commander: '@alice' }],
      );
      assert.deepEqual(index.problems(), []);
      assert.deepEqual(
        (await index.events(outage.uid)).map(({ event }) => event.id),
        [declared.id, p0.id, commander.id, mitigate.id],
      );
      assert.deepEqual(index.loadedEvents(outage.uid), await index.events(outage.uid));
    });

    it('tells stale values and edits by hand of these, too', async () => {
      const files = putEvents(
        memoryFiles({
          [outage.path]: incidentText({
            phase: 'declared',
            severity: 'P1',
            roles: { commander: '@bob', scribe: 'eve' },
          }),
        }),
        declared,
        p0,
        commander,
        mitigate,
      );
      const index = await load(files);
      const item = index.item(outage.uid);
      assert.deepEqual(
        [item?.incident?.phase, item?.severity, item?.incident?.roles],
        ['mitigate', 'P1', { commander: '@bob', scribe: 'eve' }],
      );
      assert.deepEqual(
        index.handEdits(outage.uid),
        [
          { field: 'commander', value: '@bob', prev: commander.id },
          { field: 'severity', value: 'P1', prev: p0.id },
        ].sort((left, right) => (left.field < right.field ? -1 : 1)),
      );
      assert.deepEqual(
        index.problems().map(({ code, field }) => [code, field]),
        [['stale', 'phase']],
      );
    });

    it('goes on with the severity that the item had before it was declared', async () => {
      const before = aRecord({
        id: 'R1',
        item: outage.uid,
        set: { severity: 'P2' },
        prev: { severity: null },
        was: { severity: 'P3' },
      });
      const raised = anEvent({ kind: 'severity', to: 'P0', prev: 'R1' });
      const files = putEvents(
        memoryFiles({ [outage.path]: incidentText({ severity: 'P3' }), [recordPath(before)]: recordText(before) }),
        raised,
      );
      const index = await load(files);
      assert.equal(index.item(outage.uid)?.severity, 'P0');
      assert.deepEqual(
        index.problems().map(({ field }) => field),
        ['severity'],
      );
    });

    it('gives a role back', async () => {
      const back = anEvent({ kind: 'role', role: 'commander', to: '', prev: commander.id });
      const index = await load(putEvents(memoryFiles({ [outage.path]: incidentText() }), commander, back));
      assert.deepEqual(index.item(outage.uid)?.incident?.roles, {});
    });

    it('shows an event that names another incident in the folder it is in, and warns', async () => {
      const strange = anEvent({ incident: '01K5V7Z0000000000000000009' });
      const byId = anEvent({ incident: outage.id });
      const index = await load(putEvents(memoryFiles({ [outage.path]: incidentText() }), strange, byId));
      assert.equal((await index.events(outage.uid)).length, 2);
      assert.deepEqual(codes(index), [[pathOf(strange), 'unknownIncident', 'warning']]);
    });

    it('does not lose an incident with its document: its events say what they can', async () => {
      const files = putEvents(
        memoryFiles({ [outage.path]: incidentText({ title: 'a: b' }).replace('"a: b"', 'a: b') }),
        declared,
        p0,
        mitigate,
      );
      const index = await load(files);
      const item = index.item(outage.uid);
      assert.deepEqual(
        [item?.title, item?.severity, item?.incident?.phase, item?.private],
        [outage.id, 'P0', 'mitigate', true],
      );
      assert.deepEqual(codes(index), [[outage.path, 'brokenFrontMatter', 'error']]);
      files.remove(outage.path);
      await index.refresh([outage.path]);
      assert.deepEqual(codes(index), [[outage.path, 'unknownIncident', 'error']]);
      assert.equal(index.item(outage.uid)?.incident?.phase, 'mitigate');
      files.put(outage.path, incidentText({ phase: 'mitigate' }));
      await index.refresh([outage.path]);
      assert.deepEqual([codes(index), index.item(outage.uid)?.private], [[], false]);
    });

    it('leaves the events of an item that is just being declared to it, where it is', async () => {
      const files = putEvents(
        memoryFiles({ [`backlog/${outage.id}.md`]: incidentText({ phase: undefined }) }),
        declared,
        p0,
      );
      const index = await load(files);
      assert.deepEqual(
        index.items().map(({ path }) => path),
        [`backlog/${outage.id}.md`],
      );
      assert.equal((await index.events(outage.uid)).length, 2);
      assert.deepEqual(codes(index), [[outage.path, 'unknownIncident', 'warning']]);
    });

    describe('that are closed', () => {
      const closed = anEvent({ kind: 'phase', to: 'closed', prev: mitigate.id });
      const notes = Array.from({ length: 5 }, () => anEvent());
      const workspace = (values: Parameters<typeof incidentText>[0] = {}) =>
        putEvents(
          memoryFiles({ [outage.path]: incidentText({ phase: 'closed', status: 'done', ...values }) }),
          declared,
          mitigate,
          closed,
          ...notes,
        );

      it('reads at loading only what makes their state, and the rest when somebody asks', async () => {
        const files = workspace();
        const index = await load(files);
        assert.deepEqual(
          [...files.reads].sort(),
          [outage.path, ...[declared, mitigate, closed].map((event) => pathOf(event))].sort(),
        );
        assert.equal(index.loadedEvents(outage.uid), undefined);
        assert.equal((await index.events(outage.uid)).length, 8);
        assert.equal(index.loadedEvents(outage.uid)?.length, 8);
        files.forgetCounts();
        await index.events(outage.uid);
        assert.deepEqual(files.reads, [], 'once');
      });

      it('knows by the events that one was taken up again, whatever its document says', async () => {
        const again = anEvent({ kind: 'phase', to: 'investigate', prev: closed.id });
        const index = await load(putEvents(workspace(), again));
        assert.equal(index.item(outage.uid)?.incident?.phase, 'investigate');
        assert.deepEqual(
          index.problems().map(({ field }) => field),
          ['phase'],
        );
      });

      it('costs one read when an event comes to them', async () => {
        const files = workspace();
        const index = await load(files);
        const changes = changesOf(index);
        files.forgetCounts();
        const late = anEvent();
        putEvents(files, late);
        await index.refresh([pathOf(late)]);
        assert.deepEqual(files.reads, [pathOf(late)]);
        assert.deepEqual(
          changes.map(({ uids }) => [...uids]),
          [[outage.uid]],
        );
        assert.equal((await index.events(outage.uid)).length, 9);
      });
    });
  });

  describe('of merged incidents', () => {
    const folderOf = (number: number) => `incidents/BUG-P0-20250923-143${number}`;
    const incidents = (count: number, duplicateOf: (number: number) => string | undefined) => {
      const files = memoryFiles();
      for (let number = 0; number < count; number++) {
        const values = { uid: `uid${number}`, id: `BUG-P0-20250923-143${number}`, 'duplicate-of': duplicateOf(number) };
        files.put(`${folderOf(number)}/incident.md`, incidentText(values));
        const event = anEvent({ incident: `uid${number}`, body: `${number}` });
        files.put(pathOf(event, folderOf(number)), eventText(event));
      }
      return files;
    };
    const bodies = async (index: WorkspaceIndex, uid: string) =>
      (await index.timeline(uid)).map(({ event }) => event.body);

    it('shows the events of all that were merged into one, directly or not', async () => {
      const index = await load(
        incidents(4, (number) => (number === 0 || number === 3 ? undefined : `BUG-P0-20250923-143${number - 1}`)),
      );
      assert.deepEqual(await bodies(index, 'uid0'), ['0', '1', '2']);
      assert.deepEqual(await bodies(index, 'uid1'), ['1', '2']);
      assert.deepEqual(await bodies(index, 'uid3'), ['3']);
      assert.deepEqual(
        (await index.events('uid0')).map(({ event }) => event.body),
        ['0'],
      );
    });

    it('ends with incidents that are merged in a ring, and into themselves', async () => {
      const ring = await load(incidents(3, (number) => `uid${(number + 1) % 3}`));
      assert.deepEqual(await bodies(ring, 'uid1'), ['0', '1', '2']);
      assert.deepEqual(await bodies(await load(incidents(1, () => 'uid0')), 'uid0'), ['0']);
    });

    it('tells those who show the one that goes on', async () => {
      const files = incidents(3, (number) => (number === 0 ? undefined : `uid${number - 1}`));
      const index = await load(files);
      const changes = changesOf(index);
      const event = anEvent({ incident: 'uid2', body: 'late' });
      files.put(pathOf(event, folderOf(2)), eventText(event));
      await index.refresh([pathOf(event, folderOf(2))]);
      assert.deepEqual(
        changes.map(({ uids }) => [...uids].sort()),
        [['uid0', 'uid1', 'uid2']],
      );
      assert.deepEqual(await bodies(index, 'uid0'), ['0', '1', '2', 'late']);
    });
  });

  describe('is kept', () => {
    const many = () => {
      const files = putEvents(
        memoryFiles({ [outage.path]: incidentText() }),
        ...Array.from({ length: 20 }, () => anEvent()),
      );
      for (let number = 0; number < 50; number++)
        files.put(`backlog/I${number}.md`, itemText({ uid: `u${number}`, id: `I${number}` }));
      return files;
    };

    it('by one read for one changed item, event or record', async () => {
      const files = many();
      const index = await load(files);
      const event = anEvent();
      const record = aRecord({ id: 'R1', item: 'u7', was: { status: 'ready' } });
      for (const [path, text] of [
        ['backlog/I7.md', itemText({ uid: 'u7', id: 'I7', title: 'Changed' })],
        ['backlog/new.md', itemText({ uid: 'new', id: 'NEW' })],
        [pathOf(event), eventText(event)],
        [recordPath(record), recordText(record)],
        [outage.path, incidentText({ title: 'Changed' })],
      ] as const) {
        files.forgetCounts();
        files.put(path, text);
        await index.refresh([path]);
        assert.deepEqual([files.reads, files.stats, files.lists], [[path], [path], []], path);
      }
      assert.equal(index.item('I7')?.title, 'Changed');
      assert.equal(index.item('u7')?.status, 'doing');
      assert.ok(index.item('NEW'));
      assert.equal((await index.events(outage.uid)).length, 21);
    });

    it('without a read for what is none of its files', async () => {
      const files = many();
      const index = await load(files);
      files.forgetCounts();
      await index.refresh([
        'src/main.ts',
        'README.md',
        'backlogs/x.md',
        `${outage.folder}/attachments`,
        '.git/HEAD',
        'backlog/.tmp/x',
      ]);
      assert.deepEqual([files.reads, files.stats, files.lists], [[], [], []]);
    });

    it('by one look and no read for a review, whose being there is all that counts', async () => {
      const files = many();
      const index = await load(files);
      const review = `${outage.folder}/rca.md`;
      const told: string[] = [];
      index.onDidChange(({ uids }) => told.push(...uids));
      const looked = async () => {
        files.forgetCounts();
        await index.refresh([review]);
        assert.deepEqual([files.reads, files.stats, files.lists], [[], [review], []]);
        const incident = index.item(outage.uid);
        assert.ok(incident && isIncident(incident));
        return index.hasReview(incident);
      };
      assert.equal(await looked(), false);
      files.put(review, '');
      assert.equal(await looked(), false, 'nothing was written yet');
      files.put(review, '# RCA');
      assert.equal(await looked(), true);
      assert.deepEqual(told, [outage.uid]);
      files.put(review, '# RCA, longer');
      assert.equal(await looked(), true);
      assert.deepEqual(told, [outage.uid], 'its words are nothing to the index');
      const found = index.item(outage.uid);
      assert.ok(found && isIncident(found) && (await load(files)).hasReview(found), 'a start finds it, too');
      files.remove(review);
      assert.equal(await looked(), false);
      assert.deepEqual(told, [outage.uid, outage.uid]);
    });

    it('when files go, and when whole folders come, go and move', async () => {
      const files = many();
      const index = await load(files);
      files.remove('backlog/I3.md');
      await index.refresh(['backlog/I3.md']);
      assert.equal(index.item('u3'), undefined);

      files
        .put('backlog/sub/a.md', itemText({ uid: 'a', id: 'A' }))
        .put('backlog/sub/deep/b.md', itemText({ uid: 'b', id: 'B' }));
      await index.refresh(['backlog/sub/']);
      assert.ok(index.item('A') && index.item('B'));
      files.remove('backlog/sub');
      await index.refresh(['./backlog/sub']);
      assert.equal(index.item('A') ?? index.item('B'), undefined);

      const events = await index.events(outage.uid);
      for (const path of files.paths().filter((one) => one.startsWith(outage.folder))) {
        files.put(path.replace(outage.folder, `${outage.folder}-2`), files.text(path) ?? '');
      }
      files.remove(outage.folder);
      await index.refresh([outage.folder, `${outage.folder}-2`]);
      assert.equal(index.item(outage.uid)?.incident?.folder, `${outage.folder}-2`);
      assert.deepEqual(
        (await index.events(outage.uid)).map(({ event }) => event),
        events.map(({ event }) => event),
      );

      files.remove('backlog').remove('incidents');
      await index.refresh(['']);
      assert.deepEqual([index.items(), index.problems()], [[], []]);
    });

    it('in turns: what is asked for during loading comes after it', async () => {
      const files = many();
      const index = new WorkspaceIndex({ files, log: silentLog });
      const loading = index.load();
      files.put('backlog/late.md', itemText({ uid: 'late', id: 'LATE' }));
      const refreshing = index.refresh(['backlog/late.md']);
      files.remove('backlog/I1.md');
      const again = index.refresh(['backlog/I1.md']);
      await Promise.all([loading, refreshing, again]);
      assert.ok(index.item('LATE'));
      assert.equal(index.item('I1'), undefined);
      assert.equal(index.items().length, 51);
    });

    it('when a refresh comes before the first load', async () => {
      const index = new WorkspaceIndex({ files: many(), log: silentLog });
      await index.refresh(['backlog/I1.md']);
      assert.deepEqual(
        index.items().map(({ id }) => id),
        ['I1'],
      );
      await index.load();
      assert.equal(index.items().length, 51);
    });

    it('when a file goes between the listing and the reading', async () => {
      const files = many();
      const list = files.list.bind(files);
      files.list = async (folder) => {
        const entries = await list(folder);
        if (folder === 'backlog') files.remove('backlog/I9.md');
        return entries;
      };
      const index = await load(files);
      assert.equal(index.items().length, 50);
      assert.deepEqual(index.problems(), []);
    });
  });

  describe('tells', () => {
    it('once of a load, once of a refresh, and of what is not as it was', async () => {
      const files = memoryFiles({ [bug.path]: itemText(), [outage.path]: incidentText() });
      const index = new WorkspaceIndex({ files, log: silentLog });
      const changes = changesOf(index);
      await index.load();
      assert.deepEqual(
        changes.map(({ uids, problems, policy }) => [[...uids].sort(), problems, policy]),
        [[[bug.uid, outage.uid].sort(), false, false]],
      );
      await index.load();
      await index.refresh([bug.path, outage.path, 'backlog', 'incident-policy.yml']);
      assert.equal(changes.length, 1, 'nothing changed');

      files.put(bug.path, itemText({ status: 'lunch' })).put(outage.path, incidentText({ title: 'Changed' }));
      await index.refresh([bug.path, outage.path]);
      assert.equal(changes.length, 2);
      assert.deepEqual(
        [[...(changes[1]?.uids ?? [])].sort(), changes[1]?.problems],
        [[bug.uid, outage.uid].sort(), true],
      );
    });

    it('nobody of unknown keys, comments and line ends', async () => {
      const files = memoryFiles({ [bug.path]: itemText() });
      const index = await load(files);
      const changes = changesOf(index);
      files.put(
        bug.path,
        `\ufeff${itemText({ points: 5 })}`.replace('severity', '# why\nseverity').replaceAll('\n', '\r\n'),
      );
      await index.refresh([bug.path]);
      assert.deepEqual(changes, []);
    });

    it('of a uid that an item lost, and of the one that it got', async () => {
      const files = memoryFiles({ [bug.path]: itemText({ uid: undefined }) });
      const index = await load(files);
      const derived = index.item(bug.id)?.uid;
      const changes = changesOf(index);
      files.put(bug.path, itemText());
      await index.refresh([bug.path]);
      assert.deepEqual(
        changes.map(({ uids }) => [...uids].sort()),
        [[bug.uid, derived].sort()],
      );
    });

    it('all listeners, though one of them fails; and none that was disposed of', async () => {
      const files = memoryFiles({ [bug.path]: itemText() });
      const errors: string[] = [];
      const index = new WorkspaceIndex({ files, log: { ...silentLog, error: (message) => errors.push(message) } });
      index.onDidChange(() => {
        throw new Error('a view');
      });
      const gone = index.onDidChange(() => assert.fail('it was disposed of'));
      const changes = changesOf(index);
      gone.dispose();
      await index.load();
      assert.deepEqual([changes.length, errors.length], [1, 1]);
    });

    it('when everything is in place already', async () => {
      const index = new WorkspaceIndex({ files: memoryFiles({ [bug.path]: itemText() }), log: silentLog });
      let seen: unknown;
      index.onDidChange(({ uids }) => {
        seen = [...uids].map((uid) => index.item(uid)?.id);
      });
      await index.load();
      assert.deepEqual(seen, [bug.id]);
    });
  });
});
