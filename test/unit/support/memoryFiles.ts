import {
  type DirectoryEntry,
  FileError,
  type FileErrorReason,
  type FileStat,
  type Files,
} from '../../../src/core/ports/files.ts';

/** What a path holds: bytes, or only a size, for a file so large that reading it would be the bug. */
type Content = { readonly bytes: Uint8Array } | { readonly size: number };

/**
 * Files in memory, with the port's own errors. Folders exist through what is in them, or by `folder()`.
 * `reads`, `writes` and `lists` tell what was asked for, in order, so that a test can count.
 */
export class MemoryFiles implements Files {
  readonly reads: string[] = [];
  readonly lists: string[] = [];
  readonly stats: string[] = [];
  readonly writes: string[] = [];
  readonly #contents = new Map<string, Content>();
  /** By folder the names in it, with how many files each stands for: ten thousand files must not slow each other down. */
  readonly #children = new Map<string, Map<string, number>>();
  readonly #folders = new Set<string>();
  readonly #faults = new Map<string, { reason: FileErrorReason; writesOnly: boolean }>();
  #running = 0;
  /** The most operations that were under way at the same time. */
  mostAtOnce = 0;

  /** Puts a file there, bypassing faults and counters: what git, an editor or another window does. */
  put(path: string, content: string | Uint8Array): this {
    this.#set(path, { bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content });
    return this;
  }

  /** Puts a file there that has a size but no bytes: reading it fails the test that does. */
  putSize(path: string, size: number): this {
    this.#set(path, { size });
    return this;
  }

  /** Makes an empty folder. */
  folder(path: string): this {
    this.#folders.add(path);
    return this;
  }

  /** Takes a file or folder away, as a checkout or `git clean` does. */
  remove(path: string): this {
    for (const candidate of this.#children.has(path) ? [...this.#contents.keys()] : [path])
      if (isAtOrBelow(candidate, path)) this.#forget(candidate);
    for (const candidate of [...this.#folders]) if (isAtOrBelow(candidate, path)) this.#folders.delete(candidate);
    return this;
  }

  /** Makes every operation on a path, or on anything below it, fail. */
  fail(path: string, reason: FileErrorReason): this {
    this.#faults.set(path, { reason, writesOnly: false });
    return this;
  }

  /** Makes writing to a path, or to anything below it, fail; reading goes on. `''` stands for everything. */
  failWrites(path: string, reason: FileErrorReason): this {
    this.#faults.set(path, { reason, writesOnly: true });
    return this;
  }

  /** Takes back what `fail` or `failWrites` did. */
  mend(path: string): this {
    this.#faults.delete(path);
    return this;
  }

  /** The text of a file; undefined when it is not there. */
  text(path: string): string | undefined {
    const content = this.#contents.get(path);
    return content && 'bytes' in content
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.bytes)
      : undefined;
  }

  /** All files, in the order of their paths. */
  paths(): string[] {
    return [...this.#contents.keys()].sort();
  }

  /** All texts by path: what a test compares before and after. */
  snapshot(): Record<string, string> {
    return Object.fromEntries(this.paths().map((path) => [path, this.text(path) ?? '']));
  }

  forgetCounts(): void {
    for (const counter of [this.reads, this.lists, this.stats, this.writes]) counter.length = 0;
    this.mostAtOnce = 0;
  }

  async stat(path: string): Promise<FileStat | undefined> {
    this.stats.push(path);
    return this.#operation(path, false, () => {
      const content = this.#contents.get(path);
      if (content) return { kind: 'file', size: 'bytes' in content ? content.bytes.length : content.size };
      return this.#isFolder(path) ? { kind: 'folder', size: 0 } : undefined;
    });
  }

  async list(folder: string): Promise<readonly DirectoryEntry[]> {
    this.lists.push(folder);
    return this.#operation(folder, false, () => {
      if (this.#contents.has(folder)) throw new FileError('notFolder', folder);
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = new Set(this.#children.get(folder)?.keys());
      for (const path of this.#folders) {
        if (path.startsWith(prefix) && path !== folder) names.add(path.slice(prefix.length).split('/')[0] ?? '');
      }
      return [...names].map((name) => ({ name, kind: this.#contents.has(prefix + name) ? 'file' : 'folder' }));
    });
  }

  async read(path: string): Promise<Uint8Array> {
    this.reads.push(path);
    return this.#operation(path, false, () => {
      const content = this.#contents.get(path);
      if (!content) throw new FileError(this.#isFolder(path) ? 'isFolder' : 'notFound', path);
      if (!('bytes' in content)) throw new Error(`${path} is ${content.size} bytes and must not be read`);
      return content.bytes.slice();
    });
  }

  async write(path: string, text: string): Promise<void> {
    this.writes.push(path);
    return this.#operation(path, true, () => {
      this.#checkPlace(path);
      this.put(path, text);
    });
  }

  async create(path: string, text: string): Promise<void> {
    this.writes.push(path);
    return this.#operation(path, true, () => {
      if (this.#contents.has(path) || this.#isFolder(path)) throw new FileError('exists', path);
      this.#checkPlace(path);
      this.put(path, text);
    });
  }

  async move(from: string, to: string): Promise<void> {
    this.writes.push(to);
    await this.#operation(from, true, () => undefined);
    return this.#operation(to, true, () => {
      if (!this.#contents.has(from) && !this.#isFolder(from)) throw new FileError('notFound', from);
      if (this.#contents.has(to) || this.#isFolder(to)) throw new FileError('exists', to);
      this.#checkPlace(to);
      for (const [path, content] of [...this.#contents]) {
        if (!isAtOrBelow(path, from)) continue;
        this.#forget(path);
        this.#set(to + path.slice(from.length), content);
      }
      for (const path of [...this.#folders]) {
        if (!isAtOrBelow(path, from)) continue;
        this.#folders.delete(path);
        this.#folders.add(to + path.slice(from.length));
      }
    });
  }

  async delete(path: string): Promise<void> {
    this.writes.push(path);
    return this.#operation(path, true, () => {
      this.remove(path);
    });
  }

  /** Each operation takes a turn of the event loop, as a real one does: order that only luck keeps shows in tests. */
  async #operation<T>(path: string, writes: boolean, act: () => T): Promise<T> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#running);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) {
        throw new FileError('outside', path);
      }
      for (const [place, fault] of this.#faults) {
        if (isAtOrBelow(path, place) && (writes || !fault.writesOnly)) throw new FileError(fault.reason, path);
      }
      return act();
    } finally {
      this.#running--;
    }
  }

  #isFolder(path: string): boolean {
    if (path === '' || this.#folders.has(path) || this.#children.has(path)) return true;
    return [...this.#folders].some((candidate) => candidate.startsWith(`${path}/`));
  }

  #set(path: string, content: Content): void {
    if (!this.#contents.has(path)) this.#count(path, 1);
    this.#contents.set(path, content);
  }

  #forget(path: string): void {
    if (this.#contents.delete(path)) this.#count(path, -1);
  }

  #count(path: string, change: 1 | -1): void {
    for (let end = path.length, start: number; end > 0; end = start) {
      start = Math.max(0, path.lastIndexOf('/', end - 1));
      const folder = path.slice(0, start);
      const name = path.slice(start === 0 ? 0 : start + 1, end);
      const names = this.#children.get(folder) ?? new Map<string, number>();
      const files = (names.get(name) ?? 0) + change;
      if (files === 0) names.delete(name);
      else names.set(name, files);
      if (names.size === 0) this.#children.delete(folder);
      else this.#children.set(folder, names);
    }
  }

  #checkPlace(path: string): void {
    if (this.#isFolder(path)) throw new FileError('isFolder', path);
    const segments = path.split('/');
    for (let end = 1; end < segments.length; end++) {
      const above = segments.slice(0, end).join('/');
      if (this.#contents.has(above)) throw new FileError('notFolder', above);
    }
  }
}

function isAtOrBelow(path: string, place: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}/`);
}

/** Files in memory that hold these texts or bytes. */
export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFiles {
  const files = new MemoryFiles();
  for (const [path, content] of Object.entries(contents)) files.put(path, content);
  return files;
}
