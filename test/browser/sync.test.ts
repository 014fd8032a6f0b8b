import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declareP0 } from './support/declareP0.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const token = testToken('ada');
const repository = 'acme/shop';

describe('GitHub Issues', () => {
  let gitHub: FakeGitHub;
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: true, permissions: { ada: 'write', maria: 'write' } });
    shop = await Shop.open();
    workbench = await openWorkbench({
      folder: shop.folder,
      settings: { 'firebreak.git.commit': 'never', 'firebreak.github.repository': repository },
      machineSettings: { 'firebreak.github.apiUrl': gitHub.url, 'firebreak.github.sync': 'ask' },
    });
    await workbench.openView('Firebreak');
  });

  after(async () => {
    await workbench?.dispose();
    await gitHub?.stop();
  });

  async function declare(title: string, ...criteria: string[]): Promise<void> {
    await declareP0(workbench, title, ...criteria);
    // The panel takes the focus when it opens: a palette that was opened before would close.
    await TimelinePanel.of(workbench, new RegExp(`^P\\d ${title}$`));
  }

  const issues = () => [...gitHub.state.repository(repository).issues.values()].filter((issue) => !issue.pullRequest);

  const issueOf = (title: string) =>
    eventually(`one issue "${title}" on GitHub`, () => {
      const found = issues().filter((issue) => issue.title === title);
      assert.ok(found.length < 2, `${found.length} issues for one incident`);
      return found[0];
    });

  it('are not written to without a token, and the view says how to get one', async () => {
    await declare('Checkout is down', 'Production Down');
    const rows = await workbench
      .tree('Incidents')
      .rowsWhen('that somebody has to sign in', (all) => all.some(({ description }) => description === 'sign in'));
    assert.match(rows[0]?.label ?? '', /^\d+ changes wait$/);
    assert.match(rows[0]?.ariaLabel ?? '', /"Firebreak: Sync with GitHub" signs in/);
    assert.deepEqual(issues(), []);
  });

  it('take a token for the one server it was entered for', async () => {
    await workbench.runCommand('Firebreak: Set GitHub Token…');
    await workbench.quickInput.step('Set GitHub Token');
    await workbench.quickInput.type(token);
    await workbench.quickInput.accept();
    const question = await workbench.notification('Keep incidents in step with the issues of acme/shop?');
    assert.deepEqual(issues(), [], 'nothing is sent before somebody agrees');
    await workbench.screenshot('sync-consent');
    await question.click('Keep in Step');
  });

  it('hold one issue for the incident, with its labels and events', async () => {
    const issue = await issueOf('Checkout is down');
    const { labels: all } = gitHub.state.repository(repository);
    const labels = () => issue.labelIds.map((id) => all.get(id)?.name).sort();
    await eventually('the labels', () => labels().length >= 3);
    assert.deepEqual(labels(), ['phase: declared', 'severity: P0', 'type: bug']);
    const incident = await shop.incident('Checkout is down');
    await shop.reads(incident.path, new RegExp(`^github: ${repository}#${issue.number}$`, 'm'));
    const panel = await TimelinePanel.of(workbench, 'P0 Checkout is down');
    await panel.frame.getByText(`${repository}#${issue.number}`).waitFor();
  });

  it('hear of what happens next', async () => {
    const issue = await issueOf('Checkout is down');
    await workbench.runCommand('Incident: Record Decision…');
    await workbench.quickInput.step('Decision for Checkout is down');
    await workbench.quickInput.type('We roll back to build 811');
    await workbench.quickInput.accept();
    // Small events wait for others, unless somebody asks.
    await workbench.runCommand('Firebreak: Sync with GitHub');
    const comments = () =>
      [...gitHub.state.repository(repository).comments.values()].filter(
        ({ issueNumber }) => issueNumber === issue.number,
      );
    await eventually('the decision as a comment', () =>
      comments().some((comment) => comment.body.includes('build 811')),
    );
  });

  it('bring back what people write on github.com', async () => {
    const issue = await issueOf('Checkout is down');
    const maria = gitHub.web('maria', repository);
    maria.comment(issue.number, 'Refunds fail, too.');
    maria.editTitle(issue.number, 'Checkout and refunds are down');
    await workbench.runCommand('Firebreak: Sync with GitHub');
    const incident = await shop.incident('Checkout and refunds are down');
    const note = await shop.event(incident.id, "Maria's comment", (event) => event.body.includes('Refunds fail'));
    assert.equal(note.kind, 'note');
    assert.match(note.fields.by ?? '', /^"?@maria"?$/);
    assert.match(note.fields.id ?? '', /^gh-\d+-c\d+$/);
    const panel = await TimelinePanel.of(workbench, 'P0 Checkout and refunds are down');
    await panel.entry('Refunds fail, too.');
    await workbench.screenshot('sync-pulled');
  });

  it('cost two answers without content when nothing changed', async () => {
    const last = () =>
      gitHub.requests.slice(-2).map(({ method, path, status }) => `${method} ${path.replace(/\?.*/, '')} ${status}`);
    const idle = [`GET /repos/${repository}/issues 304`, `GET /repos/${repository}/issues/comments 304`];
    await eventually('everything to be in step', async () => {
      // Each is waited for: those that were begun meanwhile would be counted below.
      const before = gitHub.requests.length;
      await workbench.runCommand('Firebreak: Sync with GitHub');
      await eventually('an answer', () => gitHub.requests.length >= before + 2, 5_000);
      return isDeepStrictEqual(last(), idle);
    });
    gitHub.requests.length = 0;
    await workbench.runCommand('Firebreak: Sync with GitHub');
    await eventually('the two lists', () => gitHub.requests.length >= 2);
    assert.deepEqual(last(), idle);
    assert.equal(gitHub.requests.length, 2);
  });

  it('hold one issue for an incident whose creation was answered by 502 after it had happened', async () => {
    const fault = gitHub.inject({ name: 'commit-then-502', method: 'POST', path: /\/issues$/, count: 1 });
    await declare('Search is down', 'User Impact');
    const issue = await issueOf('Search is down');
    const incident = await shop.incident('Search is down');
    await shop.reads(incident.path, new RegExp(`^github: ${repository}#${issue.number}$`, 'm'));
    assert.equal(fault.hits, 1);
    await workbench.runCommand('Firebreak: Sync with GitHub');
    await issueOf('Search is down');
  });

  it('wait while the network is down, and get everything when it is back', async () => {
    await gitHub.goOffline();
    await declare('Mail is down', 'User Impact');
    await workbench
      .tree('Incidents')
      .rowsWhen('what waits for the network', (rows) =>
        rows.some(({ label, description }) => /changes wait$/.test(label) && description === 'offline'),
      );
    await workbench.screenshot('sync-offline');
    await gitHub.goOnline();
    await workbench.runCommand('Firebreak: Sync with GitHub');
    await issueOf('Mail is down');
  });

  it('never hear of a private incident', async () => {
    await declare('Somebody reads the customer table', 'Security Breach');
    await declare('Invoices are late', 'User Impact');
    await issueOf('Invoices are late');
    const hidden = await shop.incident('Somebody reads the customer table');
    for (const { body, path } of gitHub.requests) {
      const sent = `${path} ${JSON.stringify(body ?? '')}`;
      assert.ok(!sent.includes('customer table') && !sent.includes(hidden.id), sent);
    }
  });

  it('that were deleted there are told of: in the view, on the row and on the file; none is made anew', async () => {
    const issue = await issueOf('Invoices are late');
    const incident = await shop.incident('Invoices are late');
    gitHub.web('maria', repository).deleteIssue(issue.number);
    await workbench.tree('Backlog').menu('Invoices are late', 'Add Note…');
    await workbench.quickInput.step('Note for Invoices are late');
    await workbench.quickInput.type('The printer is out of paper.');
    await workbench.quickInput.accept();
    await shop.event(incident.id, 'the note', ({ kind }) => kind === 'note');
    // A note by itself is gathered with others for a while.
    await workbench.runCommand('Firebreak: Sync with GitHub');
    const rows = await workbench
      .tree('Incidents')
      .rowsWhen('the problem', (all) => all.some(({ description }) => /1 problem$/.test(description)));
    assert.match(
      rows[0]?.ariaLabel ?? '',
      new RegExp(`${incident.id}: .*It is not made again|is not on GitHub any more`),
    );
    const row = await workbench.tree('Backlog').row('Invoices are late');
    assert.match(row.ariaLabel, new RegExp(`#${issue.number} is not on GitHub any more`));
    await workbench.runCommand('Firebreak: Show Sync Plan');
    await workbench.tab('GitHub sync plan.md');
    await eventually('what needs somebody', async () => /What needs you/.test(await workbench.editorText()));
    await workbench.runCommand('Problems: Focus on Problems View');
    await workbench.page.locator('.markers-panel', { hasText: 'is not on GitHub any more' }).waitFor();
    await workbench.screenshot('sync-gone');
    await workbench.runCommand('Firebreak: Sync with GitHub');
    assert.equal(issues().filter(({ title }) => title === 'Invoices are late').length, 0);
  });

  it('get the token in no file, log or state', async () => {
    assert.ok(!(await workbench.logs()).includes(token));
    assert.ok(!(await shop.git('grep', '--no-index', '-F', '-l', token, '--', '.').catch(() => '')).trim());
    assert.deepEqual(gitHub.violations, []);
  });
});

describe('GitHub Issues of a public repository, with the token of this machine', () => {
  let gitHub: FakeGitHub;
  let workbench: Workbench;

  before(async () => {
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: false, permissions: { ada: 'write' } });
    const shop = await Shop.open();
    // The address of the remote is what names the repository.
    await shop.git('remote', 'add', 'origin', `${gitHub.url}/${repository}.git`);
    workbench = await openWorkbench({
      folder: shop.folder,
      env: { FIREBREAK_GITHUB_TOKEN: token, FIREBREAK_GITHUB_TOKEN_ORIGIN: gitHub.url },
      settings: { 'firebreak.git.commit': 'never' },
      machineSettings: { 'firebreak.github.apiUrl': gitHub.url, 'firebreak.github.sync': 'auto' },
    });
    await workbench.openView('Firebreak');
  });

  after(async () => {
    await workbench?.dispose();
    await gitHub?.stop();
  });

  it('are not written to before somebody agreed to publish, even when sync goes on by itself', async () => {
    await declareP0(workbench, 'Checkout is down');
    const question = await workbench.notification('acme/shop is public: everybody can read what is sent there.');
    await workbench.screenshot('sync-public');
    assert.deepEqual([...gitHub.state.repository(repository).issues], []);
    await question.click('Publish');
    await eventually('the issue', () => gitHub.state.repository(repository).issues.size === 1);
    assert.deepEqual(gitHub.violations, []);
  });
});
