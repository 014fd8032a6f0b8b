import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import { CorporateNetwork } from '../../support/corporateNetwork.ts';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';

const token = testToken('alice');
const host = 'github.corp.example';

describe('firebreak behind a proxy', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  let gitHub: FakeGitHub;
  let network: CorporateNetwork;
  let authority: string;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    gitHub = await FakeGitHub.start({ strict: true, description: 'ghes-3.19', rateLimits: null });
    gitHub.state.addToken(token, 'alice');
    gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write' } });
    network = await CorporateNetwork.start(host, Number(new URL(gitHub.url).port));
    authority = path.join(workspace.folder, '..', 'authority.pem');
    await writeFile(authority, network.authority);
    await workspace.text('declare', 'API down', '--no-commander');
  });
  afterEach(async () => {
    await network.stop();
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
    await workspace.remove();
  });

  const address = () => `https://${network.place}/api/v3`;
  const sync = (environment: Record<string, string>, apiUrl = address()) =>
    workspace.runWith(
      { environment: { GITHUB_TOKEN: token, ...environment } },
      ...['sync', '--repo', 'acme/shop', '--api-url', apiUrl],
    );
  const issues = () => gitHub.state.repository('acme/shop').issues.size;

  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    it(`goes through ${name}, and trusts what NODE_EXTRA_CA_CERTS names`, async () => {
      const run = await sync({ [name]: network.proxyAddress, NODE_EXTRA_CA_CERTS: authority });
      assert.deepEqual([run.code, run.stderr], [0, '']);
      assert.equal(issues(), 1);
      assert.ok(network.tunnels.length > 0 && network.tunnels.every((tunnel) => tunnel === network.place));
      assert.ok(gitHub.requests.every(({ path: asked }) => asked.startsWith('/api/v3/')));
      const { passed } = network;
      assert.ok(
        !passed.includes(token) && !passed.includes('API down'),
        'the proxy sees nothing but what is encrypted',
      );
    });
  }

  it('sends nothing to a server that nobody vouches for', async () => {
    const run = await sync({ HTTPS_PROXY: network.proxyAddress });
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^firebreak: GitHub cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.\n$/);
    assert.equal(gitHub.requests.length, 0);
  });

  it('leaves out what NO_PROXY names, and this machine in any case', async () => {
    const named = await sync({
      HTTPS_PROXY: network.proxyAddress,
      NO_PROXY: 'corp.example',
      NODE_EXTRA_CA_CERTS: authority,
    });
    assert.equal(named.code, 1);
    assert.match(named.stderr, /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    const here = await sync(
      { HTTPS_PROXY: network.proxyAddress, HTTP_PROXY: network.proxyAddress },
      gitHub.enterpriseUrl,
    );
    assert.deepEqual([here.code, here.stderr], [0, '']);
    assert.deepEqual(network.tunnels, []);
    assert.equal(issues(), 1);
  });

  it('keeps everything for later while the proxy is down or refuses', async () => {
    network.refuse('407 Proxy Authentication Required');
    const refused = await sync({ HTTPS_PROXY: network.proxyAddress, NODE_EXTRA_CA_CERTS: authority });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^firebreak: GitHub /);
    const down = await sync({ HTTPS_PROXY: 'http://127.0.0.1:9', NODE_EXTRA_CA_CERTS: authority });
    assert.match(down.stderr, /^firebreak: GitHub cannot be reached \(ECONNREFUSED\)\.\n$/);
    assert.equal(gitHub.requests.length, 0);
    network.admit();
    const later = await sync({ HTTPS_PROXY: network.proxyAddress, NODE_EXTRA_CA_CERTS: authority });
    assert.deepEqual([later.code, issues()], [0, 1]);
  });

  it('says which variable is wrong, and not what is in it', async () => {
    const run = await sync({ HTTPS_PROXY: 'socks5://user:secret@host' });
    assert.deepEqual(
      [run.code, run.stderr],
      [1, 'firebreak: HTTPS_PROXY is no address of a proxy: it looks like http://host:3128.\n'],
    );
  });
});
