import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GuardedProcess } from '../lib/guardedProcess.ts';
import { which } from '../lib/run.mjs';

/**
 * The command of a desktop VS Code that can show a window here, or why there is none. Inside a terminal of VS Code on a
 * remote machine `code` only talks to that VS Code, and would ignore what it is asked for.
 */
export function findDesktop(env: NodeJS.ProcessEnv = process.env): { command: string } | { why: string } {
  if (env.VSCODE_IPC_HOOK_CLI) return { why: 'this is a remote terminal of VS Code' };
  const display = process.platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!display) return { why: 'there is no display' };
  const command = which('code', env.PATH) ?? which('code-insiders', env.PATH) ?? which('codium', env.PATH);
  return command ? { command } : { why: 'there is no command `code`' };
}

export interface DesktopOptions {
  /** The folder of the extension. */
  extension: string;
  /** The folder to open. */
  folder: string;
  /** For settings and extensions, apart from the person's own. */
  data: string;
  settings: Record<string, unknown>;
  env: NodeJS.ProcessEnv;
}

/** Opens desktop VS Code with the extension under development; it ends with this process. */
export async function startDesktop(command: string, options: DesktopOptions): Promise<GuardedProcess> {
  const user = path.join(options.data, 'desktop');
  await mkdir(path.join(user, 'User'), { recursive: true });
  const file = path.join(user, 'User/settings.json');
  await writeFile(file, JSON.stringify({ ...(await settingsIn(file)), ...options.settings }, undefined, 2));
  const args = [
    '--new-window',
    // Without it the command returns at once and the window is nobody's child.
    '--verbose',
    '--disable-workspace-trust',
    `--user-data-dir=${user}`,
    `--extensions-dir=${path.join(options.data, 'desktop-extensions')}`,
    `--extensionDevelopmentPath=${options.extension}`,
    options.folder,
  ];
  return GuardedProcess.start('VS Code', command, args, {
    cwd: options.folder,
    env: options.env,
    logFile: path.join(options.data, 'desktop.log'),
  });
}

async function settingsIn(file: string): Promise<Record<string, unknown>> {
  try {
    const settings: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof settings === 'object' && settings !== null ? { ...settings } : {};
  } catch {
    // There are none yet, or a person wrote comments into them: they are made anew, it is a demo.
    return {};
  }
}
