import type { Problem, ProblemCode } from '../core/problem.ts';
import { formatInstant, type Instant, parseInstant } from '../core/time.ts';
import type { FrontMatter } from './frontMatter.ts';

/** Reads the values of one document's front matter as the domain needs them, and collects what is wrong with them. */
export class FieldReader {
  readonly problems: Problem[] = [];
  readonly #path: string;
  readonly #matter: FrontMatter;

  constructor(path: string, matter: FrontMatter) {
    this.#path = path;
    this.#matter = matter;
    for (const { code, message, line } of matter.warnings) {
      // A conflict has to be resolved; a mistake that is clear does no harm here.
      this.problems.push({ path, code, message, level: code === 'conflictMarkers' ? 'error' : 'warning', line });
    }
  }

  /** Whether the front matter says anything for a key; `key:` and `key: null` say nothing. */
  has(key: string): boolean {
    const { data } = this.#matter;
    return Object.hasOwn(data, key) && data[key] !== null;
  }

  value(key: string): unknown {
    return this.has(key) ? this.#matter.data[key] : undefined;
  }

  /** Text as written, ends trimmed and on one line; of a list, the first. An empty text stays one. */
  text(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const text = this.#matter.text(key) ?? this.#matter.texts(key)?.[0];
    if (text === undefined) {
      const value = this.#matter.data[key];
      if (!(Array.isArray(value) && value.length === 0)) this.wrong(key, 'must be text');
      return undefined;
    }
    return oneLine(text);
  }

  /** Like `text`, but an empty text says nothing. */
  filledText(key: string): string | undefined {
    return this.text(key) || undefined;
  }

  /** A list of texts. A single text is a list of one, or of several when there are commas in it. */
  list(key: string): readonly string[] {
    if (!this.has(key)) return [];
    const texts = this.#matter.texts(key) ?? this.#matter.text(key)?.split(',');
    if (texts === undefined) this.wrong(key, 'must be a list like `[one, two]`');
    return (texts ?? []).map((text) => text.trim()).filter((text) => text !== '');
  }

  /** One of a closed set of words, whatever their case. */
  word<T extends string>(key: string, words: readonly T[]): T | undefined {
    const text = this.filledText(key);
    if (text === undefined) return undefined;
    const written = text.toLowerCase();
    const found = words.find((word) => word === text || word.toLowerCase() === written);
    if (found === undefined) this.unknown(key, text, words);
    return found;
  }

  instant(key: string): Instant | undefined {
    const text = this.filledText(key);
    if (text === undefined) return undefined;
    const epochMs = parseInstant(text);
    if (epochMs === undefined) this.wrong(key, 'must be a time like 2025-09-23T14:32:10Z');
    return epochMs === undefined ? undefined : formatInstant(epochMs);
  }

  unknown(key: string, found: string, words: readonly string[]): void {
    this.wrong(key, `is "${found.slice(0, 60)}", which is none of ${words.join(', ')}`);
  }

  wrong(key: string, what: string, level: Problem['level'] = 'warning'): void {
    this.add('unknownValue', `\`${key}\` ${what}: correct it.`, level, key);
  }

  add(code: ProblemCode, message: string, level: Problem['level'], key?: string): void {
    const line = key === undefined ? undefined : this.#matter.lines[key];
    this.problems.push({ path: this.#path, code, message, level, ...(line === undefined ? {} : { line }) });
  }
}

function oneLine(text: string): string {
  if (!text.includes('\n') && !text.includes('\r')) return text.trim();
  const lines = text.split(/[\r\n]/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
