import type { Item } from '../../core/item.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { type LabelField, shownLabelFields } from './labels.ts';
import type { Outgoing } from './outgoing.ts';
import type { SyncContext } from './syncContext.ts';
import type { LocalFields } from './syncedField.ts';
import type { ItemState } from './syncState.ts';

/**
 * Puts the labels of changed fields on the issue; no other is touched.
 * @returns the labels that they replace, to be taken off after that
 */
export async function putLabels(
  context: SyncContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
  outgoing: Outgoing,
  present: readonly string[],
): Promise<{ readonly state: ItemState; readonly outdated: readonly string[] }> {
  const { labels: mapping } = context.rules;
  const { base, number } = state;
  if (!base || number === undefined) return { state, outdated: [] };
  const labels: Partial<Record<LabelField, string>> = { ...base.labels };
  for (const field of outgoing.labels) {
    const value = local[field]?.value;
    if (value !== undefined) labels[field] = value;
  }
  const shown = shownLabelFields(local);
  const has = (name: string) => present.some((other) => other.toLowerCase() === name.toLowerCase());
  const missing = outgoing.labels.map((field) => mapping.name(field, labels[field] ?? '')).filter((name) => !has(name));
  const outdated = present.filter((name) => {
    const label = mapping.read(name);
    if (!label) return false;
    // A field that is not shown any more (an item's status, once it is an incident) goes, if it is what we put there.
    if (!shown.includes(label.field)) return base.labels[label.field] === label.value;
    return outgoing.labels.includes(label.field) && labels[label.field] !== label.value;
  });
  for (const field of Object.keys(labels) as LabelField[]) if (!shown.includes(field)) delete labels[field];
  const surplus = state.surplus?.filter((field) => !outgoing.labels.includes(field)) ?? [];
  const next: ItemState = { ...state, base: { ...base, labels }, surplus };
  if (!context.repository.canPush) {
    reportDropped(context, item, missing);
    return { state: next, outdated: [] };
  }
  if (missing.length > 0) await addLabels(context, item, number, missing);
  return { state: next, outdated };
}

async function addLabels(context: SyncContext, item: Item, number: number, names: readonly string[]): Promise<void> {
  await ensureLabels(context, names);
  await context.checkpoint();
  try {
    const after = await context.tracker.addLabels(number, names);
    context.report.over(item.id, 'labelsDropped');
    reportDropped(context, item, droppedOf(names, after));
  } catch (error) {
    if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    reportDropped(context, item, names);
  }
}

/** The labels that were wanted and are not there. */
export function droppedOf(wanted: readonly string[], present: readonly string[]): string[] {
  const found = new Set(present.map((name) => name.toLowerCase()));
  return wanted.filter((name) => !found.has(name.toLowerCase()));
}

/** Says which labels GitHub left out, or that it left out none any more. */
export function reportDropped(context: SyncContext, item: Item, names: readonly string[]): void {
  if (names.length === 0) return;
  context.report.problem({
    code: 'labelsDropped',
    lasting: true,
    item: item.id,
    message: `GitHub left out the labels ${names.join(', ')}: the token may not label issues in ${context.repository.owner}/${context.repository.repo}.`,
  });
}

/** Makes the labels of our mapping that the repository lacks, once, with their colours. */
export async function ensureLabels(context: SyncContext, names: readonly string[]): Promise<void> {
  const lacking = () => droppedOf(names, context.store.cursor.labels);
  if (!context.repository.canPush || lacking().length === 0) return;
  const present = (await context.tracker.labels()).filter((name) => context.rules.labels.read(name));
  await context.store.saveCursor({ labels: present });
  for (const name of lacking()) {
    await context.checkpoint();
    const { color, description } = context.rules.labels.look(name);
    try {
      await context.tracker.createLabel(name, color, description);
    } catch (error) {
      // The issue's own answer will tell that the label is not there.
      if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    }
    await context.store.saveCursor({ labels: [...context.store.cursor.labels, name] });
  }
}
