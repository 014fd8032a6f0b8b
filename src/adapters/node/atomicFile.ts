import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryName } from '../../core/temporaryName.ts';
import { systemCode } from './fileFault.ts';

export interface FileAttributes {
  /** Permission bits, whatever the umask says; those of a new file otherwise. */
  readonly mode?: number;
  /** Kept where the system allows it: `sudo` must not take a file from its owner. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** What differs between systems, as arguments so that both roads can be walked in a test. */
export interface FileSystemCalls {
  readonly link: (existing: string, created: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
}

const systemCalls: FileSystemCalls = { link, rename: patientRename };

/** File systems without hard links (FAT, some network and container mounts) answer with one of these. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);

export function isWithoutLinks(error: unknown): boolean {
  return noLinks.has(systemCode(error) ?? '');
}

/** Replaces or makes a file whole or not at all, and lasting once this returns. The folder must be there. */
export async function replaceFile(
  target: string,
  text: string,
  attributes: FileAttributes = {},
  calls: FileSystemCalls = systemCalls,
): Promise<void> {
  await throughTemporary(target, text, attributes, (temporary) => calls.rename(temporary, target));
}

/**
 * Makes a file whole or not at all; of several processes one succeeds. The folder must be there.
 * @throws the system's `EEXIST` when something has the name
 */
export async function createFile(
  target: string,
  text: string,
  attributes: FileAttributes = {},
  calls: FileSystemCalls = systemCalls,
): Promise<void> {
  await throughTemporary(target, text, attributes, async (temporary) => {
    try {
      await calls.link(temporary, target);
    } catch (error) {
      if (!isWithoutLinks(error)) throw error;
      await replaceClaimed(temporary, target, calls);
    }
  });
}

/** Without links: an empty file claims the name, and the whole one replaces it. */
async function replaceClaimed(temporary: string, target: string, calls: FileSystemCalls): Promise<void> {
  await (await open(target, 'wx')).close();
  try {
    await calls.rename(temporary, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

async function throughTemporary(
  target: string,
  text: string,
  attributes: FileAttributes,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(target);
  const temporary = path.join(folder, temporaryName(randomBytes(6).toString('hex')));
  try {
    const handle = await open(temporary, 'wx', attributes.mode ?? 0o666);
    try {
      await setAttributes(handle, attributes);
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

async function setAttributes(handle: FileHandle, { mode, owner }: FileAttributes): Promise<void> {
  if (owner && process.platform !== 'win32') {
    const made = await handle.stat();
    // Only root may give files away. For everybody else the file becomes theirs, as with any editor that saves so.
    if (made.uid !== owner.uid || made.gid !== owner.gid)
      await handle.chown(owner.uid, owner.gid).catch(() => undefined);
  }
  if (mode !== undefined) await handle.chmod(mode);
}

/** A new name is only lasting when its folder is on disk too. Systems that can't do this for a folder do without. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is there and whole; that its name outlasts a power cut was the most that could be wished for.
  }
}

const heldOpen = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** On Windows a scanner or an editor that has the target open for a moment makes a rename fail. */
export async function patientRename(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  renameOnce: typeof rename = rename,
): Promise<void> {
  for (let waitMs = 10; ; waitMs *= 2) {
    try {
      return await renameOnce(from, to);
    } catch (error) {
      if (platform !== 'win32' || waitMs > 1000 || !heldOpen.has(systemCode(error) ?? '')) throw error;
      await pause(waitMs);
    }
  }
}
