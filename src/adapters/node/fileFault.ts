import { FileError, type FileErrorReason } from '../../core/ports/files.ts';

const reasons: Readonly<Record<string, FileErrorReason>> = {
  ENOENT: 'notFound',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  EISDIR: 'isFolder',
  ENOTDIR: 'notFolder',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'readOnly',
  ENOSPC: 'full',
  EDQUOT: 'full',
  // A link that appeared between the check of a path and its use, or a ring of links.
  ELOOP: 'outside',
};

/** The system's own name of an error (`ENOENT`), where it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a failed call of the file system means to callers of the port. Errors that are the port's already stay as they are. */
export function fileFault(path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  return new FileError(reasons[systemCode(error) ?? ''] ?? 'failed', path, { cause: error });
}

/** Whether an error says that there is nothing at a path, be it that something above it is missing or no folder. */
export function isAbsence(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
