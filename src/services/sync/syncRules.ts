import { FirebreakError } from '../../core/errors.ts';
import { compileGlob } from '../../core/glob.ts';
import type { Item } from '../../core/item.ts';
import { comparedName, LabelMapping, labelMeanings, usualName } from './labels.ts';

/** What a team has set, as it is written: anything may be in it. */
export interface SyncSettings {
  /** Patterns for the paths of items that are never sent, relative to the root. */
  readonly exclude?: unknown;
  /** What the labels are called on GitHub, by their usual names: `{ "severity: P0": "sev0" }`. */
  readonly labels?: unknown;
}

/** The same once it is known to mean something. */
export interface SyncRules {
  readonly labels: LabelMapping;
  /** Whether nothing of an item may leave: it is private, or excluded. */
  readonly isWithheld: (item: Pick<Item, 'uid' | 'private' | 'path'>) => boolean;
}

/** For settings that mean nothing. */
export const nothingLeaves: SyncRules = { labels: new LabelMapping(), isWithheld: () => true };

/** GitHub's limit for the name of a label. */
const longestLabel = 50;

/**
 * Reads what a team has set. What is broken is an error and no default: something might go out that should not.
 * @throws FirebreakError `invalidInput`
 */
export function readSyncRules({ exclude, labels }: SyncSettings): SyncRules {
  const excluded = textsOf(exclude).map(compileGlob);
  return {
    labels: new LabelMapping(labelNames(labels)),
    isWithheld: (item) => item.private || excluded.some((holds) => holds(item.path)),
  };
}

function textsOf(exclude: unknown): readonly string[] {
  if (exclude === undefined || exclude === null) return [];
  const isList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  if (!isList(exclude)) {
    throw new FirebreakError('invalidInput', 'What is excluded from GitHub has to be a list of patterns for paths.');
  }
  return exclude;
}

function labelNames(labels: unknown): ReadonlyMap<string, string> {
  const refuse = (why: string): never => {
    throw new FirebreakError('invalidInput', `The names of labels on GitHub can't be used: ${why}.`);
  };
  if (labels === undefined || labels === null) return new Map();
  if (typeof labels !== 'object' || Array.isArray(labels))
    return refuse('each needs its usual name beside the new one');
  const usual = new Set(labelMeanings.map(usualName));
  const names = new Map<string, string>();
  for (const [key, value] of Object.entries(labels)) {
    if (!usual.has(key)) return refuse(`there is no label "${key}"`);
    if (typeof value !== 'string' || value.trim() === '') return refuse(`"${key}" needs a name`);
    if ([...value.trim()].length > longestLabel) return refuse(`"${value}" has more than ${longestLabel} characters`);
    if (/[\p{Cc},]/u.test(value)) return refuse(`"${key}" has a name with a comma or a line break in it`);
    names.set(key, value.trim());
  }
  const taken = new Map<string, string>();
  for (const name of usual) {
    const shown = names.get(name) ?? name;
    const other = taken.get(comparedName(shown));
    if (other !== undefined) return refuse(`"${other}" and "${name}" would both be called "${shown}"`);
    taken.set(comparedName(shown), name);
  }
  return names;
}
