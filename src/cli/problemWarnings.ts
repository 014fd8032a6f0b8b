import type { Problem } from '../core/problem.ts';
import { plainLine } from './plainText.ts';

/** What is wrong with the files, one line each, with lines counted from one as editors do. */
export function problemWarnings(problems: readonly Problem[], missing: readonly string[]): string[] {
  const warnings = problems.map(({ path, line, message }) =>
    plainLine(`${path}${line === undefined ? '' : `:${line + 1}`}: ${message}`),
  );
  if (missing.length > 0) {
    warnings.push(
      `${missing.length} ${missing.length === 1 ? 'file is' : 'files are'} not in this checkout, but kept in the journal: "firebreak restore" writes them back.`,
    );
  }
  return warnings;
}
