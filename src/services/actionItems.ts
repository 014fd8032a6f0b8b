import { type Item, isIncident } from '../core/item.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';

/**
 * The action items of all incidents, by the incident's uid: what is to be done so that it does not happen again. The most
 * urgent first, then as they were made.
 */
export function actionItems(index: Pick<WorkspaceIndex, 'items' | 'item'>): ReadonlyMap<string, readonly Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of index.items()) {
    const incident = item.actionOf === undefined ? undefined : index.item(item.actionOf);
    if (!incident || !isIncident(incident) || incident.uid === item.uid) continue;
    found.set(incident.uid, [...(found.get(incident.uid) ?? []), item]);
  }
  for (const items of found.values()) {
    items.sort((left, right) => order(left.severity, right.severity) || order(left.id, right.id));
  }
  return found;
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
