import assert from 'node:assert/strict';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const fromGitHub = (events: readonly TimelineEvent[]) => events.filter((event) => event.origin === 'github');
const stated = (event: TimelineEvent) => ('to' in event ? `${event.kind} ${event.to}` : `${event.kind} ${event.body}`);

describe('Sync: what people do on GitHub comes back', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    ({ id } = await declare(alice));
    await alice.syncClean();
    world.clock.advance(60);
  });
  afterEach(() => world.stop());

  it('a new title, as a record with the id that GitHub gave and the person who wrote it', async () => {
    world.manager.editTitle(1, 'Checkout down in the EU');
    const report = await alice.syncClean();
    assert.equal(report.pulled, 1);
    assert.equal(alice.item(id).title, 'Checkout down in the EU');
    assert.match(alice.tree.text(alice.item(id).path) ?? '', /^title: Checkout down in the EU$/m);
    const [record] = alice.context.index.records(alice.item(id).uid);
    assert.match(record?.id ?? '', /^gh-\d+-e\d+$/);
    assert.deepEqual([record?.by, record?.origin, record?.at], ['@manager', 'github', '2025-09-23T14:31:00Z']);
    await alice.assertSilent();
  });

  it('each of several titles, in a chain, and back to the one that Firebreak wrote', async () => {
    for (const title of ['One', 'Two', 'Production API down']) {
      world.clock.advance(1);
      world.manager.editTitle(1, title);
      await alice.syncClean();
      assert.equal(alice.item(id).title, title);
    }
    const records = alice.context.index.records(alice.item(id).uid).filter((record) => record.set.title !== undefined);
    assert.deepEqual(
      records.map((record, index) => record.prev.title === (records[index - 1]?.id ?? null)),
      [true, true, true],
    );
    await alice.assertSilent();
  });

  it('severity and phase, each set by a label; our own label of the field goes', async () => {
    world.manager.addLabels(1, 'severity: P1');
    world.manager.removeLabels(1, 'severity: P0');
    world.manager.addLabels(1, 'phase: mitigate');
    await alice.syncClean();
    assert.equal(alice.item(id).severity, 'P1');
    assert.equal(alice.incident(id).incident.phase, 'mitigate');
    assert.deepEqual(fromGitHub(await alice.events(id)).map(stated), ['severity P1', 'phase mitigate']);
    assert.deepEqual(world.labels(), ['phase: mitigate', 'severity: P1', 'type: bug']);
    const text = alice.tree.text(alice.item(id).path) ?? '';
    assert.match(text, /^severity: P1$/m);
    assert.match(text, /^phase: mitigate$/m);
    await alice.assertSilent();
  });

  it('what happened between two syncs, step by step', async () => {
    for (const phase of ['triage', 'respond', 'mitigate']) {
      world.clock.advance(60);
      world.manager.addLabels(1, `phase: ${phase}`);
      world.manager.removeLabels(
        1,
        ...world.labels().filter((label) => label.startsWith('phase') && !label.endsWith(phase)),
      );
    }
    await alice.syncClean();
    assert.deepEqual(fromGitHub(await alice.events(id)).map(stated), [
      'phase triage',
      'phase respond',
      'phase mitigate',
    ]);
    await alice.assertSilent();
  });

  it('a label that is taken away changes nothing, and is not fought over', async () => {
    world.manager.removeLabels(1, 'severity: P0');
    await alice.assertSilent();
    assert.equal(alice.item(id).severity, 'P0');
    assert.deepEqual(world.labels(), ['phase: declared', 'type: bug']);
  });

  it('a label that an administrator renamed, though no event tells of it', async () => {
    world.manager.renameLabel('severity: P0', 'severity: P2');
    world.manager.comment(1, 'renamed a label');
    await alice.syncClean();
    assert.equal(alice.item(id).severity, 'P2');
    await alice.assertSilent();
  });

  it('closing enters the review where one is owed, and ends the incident where none is', async () => {
    world.manager.close(1);
    await alice.syncClean();
    assert.equal(alice.incident(id).incident.phase, 'rca');
    assert.equal(alice.item(id).status, 'review');
    assert.deepEqual(
      fromGitHub(await alice.events(id)).map((event) => event.body),
      ['Closed on GitHub.'],
    );
    assert.equal(world.issue().state, 'closed');
    assert.deepEqual(world.labels(), ['phase: rca', 'severity: P0', 'type: bug']);
    await alice.assertSilent();

    const { id: minor } = await declare(alice, 'A slow page', { severity: 'P3', criteria: [] });
    await alice.syncClean();
    world.manager.close(2);
    await alice.syncClean();
    assert.equal(alice.incident(minor).incident.phase, 'closed');
    assert.equal(alice.item(minor).status, 'done');
    await alice.assertSilent();
  });

  it('reopening goes back to where it was', async () => {
    await changePhase(alice.context, alice.incident(id), 'verify');
    await alice.syncClean();
    world.manager.close(1);
    await alice.syncClean();
    world.clock.advance(60);
    world.manager.reopen(1);
    await alice.syncClean();
    assert.equal(alice.incident(id).incident.phase, 'verify');
    assert.equal(alice.item(id).status, 'doing');
    assert.equal(world.issue().state, 'open');
    await alice.assertSilent();
  });

  it('an item that is closed is done, declined or a duplicate, as the closer said', async () => {
    alice.newSync({ publish: 'all' });
    for (const [index, [reason, status]] of (
      [
        ['completed', 'done'],
        ['not_planned', 'declined'],
        ['duplicate', 'duplicate'],
      ] as const
    ).entries()) {
      world.clock.advance(60);
      const item = await addItem(alice.context, { type: 'task', title: `Task ${reason}`, severity: 'P3' });
      await alice.syncClean();
      world.manager.close(index + 2, reason);
      await alice.syncClean();
      assert.equal(alice.item(item.id).status, status);
    }
    world.manager.reopen(2);
    await alice.syncClean();
    assert.deepEqual(world.labels(2), ['severity: P3', 'status: inbox', 'type: task']);
    await alice.assertSilent();
  });

  it('comments become notes with their author and time', async () => {
    world.manager.comment(1, 'Customers call.\nMany.');
    const report = await alice.syncClean();
    assert.equal(report.pulled, 1);
    const [note] = fromGitHub(await alice.events(id));
    assert.match(note?.id ?? '', /^gh-\d+-c\d+$/);
    assert.deepEqual(
      [note?.kind, note?.body, note?.by, note?.at],
      ['note', 'Customers call.\nMany.', '@manager', '2025-09-23T14:31:00Z'],
    );
    await alice.assertSilent();
    assert.equal(world.comments().length, 2);
  });

  it('an edited comment becomes a correction, once for each edit', async () => {
    const comment = world.manager.comment(1, 'EU only');
    await alice.syncClean();
    for (const text of ['EU and US', 'Everywhere']) {
      world.clock.advance(60);
      world.manager.editComment(comment.id, text);
      await alice.syncClean();
      await alice.assertSilent();
    }
    const corrections = fromGitHub(await alice.events(id)).filter((event) => event.kind === 'correction');
    assert.deepEqual(corrections.map((event) => event.body).sort(), ['EU and US', 'Everywhere']);
    const note = fromGitHub(await alice.events(id)).find((event) => event.kind === 'note');
    for (const event of corrections) assert.equal('replaces' in event && event.replaces, note?.id);
  });

  it('what strangers write is of limited size, and says where the rest is', async () => {
    world.gitHub.web('mallory', 'acme/shop').comment(1, 'x'.repeat(20_000));
    world.manager.comment(1, 'y'.repeat(20_000));
    await alice.syncClean();
    const [theirs, ours] = fromGitHub(await alice.events(id));
    assert.ok((theirs?.body.length ?? 0) < 4_200);
    assert.match(theirs?.body ?? '', /x…\n\n\(Shortened; the whole comment is at http\S+\)$/);
    assert.equal(ours?.body.length, 20_000);
  });

  it('a marker that a stranger forged captures nothing and hides nothing', async () => {
    const stranger = world.gitHub.web('mallory', 'acme/shop');
    const { uid } = alice.item(id);
    const note = await recordEvent(alice.context, alice.incident(id), 'note', 'our own words');
    stranger.comment(1, `I say so\n\n<!-- firebreak:ev=${note.id} -->`);
    stranger.openIssue({ title: 'Mine now', body: `caught\n\n<!-- firebreak:uid=${uid} -->` });
    const { id: other, uid: fresh } = await declare(alice, 'The second');
    stranger.openIssue({ title: 'And this', body: `<!-- firebreak:uid=${fresh} -->` });
    await alice.syncClean();
    assert.match(fromGitHub(await alice.events(id))[0]?.body ?? '', /^I say so/);
    assert.equal(world.comments().filter((text) => text.includes('our own words')).length, 1);
    assert.equal(alice.item(id).github?.number, 1);
    assert.equal(world.issue(alice.item(other).github?.number).userId, world.issue(1).userId);
    await alice.assertSilent();
  });

  it('a marker that was quoted is text', async () => {
    world.manager.comment(1, `> - declared\n> <!-- firebreak:ev=01K5V7Z0000000000000000000 -->\n\nWhy P0?`);
    await alice.syncClean();
    assert.match(fromGitHub(await alice.events(id))[0]?.body ?? '', /Why P0\?$/);
  });

  it('a local change and one on GitHub of the same field: GitHub’s stands, and it is said', async () => {
    await changePhase(alice.context, alice.incident(id), 'fix');
    world.manager.addLabels(1, 'phase: mitigate');
    world.manager.removeLabels(1, 'phase: declared');
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['overruled'],
    );
    assert.equal(alice.incident(id).incident.phase, 'mitigate');
    assert.ok((await alice.events(id)).some((event) => event.kind === 'phase' && event.to === 'fix'));
    assert.deepEqual(world.labels(), ['phase: mitigate', 'severity: P0', 'type: bug']);
    await alice.assertSilent();
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'verify');
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['phase: verify', 'severity: P0', 'type: bug']);
    await alice.assertSilent();
  });

  it('changes of different fields on both sides are both kept', async () => {
    await changeItem(alice.context, alice.item(id), { title: 'API down: pool exhausted' });
    world.manager.addLabels(1, 'severity: P1');
    world.manager.removeLabels(1, 'severity: P0');
    await alice.syncClean();
    assert.equal(alice.item(id).severity, 'P1');
    assert.equal(world.issue().title, 'API down: pool exhausted');
    await alice.assertSilent();
  });

  describe('the text', () => {
    const edit = async (replace: (body: string) => string) => {
      const { path } = alice.item(id);
      const [, front = '', body = ''] = /^(---\n[\s\S]*?\n---\n)([\s\S]*)$/.exec(alice.tree.text(path) ?? '') ?? [];
      await alice.receive({ [path]: front + replace(body) });
    };
    const editOnGitHub = (replace: (body: string) => string) =>
      world.manager.editBody(1, replace((world.issue().body ?? '').replace(/\r\n/g, '\n')));

    it('comes into the file, front matter and line ends untouched', async () => {
      const { path } = alice.item(id);
      const windows = (alice.tree.text(path) ?? '').replace(/\n/g, '\r\n').replace('severity:', '# why\r\nseverity:');
      await alice.receive({ [path]: windows });
      await alice.assertSilent();
      editOnGitHub((body) => body.replace('All checkouts fail', 'All checkouts fail\nin the EU'));
      await alice.syncClean();
      assert.equal(alice.tree.text(path), windows.replace('All checkouts fail', 'All checkouts fail\r\nin the EU'));
      await alice.assertSilent();
    });

    it('is no other for its line ends or blank lines around', async () => {
      editOnGitHub((body) => `\n\n${body}\n\n`);
      await alice.assertSilent();
    });

    it('stays ours though a person wrote below the marker', async () => {
      editOnGitHub((body) => `${body}\n\nPS: call Bob`);
      await alice.syncClean();
      assert.equal(alice.item(id).body.trim(), 'All checkouts fail\n\n\n\nPS: call Bob');
      await alice.assertSilent();
    });

    it('merges changes of different places, on both sides', async () => {
      await edit(() => 'one\n\ntwo\n\nthree\n');
      await alice.syncClean();
      await edit((body) => body.replace('one', 'ONE'));
      editOnGitHub((body) => body.replace('three', 'THREE'));
      await alice.syncClean();
      assert.equal(alice.item(id).body.trim(), 'ONE\n\ntwo\n\nTHREE');
      assert.match(world.issue().body ?? '', /^ONE\n\ntwo\n\nTHREE\n\n<!--/);
      await alice.assertSilent();
    });

    it('is neither sent nor taken in on another branch than the configured one, and nothing is lost by that', async () => {
      alice.onConfiguredBranch = false;
      await edit((body) => body.replace('All checkouts fail', 'An old text of this branch'));
      editOnGitHub((body) => `New on GitHub\n\n${body}`);
      world.takeRequests();
      const { problems } = await alice.sync.sync();
      assert.deepEqual(world.takeWrites(), []);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['otherBranch'],
        'somebody who edits there is told where it goes from',
      );
      await edit(() => 'All checkouts fail\n');
      alice.onConfiguredBranch = true;
      await alice.syncClean();
      assert.equal(alice.item(id).body.trim(), 'New on GitHub\n\nAll checkouts fail');
      await alice.assertSilent();
    });

    it('that is an old one, as after a checkout, is not sent; that is said', async () => {
      const { path } = alice.item(id);
      const old = alice.tree.text(path) ?? '';
      editOnGitHub((body) => body.replace('All', 'Most'));
      await alice.syncClean();
      await alice.receive({ [path]: old });
      world.takeRequests();
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['staleBody'],
      );
      assert.deepEqual(world.takeWrites(), []);
      assert.match(world.issue().body ?? '', /^Most checkouts fail/);
    });

    it('that GitHub takes and drops is said, and not sent over and over', async () => {
      world.gitHub.inject({ name: 'patch-keeps-old-body' });
      await edit((body) => `${body}\nmore`);
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['notTaken'],
      );
      await alice.assertSilent();
      await edit((body) => `${body}\nand more`);
      await alice.syncClean();
      assert.match(world.issue().body ?? '', /more\nand more\n/);
    });

    it('that is longer than GitHub takes is not sent, and that is said', async () => {
      await edit(() => 'x'.repeat(70_000));
      world.takeRequests();
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['tooLong'],
      );
      assert.deepEqual(world.takeWrites(), []);
    });
  });
});
