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

  static is(error: unknown, ...codes: FrontMatterError['code'][]): error is FrontMatterError {
    return error instanceof FrontMatterError && (codes.length === 0 || codes.includes(error.code));
  }
}
