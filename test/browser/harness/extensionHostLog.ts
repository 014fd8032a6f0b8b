import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './eventually.ts';

const startTimeoutMs = 90_000;

/** The logs of the extension hosts of one server: each window, and each reload, starts a new one. */
export class ExtensionHostLog {
  constructor(private readonly dataFolder: string) {}

  /** The folders of the extension hosts that there were so far. */
  async hosts(): Promise<string[]> {
    const logs = path.join(this.dataFolder, 'data/logs');
    const found: string[] = [];
    for (const start of await readdir(logs).catch(() => [])) {
      for (const name of await readdir(path.join(logs, start))) {
        if (name.startsWith('exthost')) found.push(path.join(logs, start, name));
      }
    }
    return found;
  }

  /**
   * Waits until an extension host that is not among `before` has activated what starts by itself: from then on keys
   * and commands reach the extensions.
   * @returns its folder
   */
  async started(before: readonly string[]): Promise<string> {
    return eventually(
      'the extension host to start',
      async () => {
        for (const host of await this.hosts()) {
          if (!before.includes(host) && (await text(host)).includes('Eager extensions activated')) return host;
        }
        return undefined;
      },
      startTimeoutMs,
    );
  }

  /** Waits until the extension host has begun to activate an extension. */
  async activated(host: string, extensionId: string): Promise<void> {
    await eventually(`${extensionId} to become active`, async () =>
      (await text(host)).includes(`_doActivateExtension ${extensionId},`),
    );
  }

  /** What extensions and VS Code logged in one extension host, output channels included. */
  async everything(host: string): Promise<string> {
    const names = (await readdir(host, { recursive: true })).filter((name) => name.endsWith('.log')).sort();
    const parts = names.map(async (name) => `== ${name}\n${await readFile(path.join(host, name), 'utf8')}`);
    return (await Promise.all(parts)).join('\n');
  }
}

async function text(host: string): Promise<string> {
  return readFile(path.join(host, 'remoteexthost.log'), 'utf8').catch(() => '');
}
