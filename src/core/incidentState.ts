import type { Phase } from './phase.ts';
import type { RegisterRecord, RegisterState } from './register.ts';
import { foldRegister } from './register.ts';
import { type Role, roles } from './role.ts';
import type { Severity } from './severity.ts';
import type { TimelineEvent } from './timelineEvent.ts';

export interface IncidentState {
  readonly phase: RegisterState<Phase> | undefined;
  readonly severity: RegisterState<Severity> | undefined;
  readonly roles: Readonly<Partial<Record<Role, RegisterState<string>>>>;
}

export function phaseRecords(events: Iterable<TimelineEvent>): RegisterRecord<Phase>[] {
  const records: RegisterRecord<Phase>[] = [];
  for (const event of events) if (event.kind === 'phase') records.push({ ...register(event), value: event.to });
  return records;
}

export function severityRecords(events: Iterable<TimelineEvent>): RegisterRecord<Severity>[] {
  const records: RegisterRecord<Severity>[] = [];
  for (const event of events) if (event.kind === 'severity') records.push({ ...register(event), value: event.to });
  return records;
}

export function roleRecords(events: Iterable<TimelineEvent>, role: Role): RegisterRecord<string>[] {
  const records: RegisterRecord<string>[] = [];
  for (const event of events) {
    if (event.kind === 'role' && event.role === role) records.push({ ...register(event), value: event.to });
  }
  return records;
}

function register<T>(event: { id: string; prev: string | null; was?: T }): Omit<RegisterRecord<T>, 'value'> {
  return { id: event.id, prev: event.prev, ...(event.was === undefined ? {} : { was: event.was }) };
}

/**
 * Phase, severity and roles of an incident from its events, whatever their order.
 * @param earlierSeverity records from when it was an ordinary item; the declaration follows them.
 */
export function foldIncident(
  events: readonly TimelineEvent[],
  earlierSeverity: readonly RegisterRecord<Severity>[] = [],
): IncidentState {
  const byRole: Partial<Record<Role, RegisterState<string>>> = {};
  for (const role of roles) {
    const state = foldRegister(roleRecords(events, role));
    if (state) byRole[role] = state;
  }
  return {
    phase: foldRegister(phaseRecords(events)),
    severity: foldRegister([...earlierSeverity, ...severityRecords(events)]),
    roles: byRole,
  };
}
