import matter from 'gray-matter';
import { isScalar, isSeq } from 'yaml';
import { hasMarker, type OurSide, takeOurs } from './conflicts.ts';
import { byteOrderMark, type Fences, findFences, startOfText } from './fences.ts';
import { FrontMatterError } from './frontMatterError.ts';
import { readSimpleYaml } from './simpleYaml.ts';
import { spliceKey } from './yamlSplice.ts';
import { lineAt, parseYaml, YamlError } from './yamlText.ts';
import { type FrontMatterValue, formatEntry } from './yamlValue.ts';

export type { FrontMatterValue } from './yamlValue.ts';

export interface FrontMatter {
  /** YAML 1.2 core values: dates and times stay text. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What is below the closing fence and at most one blank line after it, with LF line ends. */
  readonly body: string;
  readonly hasBlock: boolean;
  /** Keys whose lines git left in conflict. `data` holds our side of them; the records decide. */
  readonly conflicted: ReadonlySet<string>;
  /** What is wrong, but clear. */
  readonly warnings: readonly FrontMatterWarning[];
  /** Zero-based line in the file of each key. */
  readonly lines: Readonly<Record<string, number>>;
  /** A scalar exactly as it is written, where YAML makes a number or a truth value of it (`id: 007`, `title: 1.10`). */
  text(key: string): string | undefined;
  /** The scalars of a list, each like `text`. */
  texts(key: string): readonly string[] | undefined;
}

export interface FrontMatterWarning {
  readonly code: FrontMatterError['code'];
  readonly message: string;
  /** Zero-based line in the file. */
  readonly line: number;
}

interface Mistake {
  readonly message: string;
  readonly line: number;
}

/** What one block of YAML gave. */
interface Block {
  readonly data: Record<string, unknown>;
  /** Zero-based lines in the file. */
  readonly lines: Readonly<Record<string, number>>;
  /** Scalars, and lists of them, whose text is not what their value prints. */
  readonly written: Readonly<Record<string, string | readonly string[]>>;
  readonly mistakes: readonly Mistake[];
}

const noKeys: ReadonlySet<string> = new Set();
const noWarnings: readonly FrontMatterWarning[] = [];

/**
 * Reads a document. Nothing in it is evaluated, whatever language its front matter claims.
 * @throws FrontMatterError
 */
export function parseFrontMatter(source: string): FrontMatter {
  const ours = conflictIn(source);
  const text = ours?.source ?? source;
  const fences = findFences(text);
  if (!fences) return frontMatter(noBlock, bodyOf(text, undefined), false);
  try {
    const block = readBlock(text);
    return frontMatter(ours ? inFile(block, ours) : block, bodyOf(text, fences), true, ours);
  } catch (error) {
    throw explained(error, text.slice(0, fences.blockEnd), fences.blockStart, (line) => ours?.lines[line] ?? line);
  }
}

const noBlock: Block = { data: {}, lines: {}, written: {}, mistakes: [] };

/** A block read from our side of a conflict, with the lines of the file itself. */
function inFile(block: Block, { lines }: OurSide): Block {
  const found = (line: number) => lines[line] ?? line;
  return {
    ...block,
    lines: Object.fromEntries(Object.entries(block.lines).map(([key, line]) => [key, found(line)])),
    mistakes: block.mistakes.map((mistake) => ({ ...mistake, line: found(mistake.line) })),
  };
}

function frontMatter(block: Block, body: string, hasBlock: boolean, ours?: OurSide): FrontMatter {
  const { data, lines, written, mistakes } = block;
  const warnings = ours
    ? [conflictWarning(ours.line), ...mistakes.map(mistakeWarning)]
    : mistakes.length > 0
      ? mistakes.map(mistakeWarning)
      : noWarnings;
  return {
    data,
    body,
    hasBlock,
    conflicted: ours?.keys ?? noKeys,
    warnings,
    lines,
    text(key) {
      const exact = Object.hasOwn(written, key) ? written[key] : undefined;
      return typeof exact === 'string' ? exact : scalarText(Object.hasOwn(data, key) ? data[key] : undefined);
    },
    texts(key) {
      const exact = Object.hasOwn(written, key) ? written[key] : undefined;
      if (typeof exact === 'object') return exact;
      const value = Object.hasOwn(data, key) ? data[key] : undefined;
      return Array.isArray(value) ? value.map(scalarText).filter((text) => text !== undefined) : undefined;
    },
  };
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/**
 * Text that gray-matter takes for a Buffer. It copies a string into one, which costs time and is impossible in a browser;
 * what it takes for a Buffer it leaves alone.
 */
class BufferLike {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static isBuffer(): boolean {
    return true;
  }

  toString(): string {
    return this.#text;
  }
}

const refuse = (): never => {
  throw new FrontMatterError(
    'unsafeFrontMatter',
    'Only YAML front matter is read: write `---` alone on the first line.',
    0,
  );
};

// gray-matter evaluates `---js` and `---coffee`. `findFences` lets no such document come this far; should it ever, no engine
// that evaluates is left to be found, by any of the names that gray-matter knows.
const refusedEngines = Object.fromEntries(
  ['javascript', 'js', 'coffee', 'coffeescript', 'cson', 'json', 'toml'].map((name) => [name, refuse]),
);

function readBlock(source: string): Block {
  let block: Block | undefined;
  const yaml = (text: string) => {
    // From the end of the opening fence to the line end before the closing one, which ends the last line of the block.
    block = readYamlBlock(`${text.slice(text.indexOf('\n') + 1)}\n`);
    return block.data;
  };
  // Options also keep its cache out, which answers `{}` for bad YAML the second time and shares values between callers.
  const input = { content: new BufferLike(source) as unknown as string };
  const { data } = matter(input, { language: 'yaml', engines: { ...refusedEngines, yaml, yml: yaml } });
  // For a block of comments alone no engine is asked.
  return block ?? { ...noBlock, data };
}

/** The line below the opening fence, in a file whose first line that is. */
const firstLine = 1;

function readYamlBlock(text: string): Block {
  const simple = readSimpleYaml(text, firstLine);
  if (simple) return { ...simple, written: {}, mistakes: [] };
  const yaml = parseYaml(text);
  const lines: Record<string, number> = {};
  const written: Record<string, string | readonly string[]> = {};
  for (const { key, value } of yaml.map?.items ?? []) {
    // Keys that plain objects have anyway are nobody's metadata.
    if (!isScalar(key) || String(key.value) in Object.prototype) continue;
    const name = String(key.value);
    lines[name] = lineAt(text, key.range?.[0] ?? 0) + firstLine;
    const exact = isSeq(value) ? value.items.map(writtenScalar) : writtenScalar(value);
    if (typeof exact === 'string') written[name] = exact;
    else if (exact) written[name] = exact.filter((item) => item !== undefined);
  }
  const mistakes = yaml.mistakes.map(({ message, offset }) => ({ message, line: lineAt(text, offset) + firstLine }));
  return { data: yaml.data, lines, written, mistakes };
}

function writtenScalar(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'number' || typeof node.value === 'boolean' ? node.source : scalarText(node.value);
}

function bodyOf(source: string, fences: Fences | undefined): string {
  if (!fences) return toLf(source.slice(startOfText(source)));
  return toLf(source.slice(fences.bodyStart)).replace(/^\n/, '');
}

function toLf(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/** Our side of the document when git left a conflict in its front matter. */
function conflictIn(source: string): OurSide | undefined {
  const start = startOfText(source);
  if (source.startsWith('<<<<<<<', start)) {
    // Both sides added the file. With no front matter on our side it is a conflict in prose, which anybody can read.
    const ours = takeOurs(source, start + 1);
    return findFences(ours.source) ? ours : undefined;
  }
  if (!/\n[<=>]{7}/.test(source)) return undefined;
  const fences = findFences(source);
  if (!fences || !hasMarker(source.slice(fences.blockStart, fences.blockEnd))) return undefined;
  return takeOurs(source, fences.blockEnd);
}

function conflictWarning(line: number): FrontMatterWarning {
  const message = 'Git left a merge conflict in the front matter: resolve it; until then the recorded values count.';
  return { code: 'conflictMarkers', message, line };
}

function conflictError({ line }: OurSide): FrontMatterError {
  return new FrontMatterError(
    'conflictMarkers',
    'Git left a merge conflict in the front matter: resolve it before the file can be changed.',
    line,
  );
}

function mistakeWarning({ message, line }: Mistake): FrontMatterWarning {
  return { code: 'brokenFrontMatter', message: `Not every tool can read line ${line + 1}: ${message}.`, line };
}

function explained(error: unknown, source: string, start: number, lineInFile: (line: number) => number): unknown {
  if (!(error instanceof YamlError)) return error;
  const line = lineInFile(lineAt(source, start + error.offset));
  return new FrontMatterError(
    'brokenFrontMatter',
    `The front matter is no valid YAML: in line ${line + 1} ${error.message}. Correct that line.`,
    line,
    { cause: error },
  );
}

/**
 * Changes front-matter values in the text of a document and nothing else: byte order mark, line ends, comments, order and
 * style of all other lines stay as they are. A missing key of ours is put below the last one of ours, any other before the
 * closing fence; a missing block is put on top.
 * @param changes by key; undefined takes the key away
 * @returns the same text when nothing changes
 * @throws FrontMatterError when the front matter is broken or in conflict: there is no safe place to write to
 */
export function spliceFrontMatter(
  source: string,
  changes: Readonly<Record<string, FrontMatterValue | undefined>>,
): string {
  const conflict = conflictIn(source);
  if (conflict) throw conflictError(conflict);
  const fences = findFences(source);
  if (!fences) return withBlock(source, changes);
  let block = source.slice(fences.blockStart, fences.blockEnd);
  try {
    for (const [key, value] of Object.entries(changes)) block = spliceKey(block, key, value, fences.eol);
  } catch (error) {
    throw explained(error, source.slice(0, fences.blockStart) + block, fences.blockStart, (line) => line);
  }
  return source.slice(0, fences.blockStart) + block + source.slice(fences.blockEnd);
}

function withBlock(source: string, changes: Readonly<Record<string, FrontMatterValue | undefined>>): string {
  const eol = firstEol(source);
  const start = startOfText(source);
  const entries: string[] = [];
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined) entries.push(formatEntry(key, value, '', eol) + eol);
  }
  if (entries.length === 0) return source;
  const rest = source.slice(start);
  return `${source.slice(0, start)}---${eol}${entries.join('')}---${eol}${rest === '' ? '' : eol}${rest}`;
}

function firstEol(source: string): string {
  return source[source.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

/**
 * Exchanges what is below the front matter, keeping the front matter's bytes, the byte order mark and the line ends.
 * @returns the same text when the body is the same but for its final line end
 * @throws FrontMatterError when it can't be told where the front matter ends
 */
export function replaceBody(source: string, body: string): string {
  const conflict = conflictIn(source);
  if (conflict) throw conflictError(conflict);
  const fences = findFences(source);
  const wanted = toLf(body).replace(/\n$/, '');
  if (bodyOf(source, fences).replace(/\n$/, '') === wanted) return source;
  const eol = fences?.eol ?? firstEol(source);
  const text = wanted === '' ? '' : `${wanted}\n`.replaceAll('\n', eol);
  if (!fences) {
    // A body that looks like front matter must stay a body, wherever it comes from.
    const block = wanted.startsWith('---') ? `---${eol}---${eol}` : '';
    return `${source.startsWith(byteOrderMark) ? byteOrderMark : ''}${block}${text}`;
  }
  const head = source.slice(0, fences.bodyStart);
  const blank = /^\r?\n/.exec(source.slice(fences.bodyStart))?.[0] ?? (wanted.startsWith('\n') ? eol : '');
  return `${head}${head.endsWith('\n') ? '' : eol}${text === '' ? '' : blank}${text}`;
}

/** A new document: LF line ends, keys in the order given. Reading it gives the body again, with a final line end. */
export function formatFrontMatter(entries: readonly (readonly [string, FrontMatterValue])[], body: string): string {
  const lines = entries.map(([key, value]) => `${formatEntry(key, value, '', '\n')}\n`);
  const blank = body.startsWith('\n') ? '\n' : '';
  return `---\n${lines.join('')}---\n${blank}${body}${body === '' || body.endsWith('\n') ? '' : '\n'}`;
}
