import { parseDuration } from '../duration.ts';
import type { YamlPath } from '../yamlText.ts';

/** Takes what is wrong at a place of the file: its value, or its key. */
export type ReportMistake = (path: YamlPath, message: string, part: 'key' | 'value') => void;

/**
 * A place in the policy file and what it says there. Each reading method gives undefined for what is not said, and for what
 * can't be meant, which it reports: one mistake is one report.
 */
export class PolicyNode {
  readonly value: unknown;
  readonly #path: YamlPath;
  readonly #report: ReportMistake;

  constructor(value: unknown, path: YamlPath, report: ReportMistake) {
    this.value = value;
    this.#path = path;
    this.#report = report;
  }

  /** Whether anything is said: `key:` and `key: null` say nothing. */
  get isSaid(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The key, or the number, that leads here. */
  get key(): string {
    return String(this.#path.at(-1) ?? '');
  }

  /** What a map says for keys that are known here; other keys are reported. */
  fields<Key extends string>(known: readonly Key[]): Readonly<Record<Key, PolicyNode>> {
    const entries = new Map(this.entries());
    for (const [key, node] of entries) {
      if (!known.some((candidate) => candidate === key)) {
        node.wrongKey(`\`${key}\` is not known here: use ${known.join(', ')}`);
      }
    }
    const fields: Partial<Record<Key, PolicyNode>> = {};
    for (const key of known) fields[key] = entries.get(key) ?? this.#inner(undefined, key);
    return fields as Record<Key, PolicyNode>;
  }

  /** Keys with what they say. */
  entries(): [string, PolicyNode][] {
    if (!this.isSaid) return [];
    if (typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)) {
      return Object.entries(this.value).map(([key, value]) => [key, this.#inner(value, key)]);
    }
    this.wrong(`\`${this.#path.join('.')}\` must hold lines like "key: value"`);
    return [];
  }

  items(): PolicyNode[] {
    if (!this.isSaid) return [];
    if (Array.isArray(this.value)) return this.value.map((value, index) => this.#inner(value, index));
    this.wrong(`\`${this.#path.join('.')}\` must be a list: start each entry with "- "`);
    return [];
  }

  /** The entries of a list, or the one thing that stands in place of one. */
  oneOrMore(): PolicyNode[] {
    return !this.isSaid || Array.isArray(this.value) ? this.items() : [this];
  }

  texts(): string[] {
    return this.oneOrMore().flatMap((item) => item.text() ?? []);
  }

  text(): string | undefined {
    if (!this.isSaid) return undefined;
    if (typeof this.value === 'string' && this.value.trim() !== '') return this.value.trim();
    if (typeof this.value === 'number') return String(this.value);
    this.wrong(`\`${this.key}\` must be text`);
    return undefined;
  }

  /** Milliseconds; null for `none`. */
  duration(): number | null | undefined {
    if (!this.isSaid) return undefined;
    const duration = typeof this.value === 'string' ? parseDuration(this.value) : undefined;
    if (duration === undefined) {
      this.wrong(`\`${this.key}\` must be a duration like 15m, 4h, 2d or 1w, or "none" for no limit`);
    }
    return duration;
  }

  flag(): boolean | undefined {
    if (!this.isSaid || typeof this.value === 'boolean') return this.value as boolean | undefined;
    this.wrong(`\`${this.key}\` must be true or false`);
    return undefined;
  }

  word<Word extends string>(words: readonly Word[]): Word | undefined {
    if (!this.isSaid) return undefined;
    const found = words.find((candidate) => candidate === this.value);
    if (found === undefined) this.wrong(`\`${this.key}\` must be one of ${words.join(', ')}`);
    return found;
  }

  /** A list of words; what is none of them is reported and left out. */
  words<Word extends string>(words: readonly Word[]): Word[] | undefined {
    if (!this.isSaid) return undefined;
    return this.oneOrMore().flatMap((item) => {
      const found = words.find((candidate) => candidate === item.value);
      if (found === undefined) item.wrong(`"${shown(item.value)}" is none of ${words.join(', ')}`);
      return found ?? [];
    });
  }

  wrong(message: string): void {
    this.#report(this.#path, message, 'value');
  }

  wrongKey(message: string): void {
    this.#report(this.#path, message, 'key');
  }

  #inner(value: unknown, step: string | number): PolicyNode {
    return new PolicyNode(value, [...this.#path, step], this.#report);
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : String(JSON.stringify(value)).slice(0, 60);
}
