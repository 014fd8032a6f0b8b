import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { correctEvent } from '../../../../src/services/replaceEvent.ts';
import { entryHash, formatCommentMarker, parseComment } from '../../../../src/services/sync/commentMarker.ts';
import { parseIssueBody } from '../../../../src/services/sync/markers.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const nobody = '01K5V7Z0000000000000000000';

describe('Sync: markers that strangers forge capture nothing and hide nothing', function () {
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

  const mallory = () => world.gitHub.web('mallory', 'acme/shop');
  const records = () => {
    const repository = world.gitHub.state.repository('acme/shop');
    return repository.commentsOf(world.issue());
  };
  const note = (clone: TestClone, text: string) =>
    recordEvent(clone.context, clone.incident(incident.id), 'note', text);
  const fromGitHub = async (clone: TestClone) =>
    (await clone.events(incident.id)).filter((event) => event.origin === 'github');
  const marker = (...keys: string[]) => formatCommentMarker(keys.map((key) => ({ keys: [key], hash: entryHash('x') })));

  it('in a comment that names an event of ours before we posted it: both are there', async () => {
    const event = await note(alice, 'our words');
    mallory().comment(1, `their words\n\n${marker(event.id)}`);
    await alice.syncClean();
    await bob.syncClean();
    assert.equal(world.comments().join('\n').split('our words').length, 2);
    for (const clone of [alice, bob]) {
      const [theirs, ...others] = await fromGitHub(clone);
      assert.deepEqual([others, theirs?.by], [[], '@mallory']);
      assert.match(theirs?.body ?? '', /^their words\n/);
      await clone.assertSilent();
    }
  });

  it('in a comment that copies ours, word for word or with others: ours is still the one that is corrected', async () => {
    const event = await note(alice, 'our words');
    await alice.syncClean();
    const ours = records().at(-1);
    mallory().comment(1, ours?.body ?? '');
    mallory().comment(1, (ours?.body ?? '').replace('our words', 'their words'));
    await alice.syncClean();
    await bob.syncClean();
    assert.deepEqual(
      (await fromGitHub(bob)).map(({ by, kind }) => [by, kind]),
      [
        ['@mallory', 'note'],
        ['@mallory', 'note'],
      ],
    );
    await correctEvent(alice.context, alice.incident(incident.id), event, 'better words');
    await alice.syncClean();
    assert.match(world.gitHub.state.repository('acme/shop').comments.get(ours?.id ?? 0)?.body ?? '', /better words/);
    assert.equal(records().filter(({ body }) => body.includes('better words')).length, 1);
    await alice.assertSilent();
  });

  it('in words that we quote in our own digest: the marker that counts is the one that we put below', async () => {
    const forged = marker(nobody);
    await note(alice, `Mallory wrote:\n\n${forged}`);
    await note(alice, forged);
    const last = await note(alice, `inline ${forged} and on\n${forged}\n${forged}`);
    await alice.syncClean();
    const body = records().at(-1)?.body ?? '';
    const keys = parseComment(body)?.entries.map(({ keys: [key] }) => key);
    assert.ok(!keys?.includes(nobody), 'the forged key counts');
    assert.equal(keys?.at(-1), last.id);
    await alice.assertSilent();
    await bob.assertSilent();
    assert.deepEqual(await fromGitHub(bob), []);
    await correctEvent(alice.context, alice.incident(incident.id), last, 'gone');
    await alice.syncClean();
    assert.match(records().at(-1)?.body ?? '', /note \(corrected\): gone\n\n<!-- [^\n]*$/);
    await alice.assertSilent();
  });

  it('that span a comment, several in one, in odd encodings: all of it is a note', async () => {
    const odd = [
      `one\n${marker('a')}\ntwo\n${marker('b')}`,
      '<!-- firebreak:ev=%E0%A4%A,%zz,%00 h=00000000 -->',
      '<!-- firebreak:ev=constructor,__proto__,toString -->',
      '<!-- firebreak:ev=a+b+c,,+,d h=,,, -->',
      '<!--firebreak:ev=a--><!-- firebreak:ev=b -->',
      `\u202e\n<!-- firebreak:ev=a -->\u200b`,
      '<!-- firebreak:uid=x title=:0 --> <!-- firebreak:ev=a -->',
    ];
    for (const body of odd) mallory().comment(1, body);
    await alice.syncClean();
    assert.deepEqual(
      (await fromGitHub(alice)).map(({ body }) => body),
      odd.map((body) => body.trim()),
    );
    await note(alice, 'ours');
    await alice.syncClean();
    assert.match(records().at(-1)?.body ?? '', /: ours\n/);
    await alice.assertSilent();
  });

  it('of a person whom we trust, with keys that no event has, hide nothing that was posted', async () => {
    world.manager.comment(1, `mine\n\n<!-- firebreak:ev=constructor,__proto__,%zz -->`);
    const event = await note(alice, 'ours');
    await alice.syncClean();
    assert.equal(records().filter(({ body }) => body.includes('ours')).length, 1);
    await alice.assertSilent();
    assert.ok(event.id.length > 0);
  });

  it('with 60,000 characters are a note of limited size, in no more than a moment', async () => {
    const key = 'x'.repeat(20);
    for (const body of [
      `${`${marker(key)}\n`.repeat(1_000)}end`,
      `${'<!-- firebreak:ev='.repeat(3_300)}`,
      `<!-- firebreak:ev=${'a,'.repeat(29_900)}a -->`,
      `<!-- firebreak:ev=a -->${' \n'.repeat(29_900)}.`,
      `<!-- firebreak:uid=x${' a=b'.repeat(14_900)}`,
      '- **2025-09-23 14:32:10 UTC** · '.repeat(1_800),
    ]) {
      assert.ok(body.length > 50_000, 'too short to tell');
      mallory().comment(1, body);
      // As if it was believed, too.
      parseComment(body);
      parseIssueBody(body);
    }
    await alice.syncClean();
    const notes = await fromGitHub(alice);
    assert.equal(notes.length, 6);
    for (const { body } of notes) assert.ok(body.length < 4_200, 'a flood');
    await alice.assertSilent();
  });

  it('in an issue of theirs take no item over, before it has an issue and after', async () => {
    const second = await declare(alice, 'Another one');
    for (const uid of [incident.uid, second.uid]) {
      mallory().openIssue({ title: 'Mine', body: `<!-- firebreak:uid=${uid} title=:0 severity=:P4 phase=:closed -->` });
    }
    await alice.syncClean();
    await bob.syncClean();
    assert.deepEqual([alice.item(incident.id).github?.number, alice.item(second.id).github?.number], [1, 4]);
    for (const number of [2, 3])
      assert.deepEqual([world.issue(number).title, world.issue(number).state], ['Mine', 'open']);
    assert.equal(alice.item(incident.id).severity, 'P0');
    await alice.assertSilent();
    await bob.assertSilent();
  });

  it('that take over an edit of theirs: their own comment stays theirs, whatever they make of it', async () => {
    const event = await note(alice, 'our words');
    await alice.syncClean();
    const { id } = mallory().comment(1, 'harmless');
    await alice.syncClean();
    world.clock.advance(60);
    mallory().editComment(id, `- **2025-09-23 14:31:00 UTC** · alice · note: forged\n\n${marker(event.id)}`);
    await alice.syncClean();
    const edits = (await fromGitHub(alice)).filter(({ kind }) => kind === 'correction');
    assert.deepEqual(
      edits.map((edit) => ['replaces' in edit && edit.replaces.endsWith(`-c${id}`), edit.by]),
      [[true, '@mallory']],
    );
    await alice.assertSilent();
  });
});
