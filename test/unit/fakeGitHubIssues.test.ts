import { strict as assert } from 'node:assert';
import type { Octokit } from 'octokit';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { MovableClock } from '../github/movableClock.ts';
import { octokitFor, refusalOf } from '../github/octokitFor.ts';
import { testToken } from '../support/testTokens.ts';

const shop = { owner: 'acme', repo: 'shop' };

describe('Fake GitHub: issues', function () {
  // Generous, for machines that do other things as well: nothing here waits for time to pass.
  this.timeout(20_000);

  const clock = new MovableClock('2025-09-23T14:30:00Z');
  let gitHub: FakeGitHub;
  let alice: Octokit;
  let outsider: Octokit;

  beforeEach(async () => {
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now });
    gitHub.state.addToken(testToken('alice'), 'alice');
    gitHub.state.addToken(testToken('olga'), 'olga');
    gitHub.state.addRepository('acme/shop', { permissions: { alice: 'write', bob: 'admin', olga: 'read' } });
    alice = await octokitFor(gitHub, { token: testToken('alice') });
    outsider = await octokitFor(gitHub, { token: testToken('olga') });
  });

  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
  });

  describe('creating', () => {
    it('gives numbers in order, ids that are not the number, and what was sent back', async () => {
      const first = await alice.rest.issues.create({ ...shop, title: 'API is down', body: 'Since **14:30** UTC\n' });
      const second = await alice.rest.issues.create({ ...shop, title: 'Second' });
      assert.equal(first.status, 201);
      assert.equal(first.data.number, 1);
      assert.equal(second.data.number, 2);
      assert.notEqual(first.data.id, first.data.number);
      assert.equal(first.data.title, 'API is down');
      assert.equal(first.data.body, 'Since **14:30** UTC\n');
      assert.equal(second.data.body, null);
      assert.equal(first.data.state, 'open');
      assert.equal(first.data.user?.login, 'alice');
      assert.equal(first.data.author_association, 'MEMBER');
      assert.equal(first.data.created_at, '2025-09-23T14:30:00Z');
      assert.equal(first.headers.location, `${gitHub.url}/repos/acme/shop/issues/1`);
      assert.equal(first.data.html_url, `${gitHub.url}/acme/shop/issues/1`);
    });

    it('makes unknown labels, finds known ones whatever their case, and assigns', async () => {
      const { data } = await alice.rest.issues.create({
        ...shop,
        title: 'Checkout fails',
        labels: ['BUG', 'severity: P0'],
        assignees: ['Bob'],
      });
      assert.deepEqual(
        data.labels.map((label) => (typeof label === 'string' ? label : [label.name, label.color])),
        [
          ['bug', 'd73a4a'],
          ['severity: P0', 'ededed'],
        ],
      );
      assert.deepEqual(
        data.assignees?.map((user) => user.login),
        ['bob'],
      );
      const { data: made } = await alice.rest.issues.getLabel({ ...shop, name: 'SEVERITY: p0' });
      assert.equal(made.name, 'severity: P0');
    });

    it('drops labels, assignees and milestone of those who may not push, without a word', async () => {
      await alice.rest.issues.createMilestone({ ...shop, title: 'W39' });
      const { status, data } = await outsider.rest.issues.create({
        ...shop,
        title: 'From outside',
        labels: ['bug'],
        assignees: ['bob'],
        milestone: 1,
      });
      assert.equal(status, 201);
      assert.deepEqual(data.labels, []);
      assert.deepEqual(data.assignees, []);
      assert.equal(data.milestone, null);
    });

    it('refuses a missing and a blank title, a stranger as assignee, and an unknown milestone', async () => {
      const missing = await refusalOf(
        alice.request('POST /repos/{owner}/{repo}/issues', { ...shop, body: 'No title' } as never),
      );
      assert.equal(missing.status, 422);
      assert.match(missing.message, /"title" wasn't supplied/);
      assert.match(gitHub.violations.splice(0)[0]?.problem ?? '', /required property 'title'/);

      const blank = await refusalOf(alice.rest.issues.create({ ...shop, title: '  ' }));
      assert.equal(blank.status, 422);
      assert.deepEqual(errorsOf(blank), [{ resource: 'Issue', field: 'title', code: 'missing_field' }]);

      const stranger = await refusalOf(alice.rest.issues.create({ ...shop, title: 'A', assignees: ['olga'] }));
      assert.deepEqual(errorsOf(stranger), [{ resource: 'Issue', field: 'assignees', code: 'invalid', value: 'olga' }]);
      const milestone = await refusalOf(alice.rest.issues.create({ ...shop, title: 'A', milestone: 7 }));
      assert.deepEqual(errorsOf(milestone), [{ resource: 'Issue', field: 'milestone', code: 'invalid', value: 7 }]);
      assert.equal(gitHub.state.repository('acme/shop').issues.size, 0);
    });

    it('refuses a body over 262,144 bytes, a label over 50 characters and an 11th assignee', async () => {
      const fits = await alice.rest.issues.create({ ...shop, title: 'A', body: 'ä'.repeat(131_072) });
      assert.equal(fits.status, 201);
      const long = await refusalOf(alice.rest.issues.create({ ...shop, title: 'A', body: 'ä'.repeat(131_073) }));
      assert.equal(long.status, 422);
      assert.match(long.message, /body is too long \(maximum is 65536 characters\)/);

      const label = await refusalOf(alice.rest.issues.create({ ...shop, title: 'A', labels: ['x'.repeat(51)] }));
      assert.equal(label.status, 422);
      assert.equal(errorsOf(label)[0]?.code, 'invalid');

      const many = Array.from({ length: 11 }, (_, index) => `dev-${index}`);
      for (const login of many) {
        gitHub.state.repository('acme/shop').permissions.set(gitHub.state.user(login).id, 'write');
      }
      const crowd = await refusalOf(alice.rest.issues.create({ ...shop, title: 'A', assignees: many }));
      assert.match(crowd.message, /up to 10 assignees/);
    });

    it('refuses a body that is not JSON with 400', async () => {
      const response = await fetch(`${gitHub.url}/repos/acme/shop/issues`, {
        method: 'POST',
        headers: { authorization: `token ${testToken('alice')}`, 'content-type': 'application/json' },
        body: '{"title": "cut off',
      });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { message: string }).message, 'Problems parsing JSON');
      assert.equal(gitHub.violations.splice(0).length > 0, true);
    });
  });

  describe('changing', () => {
    beforeEach(async () => {
      await alice.rest.issues.create({ ...shop, title: 'API is down', body: 'One', labels: ['bug', 'checkout'] });
    });

    it('changes what is sent, replaces the set of labels, and leaves an event for a new title', async () => {
      clock.advance(60);
      const { data } = await alice.rest.issues.update({
        ...shop,
        issue_number: 1,
        title: 'API was down',
        labels: ['bug', 'severity: P1'],
      });
      assert.equal(data.title, 'API was down');
      assert.equal(data.body, 'One');
      assert.deepEqual(namesOf(data.labels), ['bug', 'severity: P1']);
      assert.equal(Date.parse(data.updated_at) - Date.parse(data.created_at), 60_000);

      const { data: events } = await alice.rest.issues.listEvents({ ...shop, issue_number: 1 });
      assert.deepEqual(
        events.map((event) => event.event),
        ['labeled', 'labeled', 'renamed', 'labeled', 'unlabeled'],
      );
      const renamed = events.find((event) => 'rename' in event);
      assert.ok(renamed && 'rename' in renamed);
      assert.deepEqual(renamed.rename, { from: 'API is down', to: 'API was down' });
    });

    it('keeps what was sent byte for byte, and does not move updated_at for what changes nothing', async () => {
      clock.advance(60);
      const text = 'Tab\there, \u00e9\u{1f525}, no final newline';
      const changed = await alice.rest.issues.update({ ...shop, issue_number: 1, body: text });
      clock.advance(60);
      const same = await alice.rest.issues.update({ ...shop, issue_number: 1, body: text });
      assert.equal(same.data.body, text);
      assert.equal(same.data.updated_at, changed.data.updated_at);
    });

    it('closes with a reason, names who did it, and opens again', async () => {
      const closed = await alice.rest.issues.update({ ...shop, issue_number: 1, state: 'closed' });
      assert.equal(closed.data.state, 'closed');
      assert.equal(closed.data.state_reason, 'completed');
      assert.equal(closed.data.closed_by?.login, 'alice');
      assert.notEqual(closed.data.closed_at, null);
      const declined = await alice.rest.issues.update({
        ...shop,
        issue_number: 1,
        state: 'closed',
        state_reason: 'not_planned',
      });
      assert.equal(declined.data.state_reason, 'not_planned');
      const opened = await alice.rest.issues.update({ ...shop, issue_number: 1, state: 'open' });
      assert.equal(opened.data.state_reason, 'reopened');
      assert.equal(opened.data.closed_at, null);
      assert.equal(opened.data.closed_by, null);
    });

    it('closes as a duplicate of the issue with that id', async () => {
      const { data: other } = await alice.rest.issues.create({ ...shop, title: 'The first report' });
      const closing = { ...shop, issue_number: 1, state: 'closed', state_reason: 'duplicate' } as const;
      const number = await refusalOf(alice.rest.issues.update({ ...closing, duplicate_issue_id: other.number }));
      assert.equal(number.status, 422);
      const { data } = await alice.rest.issues.update({ ...closing, duplicate_issue_id: other.id });
      assert.equal(data.state_reason, 'duplicate');
      assert.equal(gitHub.state.repository('acme/shop').issues.get(1)?.duplicateOfId, other.id);
    });

    it('answers an oversized body with 200 and the old one', async () => {
      const body = 'x'.repeat(262_145);
      const { status, data } = await alice.rest.issues.update({ ...shop, issue_number: 1, title: 'New', body });
      assert.equal(status, 200);
      assert.equal(data.title, 'New');
      assert.equal(data.body, 'One');
    });

    it('lets readers change only what they opened, and drops their labels', async () => {
      const refused = await refusalOf(outsider.rest.issues.update({ ...shop, issue_number: 1, title: 'Mine' }));
      assert.equal(refused.status, 403);
      const { data: own } = await outsider.rest.issues.create({ ...shop, title: 'My report' });
      const { data } = await outsider.rest.issues.update({
        ...shop,
        issue_number: own.number,
        title: 'My better report',
        labels: ['bug'],
      });
      assert.equal(data.title, 'My better report');
      assert.deepEqual(data.labels, []);
    });

    it('refuses unknown states', async () => {
      const state = await refusalOf(
        alice.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
          ...shop,
          issue_number: 1,
          state: 'resolved' as 'closed',
        }),
      );
      assert.equal(state.status, 422);
      assert.match(gitHub.violations.splice(0)[0]?.problem ?? '', /allowed values/);
    });
  });

  describe('comments', () => {
    beforeEach(async () => {
      await alice.rest.issues.create({ ...shop, title: 'API is down' });
    });

    it('are counted, move updated_at, and can be changed and deleted', async () => {
      clock.advance(5);
      const { data: comment, headers } = await alice.rest.issues.createComment({
        ...shop,
        issue_number: 1,
        body: 'Rolled back',
      });
      assert.equal(headers.location, `${gitHub.url}/repos/acme/shop/issues/comments/${comment.id}`);
      assert.equal(comment.html_url, `${gitHub.url}/acme/shop/issues/1#issuecomment-${comment.id}`);
      let { data: issue } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      assert.equal(issue.comments, 1);
      assert.equal(issue.updated_at, comment.created_at);

      clock.advance(5);
      const named = { ...shop, comment_id: comment.id };
      const { data: edited } = await alice.rest.issues.updateComment({ ...named, body: 'Rolled back at 14:40' });
      assert.equal(edited.body, 'Rolled back at 14:40');
      assert.equal(Date.parse(edited.updated_at) - Date.parse(edited.created_at), 5000);

      await alice.rest.issues.deleteComment(named);
      assert.equal((await refusalOf(alice.rest.issues.getComment(named))).status, 404);
      ({ data: issue } = await alice.rest.issues.get({ ...shop, issue_number: 1 }));
      assert.equal(issue.comments, 0);
      assert.equal(issue.updated_at, comment.created_at, 'a deletion must not show in updated_at');
    });

    it('belong to who wrote them, unless somebody may push', async () => {
      const own = await alice.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Mine' });
      const theirs = await outsider.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Theirs' });
      const named = { ...shop, comment_id: own.data.id };
      assert.equal((await refusalOf(outsider.rest.issues.updateComment({ ...named, body: 'Ha' }))).status, 403);
      assert.equal((await refusalOf(outsider.rest.issues.deleteComment(named))).status, 403);
      const moderated = await alice.rest.issues.updateComment({
        ...shop,
        comment_id: theirs.data.id,
        body: 'Moderated',
      });
      assert.equal(moderated.data.user?.login, 'olga');
    });

    it('must not be blank or too long', async () => {
      const blank = await refusalOf(alice.rest.issues.createComment({ ...shop, issue_number: 1, body: ' \n' }));
      assert.deepEqual(errorsOf(blank), [{ resource: 'IssueComment', field: 'body', code: 'missing_field' }]);
      const body = 'x'.repeat(262_145);
      assert.equal((await refusalOf(alice.rest.issues.createComment({ ...shop, issue_number: 1, body }))).status, 422);
    });

    it('on a locked issue are for those who may push', async () => {
      await alice.rest.issues.lock({ ...shop, issue_number: 1, lock_reason: 'too heated' });
      const refused = await refusalOf(outsider.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Still' }));
      assert.equal(refused.status, 403);
      assert.match(refused.message, /Unable to create comment because issue is locked/);
      await alice.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Calm down' });
      const { data } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      assert.deepEqual([data.locked, data.active_lock_reason], [true, 'too heated']);
      await alice.rest.issues.unlock({ ...shop, issue_number: 1 });
      await outsider.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Thanks' });
      assert.equal((await refusalOf(outsider.rest.issues.lock({ ...shop, issue_number: 1 }))).status, 403);
    });
  });

  describe('labels', () => {
    beforeEach(async () => {
      await alice.rest.issues.create({ ...shop, title: 'API is down', labels: ['bug'] });
    });

    it('are added, set and removed one by one, without regard to case', async () => {
      const issue = { ...shop, issue_number: 1 };
      const added = await alice.rest.issues.addLabels({ ...issue, labels: ['Bug', 'severity: P0'] });
      assert.deepEqual(namesOf(added.data), ['bug', 'severity: P0']);
      const set = await alice.rest.issues.setLabels({ ...issue, labels: ['severity: P1', 'severity: P0'] });
      assert.deepEqual(namesOf(set.data), ['severity: P0', 'severity: P1']);
      const removed = await alice.rest.issues.removeLabel({ ...issue, name: 'SEVERITY: P0' });
      assert.deepEqual(namesOf(removed.data), ['severity: P1']);
      const again = await refusalOf(alice.rest.issues.removeLabel({ ...issue, name: 'severity: P0' }));
      assert.equal(again.status, 404);
      assert.match(again.message, /Label does not exist/);
      await alice.rest.issues.removeAllLabels(issue);
      assert.deepEqual((await alice.rest.issues.listLabelsOnIssue(issue)).data, []);
      const emptied = await alice.rest.issues.setLabels({ ...issue, labels: [] });
      assert.deepEqual(emptied.data, []);
    });

    it('of the repository are made, renamed and deleted; issues follow without moving updated_at', async () => {
      const { data: before } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      await alice.rest.issues.createLabel({ ...shop, name: 'phase: fix', color: '0e8a16', description: 'Being fixed' });
      clock.advance(60);
      await alice.rest.issues.updateLabel({ ...shop, name: 'Bug', new_name: 'type: bug', color: 'B60205' });
      let { data: issue } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
      assert.deepEqual(namesOf(issue.labels), ['type: bug']);
      await alice.rest.issues.deleteLabel({ ...shop, name: 'type: bug' });
      ({ data: issue } = await alice.rest.issues.get({ ...shop, issue_number: 1 }));
      assert.deepEqual(issue.labels, []);
      assert.equal(issue.updated_at, before.updated_at);
    });

    it('must be new, short and have a colour', async () => {
      const taken = await refusalOf(alice.rest.issues.createLabel({ ...shop, name: 'BUG' }));
      assert.deepEqual(errorsOf(taken), [{ resource: 'Label', field: 'name', code: 'already_exists' }]);
      const color = await refusalOf(alice.rest.issues.createLabel({ ...shop, name: 'foo', color: 'invalid' }));
      assert.deepEqual(errorsOf(color), [{ resource: 'Label', field: 'color', code: 'invalid' }]);
      const name = await refusalOf(alice.rest.issues.createLabel({ ...shop, name: 'x'.repeat(51) }));
      assert.match(name.message, /name is too long \(maximum is 50 characters\)/);
      const description = 'x'.repeat(101);
      assert.equal((await refusalOf(alice.rest.issues.createLabel({ ...shop, name: 'y', description }))).status, 422);
    });

    it('are for those who may push', async () => {
      const issue = { ...shop, issue_number: 1 };
      assert.equal((await refusalOf(outsider.rest.issues.addLabels({ ...issue, labels: ['bug'] }))).status, 403);
      assert.equal((await refusalOf(outsider.rest.issues.createLabel({ ...shop, name: 'mine' }))).status, 403);
    });
  });

  it('assigns those who may push and ignores the others', async () => {
    await alice.rest.issues.create({ ...shop, title: 'API is down' });
    const issue = { ...shop, issue_number: 1 };
    const added = await alice.rest.issues.addAssignees({ ...issue, assignees: ['bob', 'olga', 'nobody'] });
    assert.deepEqual(loginsOf(added.data.assignees), ['bob']);
    const ignored = await outsider.rest.issues.addAssignees({ ...issue, assignees: ['alice'] });
    assert.equal(ignored.status, 201);
    assert.deepEqual(loginsOf(ignored.data.assignees), ['bob']);
    const removed = await alice.rest.issues.removeAssignees({ ...issue, assignees: ['BOB'] });
    assert.deepEqual(removed.data.assignees, []);
    await alice.rest.issues.checkUserCanBeAssigned({ ...shop, assignee: 'bob' });
    assert.equal(
      (await refusalOf(alice.rest.issues.checkUserCanBeAssigned({ ...shop, assignee: 'olga' }))).status,
      404,
    );
  });

  it('has milestones with counts, filters by them, and takes them off when they go', async () => {
    await alice.rest.issues.createMilestone({ ...shop, title: 'W39', due_on: '2025-09-26T17:00:00Z' });
    await alice.rest.issues.create({ ...shop, title: 'In the sprint', milestone: 1 });
    await alice.rest.issues.create({ ...shop, title: 'Outside' });
    const listed = await alice.rest.issues.listForRepo({ ...shop, milestone: '1' });
    assert.deepEqual(
      listed.data.map((issue) => issue.title),
      ['In the sprint'],
    );
    const { data: milestone } = await alice.rest.issues.updateMilestone({
      ...shop,
      milestone_number: 1,
      state: 'closed',
    });
    assert.deepEqual([milestone.open_issues, milestone.closed_issues, milestone.state], [1, 0, 'closed']);
    await alice.rest.issues.deleteMilestone({ ...shop, milestone_number: 1 });
    const { data: issue } = await alice.rest.issues.get({ ...shop, issue_number: 1 });
    assert.equal(issue.milestone, null);
  });

  it('has sub-issues by database id, one parent each, without circles', async () => {
    const parent = (await alice.rest.issues.create({ ...shop, title: 'Prevent a recurrence' })).data;
    const child = (await alice.rest.issues.create({ ...shop, title: 'Add an alert' })).data;
    const ofParent = { ...shop, issue_number: parent.number };
    const byNumber = await refusalOf(alice.rest.issues.addSubIssue({ ...ofParent, sub_issue_id: child.number }));
    assert.equal(byNumber.status, 404);
    const { data } = await alice.rest.issues.addSubIssue({ ...ofParent, sub_issue_id: child.id });
    assert.deepEqual(data.sub_issues_summary, { total: 1, completed: 0, percent_completed: 0 });
    const circle = await refusalOf(
      alice.rest.issues.addSubIssue({ ...shop, issue_number: child.number, sub_issue_id: parent.id }),
    );
    assert.equal(circle.status, 422);
    const other = (await alice.rest.issues.create({ ...shop, title: 'Another parent' })).data;
    const second = { ...shop, issue_number: other.number, sub_issue_id: child.id };
    assert.equal((await refusalOf(alice.rest.issues.addSubIssue(second))).status, 422);
    await alice.rest.issues.addSubIssue({ ...second, replace_parent: true });
    assert.deepEqual((await alice.rest.issues.listSubIssues(ofParent)).data, []);
    gitHub.behaviour.subIssues = false;
    assert.equal((await refusalOf(alice.rest.issues.listSubIssues(ofParent))).status, 404);
    assert.equal('sub_issues_summary' in (await alice.rest.issues.get(ofParent)).data, false);
  });

  it('tells push permission to those who have it', async () => {
    const level = await alice.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'olga' });
    assert.equal(level.data.permission, 'read');
    const refused = await refusalOf(outsider.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'alice' }));
    assert.equal(refused.status, 403);
    const stranger = await alice.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'acme' });
    assert.equal(stranger.data.permission, 'admin');
  });

  describe('what is gone, closed or foreign', () => {
    it('answers 410 for a deleted issue and 301 for a transferred one', async () => {
      gitHub.state.addRepository('acme/docs', { permissions: { alice: 'write' } });
      const web = gitHub.web('bob', 'acme/shop');
      const gone = web.openIssue({ title: 'Leaked a secret' });
      const moved = web.openIssue({ title: 'Belongs elsewhere', body: 'Text' });
      web.comment(moved.number, 'Indeed');
      web.deleteIssue(gone.number);
      const there = web.transfer(moved.number, 'acme/docs');

      const deleted = await refusalOf(alice.rest.issues.get({ ...shop, issue_number: gone.number }));
      assert.equal(deleted.status, 410);
      assert.match(deleted.message, /This issue was deleted/);
      const followed = await alice.rest.issues.get({ ...shop, issue_number: moved.number });
      assert.equal(followed.data.title, 'Belongs elsewhere');
      assert.equal(followed.data.repository_url, `${gitHub.url}/repos/acme/docs`);
      assert.equal(followed.data.number, there.number);
      const comments = await alice.rest.issues.listComments({ ...shop, issue_number: moved.number });
      assert.equal(comments.data[0]?.body, 'Indeed');
      assert.deepEqual((await alice.rest.issues.listForRepo({ ...shop, state: 'all' })).data, []);
    });

    it('hides private repositories, refuses to write to archived ones, and knows when issues are off', async () => {
      const repository = gitHub.state.repository('acme/shop');
      await alice.rest.issues.create({ ...shop, title: 'A' });
      repository.private = true;
      const stranger = await octokitFor(gitHub);
      assert.equal((await refusalOf(stranger.rest.issues.get({ ...shop, issue_number: 1 }))).status, 404);
      repository.private = false;
      assert.equal((await stranger.rest.issues.get({ ...shop, issue_number: 1 })).status, 200);
      const anonymous = await refusalOf(stranger.rest.issues.create({ ...shop, title: 'B' }));
      assert.equal(anonymous.status, 401);

      repository.archived = true;
      const archived = await refusalOf(alice.rest.issues.create({ ...shop, title: 'B' }));
      assert.equal(archived.status, 403);
      assert.match(archived.message, /Repository was archived so is read-only/);
      assert.equal((await alice.rest.issues.listForRepo(shop)).data.length, 1);
      repository.archived = false;

      repository.hasIssues = false;
      const off = await refusalOf(alice.rest.issues.create({ ...shop, title: 'B' }));
      assert.equal(off.status, 410);
      assert.match(off.message, /Issues are disabled for this repo/);
      assert.equal((await refusalOf(alice.rest.issues.get({ ...shop, issue_number: 1 }))).status, 410);
    });

    it('refuses bad tokens and tokens that were revoked, with GitHub’s body', async () => {
      const forged = await refusalOf((await octokitFor(gitHub, { token: 'forged' })).rest.issues.listForRepo(shop));
      assert.equal(forged.status, 401);
      assert.deepEqual(forged.response?.data, {
        message: 'Bad credentials',
        documentation_url: 'https://docs.github.com/rest',
        status: '401',
      });
      await alice.rest.users.getAuthenticated();
      gitHub.state.revokeToken(testToken('alice'));
      assert.equal((await refusalOf(alice.rest.users.getAuthenticated())).status, 401);
    });

    it('answers unknown addresses and numbers with 404 in GitHub’s shape', async () => {
      const issue = await refusalOf(alice.rest.issues.get({ ...shop, issue_number: 99 }));
      assert.deepEqual(issue.response?.data, {
        message: 'Not Found',
        documentation_url: 'https://docs.github.com/rest/issues/issues#get-an-issue',
        status: '404',
      });
      assert.equal((await refusalOf(alice.request('GET /repos/acme/shop/no-such-thing'))).status, 404);
      assert.deepEqual(gitHub.violations.splice(0), [
        {
          kind: 'request',
          operation: 'GET /repos/acme/shop/no-such-thing',
          problem: 'this fake does not serve this address',
        },
      ]);
      assert.equal((await refusalOf(alice.rest.repos.get({ owner: 'acme', repo: 'none' }))).status, 404);
    });

    it('shows no user where the account was deleted, and the new name of a renamed one', async () => {
      await outsider.rest.issues.create({ ...shop, title: 'From Olga' });
      gitHub.state.renameUser('olga', 'olga-new');
      assert.equal((await alice.rest.issues.get({ ...shop, issue_number: 1 })).data.user?.login, 'olga-new');
      gitHub.state.deleteUser('olga-new');
      assert.equal((await alice.rest.issues.get({ ...shop, issue_number: 1 })).data.user, null);
      assert.equal((await refusalOf(outsider.rest.users.getAuthenticated())).status, 401);
    });
  });

  it('answers GraphQL by GitHub’s own schema, and refuses what that does not know in GraphQL’s own way', async () => {
    assert.deepEqual(await alice.graphql('{ viewer { login } }'), { viewer: { login: 'alice' } });
    await assert.rejects(alice.graphql('{ viewer { mood } }'), (error: Error & { errors?: { message: string }[] }) => {
      assert.equal(error.name, 'GraphqlResponseError');
      assert.match(error.errors?.[0]?.message ?? '', /Cannot query field "mood"/);
      return true;
    });
    assert.equal(gitHub.requests.at(-1)?.status, 200);
    // Asked for on purpose.
    assert.equal(gitHub.violations.splice(0).length, 1);
    assert.equal((await refusalOf((await octokitFor(gitHub)).graphql('{ viewer { login } }'))).status, 401);
  });
});

interface FieldError {
  resource: string;
  field: string;
  code: string;
}

function errorsOf(error: { response?: { data: unknown } }): FieldError[] {
  const data = error.response?.data as { errors?: FieldError[] } | undefined;
  return data?.errors ?? [];
}

function namesOf(labels: readonly (string | { name?: string | null })[]): (string | null | undefined)[] {
  return labels.map((label) => (typeof label === 'string' ? label : label.name));
}

function loginsOf(users: readonly { login: string }[] | null | undefined): string[] | undefined {
  return users?.map((user) => user.login);
}
