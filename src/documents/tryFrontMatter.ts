import type { Problem } from '../core/problem.ts';
import { type FrontMatter, parseFrontMatter } from './frontMatter.ts';
import { FrontMatterError } from './frontMatterError.ts';

/** Front matter, or the problem that says why there is none. */
export function tryFrontMatter(path: string, source: string): FrontMatter | Problem {
  try {
    return parseFrontMatter(source);
  } catch (error) {
    if (!FrontMatterError.is(error)) throw error;
    const { code, message, line } = error;
    return { path, code, message, level: 'error', ...(line === undefined ? {} : { line }) };
  }
}
