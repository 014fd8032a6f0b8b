import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from '../../../scripts/host/chromium.mjs';
import { chromiumFlags } from '../../../scripts/host/chromiumFlags.ts';
import { ensureHost } from '../../../scripts/host/install.mjs';
import { Scratch } from '../../../scripts/host/scratch.ts';
import { VsCodeServer, writeMachineSettings, writeUserSettings } from '../../../scripts/host/server.ts';
import { run } from '../../../scripts/lib/run.mjs';
import { stageExtension } from '../../../scripts/package/contents.mjs';
import { assertNoSecrets } from '../../support/secretScan.ts';

/** What makes one server usable for another test: settings are written anew for each, these cannot be. */
export interface ServerKind {
  trusted: boolean;
  /** Added to the environment of the server and its extension host. */
  env: Record<string, string>;
  /** Extensions to install: `.vsix` files, or folders with a `package.json`. */
  extensions: readonly string[];
}

/** A server with the folder that it lives in. */
export interface PooledServer {
  server: VsCodeServer;
  scratch: Scratch;
  kind: string;
}

/** The servers and the one browser of a test run: started when asked for, kept for the next test that can use them. */
export class ServerPool {
  private browser: Promise<Browser> | undefined;
  private staged: Promise<Scratch> | undefined;
  private readonly idle: PooledServer[] = [];
  private readonly all = new Set<PooledServer>();

  /** The browser, shared by all tests; each has a context of its own. */
  sharedBrowser(): Promise<Browser> {
    this.browser ??= ensureChromium().then((executablePath) =>
      chromium.launch({ executablePath, args: chromiumFlags }),
    );
    return this.browser;
  }

  /** A folder with what the extension's package would hold, as built now. */
  async project(): Promise<string> {
    this.staged ??= Scratch.make('ext');
    const folder = (await this.staged).path('firebreak');
    if (!existsSync(folder)) await stageExtension(folder);
    return folder;
  }

  /** A server of this kind that no other window uses, with these settings. */
  async take(
    kind: ServerKind,
    userSettings: Record<string, unknown>,
    machineSettings: Record<string, unknown>,
  ): Promise<PooledServer> {
    const name = JSON.stringify([kind.trusted, Object.entries(kind.env).sort(), kind.extensions]);
    const found = this.idle.findIndex((candidate) => candidate.kind === name);
    const [pooled] = found >= 0 ? this.idle.splice(found, 1) : [];
    if (pooled) {
      await writeUserSettings(pooled.server.dataFolder, userSettings);
      await writeMachineSettings(pooled.server.dataFolder, machineSettings);
      return pooled;
    }
    const host = await ensureHost();
    const scratch = await Scratch.make('web');
    const dataFolder = scratch.path('server');
    const extensionsFolder = scratch.path('extensions');
    await mkdir(dataFolder);
    await mkdir(extensionsFolder);
    const env = scratch.environment(kind.env);
    for (const extension of kind.extensions) {
      if (extension.endsWith('.vsix')) {
        const folders = ['--extensions-dir', extensionsFolder, '--server-data-dir', dataFolder];
        await run(host.node, [host.serverMain, '--install-extension', extension, ...folders], { env });
      } else {
        await cp(extension, path.join(extensionsFolder, path.basename(extension)), { recursive: true });
      }
    }
    const server = await VsCodeServer.start(host, {
      dataFolder,
      extensionsFolder,
      env,
      trusted: kind.trusted,
      userSettings,
      machineSettings,
    });
    const started = { server, scratch, kind: name };
    this.all.add(started);
    return started;
  }

  /** Gives a server back for the next test. */
  release(pooled: PooledServer): void {
    this.idle.push(pooled);
  }

  /**
   * Ends the browser and all servers. The pool can be used again afterwards.
   * @throws Error when a token was left on a server
   */
  async close(): Promise<void> {
    const browser = this.browser;
    this.browser = undefined;
    await (await browser)?.close();
    const staged = this.staged;
    this.staged = undefined;
    await (await staged)?.remove();
    const servers = [...this.all];
    this.all.clear();
    this.idle.length = 0;
    await Promise.all(
      servers.map(async ({ server, scratch }) => {
        await server.stop();
        try {
          assertNoSecrets(scratch.folder);
        } finally {
          await scratch.remove();
        }
      }),
    );
  }
}
