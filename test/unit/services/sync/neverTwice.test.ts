import assert from 'node:assert/strict';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import type { FaultName } from '../../../github/faults.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

const creates = { method: 'POST', path: /^\/repos\/acme\/shop\/issues$/ };
const comments = { method: 'POST', path: /\/issues\/1\/comments$/ };
const committed = [
  'commit-then-502',
  'commit-then-503',
  'commit-then-timeout',
  'commit-then-reset',
  'commit-then-truncated',
  'commit-then-empty',
  'commit-then-html',
] as const satisfies readonly FaultName[];

describe('Sync: nothing is made twice', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start();
    // Long enough for a busy machine, short enough to wait for an answer that never comes.
    alice = await world.clone('alice', { timeout: 2_000 }).load();
  });
  afterEach(() => world.stop());

  for (const name of committed) {
    it(`a create that was done and answered by ${name} is one issue, linked in the same sync`, async () => {
      const { id } = await declare(alice);
      world.gitHub.inject({ name, ...creates });
      const report = await alice.sync.sync();
      assert.deepEqual([report.created, report.waiting], [1, []]);
      assert.equal(world.issues.length, 1);
      assert.equal(alice.item(id).github?.number, 1);
      await alice.assertSilent();
      assert.equal(world.issues.length, 1);
    });

    it(`a comment that was posted and answered by ${name} is one comment`, async () => {
      await declare(alice);
      world.gitHub.inject({ name, ...comments });
      const report = await alice.sync.sync();
      assert.deepEqual([report.commented, report.waiting], [1, []]);
      assert.equal(world.comments().length, 1);
      await alice.assertSilent();
    });
  }

  it('a create whose answer and issue are both out of sight waits, and is found when the list shows it', async () => {
    const { id } = await declare(alice);
    world.gitHub.inject({ name: 'commit-then-502', ...creates });
    world.gitHub.behaviour.listLagMs = 8 * 60_000;
    const report = await alice.sync.sync();
    assert.equal(report.created, 0);
    assert.deepEqual(
      report.waiting.map(({ reason, until }) => [reason, until && until - alice.now()]),
      [['ambiguous', 90_000]],
    );
    world.clock.advance(10);
    await alice.newSync().sync();
    assert.equal(world.issues.length, 1);
    world.clock.advance(8 * 60);
    assert.equal((await alice.sync.sync()).created, 1);
    assert.equal(world.issues.length, 1);
    assert.equal(alice.item(id).github?.number, 1);
    world.gitHub.behaviour.listLagMs = 0;
    await alice.assertSilent();
  });

  it('a create that was not done is made again after two looks in vain, 90 seconds apart, and not before', async () => {
    await declare(alice);
    world.gitHub.inject({ name: '502-before', ...creates });
    await alice.sync.sync();
    const posts = () => world.takeRequests().filter((line) => line.startsWith('POST /repos/acme/shop/issues ')).length;
    assert.equal(posts(), 1);
    for (const [seconds, made] of [
      [30, 0],
      [61, 0],
      [30, 0],
      [61, 1],
    ] as const) {
      world.clock.advance(seconds);
      await alice.newSync().sync();
      assert.equal(posts(), made);
    }
    assert.equal(world.issues.length, 1);
    await alice.assertSilent();
  });

  it('an issue that a stranger forged is not what is looked for', async () => {
    const { id, uid } = await declare(alice);
    world.gitHub.inject({ name: '502-before', ...creates });
    world.gitHub.web('mallory', 'acme/shop').openIssue({ title: 'Mine', body: `<!-- firebreak:uid=${uid} -->` });
    for (let looks = 0; looks < 3; looks++) {
      await alice.sync.sync();
      world.clock.advance(91);
    }
    assert.equal(alice.item(id).github?.number, 2);
    assert.equal(world.issue(1).title, 'Mine');
    await alice.assertSilent();
  });

  it('a comment that was not posted is posted after two looks in vain', async () => {
    await declare(alice);
    world.gitHub.inject({ name: '502-before', ...comments });
    const report = await alice.sync.sync();
    assert.deepEqual([report.created, report.commented, report.waiting[0]?.reason], [1, 0, 'ambiguous']);
    for (const expected of [0, 1]) {
      world.clock.advance(91);
      await alice.sync.sync();
      assert.equal(world.comments().length, expected);
    }
    await alice.assertSilent();
  });

  it('more events that come meanwhile do not mix with the comment that is looked for', async () => {
    const incident = await declare(alice);
    world.gitHub.inject({ name: '502-before', ...comments });
    await alice.sync.sync();
    await recordEvent(alice.context, incident, 'note', 'another word');
    for (let looks = 0; looks < 3; looks++) {
      world.clock.advance(91);
      await alice.sync.sync();
    }
    const text = world.comments().join('\n');
    assert.equal(text.split('another word').length - 1, 1);
    assert.equal(text.split('impact: All checkouts fail').length - 1, 1);
  });

  it('a clock that is set back neither shortens nor stretches the wait beyond its length', async () => {
    await declare(alice);
    world.gitHub.inject({ name: '502-before', ...creates });
    await alice.sync.sync();
    world.clock.advance(-86_400);
    await alice.sync.sync();
    assert.equal(world.issues.length, 0);
    for (let looks = 0; looks < 3; looks++) {
      world.clock.advance(91);
      await alice.sync.sync();
    }
    assert.equal(world.issues.length, 1);
  });

  for (const at of ['before', 'after'] as const) {
    it(`a machine that stops ${at} the create was sent makes one issue`, async () => {
      const { id } = await declare(alice);
      // What is on disk the moment the request goes out is what a killed process leaves.
      let left: Record<string, string> = {};
      const fault = world.gitHub.inject({ name: at === 'before' ? 'offline' : 'commit-then-reset', ...creates });
      const tree = { ...alice.tree.snapshot() };
      const write = alice.privateFiles.write.bind(alice.privateFiles);
      alice.privateFiles.write = async (path, text) => {
        await write(path, text);
        if (text.includes('"inflight"')) left = { ...alice.privateFiles.snapshot() };
      };
      await alice.sync.sync();
      assert.equal(fault.hits, 1);
      const [restarted, disk] = [new MemoryFiles(), new MemoryFiles()];
      for (const [path, text] of Object.entries(tree)) restarted.put(path, text);
      for (const [path, text] of Object.entries(left)) disk.put(path, text);
      const again = await world.clone('alice', { tree: restarted, privateFiles: disk, origin: alice.origin }).load();
      for (let looks = 0; looks < 3; looks++) {
        await again.sync.sync();
        world.clock.advance(91);
      }
      assert.equal(world.issues.length, 1);
      assert.equal(again.item(id).github?.number, 1);
      await again.assertSilent();
    });
  }

  it('a lost answer to an edit, a label or a removal is found out by reading, and nothing is repeated', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    const phases = ['triage', 'respond', 'mitigate', 'verify'] as const;
    for (const [index, method] of (['PATCH', 'POST', 'DELETE', 'GraphQL'] as const).entries()) {
      // What GraphQL answers is tried once more by REST; no answer at all is not.
      if (method === 'GraphQL') world.gitHub.inject({ name: 'commit-then-reset', path: /^\/graphql$/ });
      else world.gitHub.inject({ name: 'commit-then-502', method, path: /\/issues\/1(\/labels.*)?$/ });
      if (method === 'DELETE') world.gitHub.inject({ name: '502-before', path: /^\/graphql$/ });
      await changePhase(alice.context, alice.incident(incident.id), phases[index] ?? 'verify');
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.waiting.map(({ reason }) => reason),
        ['ambiguous'],
      );
      await alice.syncClean();
      assert.deepEqual(world.labels(), [`phase: ${phases[index]}`, 'severity: P0', 'type: bug']);
      await alice.assertSilent();
    }
    assert.equal((await alice.events(incident.id)).filter((event) => event.origin === 'github').length, 0);
  });

  it('the same is true of a clone that knows nothing any more but what GitHub and its files say', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    await recordEvent(alice.context, incident, 'note', 'one more');
    await alice.syncClean();
    for (const path of alice.privateFiles.paths()) if (path.startsWith('sync/')) alice.privateFiles.remove(path);
    const before = [world.issues.length, world.comments().length];
    await alice.newSync().sync();
    assert.deepEqual([world.issues.length, world.comments().length], before);
    await alice.assertSilent();
  });

  it('an issue whose link never got into the file is found by its marker when the state is lost as well', async () => {
    const { id, path } = await declare(alice);
    const unlinked = alice.tree.text(path) ?? '';
    await alice.syncClean();
    for (const lost of alice.privateFiles.paths()) if (lost.startsWith('sync/')) alice.privateFiles.remove(lost);
    await alice.receive({ [path]: unlinked });
    assert.equal(alice.item(id).github, undefined);
    await alice.newSync().sync();
    assert.equal(world.issues.length, 1);
    assert.equal(alice.item(id).github?.number, 1);
    await alice.assertSilent();
  });
});
