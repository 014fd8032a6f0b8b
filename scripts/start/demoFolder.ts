import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { demoMark, makeDemo } from '../../demo/make.mjs';

const execute = promisify(execFile);

/** The folders of a demo on disk. */
export interface DemoFolder {
  /** The git repository to work in. */
  shop: string;
  /** What `git push` goes to. */
  origin: string;
  /** VS Code's own data: settings, logs, extensions. */
  data: string;
  /** Programs for its terminals: `firebreak`. */
  bin: string;
  /** False when an earlier demo was found and left as it was. */
  made: boolean;
}

/**
 * Makes the demo in a folder, or finds the one that is there: work in it survives a second start. `fresh` throws it away
 * first.
 * @throws Error when the folder holds something else: nothing is ever deleted that is not a demo
 */
export async function prepareDemo(folder: string, root: string, fresh: boolean): Promise<DemoFolder> {
  const mark = path.join(folder, demoMark);
  if (existsSync(folder) && !existsSync(mark) && (await isUsed(folder))) {
    throw new Error(`${folder} is not empty and no demo of Firebreak. Name another one with --folder.`);
  }
  if (fresh && existsSync(mark)) await rm(folder, { recursive: true, force: true });
  const shop = path.join(folder, 'shop');
  const made = !existsSync(shop);
  if (made) makeDemo(folder);
  await ensureIdentity(shop);
  const demo = {
    shop,
    origin: path.join(folder, 'origin.git'),
    data: path.join(folder, 'data'),
    bin: path.join(folder, 'bin'),
    made,
  };
  await writeCommand(demo.bin, path.join(root, 'dist/firebreak.js'));
  return demo;
}

async function isUsed(folder: string): Promise<boolean> {
  return (await readdir(folder)).length > 0;
}

/** Who has no name in git gets one here: commits need it, and Firebreak proposes it as the commander. */
async function ensureIdentity(shop: string): Promise<void> {
  for (const [key, value] of [
    ['user.name', 'Demo User'],
    ['user.email', 'demo-user@shop.example'],
  ] as const) {
    await execute('git', ['config', key], { cwd: shop }).catch(() =>
      execute('git', ['config', key, value], { cwd: shop }),
    );
  }
}

/** The command line tool as it is called in a terminal, for the demo's Makefile. */
async function writeCommand(bin: string, script: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  const file = path.join(bin, 'firebreak');
  const text = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} "$@"\n`;
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await writeFile(file, text);
  await chmod(file, 0o755);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
