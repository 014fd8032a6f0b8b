import { strict as assert } from 'node:assert';
import type { Octokit } from 'octokit';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { MovableClock } from '../github/movableClock.ts';
import { octokitFor } from '../github/octokitFor.ts';
import { ROUTES } from '../github/router.ts';
import { SchemaValidator } from '../github/schemaValidator.ts';
import { testToken } from '../support/testTokens.ts';

const shop = { owner: 'acme', repo: 'shop' };
const GET_ISSUE = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
const CREATE_ISSUE = 'POST /repos/{owner}/{repo}/issues';

describe('Fake GitHub: judged by GitHub’s own description', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  let gitHub: FakeGitHub;
  let alice: Octokit;

  beforeEach(async () => {
    const clock = new MovableClock('2025-09-23T14:30:00Z');
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now });
    gitHub.state.addToken(testToken('alice'), 'alice');
    gitHub.state.addRepository('acme/shop', { permissions: { alice: 'admin', bob: 'write' } });
    alice = await octokitFor(gitHub, { token: testToken('alice') });
  });

  afterEach(() => gitHub.stop());

  it('everything it serves is described, but GraphQL', () => {
    const described = new Set(SchemaValidator.for().operations());
    const served = ROUTES.map((route) => `${route.method} ${route.template}`);
    assert.deepEqual(
      served.filter((operation) => !described.has(operation)),
      ['POST /graphql'],
    );
    assert.deepEqual([...described].filter((operation) => !served.includes(operation)).sort(), []);
    assert.equal(new Set(served).size, served.length);
  });

  it('a tour through everything it serves, in octokit’s words, finds no violation', async () => {
    const { issues, repos, users, meta, rateLimit } = alice.rest;
    await meta.root();
    await rateLimit.get();
    await users.getAuthenticated();
    await users.getByUsername({ username: 'bob' });
    await repos.get(shop);
    await repos.getCollaboratorPermissionLevel({ ...shop, username: 'bob' });
    await issues.listAssignees(shop);
    await issues.checkUserCanBeAssigned({ ...shop, assignee: 'bob' });

    await issues.createMilestone({ ...shop, title: 'W39', description: 'Sprint', due_on: '2025-09-26T17:00:00Z' });
    await issues.listMilestones({ ...shop, state: 'all', sort: 'completeness', direction: 'desc' });
    await issues.getMilestone({ ...shop, milestone_number: 1 });
    await issues.updateMilestone({ ...shop, milestone_number: 1, title: 'Sprint 39' });

    await issues.createLabel({ ...shop, name: 'severity: P0', color: 'b60205', description: 'Critical' });
    await issues.getLabel({ ...shop, name: 'severity: P0' });
    await issues.updateLabel({ ...shop, name: 'severity: P0', description: 'Now' });
    await issues.listLabelsForRepo(shop);

    const created = await issues.create({
      ...shop,
      title: 'API is down',
      body: 'Since 14:30 UTC',
      labels: ['severity: P0', { name: 'bug' }],
      assignees: ['bob'],
      milestone: 1,
    });
    const issue = { ...shop, issue_number: created.data.number };
    await issues.get(issue);
    await issues.update({ ...issue, title: 'API was down', milestone: null, assignees: ['alice'] });
    await issues.update({ ...issue, state: 'closed', state_reason: 'completed' });
    await issues.update({ ...issue, state: 'open', milestone: 1 });
    await issues.addLabels({ ...issue, labels: ['phase: fix'] });
    await issues.setLabels({ ...issue, labels: ['bug', 'checkout'] });
    await issues.removeLabel({ ...issue, name: 'checkout' });
    await issues.listLabelsOnIssue(issue);
    await issues.removeAllLabels(issue);
    await issues.addAssignees({ ...issue, assignees: ['bob'] });
    await issues.checkUserCanBeAssignedToIssue({ ...issue, assignee: 'bob' });
    await issues.removeAssignees({ ...issue, assignees: ['bob'] });
    await issues.lock({ ...issue, lock_reason: 'resolved' });
    await issues.unlock(issue);
    await issues.lock(issue);

    const comment = { ...shop, comment_id: (await issues.createComment({ ...issue, body: 'Rolled back' })).data.id };
    await issues.getComment(comment);
    await issues.updateComment({ ...comment, body: 'Rolled back at 14:40' });
    await issues.listComments(issue);
    await issues.listCommentsForRepo({ ...shop, sort: 'updated', direction: 'desc', since: '2025-09-23T00:00:00Z' });
    await issues.createComment({ ...issue, body: 'Stays' });
    await issues.deleteComment(comment);

    const child = await issues.create({ ...shop, title: 'Add an alert' });
    await issues.addSubIssue({ ...issue, sub_issue_id: child.data.id });
    await issues.listSubIssues(issue);
    await issues.getParent({ ...shop, issue_number: child.data.number });
    await issues.removeSubIssue({ ...issue, sub_issue_id: child.data.id });
    await issues.addSubIssue({ ...issue, sub_issue_id: child.data.id });

    gitHub.web('bob', 'acme/shop').openIssue({ title: 'A pull request', pullRequest: {} });
    await issues.listForRepo({ ...shop, state: 'all', sort: 'updated', direction: 'asc', per_page: 1 });
    await issues.listEvents({ ...issue, per_page: 100 });
    await issues.listEventsForTimeline({ ...issue, per_page: 100 });
    const events = await issues.listEventsForRepo({ ...shop, per_page: 100 });
    await issues.getEvent({ ...shop, event_id: events.data[0]?.id ?? 0 });

    // The same once more where accounts are gone.
    gitHub.state.deleteUser('bob');
    await issues.listForRepo({ ...shop, state: 'all' });
    await issues.listEventsForTimeline({ ...issue, per_page: 100 });
    await issues.listEvents({ ...issue, per_page: 100 });

    await issues.deleteMilestone({ ...shop, milestone_number: 1 });
    await issues.deleteLabel({ ...shop, name: 'severity: P0' });

    assert.deepEqual(gitHub.violations, []);
    const asked = new Set(gitHub.requests.map((request) => request.operation));
    const missed = ROUTES.map((route) => `${route.method} ${route.template}`).filter((known) => !asked.has(known));
    assert.deepEqual(missed, ['POST /graphql'], 'the tour must not leave anything out');
    const events2 = new Set(gitHub.state.repository('acme/shop').events.map((event) => event.detail.event));
    assert.deepEqual([...events2].sort(), [
      'assigned',
      'closed',
      'comment_deleted',
      'demilestoned',
      'labeled',
      'locked',
      'milestoned',
      'parent_issue_added',
      'parent_issue_removed',
      'renamed',
      'reopened',
      'sub_issue_added',
      'sub_issue_removed',
      'unassigned',
      'unlabeled',
      'unlocked',
    ]);
  });

  it('catches a wrong answer on its way out', async () => {
    await alice.rest.issues.create({ ...shop, title: 'API is down' });
    const issue = gitHub.state.repository('acme/shop').issues.get(1);
    assert.ok(issue);
    Object.assign(issue, { title: 42, updatedAt: 'yesterday' });
    await alice.rest.issues.get({ ...shop, issue_number: 1 });
    assert.deepEqual(gitHub.violations, [
      { kind: 'response', operation: GET_ISSUE, status: 200, problem: '/title must be string' },
      { kind: 'response', operation: GET_ISSUE, status: 200, problem: '/updated_at must match format "date-time"' },
    ]);
  });

  it('catches wrong requests: fields and values that GitHub does not know', async () => {
    await alice.rest.issues.create({ ...shop, title: 'API is down' });
    await alice.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...shop,
      issue_number: 1,
      lables: ['bug'],
    });
    await alice.request('GET /repos/{owner}/{repo}/issues', { ...shop, per_page: 'many' as unknown as number });
    assert.deepEqual(
      gitHub.violations.map(({ kind, problem }) => [kind, problem]),
      [
        ['request', 'unknown field /lables'],
        ['request', 'query parameter per_page: the body must be integer'],
      ],
    );
  });

  it('catches queries and variables that GitHub’s GraphQL schema does not know', async () => {
    await alice.graphql('query ($login: String!) { user(login: $login) { login } }', { login: 'alice' });
    assert.deepEqual(gitHub.violations, []);
    await assert.rejects(alice.graphql('{ viewer { mood } }'));
    await assert.rejects(alice.graphql('query ($login: String!) { user(login: $login) { login } }', { login: 41 }));
    await alice.graphql('query ($login: String!) { user(login: $login) { login } }', { login: 'alice', mood: 'good' });
    assert.deepEqual(
      gitHub.violations.map(({ operation, problem }) => [operation, /mood|login/.test(problem)]),
      Array.from({ length: 3 }, () => ['POST /graphql', true]),
    );
  });

  it('counts a crash of the fake as a violation, and answers 500', async () => {
    await alice.rest.issues.create({ ...shop, title: 'API is down' });
    const issue = gitHub.state.repository('acme/shop').issues.get(1);
    assert.ok(issue);
    Object.assign(issue, { labelIds: null });
    await assert.rejects(alice.rest.issues.get({ ...shop, issue_number: 1 }), { status: 500 });
    assert.match(gitHub.violations[0]?.problem ?? '', /the fake crashed: TypeError/);
  });

  describe('the judge', () => {
    const judge = SchemaValidator.for();
    let issue: Record<string, unknown>;
    const problemsOf = (changes: Record<string, unknown>, status = 200) =>
      judge.checkResponse(GET_ISSUE, status, { ...issue, ...changes }).map((violation) => violation.problem);

    beforeEach(async () => {
      const { data } = await alice.rest.issues.create({ ...shop, title: 'API is down', labels: ['bug'] });
      issue = data as unknown as Record<string, unknown>;
    });

    it('accepts what is right, and null where null may be', () => {
      assert.deepEqual(problemsOf({}), []);
      assert.deepEqual(problemsOf({ user: null, body: null, milestone: null, state_reason: null }), []);
    });

    it('refuses missing fields, wrong types, values, dates and addresses', () => {
      const { number: _number, ...without } = issue;
      assert.match(
        judge.checkResponse(GET_ISSUE, 200, without)[0]?.problem ?? '',
        /must have required property 'number'/,
      );
      for (const wrong of [
        { number: '1' },
        { labels: null },
        { title: null },
        { state_reason: 'resolved' },
        { created_at: '2025-09-23' },
        { html_url: 'no address' },
        { user: { login: 'alice' } },
        { author_association: 'BOSS' },
      ]) {
        assert.notDeepEqual(problemsOf(wrong), [], `${JSON.stringify(wrong)} must be refused`);
      }
    });

    it('refuses fields that GitHub does not send, at any depth', () => {
      assert.deepEqual(problemsOf({ severity: 'P0' }), ['unknown field /severity']);
      const labels = [{ ...(issue.labels as Record<string, unknown>[])[0], colour: 'red' }];
      assert.deepEqual(problemsOf({ labels }), ['unknown field /labels/0/colour']);
    });

    it('refuses statuses that GitHub does not answer with, and bodies where there must be none', () => {
      assert.deepEqual(problemsOf({}, 202), ['status 202 is not described']);
      assert.deepEqual(
        judge.checkResponse(GET_ISSUE, 304, issue).map((violation) => violation.problem),
        ['304 must have no body'],
      );
      const removeAll = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels';
      assert.deepEqual(judge.checkResponse(removeAll, 204, undefined), []);
      assert.notDeepEqual(judge.checkResponse(removeAll, 204, []), []);
      assert.notDeepEqual(judge.checkResponse(GET_ISSUE, 200, undefined), []);
      assert.notDeepEqual(judge.checkResponse('GET /repos/{owner}/{repo}/pulls', 200, []), []);
    });

    it('refuses errors in another shape', () => {
      assert.deepEqual(judge.checkResponse(GET_ISSUE, 404, { message: 'Not Found', status: '404' }), []);
      assert.notDeepEqual(judge.checkResponse(GET_ISSUE, 404, { message: 404 }), []);
      assert.notDeepEqual(judge.checkResponse(GET_ISSUE, 404, { error: 'Not Found' }), []);
      assert.notDeepEqual(judge.checkResponse(CREATE_ISSUE, 422, { message: 'Validation Failed' }), []);
    });

    it('refuses requests without their body, or with one where none belongs', () => {
      const none = new URLSearchParams();
      assert.deepEqual(judge.checkRequest(CREATE_ISSUE, none, { title: 'A', body: 'B', labels: ['bug'] }), []);
      assert.notDeepEqual(judge.checkRequest(CREATE_ISSUE, none, undefined), []);
      assert.notDeepEqual(judge.checkRequest(CREATE_ISSUE, none, { body: 'B' }), []);
      assert.notDeepEqual(judge.checkRequest(CREATE_ISSUE, none, { title: 'A', labels: null }), []);
      assert.notDeepEqual(judge.checkRequest(GET_ISSUE, none, { title: 'A' }), []);
    });
  });
});
