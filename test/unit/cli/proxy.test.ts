import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer as createProxy, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import { testToken } from '../../support/testTokens.ts';
import { selfSignedCertificate } from '../support/selfSignedCertificate.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';

const token = testToken('alice');
const host = 'github.corp.example';

describe('firebreak behind a proxy', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  let gitHub: FakeGitHub;
  let server: Server;
  let proxy: HttpServer;
  /** What the proxy was asked to connect to, and every byte that it saw pass. */
  let tunnels: string[];
  let passed: Buffer[];
  let refusal: string | undefined;
  let sockets: Set<Socket>;
  let authority: string;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    gitHub = await FakeGitHub.start({ strict: true, description: 'ghes-3.19', rateLimits: null });
    gitHub.state.addToken(token, 'alice');
    gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write' } });
    [tunnels, passed, refusal, sockets] = [[], [], undefined, new Set()];

    const { certificate, key } = selfSignedCertificate(host);
    authority = path.join(workspace.folder, '..', 'authority.pem');
    await writeFile(authority, certificate);
    const plain = Number(new URL(gitHub.url).port);
    server = createTlsServer({ cert: certificate, key }, (socket) => join(socket, connect(plain, '127.0.0.1')));
    await listen(server);

    // Names are the proxy's to resolve: here all of them are the server.
    proxy = createProxy((_, response) => response.writeHead(501).end());
    proxy.on('connect', (request, socket: Socket) => {
      tunnels.push(request.url ?? '');
      if (refusal !== undefined) {
        socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
        return;
      }
      const target = connect(portOf(server), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.on('data', (bytes: Buffer) => passed.push(bytes));
        join(socket, target);
      });
    });
    await listen(proxy);
    await workspace.text('declare', 'API down', '--no-commander');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([server, proxy].map((open) => new Promise((resolve) => open.close(resolve))));
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
    await workspace.remove();
  });

  function join(one: Socket, other: Socket): void {
    for (const socket of [one, other]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    one.pipe(other).pipe(one);
  }
  const listen = (open: Server) => new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve));
  const portOf = (open: Server) => (open.address() as AddressInfo).port;
  const address = () => `https://${host}:${portOf(server)}/api/v3`;
  const proxyAddress = () => `http://127.0.0.1:${portOf(proxy)}`;
  const sync = (environment: Record<string, string>, apiUrl = address()) =>
    workspace.runWith(
      { environment: { GITHUB_TOKEN: token, ...environment } },
      ...['sync', '--repo', 'acme/shop', '--api-url', apiUrl],
    );
  const issues = () => gitHub.state.repository('acme/shop').issues.size;

  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    it(`goes through ${name}, and trusts what NODE_EXTRA_CA_CERTS names`, async () => {
      const run = await sync({ [name]: proxyAddress(), NODE_EXTRA_CA_CERTS: authority });
      assert.deepEqual([run.code, run.stderr], [0, '']);
      assert.equal(issues(), 1);
      assert.ok(tunnels.length > 0 && tunnels.every((tunnel) => tunnel === `${host}:${portOf(server)}`));
      assert.ok(gitHub.requests.every(({ path: asked }) => asked.startsWith('/api/v3/')));
      const seen = Buffer.concat(passed).toString('latin1');
      assert.ok(!seen.includes(token) && !seen.includes('API down'), 'the proxy sees nothing but what is encrypted');
    });
  }

  it('sends nothing to a server that nobody vouches for', async () => {
    const run = await sync({ HTTPS_PROXY: proxyAddress() });
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^firebreak: GitHub cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.\n$/);
    assert.equal(gitHub.requests.length, 0);
  });

  it('leaves out what NO_PROXY names, and this machine in any case', async () => {
    const named = await sync({ HTTPS_PROXY: proxyAddress(), NO_PROXY: 'corp.example', NODE_EXTRA_CA_CERTS: authority });
    assert.equal(named.code, 1);
    assert.match(named.stderr, /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    const here = await sync({ HTTPS_PROXY: proxyAddress(), HTTP_PROXY: proxyAddress() }, gitHub.enterpriseUrl);
    assert.deepEqual([here.code, here.stderr], [0, '']);
    assert.deepEqual(tunnels, []);
    assert.equal(issues(), 1);
  });

  it('keeps everything for later while the proxy is down or refuses', async () => {
    refusal = '407 Proxy Authentication Required';
    const refused = await sync({ HTTPS_PROXY: proxyAddress(), NODE_EXTRA_CA_CERTS: authority });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^firebreak: GitHub /);
    const down = await sync({ HTTPS_PROXY: 'http://127.0.0.1:9', NODE_EXTRA_CA_CERTS: authority });
    assert.match(down.stderr, /^firebreak: GitHub cannot be reached \(ECONNREFUSED\)\.\n$/);
    assert.equal(gitHub.requests.length, 0);
    refusal = undefined;
    const later = await sync({ HTTPS_PROXY: proxyAddress(), NODE_EXTRA_CA_CERTS: authority });
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
