import assert from 'node:assert/strict';
import { addItem } from '../../../../src/services/addItem.ts';
import { changeItem } from '../../../../src/services/changeItem.ts';
import { enterpriseServer } from '../../../github/fakeGitHub.ts';
import { declare, repositoryName, SyncWorld, type TestClone } from './syncWorld.ts';

/** An incident with one action item, both on GitHub: issues #1 and #2. */
async function withAction(clone: TestClone) {
  const incident = await declare(clone);
  const actionOf = clone.incident(incident.uid);
  const action = await addItem(clone.context, { type: 'task', title: 'Alert on latency', severity: 'P0', actionOf });
  await clone.syncClean();
  return { incident, action };
}

const parentOf = (world: SyncWorld, number: number) => world.issue(number).parentNumber;
const incidentLine = (clone: TestClone, uid: string) =>
  clone.tree.text(clone.item(uid).path)?.match(/^incident:.*$/m)?.[0];

/** Puts an issue under another on github.com, or takes it away. */
function moveOnGitHub(world: SyncWorld, child: number, parent: number | undefined): void {
  world.clock.advance(60);
  world.gitHub.web('manager', repositoryName).setParent(child, parent ?? null);
}

describe('Sync: action items', function () {
  this.timeout(60_000);

  let world: SyncWorld;
  let alice: TestClone;

  describe('on github.com', () => {
    beforeEach(async () => {
      world = await SyncWorld.start();
      alice = world.clone('alice', { publish: 'all' });
    });
    afterEach(() => world.stop());

    it('makes an action item a sub-issue of its incident, with one request', async () => {
      const { action } = await withAction(alice);
      assert.equal(action.incident, undefined, 'an action item of P0 declares nothing');
      assert.equal(parentOf(world, 2), 1);
      const writes = world.takeWrites();
      assert.equal(writes.filter((line) => line.includes('sub_issue')).length, 1);
      await alice.assertSilent();
    });

    it('says so beforehand', async () => {
      const { uid } = await declare(alice);
      await alice.syncClean();
      const item = await addItem(alice.context, { type: 'task', title: 'Later', severity: 'P2' });
      await alice.syncClean();
      await changeItem(alice.context, item, { actionOf: alice.incident(uid) });
      const { steps } = await alice.sync.pendingWork();
      assert.deepEqual(steps, [{ item: item.id, step: 'update', detail: 'make it a sub-issue of #1' }]);
    });

    it('moves it, and takes it out, when that changes here', async () => {
      const { action } = await withAction(alice);
      world.clock.advance(120);
      const other = await declare(alice, 'Another outage');
      await changeItem(alice.context, alice.item(action.uid), { actionOf: alice.incident(other.uid) });
      await alice.syncClean();
      assert.equal(parentOf(world, 2), 3);
      assert.deepEqual(world.issue(1).subIssueNumbers, []);
      await changeItem(alice.context, alice.item(action.uid), { actionOf: null });
      await alice.syncClean();
      assert.equal(parentOf(world, 2), null);
      await alice.assertSilent();
    });

    it('takes in what people do on GitHub, in every clone the same', async () => {
      const { incident } = await withAction(alice);
      const item = await addItem(alice.context, { type: 'task', title: 'Later', severity: 'P2' });
      await alice.syncClean();
      const bob = world.clone('bob');
      await bob.pullFrom(alice);
      await bob.syncClean();
      moveOnGitHub(world, 3, 1);
      moveOnGitHub(world, 2, undefined);
      await alice.syncClean();
      await bob.syncClean();
      for (const clone of [alice, bob]) {
        assert.equal(clone.item(item.uid).actionOf, incident.id);
        assert.equal(incidentLine(clone, item.uid), `incident: ${incident.id}`);
      }
      assert.deepEqual(bob.tree.snapshot(), alice.tree.snapshot());
      await alice.assertSilent();
      await bob.assertSilent();
    });

    it('takes an action item out that people took out', async () => {
      const { action } = await withAction(alice);
      moveOnGitHub(world, 2, undefined);
      await alice.syncClean();
      assert.equal(alice.item(action.uid).actionOf, undefined);
      assert.equal(incidentLine(alice, action.uid), undefined);
      await alice.assertSilent();
    });

    it('lets GitHub’s stand where both changed, and says so', async () => {
      const { action, incident } = await withAction(alice);
      world.clock.advance(120);
      const other = await declare(alice, 'Another outage');
      await alice.syncClean();
      moveOnGitHub(world, 2, undefined);
      await changeItem(alice.context, alice.item(action.uid), { actionOf: alice.incident(other.uid) });
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['overruled'],
      );
      assert.equal(alice.item(action.uid).actionOf, undefined);
      assert.equal(parentOf(world, 2), null);
      assert.notEqual(other.id, incident.id);
      await alice.sync.sync();
      await alice.assertSilent();
    });

    it('leaves a parent alone that stands for no incident', async () => {
      const { action } = await withAction(alice);
      const epic = world.manager.openIssue({ title: 'Epic' });
      moveOnGitHub(world, 2, epic.number);
      await alice.syncClean();
      assert.equal(parentOf(world, 2), epic.number);
      assert.notEqual(alice.item(action.uid).actionOf, undefined);
      await alice.assertSilent();
    });

    it('changes nothing from a branch where the item looks otherwise', async () => {
      const { action } = await withAction(alice);
      const { path } = alice.item(action.uid);
      const text = alice.tree.text(path) ?? '';
      alice.onConfiguredBranch = false;
      await alice.receive({ [path]: text.replace(/^incident:.*\n/m, '') });
      await alice.sync.sync();
      assert.equal(parentOf(world, 2), 1);
      alice.onConfiguredBranch = true;
      await alice.receive({ [path]: text });
      await alice.assertSilent();
    });

    it('looks again after an answer that did not come, and sends nothing twice', async () => {
      const { uid } = await declare(alice);
      await alice.syncClean();
      world.clock.advance(60);
      const actionOf = alice.incident(uid);
      const action = await addItem(alice.context, { type: 'task', title: 'Alert', severity: 'P1', actionOf });
      world.gitHub.inject({ name: 'commit-then-502', path: /sub_issues$/ });
      const report = await alice.sync.sync();
      assert.deepEqual(
        report.waiting.map(({ reason }) => reason),
        ['ambiguous'],
      );
      await alice.syncClean();
      assert.equal(parentOf(world, 2), 1);
      assert.equal(alice.item(action.uid).actionOf, actionOf.id);
      const added = world.takeWrites().filter((line) => line.startsWith('POST') && line.includes('sub_issues'));
      assert.equal(added.length, 1);
      await alice.assertSilent();
    });

    it('says what GitHub refuses, once, and goes on', async () => {
      const { uid } = await declare(alice);
      await alice.syncClean();
      const repository = world.gitHub.state.repository(repositoryName);
      const manager = world.gitHub.state.user('manager');
      for (let number = 0; number < 100; number++) {
        const issue = world.manager.openIssue({ title: `Part ${number}` });
        repository.addSubIssue(manager, world.issue(1), world.issue(issue.number));
      }
      await addItem(alice.context, { type: 'task', title: 'One more', severity: 'P1', actionOf: alice.incident(uid) });
      const report = await alice.sync.sync();
      assert.match(report.problems.map(({ message }) => message).join(), /sub-issue of #1: GitHub refused/);
      world.takeRequests();
      await alice.sync.sync();
      assert.deepEqual(world.takeWrites(), []);
    });

    it('keeps the action items of a private incident inside', async () => {
      const secret = await declare(alice, 'Break-in', { criteria: ['security-breach'] });
      const actionOf = alice.incident(secret.uid);
      const action = await addItem(alice.context, { type: 'task', title: 'Rotate keys', severity: 'P0', actionOf });
      assert.equal(action.private, true);
      await alice.sync.sync();
      assert.deepEqual(world.issues, []);
    });
  });

  describe('on a server without sub-issues', () => {
    beforeEach(async () => {
      world = await SyncWorld.start(enterpriseServer);
      alice = world.clone('alice', { publish: 'all' });
    });
    afterEach(() => world.stop());

    const listOf = (number: number) =>
      /<!-- firebreak:links -->\n([\s\S]*?)\n\n<!-- firebreak:uid/.exec(world.issue(number).body ?? '')?.[1];

    it('lists them in the incident’s issue, ticked when they are done, and not in its file', async () => {
      const { action, incident } = await withAction(alice);
      await alice.syncClean();
      assert.equal(listOf(1), '**Action items**\n- [ ] #2');
      assert.doesNotMatch(alice.item(incident.uid).body, /Action items/);
      await changeItem(alice.context, alice.item(action.uid), { status: 'done' });
      await alice.syncClean();
      await alice.syncClean();
      assert.equal(listOf(1), '**Action items**\n- [x] #2');
      await alice.assertSilent();
    });

    it('asks once a day whether the server has learned of them, and then uses them', async () => {
      await withAction(alice);
      await alice.syncClean();
      world.takeRequests();
      await alice.syncClean();
      assert.deepEqual(world.takeWrites(), []);
      world.gitHub.behaviour.subIssues = true;
      world.clock.advance(25 * 3600);
      await alice.syncClean();
      assert.equal(parentOf(world, 2), 1);
      await alice.syncClean();
      assert.equal(listOf(1), undefined);
      await alice.assertSilent();
    });

    it('keeps what a person writes into the list as part of the text', async () => {
      const { incident } = await withAction(alice);
      await alice.syncClean();
      world.clock.advance(60);
      const body = world.issue(1).body ?? '';
      world.manager.editBody(1, body.replace('- [ ] #2', '- [ ] #2\n- and call the bank'));
      await alice.syncClean();
      assert.match(alice.item(incident.uid).body, /- and call the bank/);
      await alice.assertSilent();
      const actionOf = alice.incident(incident.uid);
      await addItem(alice.context, { type: 'task', title: 'Second', severity: 'P1', actionOf });
      await alice.syncClean();
      await alice.syncClean();
      assert.match(world.issue(1).body ?? '', /- and call the bank[\s\S]*- \[ \] #2\n- \[ \] #3\n\n<!-- firebreak:uid/);
      await alice.assertSilent();
    });

    it('does not take away what another clone lists, while git has not brought it', async () => {
      const { incident } = await withAction(alice);
      await alice.syncClean();
      const bob = world.clone('bob');
      await bob.pullFrom(alice);
      await bob.syncClean();
      world.clock.advance(60);
      const actionOf = alice.incident(incident.uid);
      await addItem(alice.context, { type: 'task', title: 'Second', severity: 'P1', actionOf });
      await alice.syncClean();
      await alice.syncClean();
      assert.equal(listOf(1), '**Action items**\n- [ ] #2\n- [ ] #3');
      world.takeRequests();
      await bob.syncClean();
      await bob.syncClean();
      assert.deepEqual(world.takeWrites(), []);
      await bob.pullFrom(alice);
      await bob.syncClean();
      assert.equal(listOf(1), '**Action items**\n- [ ] #2\n- [ ] #3');
      await bob.assertSilent();
    });
  });

  describe('and the review', () => {
    it('links to it once it is pushed', async () => {
      world = await SyncWorld.start();
      alice = world.clone('alice');
      const { uid } = await declare(alice);
      const paths = new Set<string>();
      const published = async () => ({ branch: 'main', prefix: 'ops/', paths });
      alice.newSync({ published });
      await alice.syncClean();
      await alice.assertSilent();
      const { folder } = alice.incident(uid).incident;
      await alice.receive({ [`${folder}/rca.md`]: '# RCA\n' });
      await alice.assertSilent();
      paths.add(`${folder}/rca.md`);
      await alice.syncClean();
      const link = `**RCA**: [rca.md](${world.gitHub.url}/acme/shop/blob/main/ops/${folder}/rca.md)`;
      assert.ok(world.issue(1).body?.includes(`<!-- firebreak:links -->\n${link}\n`), world.issue(1).body ?? '');
      assert.doesNotMatch(alice.item(uid).body, /rca\.md/);
      await alice.assertSilent();
      paths.clear();
      await alice.syncClean();
      assert.doesNotMatch(world.issue(1).body ?? '', /rca\.md/);
      await world.stop();
    });
  });
});
