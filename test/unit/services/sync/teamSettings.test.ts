import assert from 'node:assert/strict';
import { changeItem, changeSeverity } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { mergeIncident } from '../../../../src/services/closeWrongIncident.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { excludedAnywhere } from '../../../../src/services/sync/excludedAnywhere.ts';
import { readSyncRules } from '../../../../src/services/sync/syncRules.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: what a team has excluded stays inside', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
  });
  afterEach(() => world.stop());

  const exclude = (...patterns: string[]) => alice.newSync({ settings: { exclude: patterns } });
  const sent = () => JSON.stringify(world.gitHub.requests.map(({ path, body }) => [path, body])).toLowerCase();

  it('is neither sent nor named, as if it were private', async () => {
    const legal = await declare(alice, 'The contract with Initech');
    world.clock.advance(60);
    const open = await declare(alice, 'An ordinary outage');
    exclude(`incidents/${legal.id}`);
    await recordEvent(alice.context, open, 'note', `See ${legal.id}`);
    const report = await alice.sync.sync();
    assert.deepEqual(
      report.problems.map(({ code, item }) => [code, item]),
      [['namesPrivate', open.id]],
    );
    assert.equal(world.issues.length, 1);
    for (const name of [legal.id, legal.uid, 'Initech']) assert.ok(!sent().includes(name.toLowerCase()), name);
    assert.ok((await alice.sync.pendingWork()).steps.every(({ item }) => item !== legal.id));
  });

  it('stays as it is where it was linked before: not even a look', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    exclude('incidents/**');
    await changePhase(alice.context, alice.incident(incident.id), 'closed');
    world.manager.editTitle(1, 'Changed meanwhile');
    world.takeRequests();
    await alice.syncClean();
    assert.deepEqual(world.takeRequests(), []);
    assert.equal(alice.item(incident.id).title, 'Production API down');
    exclude();
    await alice.sync.sync();
    assert.equal(alice.item(incident.id).title, 'Changed meanwhile');
    assert.equal(world.issue().state, 'closed');
    await alice.assertSilent();
  });

  it('is not named as the original of a duplicate either', async () => {
    const legal = await declare(alice, 'The contract with Initech');
    world.clock.advance(60);
    const second = await declare(alice, 'The same again');
    await alice.syncClean();
    exclude(`incidents/${legal.id}/**`);
    await mergeIncident(alice.context, alice.incident(second.id), alice.incident(legal.id));
    world.gitHub.requests.length = 0;
    await alice.sync.sync();
    assert.deepEqual([world.issue(2).state, world.issue(2).duplicateOfId], ['closed', null]);
    assert.ok(!sent().includes('initech') && !sent().includes(legal.id.toLowerCase()));
  });

  for (const settings of [
    { exclude: ['incidents/[x'] },
    { exclude: ['ok', ''] },
    { exclude: 'incidents/**' },
    { exclude: [1] },
    { labels: { 'severity: P0': 5 } },
  ]) {
    it(`is not guessed from ${JSON.stringify(settings)}: that is said, and nothing is sent`, async () => {
      await declare(alice);
      alice.newSync({ settings });
      for (const dryRun of [true, false]) {
        const { waiting, created, plan } = await alice.sync.sync({ dryRun });
        assert.deepEqual([waiting.map(({ reason }) => reason), created, plan], [['settings'], 0, []]);
        assert.match(waiting[0]?.message ?? '', /"|list of patterns/);
      }
      const { count, reasons } = await alice.sync.pendingWork();
      assert.deepEqual([count, reasons.map(({ reason }) => reason)], [0, ['settings']]);
      assert.deepEqual(world.takeRequests(), []);
      exclude('elsewhere/**');
      await alice.syncClean();
      assert.equal(world.issues.length, 1);
    });
  }

  it('is what is excluded in any place where it can be said', () => {
    assert.deepEqual(excludedAnywhere(['a', 'b'], undefined, ['b', 'c'], null), ['a', 'b', 'c']);
    assert.deepEqual(excludedAnywhere(undefined, undefined), []);
    assert.equal(excludedAnywhere(['a'], 'b/**'), 'b/**');
    assert.throws(() => readSyncRules({ exclude: excludedAnywhere(['a'], 'b/**') }), /list of patterns/);
  });

  it('is what any of the patterns names', () => {
    const { isWithheld } = readSyncRules({ exclude: ['backlog/legal', '*-secret.md'] });
    const of = (path: string, secret = false) => isWithheld({ uid: '', path, private: secret });
    assert.deepEqual(
      [of('backlog/legal/a.md'), of('backlog/x-secret.md'), of('backlog/a.md'), of('backlog/a.md', true)],
      [true, true, false, true],
    );
    assert.ok(!readSyncRules({}).isWithheld({ uid: '', path: 'backlog/a.md', private: false }));
  });
});

describe('Sync: labels by a team’s own names', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  let id: string;
  const labels = {
    'severity: P0': 'sev0',
    'severity: P1': 'sev1',
    'phase: declared': 'Open',
    'phase: fix': 'Fixing',
    'type: bug': 'kind/bug',
  };
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
    alice.newSync({ settings: { labels } });
    ({ id } = await declare(alice));
  });
  afterEach(() => world.stop());

  it('go out, with their colours, and change', async () => {
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['Open', 'kind/bug', 'sev0']);
    const made = [...world.gitHub.state.repository('acme/shop').labels.values()];
    assert.equal(made.find(({ name }) => name === 'sev0')?.color, 'b60205');
    world.clock.advance(60);
    await changePhase(alice.context, alice.incident(id), 'fix');
    await changeSeverity(alice.context, alice.item(id), 'P1');
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['Fixing', 'kind/bug', 'sev1']);
    await changePhase(alice.context, alice.incident(id), 'verify');
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['kind/bug', 'phase: verify', 'sev1']);
    await alice.assertSilent();
  });

  it('come back', async () => {
    await alice.syncClean();
    world.clock.advance(60);
    world.manager.addLabels(1, 'SEV1', 'fixing');
    world.manager.removeLabels(1, 'sev0', 'Open');
    await alice.syncClean();
    assert.deepEqual([alice.item(id).severity, alice.incident(id).incident.phase], ['P1', 'fix']);
    await alice.assertSilent();
  });

  it('leave alone what a person calls by the usual name', async () => {
    await alice.syncClean();
    world.manager.addLabels(1, 'severity: P0', 'phase: fix', 'type: bug');
    await alice.syncClean();
    world.clock.advance(60);
    await changeSeverity(alice.context, alice.item(id), 'P1');
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['Open', 'kind/bug', 'phase: fix', 'sev1', 'severity: P0', 'type: bug']);
    assert.deepEqual(
      [alice.item(id).severity, alice.item(id).type, alice.incident(id).incident.phase],
      ['P1', 'bug', 'declared'],
    );
    await alice.assertSilent();
  });

  it('may come later: renamed on GitHub and in the settings, nothing changes, and history is understood', async () => {
    alice.newSync({ settings: {} });
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['phase: declared', 'severity: P0', 'type: bug']);
    for (const [usual, name] of Object.entries(labels)) {
      const repository = world.gitHub.state.repository('acme/shop');
      if (repository.labelByName(usual)) world.manager.renameLabel(usual, name);
    }
    alice.newSync({ settings: { labels } });
    world.manager.comment(1, 'We renamed our labels');
    await alice.syncClean();
    assert.deepEqual(world.labels(), ['Open', 'kind/bug', 'sev0']);
    assert.deepEqual([alice.item(id).severity, alice.incident(id).incident.phase], ['P0', 'declared']);
    world.clock.advance(60);
    world.manager.addLabels(1, 'sev1');
    world.manager.removeLabels(1, 'sev0');
    await alice.syncClean();
    assert.equal(alice.item(id).severity, 'P1');
    await changeItem(alice.context, alice.item(id), { title: 'Another title' });
    await alice.syncClean();
    await alice.assertSilent();
  });
});
