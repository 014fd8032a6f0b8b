import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GuardedProcess } from '../lib/guardedProcess.ts';
import type { ServerHost } from './install.mjs';

const startTimeoutMs = 60_000;

export interface ServerOptions {
  /** Everything that the server keeps: settings, logs, state. */
  dataFolder: string;
  extensionsFolder: string;
  /** The environment of the server, and so of the extension host and its terminals. */
  env: NodeJS.ProcessEnv;
  /** False leaves workspace trust on: folders open in Restricted Mode. */
  trusted: boolean;
  /** Replaces the user settings; undefined leaves them. */
  userSettings: Record<string, unknown> | undefined;
  /** For settings of scope `machine`, which user settings cannot set in a remote host. */
  machineSettings: Record<string, unknown>;
  /** A port, or 0 for any free one. */
  port?: number;
  /**
   * Lets a page load a test module into the extension host. VS Code then shows no notification and refuses dialogs, so
   * it is not for people, nor for tests that behave as people.
   */
  automation?: boolean;
  /** Only who has it may use the server. None for tests, which trust their own machine. */
  connectionToken?: string;
}

/** A running VS Code server on a loopback port. */
export class VsCodeServer {
  private constructor(
    private readonly process: GuardedProcess,
    readonly dataFolder: string,
    readonly port: number,
    private readonly token: string | undefined,
  ) {}

  /**
   * Writes the settings, starts the server and waits until it listens.
   * @throws Error with the server's output, when it does not come up within a minute
   */
  static async start(host: ServerHost, options: ServerOptions): Promise<VsCodeServer> {
    if (options.userSettings) await writeUserSettings(options.dataFolder, options.userSettings);
    await writeMachineSettings(options.dataFolder, options.machineSettings);
    await mkdir(options.extensionsFolder, { recursive: true });
    // In a file, since everyone on a machine sees the arguments of a process.
    const tokenFile = options.connectionToken ? path.join(options.dataFolder, 'connection-token') : undefined;
    if (tokenFile) await writeFile(tokenFile, options.connectionToken ?? '', { mode: 0o600 });
    const args = [
      host.serverMain,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
      ...(tokenFile ? ['--connection-token-file', tokenFile] : ['--without-connection-token']),
      ...['--accept-server-license-terms', '--disable-telemetry', '--telemetry-level', 'off'],
      ...['--server-data-dir', options.dataFolder, '--extensions-dir', options.extensionsFolder],
    ];
    if (options.automation) args.push('--enable-smoke-test-driver');
    if (options.trusted) args.push('--disable-workspace-trust');
    const server = await GuardedProcess.start('VS Code server', host.node, args, {
      cwd: options.dataFolder,
      env: options.env,
      logFile: path.join(options.dataFolder, 'server.log'),
    });
    try {
      const listening = await server.waitForOutput(/Extension host agent listening on (\d+)/, startTimeoutMs);
      return new VsCodeServer(server, options.dataFolder, Number(listening[1]), options.connectionToken);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** An address of this server with the token that it asks for. */
  withToken(address: string): string {
    const url = new URL(address);
    if (this.token) url.searchParams.set('tkn', this.token);
    return url.toString();
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  get pid(): number {
    return this.process.pid;
  }

  /** Settles when the server is gone, by {@link stop} or by itself. */
  get ended(): Promise<void> {
    return this.process.ended;
  }

  get printed(): string {
    return this.process.printed;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** Replaces the user settings of a server; an open page notices. */
export async function writeUserSettings(dataFolder: string, settings: Record<string, unknown>): Promise<void> {
  await writeJson(path.join(dataFolder, 'data/User/settings.json'), settings);
}

/** Replaces the settings of scope machine of a server; an open page notices. */
export async function writeMachineSettings(dataFolder: string, settings: Record<string, unknown>): Promise<void> {
  await writeJson(path.join(dataFolder, 'data/Machine/settings.json'), settings);
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
