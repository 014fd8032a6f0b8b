import type { ProblemCode } from '../core/problem.ts';

/** Front matter that can't be read, or can't be changed without a guess. The message says what to do. */
export class FrontMatterError extends Error {
  readonly code: Extract<ProblemCode, 'brokenFrontMatter' | 'unsafeFrontMatter' | 'conflictMarkers'>;
  /** Zero-based line in the file, where one is to blame. */
  readonly line: number | undefined;

  constructor(code: FrontMatterError['code'], message: string, line?: number, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FrontMatterError';
    this.code = code;
    this.line = line;
  }

  /** By name, since each bundle (sync has one of its own) holds a copy of this class. */
  static is(error: unknown, ...codes: FrontMatterError['code'][]): error is FrontMatterError {
    if (!(error instanceof Error) || error.name !== 'FrontMatterError' || !('code' in error)) return false;
    return codes.length === 0 || codes.some((code) => code === error.code);
  }
}
