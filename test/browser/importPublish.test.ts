import assert from 'node:assert/strict';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { Shop } from './support/shop.ts';

const token = testToken('ada');
const repository = 'acme/shop';

function item(title: string, number: number, more = ''): string {
  return `---\ntitle: ${title}\ntype: task\ndate: 2025-09-0${number}\nid: TASK-P3-2025090${number}-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DC${number}\nseverity: P3\nstatus: ready\n${more}---\nText\n`;
}

describe('Import and publish', () => {
  let gitHub: FakeGitHub;
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: true, permissions: { ada: 'write', maria: 'write' } });
    const maria = gitHub.web('maria', repository);
    for (let number = 1; number <= 120; number++) {
      maria.openIssue({ title: `Report ${number}`, body: 'It is slow.', labels: ['bug', `team ${number % 30}`] });
    }
    maria.openIssue({ title: 'Dark mode', body: '', labels: ['enhancement'] });
    shop = await Shop.open({
      'backlog/one.md': item('Renew the certificate', 1),
      'backlog/two.md': item('Pay by invoice', 2),
      'backlog/three.md': item('Rotate the keys that leaked', 3, 'private: true\n'),
      'backlog/four.md': item('Remove the old banner', 4),
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      settings: { 'firebreak.git.commit': 'never', 'firebreak.github.repository': repository },
      machineSettings: { 'firebreak.github.apiUrl': gitHub.url, 'firebreak.github.sync': 'ask' },
    });
    await workbench.openView('Firebreak');
    await workbench.runCommand('Firebreak: Set GitHub Token…');
    await workbench.quickInput.step('Set GitHub Token');
    await workbench.quickInput.type(token);
    await workbench.quickInput.accept();
  });

  after(async () => {
    await workbench?.dispose();
    await gitHub?.stop();
    assert.deepEqual(gitHub?.violations, []);
  });

  const issues = () => [...gitHub.state.repository(repository).issues.values()];
  const writes = () => gitHub.requests.filter(({ method }) => method !== 'GET');
  const backlog = () => workbench.tree('Backlog');

  it('asks which issues, says how many, and brings them in', async () => {
    await workbench.runCommand('Backlog: Import GitHub Issues…');
    await workbench.quickInput.step('Import Issues of acme/shop (1/4)');
    await workbench.screenshot('import-state');
    await workbench.quickInput.pick('Open');
    await workbench.quickInput.step('Import Issues of acme/shop (2/4)');
    await workbench.quickInput.type('bug, team 1');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Import Issues of acme/shop (3/4)');
    await workbench.quickInput.accept();
    await workbench.quickInput.step('Import Issues of acme/shop (4/4)');
    await workbench.quickInput.accept();
    const question = await workbench.dialog('Import 4 issues of acme/shop?');
    await workbench.screenshot('import-preview');
    await question.click('Import');
    await (await workbench.notification('4 issues are in the backlog now.')).dismiss();
    await backlog().rowsWhen('the imported issues', (rows) => rows.some(({ label }) => label === 'Report 1'));
    assert.deepEqual(writes(), []);
    await workbench.screenshot('import-done');
  });

  it('publishes what was chosen, within the limits, and nothing that is private', async () => {
    await workbench.runCommand('Firebreak: Publish Backlog to GitHub…');
    await workbench.quickInput.step('Publish Backlog to GitHub');
    const rows = await workbench.quickInput.rows();
    assert.deepEqual(rows.map(({ label }) => label).sort(), [
      'Pay by invoice',
      'Remove the old banner',
      'Renew the certificate',
    ]);
    await workbench.screenshot('publish-choice');
    await workbench.quickInput.pick('Remove the old banner');
    await workbench.quickInput.accept();
    const question = await workbench.dialog('Make 2 issues in acme/shop?');
    await workbench.screenshot('publish-question');
    await question.click('Publish');
    const made = () =>
      issues()
        .map(({ title }) => title)
        .filter((title) => !title.startsWith('Report') && title !== 'Dark mode')
        .sort();
    await eventually('two issues', () => made().length >= 2);
    assert.deepEqual(made(), ['Pay by invoice', 'Renew the certificate']);
    await backlog().menu('Remove the old banner', 'Publish to GitHub…');
    const one = await workbench.dialog('Make an issue of "Remove the old banner" in acme/shop?');
    await one.click('Publish');
    await eventually('the third', () => made().length >= 3);
    assert.deepEqual(made(), ['Pay by invoice', 'Remove the old banner', 'Renew the certificate']);
    assert.ok(!JSON.stringify(gitHub.requests.map(({ body }) => body)).includes('leaked'));
    await eventually('the link in the file', async () =>
      (await shop.read('backlog/four.md')).includes(`github: ${repository}#`),
    );
  });

  it('says that nothing waits to be published', async () => {
    await workbench.runCommand('Firebreak: Stop Publishing to GitHub');
    await (await workbench.notification('Nothing was waiting to be published.')).dismiss();
  });
});
