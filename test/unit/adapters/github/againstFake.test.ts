import assert from 'node:assert/strict';
import { TrackerError } from '../../../../src/core/ports/issueTracker.ts';
import { FakeGitHub } from '../../../github/fakeGitHub.ts';
import { MovableClock } from '../../../github/movableClock.ts';
import { token, trackerFor } from './rawServer.ts';

describe('the GitHub adapter against the fake GitHub', function () {
  // The first use of GitHub's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let gitHub: FakeGitHub;
  const clock = new MovableClock('2025-09-23T14:30:00Z');
  beforeEach(async () => {
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now });
    gitHub.state.addToken(token, 'alice');
    gitHub.state.addRepository('acme/shop', { permissions: { alice: 'write', manager: 'write' } });
  });
  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
  });

  const person = () => gitHub.web('manager', 'acme/shop');
  const draft = { title: 'API down', body: 'Text', labels: ['severity: P0'], assignees: ['alice'] };

  for (const [name, base, pagination] of [
    ['github.com, by cursors', () => gitHub.url, 'cursor'],
    ['an Enterprise Server, by pages', () => gitHub.enterpriseUrl, 'page'],
  ] as const) {
    it(`reads every page of ${name}, without pull requests, oldest change first`, async () => {
      gitHub.behaviour.pagination = pagination;
      for (let number = 1; number <= 230; number++) {
        clock.advance(1);
        person().openIssue({ title: `Issue ${number}`, ...(number % 10 === 0 ? { pullRequest: {} } : {}) });
      }
      const { tracker } = trackerFor(base());
      const all = await tracker.issues(undefined);
      assert.ok(all.changed);
      assert.equal(all.value.length, 207);
      assert.deepEqual([all.value[0]?.title, all.value.at(-1)?.title], ['Issue 1', 'Issue 229']);
      assert.equal(gitHub.requests.filter(({ path }) => path.includes('/issues?')).length, 3);
      assert.deepEqual(await tracker.issues(undefined, all.etag), { changed: false });
      person().editTitle(3, 'Changed');
      const again = await tracker.issues(undefined, all.etag);
      assert.equal(again.changed && again.value.at(-1)?.title, 'Changed');
    });
  }

  it('sends no token to a page on another host', async () => {
    gitHub.behaviour.linkOrigin = 'https://evil.example';
    for (let number = 1; number <= 101; number++) person().openIssue({ title: `Issue ${number}` });
    await assert.rejects(trackerFor(gitHub.url).tracker.issues(undefined), (error) => TrackerError.is(error, 'server'));
    assert.equal(gitHub.requests.length, 1);
  });

  it('makes, changes, labels, comments and reads back', async () => {
    const { tracker, lines } = trackerFor(gitHub.url);
    await tracker.createLabel('severity: P0', 'b60205', 'gravest');
    await tracker.createLabel('severity: P0', 'b60205', 'gravest');
    const made = await tracker.createIssue(draft);
    assert.deepEqual(
      [made.number, made.labels, made.assignees, made.author],
      [1, ['severity: P0'], ['alice'], 'alice'],
    );
    assert.deepEqual(await tracker.addLabels(1, ['phase: fix']), ['severity: P0', 'phase: fix']);
    await tracker.takeOff(1, { labels: ['severity: P0'], assignees: [] });
    await tracker.takeOff(1, { labels: ['severity: P0'], assignees: [] });
    assert.deepEqual(await tracker.addAssignees(1, ['Manager', 'nobody']), ['alice', 'manager']);
    await tracker.takeOff(1, { labels: [], assignees: ['alice', 'nobody'] });
    assert.deepEqual((await tracker.issue(1)).assignees, ['manager']);
    const sprint = await tracker.createMilestone('2025-W39');
    assert.equal(await tracker.createMilestone('2025-W39'), undefined);
    assert.deepEqual(await tracker.milestones(), [sprint]);
    const inSprint = await tracker.updateIssue(1, { milestone: sprint?.number ?? 0 });
    assert.deepEqual(inSprint.milestone, { number: 1, title: '2025-W39' });
    assert.equal((await tracker.updateIssue(1, { milestone: null })).milestone, undefined);
    const closed = await tracker.updateIssue(1, { title: 'Renamed', state: 'closed', stateReason: 'not_planned' });
    assert.deepEqual([closed.title, closed.state, closed.stateReason], ['Renamed', 'closed', 'not_planned']);
    const comment = await tracker.createComment(1, 'One\nTwo');
    assert.deepEqual(
      (await tracker.issueComments(1)).map(({ id, body, trusted }) => [id, body, trusted]),
      [[comment.id, 'One\nTwo', true]],
    );
    const events = (await tracker.issueEvents(1)).map(
      ({ event, label, rename, assignee, milestone }) =>
        `${event} ${label ?? rename?.to ?? assignee ?? milestone ?? ''}`,
    );
    assert.deepEqual(events, [
      'labeled severity: P0',
      'assigned alice',
      'labeled phase: fix',
      'unlabeled severity: P0',
      'assigned manager',
      'unassigned alice',
      'milestoned 2025-W39',
      'demilestoned 2025-W39',
      'renamed Renamed',
      'closed ',
    ]);
    assert.deepEqual(
      (await tracker.labels()).filter((name) => name.includes(': ')),
      ['severity: P0', 'phase: fix'],
    );
    assert.deepEqual(await tracker.issue(1), { ...closed, comments: 1 });
    for (const line of lines) assert.match(line, /^(GET|POST|PATCH|DELETE) \/\S+ \d{3} \d+ left \d+ ms$/);
  });

  for (const [name, base, path] of [
    ['github.com', () => gitHub.url, '/graphql'],
    ['an Enterprise Server', () => gitHub.enterpriseUrl, '/api/graphql'],
  ] as const) {
    it(`takes labels and assignees off in one request to ${name}, which tells of the text too`, async () => {
      const { tracker } = trackerFor(base());
      for (const removals of [
        { labels: ['severity: P0', 'phase: fix'], assignees: [] },
        { labels: [], assignees: ['alice'] },
        { labels: ['phase: fix'], assignees: ['Alice', 'manager'] },
      ]) {
        const { number } = await tracker.createIssue({ ...draft, labels: ['severity: P0', 'phase: fix', 'else'] });
        await tracker.addAssignees(number, ['manager']);
        person().editBody(number, 'Theirs');
        const { labels, assignees } = await tracker.updateIssue(number, { body: 'Ours' });
        gitHub.requests.length = 0;
        const edits = await tracker.takeOff(number, removals);
        assert.deepEqual(
          gitHub.requests.map((request) => request.path),
          [path],
        );
        assert.deepEqual(
          edits?.map(({ text, editor }) => [text, editor]),
          [
            ['Ours', 'alice'],
            ['Theirs', 'manager'],
            ['Text', 'alice'],
          ],
        );
        const logins = removals.assignees.map((login) => login.toLowerCase());
        const left = await tracker.issue(number);
        assert.deepEqual(
          [left.labels, left.assignees],
          [
            labels.filter((label) => !removals.labels.includes(label)),
            assignees.filter((login) => !logins.includes(login)),
          ],
        );
      }
    });
  }

  it('takes off by name and login what it has not just read', async () => {
    const { tracker } = trackerFor(gitHub.url);
    const [first, second] = [await tracker.createIssue(draft), await tracker.createIssue(draft)];
    await tracker.issue(second.number);
    gitHub.requests.length = 0;
    assert.equal(await tracker.takeOff(first.number, { labels: ['severity: P0'], assignees: ['alice'] }), undefined);
    assert.deepEqual(
      gitHub.requests.map(({ method }) => method),
      ['DELETE', 'DELETE'],
    );
    const [left, other] = [await tracker.issue(first.number), await tracker.issue(second.number)];
    assert.deepEqual([left.labels, left.assignees], [[], []]);
    assert.deepEqual([other.labels, other.assignees], [['severity: P0'], ['alice']]);
  });

  it('tells a transferred issue from a renamed repository', async () => {
    const { tracker } = trackerFor(gitHub.url);
    await tracker.createIssue(draft);
    await tracker.createIssue(draft);
    gitHub.state.addRepository('acme/other', { permissions: { manager: 'write', alice: 'write' } });
    person().transfer(1, 'acme/other');
    await assert.rejects(tracker.issue(1), (error) => TrackerError.is(error, 'moved'));
    gitHub.state.renameRepository('acme/shop', 'acme/store');
    assert.equal((await tracker.issue(2)).number, 2);
    assert.equal((await tracker.repository()).repo, 'store');
    await assert.rejects(tracker.createIssue(draft), (error) => TrackerError.is(error, 'moved'));
    assert.equal(gitHub.state.repository('acme/store').issues.size, 1);
  });
});
