import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Scratch } from '../../../scripts/host/scratch.ts';
import { ElectronTestHost } from '../../host/harness/electronTestHost.ts';
import type { Launch } from '../../host/harness/launch.ts';

describe('The host tests in desktop VS Code', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  let display: string | undefined;
  beforeEach(async () => {
    scratch = await Scratch.make('desk');
    display = process.env.DISPLAY;
    process.env.DISPLAY = ':0';
  });
  afterEach(async () => {
    if (display === undefined) delete process.env.DISPLAY;
    else process.env.DISPLAY = display;
    await scratch.remove();
  });

  /** A stand-in for VS Code that runs `script`. */
  function hostOf(script: string): ElectronTestHost {
    const program = scratch.path('code');
    writeFileSync(program, `#!${process.execPath}\n${script}`, { mode: 0o755 });
    return new ElectronTestHost(program);
  }

  function launch(trusted: boolean, lines: string[] = []): Launch {
    return {
      suite: {
        name: 'default',
        trusted,
        open: async () => ({ nothing: true }),
        machineSettings: { 'firebreak.github.apiUrl': 'http://127.0.0.1:1' },
      },
      opened: { folder: '/shop' },
      scratch,
      extension: '/project',
      testModule: '/project/out/index.cjs',
      env: process.env,
      print: (line) => lines.push(line),
    };
  }

  it('get the folder, the extension, the tests and settings of their own, and their status comes back', async () => {
    const lines: string[] = [];
    const host = hostOf('console.log(process.argv.slice(2).join("\\n")); process.exit(3);');
    const status = await host.run(launch(true, lines), new AbortController().signal);
    assert.equal(status, 3);
    assert.equal(lines[0], '/shop');
    assert.ok(lines.includes('--extensionDevelopmentPath=/project'));
    assert.ok(lines.includes('--extensionTestsPath=/project/out/index.cjs'));
    assert.ok(lines.includes('--disable-workspace-trust'));
    const settings = JSON.parse(readFileSync(scratch.path('user/User/settings.json'), 'utf8'));
    assert.equal(settings['firebreak.github.apiUrl'], 'http://127.0.0.1:1');
  });

  it('run in Restricted Mode when the suite is untrusted', async () => {
    const lines: string[] = [];
    const host = hostOf('console.log(process.argv.slice(2).join("\\n"));');
    assert.equal(await host.run(launch(false, lines), new AbortController().signal), 0);
    assert.ok(!lines.includes('--disable-workspace-trust'));
  });

  it('are ended when they take too long', async () => {
    const abort = new AbortController();
    const lines: string[] = [];
    const host = hostOf('console.log("up"); setInterval(() => {}, 1000);');
    const plan = launch(true, lines);
    const run = host.run({ ...plan, print: () => abort.abort(new Error('too long')) }, abort.signal);
    await assert.rejects(run, /too long/);
  });
});
