import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { purgeAdvice } from '../../../../src/services/purgeAdvice.ts';
import { purgeEvent } from '../../../../src/services/purgeEvent.ts';
import { applyPurges } from '../../../../src/services/purges.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { correctEvent } from '../../../../src/services/replaceEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const secret = 'password hunter2-of-the-database';

describe('Purge', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let incident: Incident;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    bob = await world.clone('bob').load();
    incident = await declare(alice);
    await alice.syncClean();
    await bob.pullFrom(alice);
    await bob.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  const records = () => {
    const repository = world.gitHub.state.repository('acme/shop');
    return repository.commentsOf(world.issue());
  };
  const shown = () => world.comments().map((body) => body.replace(/\s*<!-- firebreak:ev=[^\n]*$/, ''));
  const editLast = (replace: (body: string) => string) => {
    const last = records().at(-1);
    assert.ok(last, 'there is no comment');
    world.manager.editComment(last.id, replace(last.body));
  };
  const note = (clone: TestClone, text: string) =>
    recordEvent(clone.context, clone.incident(incident.id), 'note', text);
  const purge = async (clone: TestClone, event: TimelineEvent | undefined) => {
    const stored = (await clone.context.index.events(incident.uid)).find((one) => one.event.id === event?.id);
    assert.ok(stored, 'there is no such event');
    return purgeEvent(clone.context, clone.privateFiles, clone.incident(incident.id), stored);
  };
  const knows = (...clones: TestClone[]) =>
    clones.map((clone) => JSON.stringify([clone.tree.snapshot(), clone.privateFiles.snapshot()]).includes('hunter2'));
  const fromGitHub = async (clone: TestClone) =>
    (await clone.events(incident.id)).filter((event) => event.origin === 'github');

  it('takes the words out of the tree, the journal and the comment; the record that there was something stays', async () => {
    const event = await note(alice, secret);
    await note(alice, 'harmless');
    await alice.syncClean();
    assert.deepEqual(knows(alice), [true]);
    const purged = await purge(alice, event);
    assert.deepEqual(knows(alice), [false]);
    assert.deepEqual(purged.alsoIn, []);
    assert.match(alice.tree.text(purged.path) ?? '', /^---\nid: .*\nincident: [\s\S]*\n---\n\*\(Purged: .*\)\*\n$/);
    const { steps } = await alice.sync.pendingWork();
    assert.deepEqual(
      steps.map(({ detail }) => detail),
      ['take what was purged out of a comment'],
    );
    world.takeRequests();
    await alice.syncClean();
    assert.deepEqual(
      world
        .takeRequests()
        .filter((line) => !/issues(\/comments)?\?/.test(line))
        .map((line) => line.slice(0, 5)),
      ['GET /', 'PATCH'],
    );
    assert.match(shown()[1] ?? '', /^- \*\*2025-09-23 14:31:00 UTC\*\* · \*\(purged\)\*\n- .*: harmless$/);
    assert.deepEqual(await fromGitHub(alice), []);
    await alice.assertSilent();
    await bob.assertSilent();
    await assert.rejects(purge(alice, event), /purged already/);
  });

  it('of one clone wins in all, also over their journals and an old copy of the file', async () => {
    const event = await note(alice, secret);
    await alice.syncClean();
    await bob.pullFrom(alice);
    const { path } = await purge(bob, event);
    await bob.syncClean();
    assert.ok(!world.comments().join('').includes('hunter2'));
    await alice.pullFrom(bob);
    // The journal of the clone that wrote it has it still.
    assert.deepEqual(knows(alice, bob), [true, false]);
    await alice.syncClean();
    assert.deepEqual(knows(alice, bob), [false, false]);
    alice.tree.remove(path);
    await alice.context.index.refresh([path]);
    await alice.context.writer.restore(alice.context.index.missing());
    assert.deepEqual(knows(alice), [false]);
    const old = (alice.tree.text(path) ?? '').replace(/\*\(Purged.*/, secret);
    await alice.receive({ [path]: old });
    await applyPurges(alice.context);
    assert.deepEqual(knows(alice), [false]);
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('that stops in the middle is finished by the next sync', async () => {
    const event = await note(alice, secret);
    await alice.syncClean();
    const write = alice.tree.write.bind(alice.tree);
    alice.tree.write = () => Promise.reject(new Error('the machine stops'));
    await assert.rejects(purge(alice, event), /the machine stops/);
    alice.tree.write = write;
    await alice.syncClean();
    assert.deepEqual(knows(alice), [false]);
    assert.ok(!world.comments().join('').includes('hunter2'));
    await alice.assertSilent();
  });

  it('before it was ever sent keeps it from being sent', async () => {
    const event = await note(alice, secret);
    await bob.pullFrom(alice);
    await purge(bob, event);
    await alice.pullFrom(bob);
    await alice.syncClean();
    await bob.syncClean();
    assert.equal(records().length, 1);
    assert.ok(!JSON.stringify(world.gitHub.requests.map(({ body }) => body)).includes('hunter2'));
    await alice.assertSilent();
  });

  it('reaches a comment that the other clone posts before it hears of the purge', async () => {
    const event = await note(alice, secret);
    await bob.pullFrom(alice);
    await purge(bob, event);
    await bob.syncClean();
    await alice.syncClean();
    assert.ok(world.comments().join('').includes('hunter2'));
    await alice.pullFrom(bob);
    await alice.syncClean();
    assert.ok(!world.comments().join('').includes('hunter2'));
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('of a correction takes that out of the entry that shows it', async () => {
    const event = await note(alice, 'harmless');
    await alice.syncClean();
    const correction = await correctEvent(alice.context, alice.incident(incident.id), event, secret);
    await alice.syncClean();
    assert.ok(world.comments().join('').includes('hunter2'));
    await purge(alice, correction);
    await alice.syncClean();
    assert.ok(!world.comments().join('').includes('hunter2'));
    assert.deepEqual(knows(alice), [false]);
    await alice.assertSilent();
  });

  it('of a text in several comments takes it out of each', async () => {
    const event = await note(alice, `${secret} ${'x'.repeat(100_000)} ${secret}`);
    await alice.syncClean();
    await purge(alice, event);
    await alice.syncClean();
    assert.deepEqual(shown().slice(1), ['- **2025-09-23 14:31:00 UTC** · *(purged)*', '*(purged)*']);
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('replaces an entry that a person had edited, and says so; their edit can be purged as well', async () => {
    const event = await note(alice, secret);
    await note(alice, 'harmless');
    await alice.syncClean();
    world.clock.advance(60);
    editLast((body) => body.replace('database', 'warehouse'));
    await alice.syncClean();
    world.clock.advance(60);
    const [edit] = await fromGitHub(alice);
    assert.match(edit?.body ?? '', /hunter2-of-the-warehouse/);
    await purge(alice, event);
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['purged'],
    );
    assert.match(shown()[1] ?? '', /\*\(purged\)\*\r?\n- .*: harmless\r?\n?$/);
    assert.deepEqual(knows(alice), [true]);
    await purge(alice, edit);
    await alice.syncClean();
    assert.deepEqual(knows(alice), [false]);
    assert.equal((await fromGitHub(alice)).length, 1);
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('empties a comment whose entries can’t be told apart any more, and says so', async () => {
    const event = await note(alice, secret);
    await note(alice, 'harmless');
    await alice.syncClean();
    world.clock.advance(60);
    editLast((body) => body.replace('- **', 'Look: **'));
    await purge(alice, event);
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['purged'],
    );
    assert.equal(shown()[1], '*(purged)*');
    await alice.assertSilent();
    assert.equal(records().length, 2);
  });

  it('of what a person wrote on GitHub replaces their comment, and it does not come back', async () => {
    const { id } = world.manager.comment(1, `It is ${secret}`);
    await alice.syncClean();
    world.clock.advance(60);
    const [theirs] = await fromGitHub(alice);
    await purge(alice, theirs);
    await alice.syncClean();
    assert.equal(shown()[1], '*(purged)*');
    assert.deepEqual(knows(alice), [false]);
    await alice.assertSilent();
    world.clock.advance(60);
    world.manager.editComment(id, `again: ${secret}`);
    await alice.syncClean();
    assert.deepEqual(knows(alice), [false]);
  });

  it('with an id that leads to a comment elsewhere changes nothing there', async () => {
    const other = world.manager.openIssue({ title: 'Another' });
    const { id } = world.manager.comment(other.number, 'Leave me alone');
    const repository = world.gitHub.state.repository('acme/shop');
    const name = `incidents/${incident.id}/timeline/20250923T143100Z-note-abcd.md`;
    const front = `id: gh-${repository.id}-c${id}\nincident: ${incident.uid}\nkind: note\nat: 2025-09-23T14:31:00Z`;
    await alice.receive({ [name]: `---\n${front}\norigin: github\n---\nforged\n` });
    const forged = (await alice.events(incident.id)).find((event) => event.body === 'forged');
    await purge(alice, forged);
    await alice.syncClean();
    assert.equal(repository.comments.get(id)?.body, 'Leave me alone');
  });

  it('that GitHub refuses is said, with the address of the comment', async () => {
    const event = await note(alice, secret);
    await alice.syncClean();
    await purge(alice, event);
    world.gitHub.inject({ name: '422', method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code, message }) => [code, /https?:\/\/\S+#issuecomment-\d+$/.test(message)]),
      [['notPurged', true]],
    );
    await alice.assertSilent();
  });

  for (const name of ['commit-then-502', '502-before'] as const) {
    it(`whose answer is lost (${name}) is done in the end`, async () => {
      const event = await note(alice, secret);
      await alice.syncClean();
      await purge(alice, event);
      world.gitHub.inject({ name, method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
      await alice.sync.sync();
      await alice.syncClean();
      assert.ok(!world.comments().join('').includes('hunter2'));
      await alice.assertSilent();
    });
  }

  it('names the other files with the same words, and drops drafts that hold them', async () => {
    alice.privateFiles.put(`drafts/${incident.id}/status-update.md`, `- **Current State**: ${secret}\n`);
    const other = await note(alice, `See: ${secret}`);
    const event = await note(alice, secret);
    const { alsoIn, path } = await purge(alice, event);
    const stored = (await alice.context.index.events(incident.uid)).find((one) => one.event.id === other.id);
    assert.deepEqual(alsoIn, [stored?.path]);
    assert.ok(
      !JSON.stringify(alice.privateFiles.snapshot()[`drafts/${incident.id}/status-update.md`] ?? '').includes(
        'hunter2',
      ),
    );
    const advice = purgeAdvice(path, alsoIn);
    for (const part of [path, stored?.path ?? '?', 'Rotate', 'git filter-repo --invert-paths --path-glob']) {
      assert.ok(advice.includes(part), part);
    }
    assert.ok(advice.includes(`'*timeline/${path.split('/').at(-1)}'`));
  });

  it('survives the loss of all private state', async () => {
    const event = await note(alice, secret);
    await alice.syncClean();
    await purge(alice, event);
    for (const path of alice.privateFiles.paths()) if (path.startsWith('sync/')) alice.privateFiles.remove(path);
    await alice.newSync().sync();
    assert.ok(!world.comments().join('').includes('hunter2'));
    for (const path of alice.privateFiles.paths()) if (path.startsWith('sync/')) alice.privateFiles.remove(path);
    await alice.newSync().sync();
    await alice.assertSilent();
    assert.equal(records().length, 2);
  });
});
