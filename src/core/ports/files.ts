export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  readonly size: number;
}

/**
 * Files below one folder. Paths are relative to it, with forward slashes, and never leave it (`..`, absolute paths and
 * symbolic links that lead out are refused with `outside`).
 */
export interface Files {
  /** undefined when there is nothing. */
  stat(path: string): Promise<FileStat | undefined>;
  /** The direct children; none when the folder is missing. */
  list(folder: string): Promise<readonly DirectoryEntry[]>;
  /** @throws FileError */
  read(path: string): Promise<Uint8Array>;
  /**
   * Replaces or makes a file, whole or not at all, and the folders above it.
   * @param base what `text` was made from; where somebody types in the file meanwhile (an editor), the words are merged
   * @throws FileError
   */
  write(path: string, text: string, base?: string): Promise<void>;
  /** Makes a file that must not be there yet, whole or not at all. @throws FileError with `exists` */
  create(path: string, text: string): Promise<void>;
  /** @throws FileError with `exists` when the target is there */
  move(from: string, to: string): Promise<void>;
  /** Nothing happens when there is nothing. */
  delete(path: string): Promise<void>;
}

export type FileErrorReason =
  | 'notFound'
  | 'exists'
  | 'isFolder'
  | 'notFolder'
  | 'denied'
  | 'readOnly'
  | 'full'
  | 'outside'
  | 'failed';

export class FileError extends Error {
  readonly reason: FileErrorReason;
  readonly path: string;

  constructor(reason: FileErrorReason, path: string, options?: { cause?: unknown }) {
    super(`${path}: ${reason}`, options);
    this.name = 'FileError';
    this.reason = reason;
    this.path = path;
  }

  /** By name, since each bundle (sync has one of its own) holds a copy of this class. */
  static is(error: unknown, ...reasons: FileErrorReason[]): error is FileError {
    if (!(error instanceof Error) || error.name !== 'FileError' || !('reason' in error)) return false;
    return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
  }
}
