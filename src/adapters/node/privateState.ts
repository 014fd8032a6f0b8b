import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FirebreakError } from '../../core/errors.ts';
import { FileError } from '../../core/ports/files.ts';
import { findGitFolder, type GitFolder } from './gitFolder.ts';
import { acquireLock } from './lock.ts';
import { NodeFiles } from './nodeFiles.ts';

/** What Firebreak keeps for one root on this machine, outside the tree. */
export interface PrivateState {
  readonly files: NodeFiles;
  /** Where it lies, absolute. */
  readonly folder: string;
  /** Whether it lies in the git folder, and so goes wherever the clone is moved to and is one for all its work trees. */
  readonly shared: boolean;
}

const privateFile = 0o600;
const privateFolder = 0o700;

/**
 * Opens `<git common dir>/firebreak/`, which the extension, the terminal and every window share; where there is no
 * repository, or its git folder can't be written, a folder in the user's own state folder.
 * @param root the root folder, absolute; it must be there
 * @param userStateFolder see {@link defaultUserStateFolder}
 * @throws FirebreakError `readOnly` when neither can be written
 */
export async function openPrivateState(root: string, userStateFolder: string): Promise<PrivateState> {
  const realRoot = await realpath(root);
  const git = await findGitFolder(realRoot);
  if (git && (await isUsable(git.commonDir, inGitFolder(git, realRoot)))) {
    return stateIn(path.join(git.commonDir, ...inGitFolder(git, realRoot)), true);
  }
  const own = shortHash(realRoot, 16);
  await mkdir(userStateFolder, { recursive: true, mode: privateFolder }).catch(() => undefined);
  if (await isUsable(userStateFolder, [own])) return stateIn(path.join(userStateFolder, own), false);
  throw new FirebreakError(
    'readOnly',
    `Firebreak can't keep its private state: neither the git folder nor ${userStateFolder} can be written.`,
  );
}

/**
 * Opens what all clones of this user on this machine share about one server: locks, and the pace of requests. Where the
 * user's own state folder can't be written it is the clone's.
 * @param origin `https://api.github.com`
 */
export async function openServerState(
  origin: string,
  userStateFolder: string,
  clone: PrivateState,
): Promise<PrivateState> {
  const name = `server-${shortHash(origin, 16)}`;
  await mkdir(userStateFolder, { recursive: true, mode: privateFolder }).catch(() => undefined);
  const above = (await isUsable(userStateFolder, [name])) ? userStateFolder : clone.folder;
  if (above === clone.folder) await isUsable(above, [name]);
  return stateIn(path.join(above, name), false);
}

/** Whether there is private state of a root, from an earlier start or another process. Makes nothing. */
export async function hasPrivateState(root: string, userStateFolder: string): Promise<boolean> {
  try {
    const realRoot = await realpath(root);
    const git = await findGitFolder(realRoot);
    const folders = [path.join(userStateFolder, shortHash(realRoot, 16))];
    if (git) folders.push(path.join(git.commonDir, ...inGitFolder(git, realRoot)));
    const found = await Promise.all(
      folders.map((folder) => lstat(path.join(folder, originFile)).catch(() => undefined)),
    );
    return found.some((file) => file?.isFile());
  } catch {
    return false;
  }
}

/** `$XDG_STATE_HOME/firebreak` or what stands for it on this system. */
export function defaultUserStateFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') {
    return path.win32.join(environment.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'), 'Firebreak', 'State');
  }
  const xdg = environment.XDG_STATE_HOME;
  // The specification: a path that is not absolute counts as none.
  if (xdg?.startsWith('/')) return path.posix.join(xdg, 'firebreak');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Firebreak');
  return path.posix.join(home, '.local', 'state', 'firebreak');
}

const originFile = 'origin';
const originForm = /^[0-9a-f]{6}$/;
const originPatienceMs = 5_000;

/**
 * The random id of the clone: six hexadecimal digits, chosen once. Processes that ask at the same time get the same.
 * @throws FileError when it can't be kept
 */
export async function originOf(state: PrivateState): Promise<string> {
  for (let waitedMs = 0; ; waitedMs += 20) {
    const known = await readOrigin(state);
    if (known !== undefined) return known;
    const lock = await acquireLock(state, originFile);
    try {
      if (lock) return (await readOrigin(state)) ?? (await writeOrigin(state));
    } finally {
      await lock?.dispose();
    }
    if (waitedMs >= originPatienceMs) throw new FileError('failed', originFile);
    await pause(20);
  }
}

async function readOrigin(state: PrivateState): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await state.files.read(originFile)).trim();
    return originForm.test(text) ? text : undefined;
  } catch (error) {
    if (FileError.is(error, 'notFound')) return undefined;
    throw error;
  }
}

async function writeOrigin(state: PrivateState): Promise<string> {
  const origin = randomBytes(3).toString('hex');
  await state.files.write(originFile, `${origin}\n`);
  return origin;
}

function stateIn(folder: string, shared: boolean): PrivateState {
  return { files: new NodeFiles(folder, { mode: privateFile }), folder, shared };
}

/** Two roots in one repository have nothing in common: the same path means another file in each. */
function inGitFolder(git: GitFolder, realRoot: string): readonly string[] {
  const within = path.relative(git.workTree, realRoot).split(path.sep).join('/');
  return within === '' ? ['firebreak'] : ['firebreak', `root-${shortHash(within, 8)}`];
}

function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** Makes the folders, private to this user. A link in place of one is no folder of ours: it may lead anywhere. */
async function isUsable(above: string, names: readonly string[]): Promise<boolean> {
  let folder = above;
  try {
    for (const name of names) {
      folder = path.join(folder, name);
      await mkdir(folder, { mode: privateFolder }).catch(() => undefined);
      const found = await lstat(folder);
      if (!found.isDirectory()) return false;
      if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) await chmod(folder, privateFolder);
    }
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
