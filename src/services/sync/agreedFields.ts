import { shownLabelFields } from './labels.ts';
import type { LocalFields, SyncedField } from './syncedField.ts';
import type { Base } from './syncState.ts';

/** The fields that GitHub shows of an item: of phase and status one. */
export function shownFields(local: LocalFields): SyncedField[] {
  return ['title', ...shownLabelFields(local), 'owner', 'sprint'];
}

/** What both sides last agreed on of a field, as it is sent; undefined when that is not known. */
export function baseValue(base: Base | undefined, field: SyncedField): string | undefined {
  switch (field) {
    case 'title':
    case 'owner':
    case 'sprint':
      return base?.[field];
    default:
      return base?.labels[field];
  }
}
