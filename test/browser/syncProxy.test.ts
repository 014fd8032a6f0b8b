import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { CorporateNetwork } from '../support/corporateNetwork.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declareP0 } from './support/declareP0.ts';
import { Shop } from './support/shop.ts';

const token = testToken('ada');
const repository = 'acme/shop';
const host = 'github.corp.example';

describe('An Enterprise Server that is reached through a proxy alone', () => {
  let gitHub: FakeGitHub;
  let network: CorporateNetwork;
  let shop: Shop;
  let workbench: Workbench;

  before(async () => {
    gitHub = await FakeGitHub.start({ strict: true, description: 'ghes-3.19', rateLimits: null });
    gitHub.state.addToken(token, 'ada');
    gitHub.state.addRepository(repository, { private: true, permissions: { ada: 'write' } });
    network = await CorporateNetwork.start(host, Number(new URL(gitHub.url).port));
    shop = await Shop.open();
    const authority = path.join(shop.folder, '..', 'authority.pem');
    await writeFile(authority, network.authority);
    workbench = await openWorkbench({
      folder: shop.folder,
      env: { NODE_EXTRA_CA_CERTS: authority },
      settings: {
        'firebreak.git.commit': 'never',
        'firebreak.github.repository': repository,
        'http.proxy': network.proxyAddress,
        // With the machine's certificates VS Code takes no others, and the machine that tests is left as it is.
        'http.systemCertificates': false,
      },
      machineSettings: {
        'firebreak.github.apiUrl': `https://${network.place}/api/v3`,
        'firebreak.github.sync': 'ask',
      },
    });
    await workbench.openView('Firebreak');
  });

  after(async () => {
    await workbench?.dispose();
    await network?.stop();
    await gitHub?.stop();
  });

  it('gets the incident through the proxy of VS Code’s settings, which sees nothing of it', async () => {
    await workbench.runCommand('Firebreak: Set GitHub Token…');
    await workbench.quickInput.step('Set GitHub Token');
    await workbench.quickInput.type(token);
    await workbench.quickInput.accept();
    await declareP0(workbench, 'Checkout is down');
    const question = await workbench.notification('Keep incidents in step with the issues of acme/shop?');
    await question.click('Keep in Step');
    const { issues } = gitHub.state.repository(repository);
    await eventually('the issue', () => [...issues.values()].some(({ title }) => title === 'Checkout is down'));
    const { comments } = gitHub.state.repository(repository);
    await eventually('its first events', () => comments.size > 0);
    assert.ok(network.tunnels.includes(network.place), network.tunnels.join());
    assert.ok(!network.passed.includes(token) && !network.passed.includes('Checkout is down'));
    assert.deepEqual(gitHub.violations, []);
  });

  it('is said to be offline while the proxy refuses, and gets the rest when it does not', async () => {
    await workbench.runCommand('Incident: Record Decision…');
    await workbench.quickInput.step('Decision for Checkout is down');
    await workbench.quickInput.type('We roll back');
    // What is not sent at once waits for others: the proxy refuses before anything of it is under way.
    network.refuse('407 Proxy Authentication Required');
    await workbench.quickInput.accept();
    await workbench.runCommand('Firebreak: Sync with GitHub');
    await workbench
      .tree('Incidents')
      .rowsWhen(
        'that changes wait, offline',
        (all) => all.some(({ label }) => /changes? waits?$/.test(label)) && /offline/.test(all[0]?.description ?? ''),
      );
    network.admit();
    await workbench.runCommand('Firebreak: Sync with GitHub');
    const { comments } = gitHub.state.repository(repository);
    await eventually('the decision', () => [...comments.values()].some(({ body }) => body.includes('We roll back')));
  });
});
