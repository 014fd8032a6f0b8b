/** What a front-matter value can be set to. */
export type FrontMatterValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

// Words that YAML 1.2, or the YAML 1.1 that other tools still speak, takes for something else than text.
const reserved = /^(?:null|true|false|yes|no|on|off|y|n|~)$/i;
// Anything that either could take for a number: `007`, `1_000`, `0x1F`, `4e9123`, `12:30`, `.5`, `-.inf`.
const numeric = /^[-+]?(?:[\d.][\d_.,]*(?:e[-+]?\d*)?|0[xob][\da-f_]*|\d[\d_]*(?::\d+)+(?:\.\d*)?|\.inf|\.nan)$/i;
// Starts with a letter, digit or harmless sign, and has no sign that a flow list or a comment could begin with.
const plain = /^[\p{L}\p{N}_./(][\p{L}\p{N}\p{S}\p{M}\p{P} ]*$/u;
const special = /[,[\]{}]|: |:$| #|\s$|[\p{Cc}\u0085\u2028\u2029\ufeff]/u;
// Escaped by number: legal in a string, but not printable in YAML, or taken for a line end by some readers.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Text as a YAML scalar that reads back as the same text, in a block or in a flow list. */
export function formatText(text: string): string {
  const isPlain = plain.test(text) && !special.test(text) && !reserved.test(text) && !numeric.test(text);
  return isPlain ? text : quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value on one line. */
export function formatInline(value: FrontMatterValue): string {
  return formatAny(value);
}

/** Any value that YAML gave, on one line. */
export function formatAny(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return formatText(value);
  if (Array.isArray(value)) return `[${value.map(formatAny).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => `${formatText(key)}: ${formatAny(inner)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  }
  return String(value);
}

/** A key with its value, as lines without the last line end. Maps get a line for each entry. */
export function formatEntry(key: string, value: FrontMatterValue, indent: string, eol: string): string {
  const head = `${indent}${formatText(key)}:`;
  if (typeof value !== 'object' || isList(value) || Object.keys(value).length === 0) {
    return `${head} ${formatInline(value)}`;
  }
  const lines = Object.entries(value).map(([inner, text]) => `${indent}  ${formatText(inner)}: ${formatText(text)}`);
  return [head, ...lines].join(eol);
}

export function isList(value: FrontMatterValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Whether two values that YAML can hold are the same. */
export function sameYaml(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameYaml(Reflect.get(left, key), Reflect.get(right, key)))
  );
}
