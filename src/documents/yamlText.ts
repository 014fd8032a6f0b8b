import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';

/** YAML that can't be read. The message is half a sentence: what is wrong there, and what to do. */
export class YamlError extends Error {
  /** Where in the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'YamlError';
    this.offset = offset;
  }
}

/** What other readers of YAML would refuse, though it is clear what was meant. */
export interface YamlMistake {
  readonly message: string;
  readonly offset: number;
}

/** A YAML text that holds keys and values, with the tokens it was read from. */
export interface YamlText {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly document: Document.Parsed;
  /** null when the text holds nothing but comments. */
  readonly map: YAMLMap.Parsed | null;
  readonly mistakes: readonly YamlMistake[];
}

// YAML 1.2 core: dates and `12:30` stay text, and no tag makes anything but plain values.
const options = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: true,
  stringKeys: true,
  strict: true,
  merge: false,
  resolveKnownTags: false,
  keepSourceTokens: true,
  prettyErrors: false,
  // `silent` would let a second document in the text pass unseen.
  logLevel: 'error',
} as const;

/** A small file must not fill the memory by aliases of aliases. */
const maxAliasCount = 100;

/** Metadata is short. The parser takes a second for this much. */
const maxLength = 512 * 1024;

/** What to do about the mistakes that people make; other messages of the parser speak for themselves. */
const advice: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a value with ": " in it must stand in quotes',
  BAD_SCALAR_START: 'a value that starts with a special character must stand in quotes',
  DUPLICATE_KEY: 'the same key stands there twice, so remove one',
  MULTIPLE_DOCS: 'a second YAML document starts there, so remove the line that ends the first',
  TAB_AS_INDENT: 'it is indented with a tab, so use spaces',
};

/**
 * Reads YAML that holds keys and values at its top.
 * @throws YamlError
 */
export function parseYaml(text: string): YamlText {
  if (text.length > maxLength) throw new YamlError('it is too long for metadata, so move text below it', 0);
  const document = parseTokens(text);
  const mistakes: YamlMistake[] = [];
  const repeated = new Set(
    document.errors.length === 0 ? [] : repeatedPairs(document).map(({ key }) => key.range?.[0] ?? -1),
  );
  for (const error of document.errors) {
    const mistake = { message: advice[error.code] ?? error.message.replace(/[.:]?\s*$/, ''), offset: error.pos[0] };
    // `owner: @alice` means what it says, though YAML reserves the sign.
    const isClear = error.code === 'BAD_SCALAR_START' && text[error.pos[0]] === '@';
    if (!isClear && !repeated.has(error.pos[0])) {
      throw new YamlError(mistake.message, mistake.offset);
    }
    mistakes.push(mistake);
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return { text, data: {}, document, map: null, mistakes };
  }
  if (!isMap(contents)) throw new YamlError('it must hold lines like "key: value"', contents.range[0]);
  return { text, data: plainValues(document, text), document, map: contents, mistakes };
}

function parseTokens(text: string): Document.Parsed {
  try {
    return parseDocument(text, options);
  } catch (error) {
    // Thousands of brackets exhaust the parser's stack. It says everything else in `errors`.
    if (error instanceof RangeError) throw new YamlError('it is nested too deeply', 0);
    throw error;
  }
}

/**
 * The entries at the top that say again what one above them says, as git leaves them where two sides added one line in
 * different places: it is clear what is meant.
 */
export function repeatedPairs({ contents }: Document.Parsed): Pair<ParsedNode, ParsedNode | null>[] {
  if (!isMap(contents)) return [];
  const seen = new Map<unknown, unknown>();
  return contents.items.filter(({ key, value }) => {
    if (!isScalar(key) || !isScalar(value)) return false;
    if (seen.has(key.value)) return seen.get(key.value) === value.value;
    seen.set(key.value, value.value);
    return false;
  });
}

function plainValues(document: Document.Parsed, text: string): Record<string, unknown> {
  if (text.includes('*')) checkAliases(document);
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new YamlError('its aliases multiply without end, so write the values out', 0);
  }
}

/** An alias must have an anchor, and not one around it: such a value would hold itself. */
function checkAliases(document: Document.Parsed): void {
  visit(document, {
    Alias(_key, alias, holders) {
      const target = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (!target) throw new YamlError(`there is no anchor "&${alias.source}" before it`, offset);
      if (holders.includes(target)) throw new YamlError(`"*${alias.source}" stands in its own value`, offset);
    },
  });
}

/** The keys and indices that lead to a value. */
export type YamlPath = readonly (string | number)[];

/** A part of a text, by offsets; the end is not included. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the value that is reached by these keys stands, or its key. A value that does not begin in the line of its key is
 * known by its key, and what is not there by its nearest holder.
 */
export function spanAt(yaml: YamlText, path: YamlPath, part: 'key' | 'value'): TextSpan {
  let node: unknown = yaml.map;
  let found: TextSpan = { from: yaml.map?.range[0] ?? 0, to: 0 };
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((candidate) => isScalar(candidate.key) && String(candidate.key.value) === step);
      if (!isScalar(pair?.key)) break;
      const key = spanOf(pair.key);
      const value = isLast && part === 'value' ? spanOf(pair.value) : undefined;
      found = value && isOnOneLine(yaml, key?.from ?? 0, value.to) ? value : (key ?? found);
      node = pair.value;
    } else {
      const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
      found = spanOf(item) ?? found;
      node = item;
    }
  }
  return found;
}

function spanOf(node: unknown): TextSpan | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  return node.range ? { from: node.range[0], to: node.range[1] } : undefined;
}

function isOnOneLine({ text }: YamlText, from: number, to: number): boolean {
  const end = text.indexOf('\n', from);
  return end < 0 || end >= to;
}

/** Where in the text a value stands that is reached by these keys and indices; its nearest holder when it is not there. */
export function offsetAt({ map }: YamlText, path: YamlPath): number {
  let offset = map?.range[0] ?? 0;
  let node: unknown = map;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((candidate) => isScalar(candidate.key) && String(candidate.key.value) === step);
      if (!isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
      if (!isScalar(item) && !isMap(item) && !isSeq(item) && !isAlias(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

/** The zero-based line of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
