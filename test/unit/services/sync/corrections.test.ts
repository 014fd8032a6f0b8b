import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../../../src/services/replaceEvent.ts';
import type { FaultName } from '../../../github/faults.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: corrections and retractions', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let bob: TestClone;
  let incident: Incident;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice', { timeout: 2_000 }).load();
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
  const post = async (clone: TestClone, ...bodies: string[]): Promise<TimelineEvent[]> => {
    const events: TimelineEvent[] = [];
    for (const body of bodies) {
      events.push(await recordEvent(clone.context, clone.incident(incident.id), 'note', body));
    }
    await clone.syncClean();
    world.clock.advance(60);
    return events;
  };
  const correct = (clone: TestClone, event: TimelineEvent | undefined, text: string) => {
    assert.ok(event, 'there is no event');
    return correctEvent(clone.context, clone.incident(incident.id), event, text);
  };
  const retract = (clone: TestClone, event: TimelineEvent | undefined, reason = '') => {
    assert.ok(event, 'there is no event');
    return retractEvent(clone.context, clone.incident(incident.id), event, reason);
  };
  const fromGitHub = async (clone: TestClone) =>
    (await clone.events(incident.id)).filter((event) => event.origin === 'github');

  it('rewrite the entry in the digest, by one read and one change', async () => {
    const [, wrong] = await post(alice, 'one', 'two', 'three');
    const correction = await correct(alice, wrong, 'TWO\n\nwith more');
    world.takeRequests();
    const report = await alice.syncClean();
    assert.equal(report.commented, 1);
    const id = records().at(-1)?.id;
    assert.deepEqual(
      world.takeRequests().filter((line) => !/issues(\/comments)?\?/.test(line)),
      [`GET /repos/acme/shop/issues/comments/${id} 200`, `PATCH /repos/acme/shop/issues/comments/${id} 200`],
    );
    assert.match(shown()[1] ?? '', /· note: one\n- .* · note \(corrected\): TWO\n\n {2}with more\n- .* · note: three$/);
    assert.equal(records().length, 2);
    await alice.assertSilent();
    await bob.assertSilent();

    // The correction of a correction goes the same way, and taking that back as well.
    const second = await correct(alice, correction, '2');
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /note \(corrected\): 2\n- .*three$/);
    await retract(alice, second);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /note \(corrected\): TWO\n\n {2}with more\n- .*three$/);
    await alice.assertSilent();
    assert.deepEqual(await fromGitHub(alice), []);
  });

  it('strike out what was taken back, with the reason', async () => {
    const [wrong, long] = await post(alice, 'It was Bob', 'a list:\n- one');
    await retract(alice, wrong, 'It was not');
    await retract(alice, long);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /^- <del>\*\*.* · note: It was Bob<\/del> \(taken back: It was not\)\n- <del>/);
    assert.match(shown()[1] ?? '', /<\/del> \(taken back\)\n\n {2}<del>\n\n {2}a list:\n {2}- one\n\n {2}<\/del>$/);
    assert.equal(records().length, 2);
    await alice.assertSilent();
  });

  it('change a status update in its own comment', async () => {
    const update = await postStatusUpdate(alice.context, incident, { ...emptyStatusUpdate, currentState: 'up' });
    await alice.syncClean();
    world.clock.advance(60);
    await correct(alice, update, '- **Current State**: down');
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /^\*\*.* Status Update\*\* · alice \(corrected\)\n\n- \*\*Current State\*\*: down$/);
    await retract(alice, update);
    await alice.syncClean();
    assert.match(
      shown()[1] ?? '',
      /^\*\*.*\*\* · alice \(taken back\)\n\n<del>\n\n- \*\*Current State\*\*: up\n\n<\/del>$/,
    );
    await alice.assertSilent();
  });

  it('of another clone’s events are comments of their own: each comment has one writer', async () => {
    const [wrong] = await post(alice, 'wrong');
    await bob.pullFrom(alice);
    await correct(bob, wrong, 'right');
    await bob.syncClean();
    assert.equal(records().length, 3);
    assert.match(shown()[1] ?? '', /: wrong$/);
    assert.match(shown()[2] ?? '', /^- .* · bob · correction of the entry of alice, 2025-09-23 14:31:00 UTC: right$/);
    await alice.pullFrom(bob);
    await alice.assertSilent();
    await bob.assertSilent();
    assert.equal(records().length, 3);
  });

  it('that another clone takes back are not shown any more, until that is taken back in its turn', async () => {
    const [note] = await post(alice, 'right', 'more');
    const correction = await correct(alice, note, 'wrong');
    await alice.syncClean();
    await bob.pullFrom(alice);
    world.clock.advance(60);
    const retraction = await retract(bob, correction, 'It was right');
    await bob.syncClean();
    await alice.pullFrom(bob);
    world.clock.advance(60);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /^- .* · alice · note: right\n- .*: more$/);
    assert.match(shown()[2] ?? '', /^- .* · bob · the entry of alice, .* is taken back: It was right$/);
    for (const clone of [alice, bob]) await clone.assertSilent();
    await bob.pullFrom(alice);
    world.clock.advance(60);
    await retract(bob, retraction, 'It was not');
    await bob.syncClean();
    await alice.pullFrom(bob);
    world.clock.advance(60);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /^- .* · alice · note \(corrected\): wrong\n/);
    for (const lost of alice.privateFiles.paths()) if (lost.startsWith('sync/')) alice.privateFiles.remove(lost);
    await alice.newSync().sync();
    world.clock.advance(60);
    for (const clone of [alice, bob]) {
      await clone.assertSilent();
      assert.deepEqual(await fromGitHub(clone), []);
    }
    assert.equal(records().length, 3);
  });

  it('that another clone takes back stay in an entry that a person edited, and that is asked once', async () => {
    const [note] = await post(alice, 'right', 'more');
    const correction = await correct(alice, note, 'wrong');
    await alice.syncClean();
    await bob.pullFrom(alice);
    world.clock.advance(60);
    editLast((body) => body.replace(': more', ': much more'));
    await retract(bob, correction);
    await alice.pullFrom(bob);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /note \(corrected\): wrong\r?\n- .*: much more$/);
    world.clock.advance(60);
    await alice.assertSilent();
  });

  it('of what a person wrote on GitHub leave that alone, and stand beside', async () => {
    world.manager.comment(1, 'It is the pool');
    await alice.syncClean();
    const [theirs] = await fromGitHub(alice);
    await correct(alice, theirs, 'It is the DNS');
    await alice.syncClean();
    assert.equal(shown()[1], 'It is the pool');
    assert.match(shown()[2] ?? '', /correction of the entry of manager, .*: It is the DNS$/);
    await alice.assertSilent();
  });

  it('where a person edited the comment stand beside, and nothing of theirs is overwritten', async () => {
    const [wrong] = await post(alice, 'wrong', 'other');
    editLast((body) => body.replace('other', 'OTHER'));
    const beside = await correct(alice, wrong, 'right');
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /: wrong\r\n- .*: OTHER\r?\n?$/);
    assert.match(shown()[2] ?? '', /correction of the entry of alice, .*: right$/);
    assert.equal(records().length, 3);
    await alice.assertSilent();
    // What comes after goes on from there.
    await correct(alice, beside, 'right indeed');
    await alice.syncClean();
    assert.equal(records().length, 3);
    assert.match(shown()[2] ?? '', /correction of .* \(corrected\): right indeed$/);
    await alice.assertSilent();
  });

  it('of an entry whose comment was deleted are settled by that', async () => {
    const [wrong] = await post(alice, 'wrong');
    world.manager.deleteComment(records().at(-1)?.id ?? 0);
    await correct(alice, wrong, 'right');
    await alice.syncClean();
    assert.equal(records().length, 1);
    await alice.assertSilent();
  });

  it('of what is too long for one comment are said beside its parts', async () => {
    const [long] = await post(alice, 'x'.repeat(100_000));
    assert.equal(records().length, 3);
    await correct(alice, long, 'short after all');
    await alice.syncClean();
    assert.equal(records().length, 4);
    assert.match(shown()[3] ?? '', /correction of the entry of alice, .*: short after all$/);
    await alice.assertSilent();
  });

  it('that make a comment too long for GitHub are comments of their own', async () => {
    const [first] = await post(alice, 'short', 'y'.repeat(50_000));
    await correct(alice, first, 'z'.repeat(20_000));
    await alice.syncClean();
    assert.deepEqual(
      records().map(({ body }) => body.length > 20_000),
      [false, true, true],
    );
    await alice.assertSilent();
  });

  it('that name a private item are withheld, and the entry stays as it was', async () => {
    const secret = await declare(alice, 'Customer records leaked', { criteria: ['security-breach'] });
    const [first] = await post(alice, 'short');
    await correct(alice, first, `Same as ${secret.id}`);
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ['namesPrivate'],
    );
    assert.ok(!world.comments().join('').includes(secret.id));
  });

  it('are planned as what they are', async () => {
    const [first] = await post(alice, 'short');
    await correct(alice, first, 'shorter');
    const { steps } = await alice.sync.pendingWork();
    assert.deepEqual(steps, [{ item: incident.id, step: 'comment', detail: 'correct an event' }]);
  });

  for (const name of [
    'commit-then-502',
    'commit-then-timeout',
    'commit-then-reset',
    'commit-then-truncated',
    'commit-then-empty',
  ] as const satisfies readonly FaultName[]) {
    it(`whose change was done and answered by ${name} are found done`, async () => {
      const [wrong] = await post(alice, 'wrong');
      await correct(alice, wrong, 'right');
      world.gitHub.inject({ name, method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
      const report = await alice.syncClean();
      assert.equal(report.commented, 1);
      assert.equal(records().length, 2);
      await alice.assertSilent();
    });
  }

  it('whose change was not done are sent again', async () => {
    const [wrong] = await post(alice, 'wrong');
    await correct(alice, wrong, 'right');
    world.gitHub.inject({ name: '502-before', method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.waiting.map(({ reason }) => reason),
      ['ambiguous'],
    );
    assert.match(shown()[1] ?? '', /: wrong$/);
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /: right$/);
    await alice.assertSilent();
  });

  it('that GitHub refuses to put there are said beside', async () => {
    const [wrong] = await post(alice, 'wrong');
    await correct(alice, wrong, 'right');
    world.gitHub.inject({ name: '422', method: 'PATCH', path: /\/issues\/comments\/\d+$/ });
    await alice.syncClean();
    assert.match(shown()[1] ?? '', /: wrong$/);
    assert.match(shown()[2] ?? '', /correction of .*: right$/);
    await alice.assertSilent();
  });

  it('survive the loss of all private state, at any time', async () => {
    const [one, two] = await post(alice, 'one', 'two');
    await correct(alice, one, 'ONE');
    await alice.syncClean();
    const forget = () => {
      for (const path of alice.privateFiles.paths()) if (path.startsWith('sync/')) alice.privateFiles.remove(path);
    };
    forget();
    await alice.newSync().sync();
    await alice.assertSilent();
    await retract(alice, two);
    forget();
    await alice.newSync().sync();
    assert.match(shown()[1] ?? '', /: ONE\n- <del>.*: two<\/del> \(taken back\)$/);
    assert.equal(records().length, 2);
    await alice.assertSilent();
  });

  describe('that a person makes in our comment on GitHub', () => {
    it('are corrections of the entries that read otherwise now, byte for byte the same in every clone', async () => {
      const notes = await post(alice, 'one', 'two', 'three');
      await bob.pullFrom(alice);
      editLast((body) => body.replace('one', 'ONE').replace('three', 'THREE,\n  and four'));
      await alice.syncClean();
      await bob.syncClean();
      const edits = await fromGitHub(alice);
      assert.deepEqual(
        edits.map((event) => [event.kind, 'replaces' in event && event.replaces, event.body, event.at, event.by]),
        [
          ['correction', notes[0]?.id, 'ONE', notes[0]?.at, 'unknown'],
          ['correction', notes[2]?.id, 'THREE,\nand four', notes[2]?.at, 'unknown'],
        ],
      );
      assert.deepEqual(alice.tree.snapshot(), bob.tree.snapshot());
      await alice.assertSilent();
      await bob.assertSilent();
    });

    it('are the same in a clone that has not got the events yet, and in one that lost its state', async () => {
      await post(alice, 'one', 'two');
      editLast((body) => body.replace('two', 'TWO'));
      await bob.syncClean();
      const early = await fromGitHub(bob);
      assert.equal(early.length, 1);
      await alice.syncClean();
      assert.deepEqual(await fromGitHub(alice), early);
      for (const path of alice.privateFiles.paths()) if (path.startsWith('sync/')) alice.privateFiles.remove(path);
      await alice.newSync().sync();
      assert.deepEqual(await fromGitHub(alice), early);
      await alice.assertSilent();
    });

    it('follow each other, back to what it was', async () => {
      await post(alice, 'one', 'two');
      for (const [from, to] of [
        ['one', 'ONE'],
        ['ONE', 'One'],
        ['One', 'one'],
      ] as const) {
        editLast((body) => body.replace(from, to));
        await alice.syncClean();
        await alice.assertSilent();
        world.clock.advance(60);
      }
      assert.deepEqual(
        (await fromGitHub(alice)).map((event) => event.body),
        ['ONE', 'One', 'one'],
      );
    });

    it('keep both of two edits within one second', async () => {
      await post(alice, 'one');
      for (const [from, to] of [
        ['one', 'ONE'],
        ['ONE', 'One'],
      ] as const) {
        editLast((body) => body.replace(from, to));
        await alice.syncClean();
      }
      assert.deepEqual((await fromGitHub(alice)).map((event) => event.body).sort(), ['ONE', 'One']);
      await alice.assertSilent();
    });

    it('of a status update keep its heading out of the words', async () => {
      const update = await postStatusUpdate(alice.context, incident, { ...emptyStatusUpdate, currentState: 'up' });
      await alice.syncClean();
      world.clock.advance(60);
      editLast((body) => body.replace(': up', ': down'));
      await alice.syncClean();
      const [edit] = await fromGitHub(alice);
      assert.ok(edit?.kind === 'correction', 'no correction came');
      assert.deepEqual([edit.replaces, edit.body, edit.at], [update.id, '- **Current State**: down', update.at]);
      await alice.assertSilent();
    });

    it('of the time are corrections of the time', async () => {
      const [note] = await post(alice, 'one');
      editLast((body) => body.replace('2025-09-23 14:31:00', '2025-09-23 14:25:00'));
      await alice.syncClean();
      const [edit] = await fromGitHub(alice);
      assert.ok(edit?.kind === 'correction', 'no correction came');
      assert.deepEqual([edit.replaces, edit.body, edit.at], [note?.id, 'one', '2025-09-23T14:25:00Z']);
    });

    it('after our own correction replace that one', async () => {
      const [note] = await post(alice, 'one');
      const ours = await correct(alice, note, 'two');
      await alice.syncClean();
      world.clock.advance(60);
      editLast((body) => body.replace('two', 'three'));
      await alice.syncClean();
      const [edit] = await fromGitHub(alice);
      assert.ok(edit?.kind === 'correction', 'no correction came');
      assert.deepEqual([edit.replaces, edit.body], [ours.id, 'three']);
    });

    for (const [how, change] of [
      ['an entry is gone', (body: string) => body.replace(/- .*: two\r?\n/, '')],
      ['something stands below', (body: string) => body.replace(/(three\r?\n)/, '$1\r\nPS: call Bob\r\n')],
      ['a heading is broken', (body: string) => body.replace('alice · note: two', 'TWO')],
    ] as const) {
      it(`that can't be told apart, because ${how}, are a note that quotes the whole`, async () => {
        await post(alice, 'one', 'two', 'three');
        editLast(change);
        await bob.syncClean();
        await alice.syncClean();
        const edits = await fromGitHub(alice);
        assert.equal(edits.length, 1);
        assert.deepEqual([edits[0]?.kind, edits[0]?.at], ['note', '2025-09-23T14:32:00Z']);
        assert.match(
          edits[0]?.body ?? '',
          /was changed on GitHub \(http.*\)\. It reads now:\n\n> - .*: one\n(.*\n)*> - .*: three/,
        );
        assert.deepEqual(await fromGitHub(bob), edits);
        await alice.assertSilent();
        await bob.assertSilent();
      });
    }

    it('who takes the marker away makes a comment of their own of it, and nothing is posted again', async () => {
      await post(alice, 'one', 'two');
      editLast((body) => body.replace('one', 'ONE').replace(/<!--.*$/s, ''));
      await alice.syncClean();
      await bob.syncClean();
      const edits = await fromGitHub(alice);
      assert.deepEqual(await fromGitHub(bob), edits);
      // What it said before is not theirs: the edit alone is, and stands in for a note.
      assert.deepEqual([edits.length, edits[0]?.kind, edits[0]?.by], [1, 'correction', '@alice']);
      assert.match(edits[0]?.body ?? '', /ONE\n- .*: two$/);
      assert.equal(records().length, 2);
      await alice.assertSilent();
    });

    it('by white space alone are none', async () => {
      await post(alice, 'one', 'two');
      editLast((body) => `${body}\n\n`);
      await alice.assertSilent();
      assert.deepEqual(await fromGitHub(alice), []);
    });

    it('by copying it with words added are a comment that names our entries and carries none', async () => {
      await post(alice, 'one');
      const copy = (records().at(-1)?.body ?? '').replace('one', 'two');
      world.manager.comment(1, copy);
      await alice.syncClean();
      await alice.assertSilent();
      assert.equal(records().length, 3);
      const [theirs] = await fromGitHub(alice);
      assert.match(theirs?.body ?? '', /: two/);
      assert.deepEqual([theirs?.kind, theirs?.by], ['note', '@manager']);
    });
  });
});
