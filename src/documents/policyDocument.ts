import { type Contact, defaultPolicy, type Person, type Policy, type SeverityPolicy } from '../core/policy.ts';
import type { Problem, ProblemCode } from '../core/problem.ts';
import { type Severity, severities } from '../core/severity.ts';
import { parseDuration } from './duration.ts';
import { lineAt, offsetAt, parseYaml, YamlError, type YamlText } from './yamlText.ts';

type Path = readonly (string | number)[];

// The keys of a severity in the file, with the fields of the policy that they set.
const limits = {
  acknowledge: 'acknowledge',
  update: 'update',
  mitigate: 'mitigate',
  resolve: 'resolve',
  rca: 'rca',
} as const satisfies Record<string, keyof SeverityPolicy>;
const texts = {
  name: 'name',
  response: 'response',
  sprint: 'sprintImpact',
  communication: 'communication',
  review: 'review',
} as const satisfies Record<string, keyof SeverityPolicy>;
const rcaRequirements = ['always', 'customer-facing', 'optional', 'never'] as const;
const severityKeys = [...Object.keys(limits), 'rca-required', ...Object.keys(texts)];

/**
 * Reads `incident-policy.yml` over the guide's own tables. A mistake in one place is one problem, with its line; everything
 * else in the file counts. Never throws.
 */
export function readPolicy(
  path: string,
  source: string,
): { readonly policy: Policy; readonly problems: readonly Problem[] } {
  const text = source.replace(/^\ufeff/, '');
  try {
    const reader = new PolicyReader(path, text, parseYaml(text));
    return { policy: reader.policy(), problems: reader.problems };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const line = lineAt(text, error.offset);
    const message = `The policy is no valid YAML, so the guide's own tables count: in line ${line + 1} ${error.message}.`;
    return { policy: defaultPolicy, problems: [{ path, code: 'brokenFrontMatter', message, level: 'error', line }] };
  }
}

class PolicyReader {
  readonly problems: Problem[] = [];
  readonly #path: string;
  readonly #text: string;
  readonly #yaml: YamlText;

  constructor(path: string, text: string, yaml: YamlText) {
    this.#path = path;
    this.#text = text;
    this.#yaml = yaml;
  }

  policy(): Policy {
    const { data, mistakes } = this.#yaml;
    for (const { message, offset } of mistakes)
      this.#add('brokenFrontMatter', `Not every tool can read this: ${message}`, offset);
    this.#knownKeys(data, [], ['severities', 'people', 'contacts']);
    return {
      severities: this.#severities(data.severities),
      people: this.#people(data.people),
      contacts: this.#contacts(data.contacts),
    };
  }

  #severities(value: unknown): Policy['severities'] {
    const result: Record<Severity, SeverityPolicy> = { ...defaultPolicy.severities };
    for (const [name, entry] of this.#entries(value, ['severities'])) {
      const severity = severities.find((candidate) => candidate === name.toUpperCase());
      if (severity) result[severity] = this.#severity(entry, ['severities', name], result[severity]);
      else this.#wrong(['severities', name], `"${name}" is no severity: name one of ${severities.join(', ')}`);
    }
    return result;
  }

  #severity(value: unknown, path: Path, base: SeverityPolicy): SeverityPolicy {
    const entries = Object.fromEntries(this.#entries(value, path));
    this.#knownKeys(entries, path, severityKeys);
    const changed: { -readonly [Key in keyof SeverityPolicy]: SeverityPolicy[Key] } = { ...base };
    for (const [key, field] of Object.entries(limits)) {
      const limit = this.#duration(entries[key], [...path, key]);
      if (limit !== undefined) changed[field] = limit;
    }
    for (const [key, field] of Object.entries(texts)) {
      const text = this.#textOf(entries[key], [...path, key]);
      if (text !== undefined) changed[field] = text;
    }
    const required = entries['rca-required'];
    const requirement = rcaRequirements.find((candidate) => candidate === required);
    if (requirement) changed.rcaRequired = requirement;
    else if (isSaid(required)) {
      this.#wrong([...path, 'rca-required'], `\`rca-required\` must be one of ${rcaRequirements.join(', ')}`);
    }
    return changed;
  }

  #duration(value: unknown, path: Path): number | null | undefined {
    if (!isSaid(value)) return undefined;
    const duration = typeof value === 'string' ? parseDuration(value) : undefined;
    if (duration === undefined) {
      this.#wrong(path, `\`${String(path.at(-1))}\` must be a duration like 15m, 4h, 2d or 1w, or "none" for no limit`);
    }
    return duration;
  }

  #people(value: unknown): readonly Person[] {
    const people: Person[] = [];
    for (const [index, entry] of this.#list(value, ['people']).entries()) {
      const path = ['people', index];
      const fields = Object.fromEntries(this.#entries(entry, path));
      this.#knownKeys(fields, path, ['name', 'email', 'github', 'chat']);
      const text = (key: string) => this.#textOf(fields[key], [...path, key]);
      const person: Person = {
        name: text('name'),
        email: text('email'),
        github: text('github')?.replace(/^@/, ''),
        chat: text('chat'),
      };
      if (Object.values(person).some((field) => field !== undefined)) people.push(person);
    }
    return people;
  }

  /** A map of titles with who to call, or a list of `{title, who}`. */
  #contacts(value: unknown): readonly Contact[] {
    if (!isSaid(value)) return defaultPolicy.contacts;
    const contacts: Contact[] = [];
    const add = (title: string | undefined, who: readonly string[], path: Path) => {
      if (title !== undefined && who.length > 0) contacts.push({ title, who });
      else this.#wrong(path, 'A contact needs a title and somebody to call, like `on-call: ["@alice"]`');
    };
    if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) {
        const path = ['contacts', index];
        const fields = Object.fromEntries(this.#entries(entry, path));
        this.#knownKeys(fields, path, ['title', 'who']);
        add(this.#textOf(fields.title, [...path, 'title']), this.#texts(fields.who, [...path, 'who']), path);
      }
    } else {
      for (const [title, who] of this.#entries(value, ['contacts'])) {
        add(title, this.#texts(who, ['contacts', title]), ['contacts', title]);
      }
    }
    return contacts;
  }

  #texts(value: unknown, path: Path): string[] {
    const values: unknown[] = Array.isArray(value) ? value : isSaid(value) ? [value] : [];
    const found: string[] = [];
    for (const [index, one] of values.entries()) {
      const text = this.#textOf(one, Array.isArray(value) ? [...path, index] : path);
      if (text !== undefined) found.push(text);
    }
    return found;
  }

  #textOf(value: unknown, path: Path): string | undefined {
    if (!isSaid(value)) return undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number') return String(value);
    this.#wrong(path, `\`${String(path.at(-1))}\` must be text`);
    return undefined;
  }

  #entries(value: unknown, path: Path): [string, unknown][] {
    if (!isSaid(value)) return [];
    if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value);
    this.#wrong(path, `\`${path.join('.')}\` must hold lines like "key: value"`);
    return [];
  }

  #list(value: unknown, path: Path): unknown[] {
    if (!isSaid(value)) return [];
    if (Array.isArray(value)) return value;
    this.#wrong(path, `\`${path.join('.')}\` must be a list: start each entry with "- "`);
    return [];
  }

  #knownKeys(fields: Readonly<Record<string, unknown>>, path: Path, known: readonly string[]): void {
    for (const key of Object.keys(fields)) {
      if (!known.includes(key)) this.#wrong([...path, key], `\`${key}\` is not known here: use ${known.join(', ')}`);
    }
  }

  #wrong(path: Path, message: string): void {
    this.#add('unknownValue', message, offsetAt(this.#yaml, path));
  }

  #add(code: ProblemCode, message: string, offset: number): void {
    const line = lineAt(this.#text, offset);
    this.problems.push({ path: this.#path, code, message: `${message}.`, level: 'warning', line });
  }
}

function isSaid(value: unknown): value is NonNullable<unknown> {
  return value !== undefined && value !== null;
}
