import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseTestHost } from '../../../scripts/host/choose.mjs';

describe('The choice of the host that runs the tests', () => {
  let bin: string;
  before(() => {
    bin = mkdtempSync(path.join(tmpdir(), 'fb-choose-'));
    mkdirSync(path.join(bin, 'with'));
    mkdirSync(path.join(bin, 'without'));
    writeFileSync(path.join(bin, 'with/xvfb-run'), '#!/bin/sh\n', { mode: 0o755 });
  });
  after(() => rmSync(bin, { recursive: true }));

  const download = async () => '/vscode/code';
  const reachable = async () => undefined;
  /** The environment of a machine; an empty cache, so that no earlier download counts. */
  const machine = (env: NodeJS.ProcessEnv = {}) => ({ XDG_CACHE_HOME: bin, PATH: path.join(bin, 'without'), ...env });

  it('is what the variable says, without asking anyone', async () => {
    const fail = async (): Promise<never> => assert.fail('asked');
    const server = await chooseTestHost({
      env: machine({ FIREBREAK_TEST_HOST: 'server', DISPLAY: ':0' }),
      download: fail,
      probe: fail,
    });
    assert.equal(server.kind, 'server');
    const electron = await chooseTestHost({ env: machine({ FIREBREAK_TEST_HOST: 'electron' }), download, probe: fail });
    assert.deepEqual(electron, { kind: 'electron', why: 'FIREBREAK_TEST_HOST=electron', executable: '/vscode/code' });
    await assert.rejects(chooseTestHost({ env: machine({ FIREBREAK_TEST_HOST: 'atom' }) }), /"atom"/);
  });

  it('does not hide that the demanded desktop cannot be had', async () => {
    const download = async () => Promise.reject(new Error('offline'));
    await assert.rejects(chooseTestHost({ env: machine({ FIREBREAK_TEST_HOST: 'electron' }), download }), /offline/);
  });

  it('is the desktop where it can be downloaded and shown', async () => {
    const shown = await chooseTestHost({ env: machine({ DISPLAY: ':0' }), download, probe: reachable });
    assert.equal(shown.kind, 'electron');
    const virtual = await chooseTestHost({
      env: machine({ PATH: path.join(bin, 'with') }),
      download,
      probe: reachable,
    });
    assert.equal(virtual.executable, '/vscode/code');
  });

  it('is the server where the desktop cannot be downloaded, and says why', async () => {
    const refused = await chooseTestHost({ env: machine({ DISPLAY: ':0' }), download, probe: async () => 'ENOTFOUND' });
    assert.equal(refused.kind, 'server');
    assert.match(refused.why, /ENOTFOUND/);
    const broken = await chooseTestHost({
      env: machine({ DISPLAY: ':0' }),
      download: async () => Promise.reject(new Error('cut off')),
      probe: reachable,
    });
    assert.equal(broken.kind, 'server');
    assert.match(broken.why, /cut off/);
  });

  it('is the server on a machine that can show nothing', async () => {
    if (process.platform !== 'linux') return;
    const choice = await chooseTestHost({ env: machine(), download, probe: reachable });
    assert.equal(choice.kind, 'server');
    assert.match(choice.why, /display/);
  });
});
