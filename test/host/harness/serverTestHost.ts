import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from '../../../scripts/host/chromium.mjs';
import { chromiumFlags } from '../../../scripts/host/chromiumFlags.ts';
import { ensureHost, type ServerHost } from '../../../scripts/host/install.mjs';
import { VsCodeServer } from '../../../scripts/host/server.ts';
import { calmSettings } from '../../../scripts/host/settings.ts';
import { workbenchUrl } from '../../../scripts/host/workbenchUrl.ts';
import type { Launch, TestHost } from './launch.ts';

/** Runs the tests in the extension host of a VS Code server, with its workbench in a headless Chromium. */
export class ServerTestHost implements TestHost {
  private constructor(
    private readonly host: ServerHost,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<ServerTestHost> {
    const host = await ensureHost();
    const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
    return new ServerTestHost(host, browser);
  }

  async run(launch: Launch, signal: AbortSignal): Promise<number> {
    const { suite, scratch, extension, testModule, print } = launch;
    const server = await VsCodeServer.start(this.host, {
      dataFolder: scratch.path('server'),
      extensionsFolder: scratch.path('extensions'),
      env: launch.env,
      trusted: suite.trusted ?? true,
      userSettings: { ...calmSettings('dark'), ...suite.userSettings },
      machineSettings: suite.machineSettings ?? {},
      automation: true,
    });
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
    try {
      const page = await context.newPage();
      const finished = new Promise<number>((resolve, reject) => {
        void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
        page.on('crash', () => reject(new Error('The page of the workbench crashed.')));
        void server.ended.then(() => reject(new Error(`The VS Code server ended:\n${server.printed.slice(-4000)}`)));
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
        for (const line of format(...args).split('\n')) print(line);
      });
      const url = workbenchUrl(server.port, launch.opened, {
        extensionDevelopmentPath: extension,
        extensionTestsPath: testModule,
      });
      await Promise.race([page.goto(url), finished]);
      return await finished;
    } finally {
      await context.close();
      await server.stop();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Copies a server's logs to `target`, for a look after a failure. */
export async function keepLogs(dataFolder: string, target: string): Promise<void> {
  const names = await readdir(dataFolder, { recursive: true }).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.log'))) {
    const copy = path.join(target, name.split(path.sep).slice(-3).join('-'));
    await mkdir(target, { recursive: true });
    await copyFile(path.join(dataFolder, name), copy).catch(() => undefined);
  }
}
