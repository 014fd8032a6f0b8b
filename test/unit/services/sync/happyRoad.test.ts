import assert from 'node:assert/strict';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem, changeSeverity } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { cancelIncident } from '../../../../src/services/closeWrongIncident.ts';
import { declareItem } from '../../../../src/services/declareIncident.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

describe('Sync: an incident on its straight road', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: SyncWorld;
  let alice: TestClone;
  beforeEach(async () => {
    world = await SyncWorld.start();
    alice = await world.clone('alice').load();
  });
  afterEach(() => world.stop());

  it('asks GitHub nothing while there is nothing to keep in step', async () => {
    await addItem(alice.context, { type: 'task', title: 'Tidy up', severity: 'P3' });
    await alice.syncClean();
    assert.deepEqual(world.takeRequests(), []);
  });

  it('makes one issue with labels, posts the first events, links the file, and is silent then', async () => {
    const { id } = await declare(alice);
    const report = await alice.syncClean();
    assert.deepEqual([report.created, report.commented], [1, 1]);
    assert.equal(world.issues.length, 1);
    assert.equal(world.issue().title, 'Production API down');
    assert.deepEqual(world.labels(), ['phase: declared', 'severity: P0', 'type: bug']);
    assert.match(world.issue().body ?? '', /^All checkouts fail\n\n<!-- firebreak:uid=[0-9A-Z]{26} [^\n]*-->$/);
    assert.match(alice.tree.text(alice.item(id).path) ?? '', /^github: acme\/shop#1$/m);
    assert.equal(alice.item('acme/shop#1').id, id);
    const [comment] = world.comments();
    assert.match(comment ?? '', /phase → \*\*declared\*\*: Production API down\n/);
    assert.match(comment ?? '', /commander → \*\*alice\*\*\n/);
    assert.match(comment ?? '', /impact: All checkouts fail\n/);
    await alice.assertSilent();
  });

  it('gives labels their colours, once', async () => {
    await declare(alice);
    await alice.syncClean();
    const { labels } = world.gitHub.state.repository('acme/shop');
    const label = [...labels.values()].find(({ name }) => name === 'severity: P0');
    assert.equal(label?.color, 'b60205');
    world.clock.advance(3600);
    world.takeRequests();
    await declare(alice, 'Another one');
    await alice.syncClean();
    assert.deepEqual(world.takeWrites(), [
      'POST /repos/acme/shop/issues 201',
      'POST /repos/acme/shop/issues/2/comments 201',
    ]);
  });

  it('costs two requests for a new incident beside the two polls, and two for nothing at all', async () => {
    await declare(alice);
    await alice.syncClean();
    world.clock.advance(3600);
    await declare(alice, 'Another one');
    await alice.syncClean();
    world.clock.advance(3600);
    await alice.syncClean();
    await alice.syncClean();
    world.takeRequests();
    await alice.syncClean();
    assert.deepEqual(
      world.takeRequests().map((line) => line.replace(/\?\S+/, '')),
      ['GET /repos/acme/shop/issues 304', 'GET /repos/acme/shop/issues/comments 304'],
    );
    await declare(alice, 'A third');
    await alice.syncClean();
    assert.equal(world.takeRequests().length, 4);
  });

  it('moves the phase label, and writes what happened into one digest', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    world.clock.advance(60);
    await recordEvent(alice.context, incident, 'note', 'Looks like the pool');
    await changePhase(alice.context, alice.incident(incident.id), 'mitigate', 'Rolling back');
    await changeSeverity(alice.context, alice.incident(incident.id), 'P1');
    world.takeRequests();
    const report = await alice.syncClean();
    assert.deepEqual([report.updated, report.commented, report.pulled], [1, 1, 0]);
    assert.deepEqual(world.labels(), ['phase: mitigate', 'severity: P1', 'type: bug']);
    assert.equal(world.comments().length, 2);
    assert.match(
      world.comments()[1] ?? '',
      /· alice · note: Looks like the pool\n- .*phase → \*\*mitigate\*\*: Rolling back\n/,
    );
    await alice.assertSilent();
  });

  it('needs at most four requests for an edit, comments and new labels aside, with the look at what it replaced', async () => {
    const item = await addItem(alice.context, { type: 'bug', title: 'Slow', severity: 'P2', description: 'Text' });
    alice.newSync({ publish: 'all' });
    await alice.syncClean();
    await changeItem(alice.context, alice.item(item.id), { status: 'doing' });
    await alice.syncClean();
    await changeItem(alice.context, alice.item(item.id), { status: 'inbox' });
    world.takeRequests();
    await alice.syncClean();
    const polls = /GET \/repos\/acme\/shop\/issues(\/comments)?\?/;
    const requests = () => world.takeRequests().filter((line) => !polls.test(line));
    assert.deepEqual(requests(), [
      'GET /repos/acme/shop/issues/1 200',
      'PATCH /repos/acme/shop/issues/1 200',
      'POST /repos/acme/shop/issues/1/labels 200',
      'POST /graphql 200',
    ]);
    assert.deepEqual(world.labels(), ['severity: P2', 'status: inbox', 'type: bug']);
    await changeItem(alice.context, alice.item(item.id), { title: 'Slow search' });
    await alice.syncClean();
    assert.deepEqual(requests(), [
      'GET /repos/acme/shop/issues/1 200',
      'PATCH /repos/acme/shop/issues/1 200',
      'GET /repos/acme/shop/issues/1/events?per_page=100 200',
      'POST /graphql 200',
    ]);
    assert.equal(world.issue().title, 'Slow search');
    await alice.assertSilent();
  });

  it('posts each status update as a comment of its own, by the guide’s template', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    for (const currentState of ['degraded', 'up']) {
      world.clock.advance(60);
      await postStatusUpdate(alice.context, incident, { ...emptyStatusUpdate, currentState });
    }
    const report = await alice.syncClean();
    assert.equal(report.commented, 2);
    assert.match(
      world.comments()[1] ?? '',
      /^\*\*2025-09-23 14:31:00 UTC Status Update\*\* · alice\n\n- \*\*Current State\*\*: degraded\n/,
    );
    await alice.assertSilent();
  });

  it('closes the issue with the incident and opens it again with it', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    await changePhase(alice.context, alice.incident(incident.id), 'rca');
    await alice.syncClean();
    assert.equal(world.issue().state, 'open');
    await changePhase(alice.context, alice.incident(incident.id), 'closed');
    await alice.syncClean();
    assert.deepEqual([world.issue().state, world.issue().stateReason], ['closed', 'completed']);
    assert.deepEqual(world.labels(), ['phase: closed', 'severity: P0', 'type: bug']);
    await alice.assertSilent();
    await changePhase(alice.context, alice.incident(incident.id), 'investigate', 'It came back');
    await alice.syncClean();
    assert.deepEqual([world.issue().state, world.issue().stateReason], ['open', 'reopened']);
    await alice.assertSilent();
  });

  it('says that a false alarm was none', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    await cancelIncident(alice.context, incident, 'a test probe');
    await alice.syncClean();
    assert.deepEqual([world.issue().state, world.issue().stateReason], ['closed', 'not_planned']);
    await alice.assertSilent();
  });

  it('sends a body that was edited, and unknown front matter stays byte for byte', async () => {
    const { id } = await declare(alice);
    await alice.syncClean();
    const { path } = alice.item(id);
    const edited = (alice.tree.text(path) ?? '')
      .replace('\n---\n', '\nruntime:   "x: y" # kept\n---\n')
      .replace('All checkouts fail', 'All checkouts fail\n\nSince the 14:00 release.');
    await alice.receive({ [path]: edited });
    const report = await alice.syncClean();
    assert.deepEqual([report.updated, report.pulled], [1, 0]);
    assert.match(world.issue().body ?? '', /^All checkouts fail\n\nSince the 14:00 release\.\n\n<!-- firebreak/);
    assert.equal(alice.tree.text(path), edited);
    await alice.assertSilent();
  });

  it('syncs ordinary items that are linked already, and makes issues of others only when told', async () => {
    const item = await addItem(alice.context, {
      type: 'feature',
      title: 'Dark mode',
      severity: 'P3',
      description: 'Ask',
    });
    await declare(alice);
    await alice.syncClean();
    assert.equal(world.issues.length, 1);
    alice.newSync({ publish: 'all' });
    await alice.syncClean();
    assert.deepEqual(world.labels(2), ['severity: P3', 'status: inbox', 'type: feature']);
    alice.newSync();
    await changeItem(alice.context, alice.item(item.id), { status: 'declined' });
    await alice.syncClean();
    assert.deepEqual([world.issue(2).state, world.issue(2).stateReason], ['closed', 'not_planned']);
    assert.deepEqual(world.labels(2), ['severity: P3', 'status: declined', 'type: feature']);
    await alice.assertSilent();
  });

  it('exchanges the status label for a phase when an item is declared, and posts its events', async () => {
    const item = await addItem(alice.context, { type: 'bug', title: 'Login is slow', severity: 'P2' });
    alice.newSync({ publish: 'all' });
    await alice.syncClean();
    await declareItem(alice.context, alice.item(item.id), {
      title: 'Login is down',
      severity: 'P0',
      criteria: ['production-down'],
    });
    await alice.syncClean();
    assert.equal(world.issue().title, 'Login is down');
    assert.deepEqual(world.labels(), ['phase: declared', 'severity: P0', 'type: bug']);
    assert.equal(world.comments().length, 1);
    await alice.assertSilent();
  });

  it('leaves labels that are not of its mapping alone', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    world.manager.addLabels(1, 'customer: big', 'type: question', 'bug');
    await changePhase(alice.context, alice.incident(incident.id), 'triage');
    await alice.syncClean();
    assert.deepEqual(world.labels(), [
      'bug',
      'customer: big',
      'phase: triage',
      'severity: P0',
      'type: bug',
      'type: question',
    ]);
    await alice.assertSilent();
  });

  it('keeps in step with an Enterprise Server at its own base path, which has no limits', async () => {
    const enterprise = await SyncWorld.start({ rateLimits: null });
    try {
      const bob = await enterprise.clone('bob', { apiUrl: enterprise.gitHub.enterpriseUrl }).load();
      await declare(bob);
      await bob.syncClean();
      assert.equal(enterprise.issues.length, 1);
      await bob.assertSilent();
    } finally {
      await enterprise.stop();
    }
  });

  it('splits what is longer than GitHub takes, and loses none of it', async () => {
    const incident = await declare(alice);
    await alice.syncClean();
    const long = Array.from({ length: 9_000 }, (_, index) => `line ${index} ✓`).join('\n');
    await recordEvent(alice.context, incident, 'note', long);
    await recordEvent(alice.context, incident, 'note', 'short');
    await alice.syncClean();
    const comments = world.comments().slice(1);
    for (const comment of comments) assert.ok([...comment].length <= 65_536);
    const text = comments.join('\n');
    for (const index of [0, 4_500, 8_999]) assert.ok(text.includes(`line ${index} ✓`), `line ${index}`);
    assert.ok(text.includes('note: short'));
    await alice.assertSilent();
  });
});
