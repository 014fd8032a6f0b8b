import { FrontMatterError } from './frontMatterError.ts';

/** Where the front matter of a document stands. Offsets in its text. */
export interface Fences {
  /** The line after the opening fence. */
  readonly blockStart: number;
  /** The closing fence. */
  readonly blockEnd: number;
  /** The line after the closing fence. */
  readonly bodyStart: number;
  /** The line end of the opening fence: added lines get the same. */
  readonly eol: string;
}

export const byteOrderMark = '\ufeff';

export function startOfText(source: string): number {
  return source.startsWith(byteOrderMark) ? 1 : 0;
}

/**
 * Finds the front matter exactly where gray-matter does: `---` at the very top, up to the next line that starts so.
 * @returns undefined when the document has none
 * @throws FrontMatterError for front matter that is no YAML by its own word, and for fences that gray-matter would guess at
 */
export function findFences(source: string): Fences | undefined {
  const start = startOfText(source);
  const lineEnd = source.indexOf('\n', start);
  if (lineEnd < 0 || !source.startsWith('---', start) || source[start + 3] === '-') return undefined;
  const language = source.slice(start + 3, lineEnd).trim();
  if (!/^(?:ya?ml)?$/i.test(language)) {
    throw new FrontMatterError(
      'unsafeFrontMatter',
      `The first line says "${language.slice(0, 40)}" after its fence, and only YAML is read: write \`---\` alone there.`,
      0,
    );
  }
  const close = source.indexOf('\n---', lineEnd);
  if (close < 0) {
    throw new FrontMatterError(
      'brokenFrontMatter',
      'The front matter has no end: put a line with `---` alone below its last value.',
      0,
    );
  }
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(source.slice(close + 4, close + 260));
  if (!rest) {
    throw new FrontMatterError(
      'brokenFrontMatter',
      'The line that ends the front matter holds more than `---`: put `---` alone there.',
      source.slice(0, close + 1).split('\n').length - 1,
    );
  }
  return {
    blockStart: lineEnd + 1,
    blockEnd: close + 1,
    bodyStart: close + 4 + rest[0].length,
    eol: source[lineEnd - 1] === '\r' ? '\r\n' : '\n',
  };
}
