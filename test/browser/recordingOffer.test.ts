import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';

const sso = {
  id: 'BUG-P0-20250923-1440',
  uid: '01K5V8A1000000000000000000',
  title: 'SSO fails',
  severity: 'P0',
  at: '2025-09-23T14:40:00Z',
};
const mail = {
  id: 'BUG-P1-20250923-1500',
  uid: '01K5V9B2000000000000000000',
  title: 'Mail is late',
  severity: 'P1',
  at: '2025-09-23T15:00:00Z',
};

describe('The offer to record', () => {
  let shop: Shop;
  let workbench: Workbench;
  before(async () => {
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      ...declaredElsewhere(sso),
      ...declaredElsewhere(mail),
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'dark',
      height: 1200,
      settings: {
        'firebreak.recording.ask': true,
        'firebreak.git.commit': 'never',
        // The shell says nothing to VS Code.
        'terminal.integrated.shellIntegration.enabled': false,
      },
    });
    await workbench.openView('Firebreak');
  });
  after(() => workbench?.dispose());

  async function acknowledge({ id, title }: { id: string; title: string }): Promise<void> {
    await workbench.tree('Incidents').menu(title, 'Acknowledge');
    await shop.event(id, 'the acknowledgement', ({ kind }) => kind === 'acknowledge');
  }
  const asked = async () =>
    (await workbench.notifications()).filter((text) => text.includes('Record what you do')).length;

  it('comes when an incident is acknowledged, and records nothing on "Not Now"', async () => {
    await acknowledge(loginIsDown);
    const question = await workbench.notification('Record what you do for BUG-P0-20250923-1430?');
    await question.click('Not Now');
    await eventually('no question', async () => (await asked()) === 0);
    assert.ok(!(await workbench.statusItems()).some(({ text }) => text.includes('Recording')));
    assert.equal(JSON.parse(await shop.read('.git/firebreak/recording/state.json')).incident, undefined);
  });

  it('comes for the next incident, and never again after "Never"', async () => {
    await acknowledge(sso);
    await (await workbench.notification('Record what you do for BUG-P0-20250923-1440?')).click('Never');
    await eventually('no question', async () => (await asked()) === 0);
    await acknowledge(mail);
    // By the time that the row tells of it, a question would be there.
    await workbench.tree('Incidents').menu('Mail is late', 'Start Recording');
    await workbench.statusBar(/Recording$/);
    assert.equal(await asked(), 0);
  });

  it('says once that a shell does not tell its commands', async () => {
    await workbench.runCommand('Terminal: Create New Terminal');
    const told = await workbench.notification(/The shell in the terminal "bash" does not tell VS Code its commands/);
    assert.deepEqual(await told.buttons(), ['How to Change That']);
    await workbench.screenshot('recording-silent-shell');
    await told.dismiss();
    await workbench.runCommand('Incident: Stop Recording');
    await eventually('no sign of recording', async () =>
      (await workbench.statusItems()).every(({ text }) => !text.includes('Recording')),
    );
  });
});
