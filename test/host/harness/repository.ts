import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Files by path relative to the folder, with `/`. */
export type Files = Record<string, string | Uint8Array>;

/** Writes files, making the folders they need. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/**
 * Runs git in a folder, as a person with no configuration of their own.
 * @returns what it printed, without the last line end
 * @throws Error with git's message
 */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: path.join(folder, '.no-such-file'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  const { stdout } = await execute('git', args, { cwd: folder, env });
  return stdout.trimEnd();
}

/** Makes a git repository on branch main, by Ada Example, with the files in one commit. */
export async function makeRepository(folder: string, files: Files): Promise<void> {
  await writeFiles(folder, files);
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'config', 'user.name', 'Ada Example');
  await git(folder, 'config', 'user.email', 'ada@example.com');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Start');
}
