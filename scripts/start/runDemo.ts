import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureChromium } from '../host/chromium.mjs';
import { ensureHost } from '../host/install.mjs';
import { VsCodeServer } from '../host/server.ts';
import { calmSettings } from '../host/settings.ts';
import { workbenchUrl } from '../host/workbenchUrl.ts';
import { step } from '../lib/progress.mjs';
import { stageExtension } from '../package/contents.mjs';
import { type DemoFolder, prepareDemo } from './demoFolder.ts';
import { type DemoGitHub, startDemoGitHub } from './demoGitHub.ts';
import { findDesktop, startDesktop } from './desktop.ts';
import { preferredPort } from './freePort.ts';
import { hasDisplay, openBrowser } from './openBrowser.ts';
import type { StartOptions } from './options.mjs';

/** Ports that are tried first, so that a second start has the same addresses. */
const usualPort = 4810;
const usualGitHubPort = 4811;

interface Stoppable {
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/**
 * Starts the demo, waits until it is told to end, by a signal or because one of its parts ended, stops what was started
 * and ends the process: with status 1 when a part did not come up.
 */
export async function runDemo(root: string, options: StartOptions): Promise<void> {
  const started: Stoppable[] = [];
  const stop = async () => {
    await Promise.all(started.map((part) => part.stop()));
  };
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        // A second one does not wait: what is left then ends by its guard.
        process.once(signal, () => process.exit(130));
        resolve('asked');
      });
    }
  });
  const starting = start(root, options, started);
  try {
    // Ctrl-C in the middle of an installation ends it as well.
    if ((await Promise.race([starting, asked])) === 'asked') {
      starting.catch(() => undefined);
      return;
    }
    const over = await Promise.race([asked, ...started.map((part) => part.ended)]);
    if (over !== 'asked') console.log('\nA part of the demo has ended, so the demo ends.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    console.log('\nstopping …');
    await stop();
    process.exit();
  }
}

async function start(root: string, options: StartOptions, started: Stoppable[]): Promise<void> {
  const demo = await step('demo workspace', () => prepareDemo(options.folder, root, options.fresh));
  const gitHub = await step('demo GitHub', async () => startDemoGitHub(root, await preferredPort(usualGitHubPort)));
  started.push(gitHub.process);
  const env = {
    ...ownEnvironment(),
    PATH: `${demo.bin}${path.delimiter}${process.env.PATH ?? ''}`,
    FIREBREAK_GITHUB_TOKEN: gitHub.token,
    FIREBREAK_GITHUB_TOKEN_ORIGIN: new URL(gitHub.url).origin,
    // For `firebreak sync` in its terminals; the person's own token stays out of the demo.
    GITHUB_API_URL: gitHub.url,
    GITHUB_TOKEN: gitHub.token,
  };
  // VS Code takes PATH from a login shell, which may know nothing of the one above: its terminals get it by a setting.
  const terminals = { PATH: `${demo.bin}:\${env:PATH}` };
  // The work tree's origin is a folder, so the repository's name comes from the setting.
  const settings = { 'firebreak.github.repository': gitHub.repository };
  const machineSettings = {
    'firebreak.github.apiUrl': gitHub.url,
    'terminal.integrated.env.linux': terminals,
    'terminal.integrated.env.osx': terminals,
  };
  const desktop = options.host === 'server' ? { why: '--host server' } : findDesktop();
  if (options.host === 'desktop' && 'why' in desktop) throw new Error(`No desktop VS Code: ${desktop.why}.`);
  if ('command' in desktop) {
    const window = await step(`desktop VS Code (${desktop.command})`, () =>
      startDesktop(desktop.command, {
        extension: root,
        folder: demo.shop,
        data: demo.data,
        settings: { ...settings, ...machineSettings },
        env,
      }),
    );
    started.push(window);
    report(demo, gitHub, 'VS Code is opening.');
    return;
  }
  console.log(`VS Code server, since ${desktop.why}`);
  const server = await startServer(demo, options, env, settings, machineSettings);
  started.push(server);
  report(demo, gitHub, `VS Code        ${server.url}`);
  if (options.open || hasDisplay()) {
    const problem = await openBrowser(server.url, path.join(demo.data, 'browser'));
    if (problem) console.log(`The browser could not be opened (${problem}): open the address above yourself.`);
  }
}

/** The person's environment, without what npm set for this run: their terminals in VS Code are not part of it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$)/.test(name));
  return Object.fromEntries(entries);
}

async function startServer(
  demo: DemoFolder,
  options: StartOptions,
  env: NodeJS.ProcessEnv,
  settings: Record<string, unknown>,
  machineSettings: Record<string, unknown>,
): Promise<Stoppable & { url: string }> {
  const host = await ensureHost();
  if (options.open) await ensureChromium();
  const extensionsFolder = path.join(demo.data, 'extensions');
  await rm(extensionsFolder, { recursive: true, force: true });
  await stageExtension(path.join(extensionsFolder, 'firebreak'));
  const server = await step(`VS Code ${host.version} server`, async () =>
    VsCodeServer.start(host, {
      dataFolder: path.join(demo.data, 'server'),
      extensionsFolder,
      env,
      trusted: true,
      // What a person changed in the demo's settings stays.
      userSettings: demo.made
        ? { ...calmSettings('dark'), 'firebreak.reminders.enabled': true, ...settings }
        : undefined,
      machineSettings,
      port: options.port ?? (await preferredPort(usualPort)),
      // It runs commands for whoever reaches its port: only for who has the address from this terminal.
      connectionToken: randomBytes(16).toString('hex'),
    }),
  );
  return {
    url: server.withToken(workbenchUrl(server.port, { folder: demo.shop })),
    stop: () => server.stop(),
    ended: server.ended,
  };
}

function report(demo: DemoFolder, gitHub: DemoGitHub, vsCode: string): void {
  const { shop, origin, made } = demo;
  const again = '   (as you left it, but its GitHub starts anew: npm start -- --fresh renews both)';
  console.log(`
${vsCode}
demo GitHub    ${gitHub.htmlUrl}
workspace      ${shop}${made ? '' : again}
its origin     ${origin}

Try this:
 1. The flame in the activity bar: the backlog, and the past incident with its timeline.
 2. F1, then "Incident: Declare P0": type a title, Enter, tick "Production Down", then Enter until it is declared.
 3. Post a status update, change the phase, and watch the timeline and the status bar.
 4. F1, then "Firebreak: Sync with GitHub": the incident is an issue of the demo GitHub. Comment there, sync again.
 5. In a terminal of that VS Code: make help, make backlog-add type=bug severity=P2 title="…", firebreak list,
    firebreak sync --repo ${gitHub.repository}

Ctrl-C ends everything.`);
}
