import assert from 'node:assert/strict';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { git } from '../host/harness/repository.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench } from './harness/workbench.ts';
import { itemText } from './support/documents.ts';
import { Shop } from './support/shop.ts';

const token = testToken('ada');
const repository = 'acme/shop';
const id = 'BUG-P1-20250923-1015';
const file = `backlog/${id}.md`;
const base = 'Seen in: EU\n\nWorkaround: none\n\nAsked: nobody';
const mine = 'Seen in: EU, since build 812\n\nWorkaround: none\n\nAsked: the bank';
const decided = 'Seen in: EU, since build 812\n\nWorkaround: invoice\n\nAsked: the bank';
const theirs = 'Seen in: EU and UK\n\nWorkaround: invoice\n\nAsked: nobody';

describe('A text that is changed in two clones and on GitHub, while the network is down', () => {
  let gitHub: FakeGitHub;
  let ada: { shop: Shop; workbench: Workbench };
  let lena: { shop: Shop; workbench: Workbench };

  before(async () => {
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: true, permissions: { ada: 'write', maria: 'write' } });
    gitHub.web('maria', repository).openIssue({ title: 'Card payments fail', body: base });
    const uid = '01K5V7M3QZ8W4T2N6R0HXJ9DCA';
    const shop = await Shop.open({
      [file]: itemText(
        { title: 'Card payments fail', id, uid, severity: 'P1', status: 'doing', github: `${repository}#1` },
        base,
      ),
    });
    const remote = await temporaryFolder();
    await git(remote, 'init', '--bare', '--initial-branch=main', '.');
    await shop.git('remote', 'add', 'origin', remote);
    await shop.git('push', '--quiet', '-u', 'origin', 'main');
    const clone = await temporaryFolder();
    await git(clone, 'clone', '--quiet', remote, '.');
    ada = { shop, workbench: await open(shop.folder, 'dark', 'off') };
    lena = { shop: Shop.at(clone), workbench: await open(clone, 'light', 'afterDelay') };
  });

  after(async () => {
    await ada?.workbench.dispose();
    await lena?.workbench.dispose();
    await gitHub?.stop();
  });

  async function open(folder: string, theme: 'dark' | 'light', autoSave: string): Promise<Workbench> {
    const workbench = await openWorkbench({
      folder,
      theme,
      env: { FIREBREAK_GITHUB_TOKEN: token, FIREBREAK_GITHUB_TOKEN_ORIGIN: gitHub.url },
      settings: {
        'files.autoSave': autoSave,
        'firebreak.git.commit': 'never',
        'firebreak.github.repository': repository,
      },
      machineSettings: { 'firebreak.github.apiUrl': gitHub.url, 'firebreak.github.sync': 'auto' },
    });
    await workbench.openView('Firebreak');
    return workbench;
  }

  /** What the status bar says for some seconds of a sync that was asked for and left nothing over. */
  const synced = /GitHub: (everything is in step|.*(made|changed|posted|received))/;

  const issue = () => gitHub.state.repository(repository).issues.get(1);
  const bodyOnGitHub = () => (issue()?.body ?? '').replaceAll('\r', '').replace(/\s*<!-- firebreak:[\s\S]*$/, '');
  const bodyOf = async (shop: Shop) => (await shop.read(file)).replace(/^---\n[\s\S]*?\n---\n/, '').trim();
  const keptFiles = (shop: Shop) => shop.names('.firebreak/conflicts/01K5V7M3QZ8W4T2N6R0HXJ9DCA');
  const edit = async (shop: Shop, text: string) => {
    const front = /^---\n[\s\S]*?\n---\n/.exec(await shop.read(file))?.[0] ?? '';
    await shop.write({ [file]: `${front}${text}\n` });
  };

  it('is in step at first: nothing waits', async () => {
    await ada.workbench.runCommand('Firebreak: Sync with GitHub');
    await eventually('the marker on GitHub', () => /firebreak:uid=/.test(issue()?.body ?? ''));
    await lena.workbench.runCommand('Firebreak: Sync with GitHub');
    // From here on both know a text that they agreed on with GitHub.
    await lena.workbench.statusBar(synced);
    await ada.workbench
      .tree('Backlog')
      .rowsWhen('the item without a mark', (rows) => rows.some((row) => row.label === 'Card payments fail'));
  });

  it('waits, and the view, the row and the plan say so', async () => {
    await gitHub.goOffline();
    await edit(ada.shop, mine);
    const incidents = ada.workbench.tree('Incidents');
    const row = (
      await incidents.rowsWhen('what waits', (rows) => rows.some(({ label }) => label === '1 change waits'))
    ).find(({ label }) => label === '1 change waits');
    assert.equal(row?.description, 'offline');
    const item = await ada.workbench.tree('Backlog').row('Card payments fail');
    assert.match(item.ariaLabel, /1 change waits/);
    await incidents.click('1 change waits');
    await ada.workbench.tab('GitHub sync plan.md');
    const plan = await eventually('the plan', async () => {
      const text = await ada.workbench.editorText();
      return text.includes(id) ? text : undefined;
    });
    assert.match(plan, /Repository: acme\/shop/);
    assert.match(plan, /change text/);
    await ada.workbench.screenshot('sync-plan-offline');
  });

  it('is shown from the disk after a reload, too, without a request', async () => {
    await ada.workbench.reload();
    const asked = gitHub.requests.length;
    await ada.workbench.openView('Firebreak');
    await ada.workbench
      .tree('Incidents')
      .rowsWhen('what waits', (rows) => rows.some(({ label }) => label === '1 change waits'));
    assert.equal(gitHub.requests.length, asked);
  });

  it('is a conflict when the network is back and GitHub has another text: both are kept, and it is said', async () => {
    gitHub.web('maria', repository).editBody(1, (issue()?.body ?? '').replaceAll('\r', '').replace(base, theirs));
    await gitHub.goOnline();
    await ada.workbench.runCommand('Firebreak: Sync with GitHub');
    const notice = await ada.workbench.notification(/was changed here and on GitHub in one place/);
    assert.deepEqual(await notice.buttons(), ['Resolve…', 'Keep Mine', "Keep GitHub's"]);
    const item = await ada.workbench.tree('Backlog').row('Card payments fail');
    assert.match(item.ariaLabel, /Resolve the conflict/);
    assert.equal(await bodyOf(ada.shop), theirs);
    await ada.workbench.screenshot('sync-conflict-notice');
    await notice.dismiss();
  });

  it('offers what to do in the row’s menu and above the document', async () => {
    const entries = await ada.workbench.tree('Backlog').menuEntries('Card payments fail');
    for (const entry of ['Resolve Conflict', 'Keep Mine Where Both Changed', "Keep GitHub's Where Both Changed"]) {
      assert.ok(entries.includes(entry), entries.join(' | '));
    }
    await ada.workbench.openFile(file);
    await ada.workbench.codeLens('Resolve Conflict with GitHub');
    await ada.workbench.screenshot('sync-conflict-document');
  });

  it('opens in the merge editor; saving it half done decides nothing, and says so', async () => {
    const { workbench, shop } = ada;
    await workbench.tree('Backlog').menu('Card payments fail', 'Resolve Conflict');
    const editor = workbench.page.locator('.merge-editor');
    await editor.getByText('1 Conflict Remaining').waitFor();
    await workbench.screenshot('sync-merge-editor');
    await editor.locator('.monaco-editor').last().click();
    await workbench.press('Control+S');
    const question = await workbench.notification('In one place the text is as it was before');
    assert.equal(await bodyOf(shop), theirs);
    assert.equal((await keptFiles(shop)).length, 2);
    await question.dismiss();
  });

  it('is resolved by completing the merge, and what was decided goes to GitHub', async () => {
    const { workbench, shop } = ada;
    const editor = workbench.page.locator('.merge-editor');
    await editor.getByText('Accept Yours').click();
    await editor.getByText('0 Conflicts Remaining').waitFor();
    await workbench.screenshot('sync-merge-decided');
    await workbench.editorAction('Complete Merge');
    await editor.waitFor({ state: 'detached' });
    await eventually('the text in the file', async () => (await bodyOf(shop)) === decided);
    await eventually('the text on GitHub', () => bodyOnGitHub() === decided);
    await eventually('the kept texts to be gone', async () => {
      return (await keptFiles(shop)).map((name) => name.replace(/^\w+\./, '')).join() === 'resolved';
    });
    await workbench
      .tree('Backlog')
      .rowsWhen('no problem', (rows) => !rows.some(({ label }) => label === 'Files with problems'));
    const item = await workbench.tree('Backlog').row('Card payments fail');
    assert.doesNotMatch(item.ariaLabel, /conflict/i);
  });

  it('comes to the other clone by git and by GitHub as one text, and both are in step', async () => {
    for (const { workbench, shop } of [ada, lena]) {
      await workbench.runCommand('Firebreak: Share');
      await eventually('it to be shared', async () => {
        const unpushed = await shop.git('rev-list', '--count', 'origin/main..HEAD');
        return (await keptFiles(shop)).length === 1 && unpushed.trim() === '0' && (await shop.changes()) === '';
      });
    }
    assert.equal(await bodyOf(lena.shop), decided);
    for (const { workbench } of [lena, ada]) {
      await workbench.runCommand('Firebreak: Sync with GitHub');
      await workbench.statusBar(synced);
    }
    assert.equal(bodyOnGitHub(), decided);
    assert.equal(await ada.shop.changes(), '');
    assert.equal(await lena.shop.changes(), '');
    await lena.workbench.screenshot('sync-in-step');
  });

  it('is decided in the other clone, too, where an editor that saves by itself decides nothing', async () => {
    const { workbench, shop } = lena;
    const another = 'Seen in: EU, UK, Norway';
    const issueText = (issue()?.body ?? '').replaceAll('\r', '');
    gitHub.web('maria', repository).editBody(1, issueText.replace('since build 812', 'since build 811'));
    await edit(shop, decided.replace(/^.*/, another));
    await workbench.runCommand('Firebreak: Sync with GitHub');
    const notice = await workbench.notification(/was changed here and on GitHub in one place/);
    await notice.click('Resolve…');
    const editor = workbench.page.locator('.merge-editor');
    await editor.getByText('Accept Yours').first().click();
    await editor.getByText('0 Conflicts Remaining').waitFor();
    await eventually('the editor to save by itself', async () => {
      return (await workbench.page.locator('.tab.active.dirty').count()) === 0;
    });
    assert.match(await bodyOf(shop), /since build 811/);
    assert.deepEqual((await keptFiles(shop)).map((name) => name.replace(/^\w+\./, '')).sort(), [
      'base.md',
      'mine.md',
      'resolved',
    ]);
    await workbench.screenshot('sync-merge-light');
    // What was done so far is there again after a restart, in the same editor.
    await workbench.reload();
    await editor.getByText('0 Conflicts Remaining').waitFor();
    await editor.locator('.view-line', { hasText: another }).last().waitFor();
    await workbench.editorAction('Complete Merge');
    await eventually('the text in the file', async () => (await bodyOf(shop)).startsWith(another));
    await eventually('the text on GitHub', () => bodyOnGitHub().startsWith(another));
    await eventually('the kept texts to be gone', async () => (await keptFiles(shop)).length === 2);
    await ada.workbench.runCommand('Firebreak: Sync with GitHub');
    await eventually('the text in the first clone', async () => (await bodyOf(ada.shop)).startsWith(another));
  });

  it('asked GitHub in lines that say what and how much is left, without the token', async () => {
    await ada.workbench.runCommand('Firebreak: Show GitHub Requests');
    await ada.workbench.page
      .locator('.panel .view-line', { hasText: /GET|PATCH/ })
      .first()
      .waitFor();
    await ada.workbench.screenshot('sync-requests');
    for (const { workbench } of [ada, lena]) {
      const logs = await workbench.logs();
      assert.match(logs, /PATCH \/repos\/acme\/shop\/issues\/1 200 \d+ left \d+ ms|GET \S+ 304 \d+ left \d+ ms/);
      assert.ok(!logs.includes(token));
    }
    for (const { shop } of [ada, lena]) {
      assert.equal((await shop.git('grep', '--no-index', '-F', '-l', token, '--', '.').catch(() => '')).trim(), '');
    }
    assert.deepEqual(gitHub.violations, []);
  });
});

describe('A conflict that git brought from another clone', () => {
  let shop: Shop;
  let workbench: Workbench;
  const uid = '01K5V7M3QZ8W4T2N6R0HXJ9DCA';
  const other = 'BUG-P2-20250924-0800';
  const folder = '.firebreak/conflicts';

  before(async () => {
    shop = await Shop.open({
      [file]: itemText({ title: 'Card payments fail', id, uid, severity: 'P1', status: 'doing' }, theirs),
      [`${folder}/${uid}/0123456789ab.mine.md`]: `${mine}\n`,
      [`${folder}/${uid}/0123456789ab.base.md`]: `${base}\n`,
      [`backlog/${other}.md`]: itemText(
        { title: 'Search is slow', id: other, uid: `${uid.slice(0, -1)}B` },
        'Since: 9:00',
      ),
      [`${folder}/${uid.slice(0, -1)}B/0123456789ab.mine.md`]: 'Since: 8:00\n',
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'high-contrast',
      width: 800,
      settings: { 'firebreak.git.commit': 'never' },
    });
    await workbench.openView('Firebreak');
  });

  after(async () => {
    await workbench?.dispose();
  });

  const bodyOf = async (name: string) => (await shop.read(name)).replace(/^---\n[\s\S]*?\n---\n/, '').trim();

  it('is shown without a network and without a repository on GitHub', async () => {
    const notice = await workbench.notification('The texts of 2 items were changed here and on GitHub.');
    await workbench.screenshot('conflicts-brought');
    await notice.click('Resolve…');
    await workbench.quickInput.step('Resolve Conflict');
    const rows = await workbench.quickInput.rows();
    assert.deepEqual(rows.map(({ label }) => label).sort(), ['Card payments fail', 'Search is slow']);
    await workbench.quickInput.pick('Card payments fail');
    await workbench.page
      .locator('.merge-editor')
      .getByText(/^\d+ Conflicts? Remaining$/)
      .waitFor();
    await workbench.screenshot('conflict-merge-editor');
    await workbench.runCommand('View: Close Editor');
    const question = await workbench.dialog(/keep|conflict/i).catch(() => undefined);
    if (question) await workbench.page.getByRole('button', { name: /Don't Save|Close with Conflicts|Discard/ }).click();
    assert.equal(await bodyOf(file), theirs);
  });

  it('is decided for one side from above the document', async () => {
    await workbench.openFile(file);
    await workbench.codeLens('Keep Mine');
    await eventually('both sides in the file', async () => {
      return (await bodyOf(file)) === 'Seen in: EU, since build 812\n\nWorkaround: invoice\n\nAsked: the bank';
    });
    await eventually('the kept texts to be gone', async () => {
      return (await shop.names(`${folder}/${uid}`)).join() === '0123456789ab.resolved';
    });
  });

  it('is decided for the file as it is from the row', async () => {
    await workbench.tree('Backlog').menu('Search is slow', 'Mark Conflict as Resolved');
    await eventually('no conflict', async () => (await shop.names(`${folder}/${uid.slice(0, -1)}B`)).length === 1);
    assert.equal(await bodyOf(`backlog/${other}.md`), 'Since: 9:00');
    await workbench
      .tree('Backlog')
      .rowsWhen('no problem', (rows) => !rows.some(({ label }) => label === 'Files with problems'));
  });
});
