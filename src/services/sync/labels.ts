import { itemTypes } from '../../core/itemType.ts';
import { phases } from '../../core/phase.ts';
import { severities } from '../../core/severity.ts';
import { statuses } from '../../core/status.ts';
import type { LocalFields } from './syncedField.ts';

/** The fields that GitHub shows as labels, `severity: P0`. No label outside this mapping is ever touched. */
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

export function labelName(field: LabelField, value: string): string {
  return `${field}: ${value}`;
}

/** The field and value that a label stands for. GitHub compares names without regard to case. */
export function readLabel(name: string): { readonly field: LabelField; readonly value: string } | undefined {
  const separator = name.indexOf(':');
  const prefix = name.slice(0, separator).trim().toLowerCase();
  const field = labelFields.find((candidate) => candidate === prefix);
  const wanted = name
    .slice(separator + 1)
    .trim()
    .toLowerCase();
  const value = field && words[field].find((word) => word.toLowerCase() === wanted);
  return field && value !== undefined ? { field, value } : undefined;
}

export function labelLook(name: string): LabelLook {
  const label = readLabel(name);
  const color = label && (colors[label.value] ?? (label.field === 'phase' ? '5319e7' : 'bfd4f2'));
  return { color: color ?? 'ededed', description: `Firebreak: the ${label?.field ?? 'label'} of the item` };
}

/** An incident shows its phase, an ordinary item its status. */
export function shownLabelFields(fields: LocalFields): LabelField[] {
  return ['severity', 'type', fields.phase ? 'phase' : 'status'];
}

/** Whether a field has a label beside the one that is right. */
export function hasSurplus(labels: readonly string[], field: LabelField, right: string | undefined): boolean {
  const values = labels.map(readLabel).filter((label) => label?.field === field);
  return values.some((label) => label?.value === right) && values.some((label) => label?.value !== right);
}

/**
 * What the labels of an issue say about a field.
 * @param before the value that was last agreed on: when two labels of one field are there, the other one is the news
 * @returns undefined when they do not say, or not clearly
 */
export function labelledValue(
  labels: readonly string[],
  field: LabelField,
  before: string | undefined,
): string | undefined {
  const values = new Set<string>();
  for (const name of labels) {
    const label = readLabel(name);
    if (label?.field === field) values.add(label.value);
  }
  if (values.size > 1 && before !== undefined) values.delete(before);
  return values.size === 1 ? [...values][0] : undefined;
}
