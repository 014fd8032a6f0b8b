import { itemTypes } from '../../core/itemType.ts';
import { phases } from '../../core/phase.ts';
import { severities } from '../../core/severity.ts';
import { statuses } from '../../core/status.ts';
import type { LocalFields } from './syncedField.ts';

/** The fields that GitHub shows as labels, `severity: P0`. */
export const labelFields = ['severity', 'type', 'phase', 'status'] as const;
export type LabelField = (typeof labelFields)[number];

const words: Readonly<Record<LabelField, readonly string[]>> = {
  severity: severities,
  type: itemTypes,
  phase: phases,
  status: statuses,
};

const colors: Readonly<Record<string, string>> = {
  P0: 'b60205',
  P1: 'd93f0b',
  P2: 'fbca04',
  P3: '0e8a16',
  P4: 'c2e0c6',
  bug: 'd73a4a',
  feature: 'a2eeef',
  task: 'cfd3d7',
};

export interface LabelLook {
  /** Six hexadecimal digits. */
  readonly color: string;
  readonly description: string;
}

export interface LabelMeaning {
  readonly field: LabelField;
  readonly value: string;
}

/** What a label is called unless a team calls it otherwise. */
export function usualName({ field, value }: LabelMeaning): string {
  return `${field}: ${value}`;
}

/** Every value that has a label. */
export const labelMeanings: readonly LabelMeaning[] = labelFields.flatMap((field) =>
  words[field].map((value) => ({ field, value })),
);

/** A field's values and the labels that stand for them, one for each. No label outside this mapping is ever touched. */
export class LabelMapping {
  readonly #names = new Map<string, string>();
  readonly #meanings = new Map<string, LabelMeaning>();

  /** @param names what a team calls them, by their usual names; no two alike but for their case */
  constructor(names: ReadonlyMap<string, string> = new Map()) {
    for (const meaning of labelMeanings) {
      const usual = usualName(meaning);
      const name = names.get(usual) ?? usual;
      this.#names.set(usual, name);
      this.#meanings.set(comparedName(name), meaning);
    }
  }

  name(field: LabelField, value: string): string {
    const usual = usualName({ field, value });
    return this.#names.get(usual) ?? usual;
  }

  /** The field and value that a label stands for. */
  read(name: string): LabelMeaning | undefined {
    return this.#meanings.get(comparedName(name));
  }

  /** The same for a label of an event, which may be from before the team renamed it. */
  readPast(name: string): LabelMeaning | undefined {
    return this.read(name) ?? usualMeanings.get(comparedName(name));
  }

  look(name: string): LabelLook {
    const label = this.read(name);
    const color = label && (colors[label.value] ?? (label.field === 'phase' ? '5319e7' : 'bfd4f2'));
    return { color: color ?? 'ededed', description: `Firebreak: the ${label?.field ?? 'label'} of the item` };
  }

  hasAny(labels: readonly string[], field: string): boolean {
    return labels.some((name) => this.read(name)?.field === field);
  }

  /** Whether a field has a label beside the one that is right. */
  hasSurplus(labels: readonly string[], field: LabelField, right: string | undefined): boolean {
    const values = labels.map((name) => this.read(name)).filter((label) => label?.field === field);
    return values.some((label) => label?.value === right) && values.some((label) => label?.value !== right);
  }

  /**
   * What the labels of an issue say about a field.
   * @param before the value that was last agreed on: when two labels of one field are there, the other one is the news
   * @returns undefined when they do not say, or not clearly
   */
  valueOf(labels: readonly string[], field: LabelField, before: string | undefined): string | undefined {
    const values = new Set<string>();
    for (const name of labels) {
      const label = this.read(name);
      if (label?.field === field) values.add(label.value);
    }
    if (values.size > 1 && before !== undefined) values.delete(before);
    return values.size === 1 ? [...values][0] : undefined;
  }
}

/** GitHub compares names without regard to case; blanks around the colon of a usual name are no difference either. */
export function comparedName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\s*:\s*/, ': ');
}

const usualMeanings: ReadonlyMap<string, LabelMeaning> = new Map(
  labelMeanings.map((meaning) => [comparedName(usualName(meaning)), meaning]),
);

/** An incident shows its phase, an ordinary item its status. */
export function shownLabelFields(fields: LocalFields): LabelField[] {
  return ['severity', 'type', fields.phase ? 'phase' : 'status'];
}
