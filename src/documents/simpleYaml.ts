/** Front matter of the plainest kind, read without a YAML parser. */
export interface SimpleYaml {
  readonly data: Record<string, unknown>;
  /** Line of each key. */
  readonly lines: Readonly<Record<string, number>>;
}

const keyLine = /^([A-Za-z][\w-]*):(?: +(.*))?$/;
const plainStart = /^[\p{L}\p{N}_/(]/u;
// What ends a plain scalar or makes it something else; and what not all readers take for the same character.
const plainEnd = /: |:$| #|[\p{Cc}\u2028\u2029\ufeff]/u;
const integer = /^(?:0|[1-9]\d{0,14})$/;
// Could be a number, a truth value or nothing: the parser knows.
const doubtful = /^(?:0[ox][\da-f]*|\d+(?:\.\d*)?(?:e[-+]?\d*)?|true|false|null)$/i;
const flowList = /^\[ *(?:[A-Za-z][\w./@-]*(?: *, *[A-Za-z][\w./@-]*)*)? *\]$/;

/**
 * Reads YAML in which every line is empty, a comment, or `key: value` with a plain scalar, a quoted one without escapes, or
 * a flow list of words. Most front matter is like that, and reading it this way takes a fraction of the time (test/bench).
 * @returns undefined for everything else and whatever is not certain: then the YAML parser reads it. The values are those
 * that the parser gives (a property test holds it).
 * @param firstLine the number of the text's first line
 */
export function readSimpleYaml(text: string, firstLine = 0): SimpleYaml | undefined {
  const data: Record<string, unknown> = {};
  const lines: Record<string, number> = {};
  let number = firstLine;
  for (let start = 0; start < text.length; number++) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end > start && text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
    if (line === '' || (line.startsWith('#') && !line.includes('\r'))) continue;
    const match = keyLine.exec(line);
    const key = match?.[1];
    if (key === undefined || Object.hasOwn(data, key) || key in Object.prototype) return undefined;
    const value = readValue(withoutBlanks(match?.[2] ?? ''));
    if (value === undefined) return undefined;
    data[key] = value;
    lines[key] = number;
  }
  return { data, lines };
}

/** Without the spaces at its end. By hand, because a pattern would try each space of a line of spaces. */
function withoutBlanks(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

function readValue(text: string): string | number | null | string[] | undefined {
  const first = text[0];
  if (first === undefined) return null;
  if (first === '"' || first === "'") {
    const inner = text.slice(1, -1);
    const closed = text.length > 1 && text.endsWith(first) && !inner.includes(first);
    return closed && !/[\\\p{Cc}\u2028\u2029\ufeff]/u.test(inner) ? inner : undefined;
  }
  if (first === '[') return readList(text);
  if (integer.test(text)) return Number(text);
  return plainStart.test(text) && !plainEnd.test(text) && !doubtful.test(text) ? text : undefined;
}

function readList(text: string): string[] | undefined {
  if (!flowList.test(text)) return undefined;
  const inner = text.slice(1, -1).trim();
  const words = inner === '' ? [] : inner.split(/ *, */);
  return words.some((word) => doubtful.test(word)) ? undefined : words;
}
