import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { cacheFolder } from '../../scripts/lib/cacheFolder.mjs';
import { clickOnce } from './harness/clickOnce.ts';
import { eventually } from './harness/eventually.ts';
import { openAddress } from './harness/openWorkbench.ts';
import { alive, descendants } from './harness/processes.ts';
import { root } from './harness/project.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import { Terminal } from './support/terminal.ts';

const startTimeoutMs = 100_000;

/** One run of `npm start`, without npm: what npm would do on Ctrl-C is the terminal's business. */
class Demo {
  output = '';
  private constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  static start(home: string, ...args: string[]): Demo {
    // A display would open a browser of the person who runs the tests.
    // So would their shell's own files be run in the demo's terminals; what is installed already stays where it is.
    const own = { HOME: home, XDG_CACHE_HOME: path.dirname(cacheFolder()) };
    const env = { ...process.env, ...own, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const all = ['scripts/start.mjs', '--host', 'server', '--port', '0', ...args];
    return new Demo(spawn(process.execPath, all, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get pid(): number {
    assert.ok(this.process.pid);
    return this.process.pid;
  }

  /** The addresses that it prints when all is up. */
  async ready(): Promise<{ vsCode: string; gitHub: string }> {
    await eventually('the demo to be up', () => this.output.includes('Ctrl-C ends'), startTimeoutMs).catch((error) => {
      throw new Error(`${error.message}; it printed:\n${this.output}`);
    });
    const [, vsCode] = /^VS Code +(http\S+)/m.exec(this.output) ?? [];
    const [, gitHub] = /^demo GitHub +(http\S+)/m.exec(this.output) ?? [];
    assert.ok(vsCode && gitHub, this.output);
    return { vsCode, gitHub };
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    const [code] = await exited;
    return code;
  }
}

function listens(address: string): Promise<boolean> {
  const { port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Types a command into a new terminal of the window, as the demo tells people to. */
async function inTerminal(page: Page, command: string): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input');
  const create = page.locator('.quick-input-list [aria-label^="Terminal: Create New Terminal"]').first();
  const terminal = await Terminal.openedBy(page, () =>
    eventually(
      'the command of a new terminal',
      async () => {
        if (!(await box.isVisible())) await page.keyboard.press('F1');
        await box.fill('>Terminal: Create New Terminal', { timeout: 2_000 });
        await create.waitFor({ timeout: 3_000 }).catch(async (error) => {
          // What the palette offers is settled when it opens.
          await page.keyboard.press('Escape');
          throw error;
        });
        await clickOnce(create);
        return true;
      },
      60_000,
    ).then(() => undefined),
  );
  await terminal.type(command);
}

async function backlog(folder: string): Promise<string> {
  const items = path.join(folder, 'shop/backlog');
  return (await Promise.all((await readdir(items)).map((name) => readFile(path.join(items, name), 'utf8')))).join('\n');
}

describe('npm start', () => {
  let folder: string;
  let home: string;
  let demo: Demo | undefined;
  before(async () => {
    folder = await temporaryFolder();
    home = await temporaryFolder();
  });
  afterEach(async () => {
    if (demo?.process.exitCode === null && demo.process.signalCode === null) await demo.end('SIGKILL');
  });

  it('shows the demo in VS Code, and Ctrl-C leaves nothing behind', async () => {
    demo = Demo.start(home, '--folder', folder);
    const { vsCode, gitHub } = await demo.ready();
    const page = await openAddress(vsCode);
    await page.locator('.monaco-list-row', { hasText: 'incident-policy.yml' }).waitFor({ timeout: 60_000 });
    await page.locator('.activitybar [aria-label^="Firebreak"]').first().waitFor();
    await inTerminal(page, 'make backlog-add title="From a terminal"');
    await eventually(
      'what the terminal added',
      async () => (await backlog(folder)).includes('From a terminal'),
      60_000,
    );
    await page.context().close();
    assert.equal((await fetch(gitHub)).status, 200);
    const started = descendants(demo.pid);
    assert.ok(started.length >= 4, `only ${started.length} processes`);

    assert.equal(await demo.end('SIGINT'), 0);
    assert.deepEqual(alive(started), []);
    assert.equal(await listens(vsCode), false);
    assert.equal(await listens(gitHub), false);
  });

  it('keeps what was done in the demo, and leaves nothing behind even when it is killed', async () => {
    const notes = path.join(folder, 'shop/README.md');
    await appendFile(notes, 'A line of mine.\n');
    demo = Demo.start(home, '--folder', folder);
    const { vsCode, gitHub } = await demo.ready();
    assert.match(await readFile(notes, 'utf8'), /A line of mine/);
    assert.match(demo.output, /as you left it/);
    const started = descendants(demo.pid);

    await demo.end('SIGKILL');
    await eventually('its processes to end', () => alive(started).length === 0);
    assert.equal(await listens(vsCode), false);
    assert.equal(await listens(gitHub), false);
  });

  it('makes the demo anew when asked to', async () => {
    demo = Demo.start(home, '--folder', folder, '--fresh');
    await demo.ready();
    assert.doesNotMatch(await readFile(path.join(folder, 'shop/README.md'), 'utf8'), /A line of mine/);
    assert.equal(await demo.end('SIGTERM'), 0);
  });

  it('touches no folder that holds something else', async () => {
    const other = await temporaryFolder();
    await writeFile(path.join(other, 'thesis.txt'), 'Chapter one');
    demo = Demo.start(home, '--folder', other, '--fresh');
    const [code] = await once(demo.process, 'exit');
    assert.equal(code, 1);
    assert.match(demo.output, /not empty/);
    assert.ok(existsSync(path.join(other, 'thesis.txt')));
  });
});
