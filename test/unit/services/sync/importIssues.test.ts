import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OctokitIssueTracker } from '../../../../src/adapters/github/octokitTracker.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { RemoteIssue } from '../../../../src/core/ports/issueTracker.ts';
import { readItem } from '../../../../src/documents/itemDocument.ts';
import { changeSeverity } from '../../../../src/services/changeItem.ts';
import { importedItem } from '../../../../src/services/sync/importedItem.ts';
import { ImportIssues } from '../../../../src/services/sync/importIssues.ts';
import type { ImportQuery } from '../../../../src/services/sync/importJob.ts';
import { LabelMapping } from '../../../../src/services/sync/labels.ts';
import { declare, repositoryName, SyncWorld, type TestClone, tokenOf } from './syncWorld.ts';

const all: ImportQuery = { state: 'all', labels: [] };

describe('Import GitHub Issues', function () {
  this.timeout(120_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
  });
  afterEach(() => world.stop());

  const importer = (clone: TestClone = alice) =>
    new ImportIssues({
      services: clone.context,
      privateFiles: clone.privateFiles,
      repository: { owner: 'acme', repo: 'shop' },
      tracker: async (repository) =>
        new OctokitIssueTracker({
          apiUrl: world.gitHub.url,
          repository,
          token: tokenOf('alice'),
          now: () => clone.now(),
          log: (line) => clone.log.push(line),
          gate: clone.pace.bulk,
        }),
      lock: () => clone.machine.lock('import'),
    });
  const bring = async (query: ImportQuery = all, clone: TestClone = alice) => {
    const running = importer(clone);
    await running.list(query);
    return running.apply();
  };
  const open = (count: number, labels: string[] = []) => {
    for (let number = 1; number <= count; number++) {
      world.manager.openIssue({ title: `Issue ${number}`, body: `Text ${number}`, labels });
    }
  };
  const titles = () =>
    alice.context.index
      .items()
      .map(({ title }) => title)
      .sort();

  it('makes an item of an issue, from what the issue says alone', async () => {
    world.manager.openIssue({
      title: 'Checkout rejects SEPA',
      body: 'Since **Monday**.\r\n\r\n- one\r\n',
      labels: ['severity: P1', 'type: bug', 'status: doing', 'checkout'],
    });
    world.manager.openIssue({ title: 'Dark mode', body: '', labels: ['enhancement'] });
    world.manager.openIssue({ title: 'Old', body: 'x' });
    world.manager.close(3, 'not_planned');
    const counts = await bring();
    assert.deepEqual(counts, { seen: 3, chosen: 3, known: 0, imported: 3 });
    const { id } = world.gitHub.state.repository(repositoryName);
    assert.deepEqual(alice.tree.snapshot(), {
      'backlog/BUG-P1-20250923-gh1.md': `---
title: Checkout rejects SEPA
type: bug
date: 2025-09-23
tags: [checkout]
links: []
id: BUG-P1-20250923-gh1
uid: gh-${id}-1
severity: P1
status: doing
github: acme/shop#1
---
Since **Monday**.

- one
`,
      'backlog/FEATURE-P2-20250923-gh2.md': `---
title: Dark mode
type: feature
date: 2025-09-23
tags: [enhancement]
links: []
id: FEATURE-P2-20250923-gh2
uid: gh-${id}-2
severity: P2
status: inbox
github: acme/shop#2
---
`,
      'backlog/TASK-P2-20250923-gh3.md': `---
title: Old
type: task
date: 2025-09-23
tags: []
links: []
id: TASK-P2-20250923-gh3
uid: gh-${id}-3
severity: P2
status: declined
github: acme/shop#3
---
x
`,
    });
    assert.deepEqual(alice.context.index.problems(), []);
  });

  it('writes nothing to GitHub, neither then nor by the syncs that follow; what changes here goes there', async () => {
    open(30);
    world.manager.openIssue({ title: 'A bug', body: 'b', labels: ['bug'], assignees: ['bob'] });
    world.manager.close(3);
    await bring();
    assert.deepEqual(world.takeWrites(), []);
    assert.deepEqual(
      await alice.sync.sync({ dryRun: true }).then(({ plan }) => plan.filter((p) => p.step !== 'read')),
      [],
    );
    await alice.assertSilent();
    const bob = await world.clone('bob').load();
    await bob.pullFrom(alice);
    await bob.assertSilent();

    await changeSeverity(bob.context, bob.item('TASK-P2-20250923-gh1'), 'P1');
    await bob.syncClean();
    assert.deepEqual(world.labels(1), ['severity: P1']);
    world.manager.editTitle(2, 'Renamed on GitHub');
    await alice.syncClean();
    assert.equal(alice.item('TASK-P2-20250923-gh2').title, 'Renamed on GitHub');
    await alice.pullFrom(bob);
    await alice.assertSilent();
    assert.equal(alice.item('TASK-P2-20250923-gh1').severity, 'P1');
  });

  it('a hand edit of what an import guessed is sent', async () => {
    open(1);
    await bring();
    await alice.assertSilent();
    const path = 'backlog/TASK-P2-20250923-gh1.md';
    const text = alice.tree.text(path) ?? '';
    await alice.receive({
      [path]: text.replace('severity: P2', 'severity: P4').replace('status: inbox', 'status: ready'),
    });
    await alice.syncClean();
    assert.deepEqual(world.labels(1), ['severity: P4', 'status: ready']);
  });

  it('two clones write the same bytes', async () => {
    open(3, ['bug', 'severity: P3']);
    const bob = await world.clone('bob', { skew: 86_400_000 }).load();
    await bring();
    await bring(all, bob);
    assert.deepEqual(bob.tree.snapshot(), alice.tree.snapshot());
  });

  it('leaves out pull requests, what is linked, and what another clone made', async () => {
    const bob = await world.clone('bob').load();
    await declare(bob);
    await bob.syncClean();
    world.manager.openIssue({ title: 'Pull', body: '', pullRequest: {} });
    open(2);
    await bring({ ...all });
    assert.deepEqual(titles(), ['Issue 1', 'Issue 2']);
    const again = importer();
    const job = await again.list(all);
    assert.deepEqual([job.seen, job.chosen, job.known], [3, 0, 3]);
    assert.deepEqual(await again.apply(), { seen: 3, chosen: 0, known: 3, imported: 0 });
  });

  it('a marker of an outsider hides nothing', async () => {
    const { id } = await declare(alice);
    const { uid } = alice.item(id);
    world.gitHub
      .web('mallory', repositoryName)
      .openIssue({ title: 'Innocent', body: `Text\n\n<!-- firebreak:uid=${uid} -->` });
    await bring();
    const item = alice.context.index.items().find(({ title }) => title === 'Innocent');
    assert.equal(item?.body.trim(), 'Text');
  });

  it('by labels, state, milestone and words', async () => {
    open(1, ['bug', 'checkout']);
    open(1, ['bug']);
    world.manager.openIssue({ title: 'Words: Needle', body: 'in the HAYSTACK', labels: ['bug', 'checkout'] });
    const repository = world.gitHub.state.repository(repositoryName);
    assert.equal((await importer().list({ state: 'all', labels: ['bug', 'checkout'] })).chosen, 2);
    const job = await importer().list({ state: 'open', labels: ['bug'], text: 'haystack needle' });
    assert.deepEqual([job.seen, job.chosen, job.labels], [3, 1, { bug: 1, checkout: 1 }]);
    world.manager.close(1);
    assert.equal((await importer().list({ state: 'closed', labels: [] })).chosen, 1);
    assert.equal((await importer().list({ state: 'all', labels: [], milestone: '2025-W39' })).chosen, 0);
    assert.equal(repository.issues.size, 3);
    assert.deepEqual(alice.tree.paths(), [], 'listing writes nothing');
  });

  it('goes on where it was stopped, listing and writing, also in another process', async () => {
    open(450);
    const stopAfter = (pages: number) => {
      const abort = new AbortController();
      let told = 0;
      const onProgress = () => {
        told += 1;
        if (told === pages) abort.abort();
      };
      return { signal: abort.signal, onProgress };
    };
    const isStopped = (error: unknown) => FirebreakError.is(error, 'cancelled');
    await assert.rejects(importer().list(all, stopAfter(2)), isStopped);
    assert.equal((await importer().pending())?.seen, 200);
    world.takeRequests();
    const job = await importer().list(all);
    assert.deepEqual([job.stage, job.chosen, job.first, job.last], ['listed', 450, 1, 5]);
    assert.equal(world.takeRequests().filter((line) => line.includes('/issues?')).length, 3);

    await assert.rejects(importer().apply(stopAfter(2)), isStopped);
    assert.equal(alice.tree.paths().length, 200);
    const counts = await importer().apply();
    assert.deepEqual([counts.imported, alice.tree.paths().length], [450, 450]);
    assert.equal(world.takeRequests().length, 0, 'what was listed is not asked for again');
    assert.equal(await importer().pending(), undefined);
    assert.deepEqual(
      alice.privateFiles.paths().filter((path) => path.startsWith('sync/import')),
      [],
    );
  });

  it('a place in the list that has expired is no end: it begins again', async () => {
    open(250);
    const abort = new AbortController();
    await assert.rejects(importer().list(all, { signal: abort.signal, onProgress: () => abort.abort() }));
    world.gitHub.inject({ name: '422', path: /page|after/ });
    const job = await importer().list(all);
    assert.deepEqual([job.stage, job.chosen, job.last], ['listed', 250, 3]);
  });

  it('a file that has the name stays, and the others come', async () => {
    open(3);
    alice.tree.put('backlog/TASK-P2-20250923-gh2.md', 'Mine, and not to be read as an item');
    assert.equal((await bring()).imported, 2);
    assert.equal(alice.tree.text('backlog/TASK-P2-20250923-gh2.md'), 'Mine, and not to be read as an item');
    assert.equal(alice.tree.paths().length, 3);
  });

  it('one at a time', async () => {
    const lock = await alice.machine.lock('import');
    await assert.rejects(importer().list(all), (error) => FirebreakError.is(error, 'syncBusy'));
    await lock?.dispose();
    await assert.rejects(importer().apply(), (error) => FirebreakError.is(error, 'notFound'));
  });

  it('begun and given up: nothing of it is left', async () => {
    open(3);
    await importer().list(all);
    await importer().discard();
    assert.equal(await importer().pending(), undefined);
    assert.deepEqual(alice.tree.paths(), []);
  });

  it('whatever a title, a text or a label holds, the document says just that', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '---',
        '---\nid: x',
        '{{evil}}',
        '"',
        "'",
        '*x',
        '&a',
        '!!js/function',
        '#',
        '- a',
        '@x',
        '%',
        '<<<<<<< HEAD',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, fc.array(hostile, { maxLength: 4 }), (title, body, labels) => {
        const clean = (text: string) =>
          text
            .replaceAll('\0', '')
            .replace(/\r\n?/g, '\n')
            .replace(/\p{Surrogate}/gu, '');
        const issue: RemoteIssue = {
          id: 1,
          number: 7,
          title: clean(title),
          body: clean(body),
          state: 'open',
          stateReason: undefined,
          labels: labels.map(clean),
          assignees: [],
          milestone: undefined,
          author: 'mallory',
          trusted: false,
          url: '',
          createdAt: '2025-09-23T14:30:00Z',
          updatedAt: '2025-09-23T14:30:00Z',
          closedAt: undefined,
          parent: undefined,
          comments: 0,
        };
        const { path, text, uid } = importedItem({ owner: 'acme', repo: 'shop', id: 5 }, issue, new LabelMapping());
        assert.match(path, /^backlog\/(BUG|FEATURE|TASK)-P[0-4]-20250923-gh7\.md$/);
        const { fields } = readItem(path, text);
        assert.equal(fields?.uid, uid);
        assert.equal(fields.title, issue.title.replace(/\s+/g, ' ').trim() || 'Issue #7');
        assert.equal(fields.private, false);
        assert.deepEqual(fields.github, { owner: 'acme', repo: 'shop', number: 7 });
      }),
      { numRuns: 300, seed: 39 },
    );
  });
});
