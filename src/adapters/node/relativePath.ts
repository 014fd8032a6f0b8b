import { FileError } from '../../core/ports/files.ts';

/**
 * The segments of a path of the port. No path may say `..` or be absolute, whatever it would lead to; the empty path is
 * the root itself.
 * @throws FileError `outside`
 */
export function segmentsOf(path: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  if (path === '') return [];
  const segments = path.split('/');
  const foreign = platform === 'win32' ? /[\0\\:]/ : /\0/;
  if (foreign.test(path) || segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new FileError('outside', path);
  }
  return segments;
}

/** As {@link segmentsOf}, for a path that has to name something below the root. */
export function namedSegmentsOf(path: string): readonly string[] {
  if (path === '') throw new FileError('outside', path);
  return segmentsOf(path);
}
