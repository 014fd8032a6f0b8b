import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calmSettings } from '../../../scripts/host/settings.ts';
import { GuardedProcess } from '../../../scripts/lib/guardedProcess.ts';
import { which } from '../../../scripts/lib/run.mjs';
import type { Launch, TestHost } from './launch.ts';

/** Runs the tests in desktop VS Code, as `@vscode/test-electron` downloaded it; under xvfb-run without a display. */
export class ElectronTestHost implements TestHost {
  constructor(private readonly executable: string) {}

  async run(launch: Launch, signal: AbortSignal): Promise<number> {
    const { suite, scratch } = launch;
    const user = scratch.path('user');
    await mkdir(path.join(user, 'User'), { recursive: true });
    // The desktop has one kind of settings: those of scope machine are the user's.
    const settings = { ...calmSettings('dark'), ...suite.userSettings, ...suite.machineSettings };
    await writeFile(path.join(user, 'User/settings.json'), JSON.stringify(settings));
    // As `runTests` of @vscode/test-electron does it; that one always turns workspace trust off.
    const args = [
      ...(('folder' in launch.opened && [launch.opened.folder]) || []),
      ...(('workspaceFile' in launch.opened && [launch.opened.workspaceFile]) || []),
      ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes'],
      ...(suite.trusted === false ? [] : ['--disable-workspace-trust']),
      `--user-data-dir=${user}`,
      `--extensions-dir=${scratch.path('extensions')}`,
      `--extensionDevelopmentPath=${launch.extension}`,
      `--extensionTestsPath=${launch.testModule}`,
    ];
    const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
    const xvfb = headless ? which('xvfb-run') : undefined;
    const [program, all] = xvfb ? [xvfb, ['--auto-servernum', this.executable, ...args]] : [this.executable, args];
    const code = await GuardedProcess.start('VS Code', program, all, { env: launch.env, print: launch.print });
    const stop = () => void code.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await code.ended;
      signal.throwIfAborted();
      return code.status;
    } finally {
      signal.removeEventListener('abort', stop);
      await code.stop();
    }
  }

  async close(): Promise<void> {
    // Each run ends its own VS Code.
  }
}
