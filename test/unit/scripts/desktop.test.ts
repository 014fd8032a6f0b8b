import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDesktop, startDesktop } from '../../../scripts/start/desktop.ts';
import { readStartOptions } from '../../../scripts/start/options.mjs';

describe('Desktop VS Code for the demo', function () {
  this.timeout(30_000);

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fb-desktop-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A stand-in for the program: it says how it was called, and stays. */
  function fakeCode(): string {
    const file = path.join(folder, 'code');
    const script = `#!${process.execPath}\nconsole.log('called ' + JSON.stringify(process.argv.slice(2)) + process.env.MARK);\nsetInterval(() => {}, 1000);\n`;
    writeFileSync(file, script, { mode: 0o755 });
    return file;
  }

  it('is found where it can show a window', () => {
    const command = fakeCode();
    assert.deepEqual(findDesktop({ PATH: folder, DISPLAY: ':0' }), { command });
    assert.ok('why' in findDesktop({ PATH: '/nowhere', DISPLAY: ':0' }));
    assert.ok('why' in findDesktop({ PATH: folder, DISPLAY: ':0', VSCODE_IPC_HOOK_CLI: '/run/hook' }));
  });

  it('opens the folder with the extension and settings of its own, and ends when it is told to', async () => {
    const data = path.join(folder, 'data');
    const settingsFile = path.join(data, 'desktop/User/settings.json');
    await mkdir(path.dirname(settingsFile), { recursive: true });
    writeFileSync(settingsFile, '{ "editor.fontSize": 15 }');
    const code = await startDesktop(fakeCode(), {
      extension: '/project',
      folder,
      data,
      settings: { 'firebreak.github.repository': 'acme/shop' },
      env: { ...process.env, MARK: ' marked' },
    });
    const [called] = await code.waitForOutput(/^called .*$/m, 20_000);
    assert.ok(called.includes('"--extensionDevelopmentPath=/project"'), called);
    assert.ok(called.includes(`"--user-data-dir=${path.join(data, 'desktop')}"`), called);
    assert.ok(called.endsWith(`${JSON.stringify(folder)}] marked`), called);
    assert.deepEqual(JSON.parse(readFileSync(settingsFile, 'utf8')), {
      'editor.fontSize': 15,
      'firebreak.github.repository': 'acme/shop',
    });
    await code.stop();
    assert.equal(code.running, false);
  });
});

describe('The command line of npm start', () => {
  it('has the clone’s own folder as its default', () => {
    const options = readStartOptions([], '/clone');
    assert.equal(options.folder, path.resolve('/clone/demo-workspace'));
    assert.equal(options.port, undefined);
    assert.equal(options.fresh, false);
  });

  it('refuses what it does not know', () => {
    assert.throws(() => readStartOptions(['--port', 'http'], '/clone'), /--port/);
    assert.throws(() => readStartOptions(['--host', 'atom'], '/clone'), /--host/);
    assert.throws(() => readStartOptions(['--frsh'], '/clone'), /frsh/);
  });
});
