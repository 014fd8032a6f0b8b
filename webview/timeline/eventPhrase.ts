import type { ChangeView, EventView } from '../../src/protocol/timelineView.ts';
import { strings } from '../strings.ts';

/** `Status update`; an unknown kind is shown as a note, with its own word. */
export function kindLabel(event: Pick<EventView, 'kind' | 'writtenKind'>): string {
  return event.kind === 'unknown' && event.writtenKind !== null
    ? strings.unknownKind(event.writtenKind)
    : strings.kind[event.kind];
}

/** `Phase`, `Severity`, `Commander`: what a state event changed. */
export function changedField(change: ChangeView): string {
  return change.field === 'role' && change.role !== null ? strings.role[change.role] : strings.kind[change.field];
}

/** The value as shown; a role given back has nobody. */
export function changedValue(change: ChangeView, value: string): string {
  return value === '' && change.field === 'role' ? strings.nobody : value;
}
