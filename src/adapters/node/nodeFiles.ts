import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, realpath, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type DirectoryEntry, FileError, type FileStat, type Files } from '../../core/ports/files.ts';
import { createFile, isWithoutLinks, patientRename, replaceFile } from './atomicFile.ts';
import { fileFault, isAbsence, systemCode } from './fileFault.ts';
import { namedSegmentsOf, segmentsOf } from './relativePath.ts';

/** A pipe must not be waited for, and a link that was put there after the check must not be followed. */
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** Opening so changes nothing, not even a time stamp. */
const writeFlags = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

interface Place {
  /** Where the path leads to, links resolved as far as there is something. */
  readonly real: string;
  readonly exists: boolean;
}

/** Files of this machine below one folder. The empty path is that folder. */
export class NodeFiles implements Files {
  readonly root: string;
  readonly #mode: number | undefined;
  #realRoot: string | undefined;

  /**
   * @param root an absolute path; made with the first file when it is missing
   * @param options.mode permission bits of new files, and of folders with the right to enter added: 0o600 for what is
   * private. The system's own defaults otherwise.
   */
  constructor(root: string, options: { readonly mode?: number } = {}) {
    this.root = root;
    this.#mode = options.mode;
  }

  async stat(filePath: string): Promise<FileStat | undefined> {
    return this.#run(filePath, async () => {
      const place = await this.#place(filePath, segmentsOf(filePath));
      if (!place.exists) return undefined;
      const found = await stat(place.real).catch(undefinedWhenAbsent);
      return found && { kind: kindOf(found), size: found.size };
    });
  }

  async list(folder: string): Promise<readonly DirectoryEntry[]> {
    return this.#run(folder, async () => {
      const place = await this.#place(folder, segmentsOf(folder));
      if (!place.exists) return [];
      const entries = await readdir(place.real, { withFileTypes: true }).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return [];
        throw error;
      });
      return Promise.all(
        entries.map(async (entry) => ({ name: entry.name, kind: await this.#kindOfEntry(place.real, entry) })),
      );
    });
  }

  async read(filePath: string): Promise<Uint8Array> {
    return this.#run(filePath, async () => {
      const place = await this.#place(filePath, namedSegmentsOf(filePath));
      if (!place.exists) throw new FileError('notFound', filePath);
      const handle = await open(place.real, readFlags);
      try {
        const found = await handle.stat();
        if (found.isDirectory()) throw new FileError('isFolder', filePath);
        if (!found.isFile()) throw new FileError('failed', filePath);
        return await readAll(handle, found.size);
      } finally {
        await handle.close();
      }
    });
  }

  async write(filePath: string, text: string): Promise<void> {
    await this.#run(filePath, async () => {
      const target = await this.#placeToWrite(filePath);
      const old = await stat(target).catch(undefinedWhenAbsent);
      if (old?.isDirectory()) throw new FileError('isFolder', filePath);
      if (!old) return replaceFile(target, text, { mode: this.#mode });
      // Replacing needs no right to the file itself, but who made it read-only meant it.
      await (await open(target, writeFlags)).close();
      await replaceFile(target, text, { mode: old.mode & 0o7777, owner: old });
    });
  }

  async create(filePath: string, text: string): Promise<void> {
    await this.#run(filePath, async () => {
      await createFile(await this.#placeToWrite(filePath), text, { mode: this.#mode });
    });
  }

  async move(from: string, to: string): Promise<void> {
    await this.#run(from, async () => {
      const source = await this.#entry(from);
      const moved = source && (await lstat(source).catch(undefinedWhenAbsent));
      if (!moved) throw new FileError('notFound', from);
      const target = await this.#run(to, () => this.#newEntry(to));
      const there = await lstat(target).catch(undefinedWhenAbsent);
      // Where case does not count, the new spelling of a name is the same file.
      const respelled = there?.ino === moved.ino && there.dev === moved.dev && source !== target;
      if (there && !(respelled && source.toLowerCase() === target.toLowerCase())) throw new FileError('exists', to);
      if (there || !moved.isFile()) return patientRename(source, target);
      await this.#run(to, () => moveFile(source, target));
    });
  }

  async delete(filePath: string): Promise<void> {
    await this.#run(filePath, async () => {
      const entry = await this.#entry(filePath);
      const found = entry && (await lstat(entry).catch(undefinedWhenAbsent));
      if (!found) return;
      if (found.isDirectory()) throw new FileError('isFolder', filePath);
      await unlink(entry).catch(undefinedWhenAbsent);
    });
  }

  async #run<T>(filePath: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw fileFault(filePath, error);
    }
  }

  /** Where a path leads to. @throws FileError `outside` when that is not below the root */
  async #place(filePath: string, segments: readonly string[]): Promise<Place> {
    this.#realRoot ??= await realpath(this.root).catch(undefinedWhenAbsent);
    const root = this.#realRoot;
    if (root !== undefined) {
      const found = await realpath(path.join(root, ...segments)).catch(undefinedWhenAbsent);
      if (found !== undefined) return { real: this.#below(root, found, filePath), exists: true };
    }
    // The root itself may have been moved or linked elsewhere since.
    const rootNow = await realpath(this.root).catch(undefinedWhenAbsent);
    if (rootNow !== root) {
      this.#realRoot = rootNow;
      if (rootNow !== undefined) return this.#place(filePath, segments);
    }
    if (rootNow === undefined) return { real: path.join(this.root, ...segments), exists: false };
    return { real: await this.#deepest(rootNow, segments, filePath), exists: false };
  }

  /** For something that is not there: its place below the deepest folder that is. */
  async #deepest(root: string, segments: readonly string[], filePath: string): Promise<string> {
    let real = root;
    for (const [index, segment] of segments.entries()) {
      const next = path.join(real, segment);
      const entry = await lstat(next).catch(undefinedWhenAbsent);
      if (!entry) return path.join(real, ...segments.slice(index));
      const found = entry.isSymbolicLink() ? await realpath(next).catch(undefinedWhenAbsent) : next;
      // A link to nowhere: nobody can say that what is written there stays inside.
      if (found === undefined) throw new FileError('outside', filePath);
      real = this.#below(root, found, filePath);
    }
    return real;
  }

  #below(root: string, real: string, filePath: string): string {
    const prefix = root.endsWith(path.sep) ? root : root + path.sep;
    if (real !== root && !real.startsWith(prefix)) throw new FileError('outside', filePath);
    return real;
  }

  /** The place of a file to be written, the folders above it made. */
  async #placeToWrite(filePath: string): Promise<string> {
    const segments = namedSegmentsOf(filePath);
    const { real, exists } = await this.#place(filePath, segments);
    if (!exists) await this.#makeFolder(path.dirname(real), filePath);
    return real;
  }

  /** The directory entry that something is to be moved to, as it is spelled, the folders above it made. */
  async #newEntry(filePath: string): Promise<string> {
    const segments = namedSegmentsOf(filePath);
    const folder = await this.#place(filePath, segments.slice(0, -1));
    if (!folder.exists) await this.#makeFolder(folder.real, filePath);
    return path.join(folder.real, ...segments.slice(-1));
  }

  async #makeFolder(folder: string, filePath: string): Promise<void> {
    try {
      await mkdir(folder, { recursive: true, mode: this.#folderMode() });
    } catch (error) {
      // A file stands where a folder is needed.
      if (systemCode(error) === 'EEXIST') throw new FileError('notFolder', filePath, { cause: error });
      throw error;
    }
  }

  /** The directory entry that a path names, a link at its end not followed; undefined when its folder is missing. */
  async #entry(filePath: string): Promise<string | undefined> {
    const segments = namedSegmentsOf(filePath);
    const folder = await this.#place(filePath, segments.slice(0, -1));
    return folder.exists ? path.join(folder.real, ...segments.slice(-1)) : undefined;
  }

  async #kindOfEntry(folder: string, entry: Dirent): Promise<DirectoryEntry['kind']> {
    if (!entry.isSymbolicLink()) return kindOf(entry);
    const root = this.#realRoot ?? folder;
    try {
      const real = await realpath(path.join(folder, entry.name));
      return kindOf(await stat(this.#below(root, real, entry.name)));
    } catch {
      // It leads out, in a ring, or nowhere: something is there, but neither a file nor a folder of this root.
      return 'other';
    }
  }

  #folderMode(): number | undefined {
    return this.#mode === undefined ? undefined : this.#mode | ((this.#mode & 0o444) >> 2);
  }
}

/** One call for a file of the size that it says; whatever is beyond, for one that grows, after it. */
async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length === size) break;
  }
  if (length <= size) return bytes.subarray(0, length);
  return Buffer.concat([bytes, await handle.readFile()]);
}

function kindOf(found: Stats | Dirent): FileStat['kind'] {
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (!isAbsence(error)) throw error;
}

/** Never onto a file that appeared meanwhile: a second name is made, then the first is taken away. */
async function moveFile(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    return patientRename(source, target);
  }
  await unlink(source);
}
