import { type Clock, type ClockKind, incidentClocks } from './clocks.ts';
import { asCorrected } from './correctedEvents.ts';
import { type EscalationRung, escalationLadder } from './escalation.ts';
import { type Incident, isActiveIncident, isOpenIncident } from './item.ts';
import type { Policy } from './policy.ts';
import type { Role } from './role.ts';
import type { Severity } from './severity.ts';
import { day, parseInstant } from './time.ts';
import type { TimelineEvent } from './timelineEvent.ts';

/** An action that is running now: nothing on disk tells of it before its end. */
export interface RunningAction {
  /** Of this run. */
  readonly id: string;
  readonly title: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** As its policy says; null: `reminders.action` decides. */
  readonly timeout: number | null;
}

interface ReminderBase {
  /** Of the occasion: the same until what is due is done, and another the next time. */
  readonly key: string;
  /** When the limit is, or was. */
  readonly dueAt: number;
  /** Since when there is something to be said. */
  readonly since: number;
}
export type Reminder = ReminderBase &
  (
    | { readonly kind: 'escalation'; readonly rung: EscalationRung }
    /** `soon`: its limit is still to come. */
    | { readonly kind: ClockKind; readonly stage: 'soon' | 'due' }
    | { readonly kind: 'role'; readonly role: Role }
    | { readonly kind: 'action'; readonly action: RunningAction }
    | { readonly kind: 'quiet' }
  );
export type ReminderKind = Reminder['kind'];

export interface ReminderInput {
  readonly incident: Incident;
  readonly events: readonly TimelineEvent[];
  readonly policy: Policy;
  /** Whether the review was begun. */
  readonly drafted?: boolean;
  readonly running?: readonly RunningAction[];
}

/** What is due of an incident, and when that changes by time alone. */
export interface Reminders {
  /** The most urgent first. */
  readonly due: readonly Reminder[];
  /** When the next becomes due, or one gives way to another; null: never. */
  readonly next: number | null;
}

/** A reminder as it is planned: it is due from `since` until the other it gives way to. */
type Planned = Reminder & { readonly until?: number };

/** The clocks of the review are read in days. */
const reviewClocks: readonly ReminderKind[] = ['draft', 'rca'];
const lastFifth = 0.2;

/** What an incident's commander is to be reminded of. The same input gives the same, whatever was said before. */
export function incidentReminders(input: ReminderInput, now: number): Reminders {
  const planned = isOpenIncident(input.incident) ? plan(input, now) : [];
  const due = planned.filter(({ since, until }) => since <= now && (until === undefined || now < until));
  const ahead = planned.flatMap(({ since, until }) => [since, ...(until === undefined ? [] : [until])]);
  const next = Math.min(...ahead.filter((instant) => instant > now));
  return {
    due: due.sort((left, right) => urgency(left) - urgency(right) || left.dueAt - right.dueAt),
    next: Number.isFinite(next) ? next : null,
  };
}

/**
 * After how long a reminder that nobody took comes again; null: not at all. The policy's times are those of a P0, and
 * longer for what has longer to acknowledge; a review is reminded of once a day.
 */
export function repeatAfter(kind: ReminderKind, severity: Severity, policy: Policy): number | null {
  const { repeat } = policy.reminders;
  if (repeat === null) return null;
  return reviewClocks.includes(kind) ? Math.max(repeat, day) : Math.min(day, repeat * (stretch(severity, policy) ?? 1));
}

function plan(input: ReminderInput, now: number): Planned[] {
  const { incident, policy } = input;
  const events = asCorrected(input.events);
  const clocks = incidentClocks(events, policy.severities[incident.severity], true, input.drafted);
  const [first] = clocks;
  if (!first) return [];
  const running = clocks.filter(({ stoppedAt }) => stoppedAt === null);
  const ladder = running.some(({ kind }) => kind === 'acknowledge') ? rungs(input, first.startedAt) : [];
  return [
    ...running.flatMap((clock) => ofClock(clock, input, ladder)),
    ...ladder,
    ...(isActiveIncident(incident)
      ? [...unfilledRoles(input, first.startedAt, ladder.length > 0), ...quiet(input, events, first.startedAt, now)]
      : []),
    ...longActions(input),
  ];
}

function rungs({ incident, policy }: ReminderInput, declaredAt: number): Planned[] {
  const ladder = escalationLadder(policy, incident.severity);
  return ladder.map((rung) => {
    const dueAt = declaredAt + rung.after;
    const above = ladder.find(({ after }) => after > rung.after);
    return {
      kind: 'escalation',
      key: `escalation/${rung.after}/${rung.title}`,
      dueAt,
      since: dueAt,
      rung,
      // Who is called next is called instead.
      ...(above && { until: declaredAt + above.after }),
    };
  });
}

function ofClock(clock: Clock, { incident, policy }: ReminderInput, ladder: readonly Planned[]): Planned[] {
  const { kind, dueAt, startedAt } = clock;
  if (dueAt === null) return [];
  const planned: Planned[] = [];
  const before = headStart(kind, dueAt - startedAt, incident.severity, policy);
  if (before !== null) {
    planned.push({ kind, stage: 'soon', key: `${kind}/${dueAt}/soon`, dueAt, since: dueAt - before, until: dueAt });
  }
  // Once somebody is to be called, that says it all.
  const [rung] = kind === 'acknowledge' ? ladder : [];
  if (!rung || rung.since > dueAt) {
    planned.push({
      kind,
      stage: 'due',
      key: `${kind}/${dueAt}/due`,
      dueAt,
      since: dueAt,
      ...(rung && { until: rung.since }),
    });
  }
  return planned;
}

/**
 * How long before its limit a clock is spoken of: as the policy says, or as much longer as the severity has longer for all,
 * but then not before it turns amber. Never more than half of the limit.
 */
function headStart(kind: ClockKind, limit: number, severity: Severity, policy: Policy): number | null {
  const { before } = policy.reminders;
  if (before === null) return null;
  if (reviewClocks.includes(kind)) return Math.max(Math.min(before, limit / 2), limit * lastFifth);
  const longer = Math.min(before * (stretch(severity, policy) ?? 1), limit * lastFifth);
  return Math.max(Math.min(before, limit / 2), longer);
}

function unfilledRoles({ incident, policy }: ReminderInput, declaredAt: number, isEscalated: boolean): Planned[] {
  const after = stretched(policy.reminders.role, incident.severity, policy);
  if (after === null) return [];
  const dueAt = declaredAt + after;
  return (
    policy.requiredRoles
      .filter((role) => !incident.incident.roles[role])
      // While nobody has acknowledged, the ladder calls for a commander.
      .filter((role) => role !== 'commander' || !isEscalated)
      .map((role) => ({ kind: 'role', role, key: `role/${role}`, dueAt, since: dueAt }))
  );
}

function longActions({ policy, running = [] }: ReminderInput): Planned[] {
  return running.flatMap((action): Planned[] => {
    const limit = action.timeout ?? policy.reminders.action;
    if (limit === null) return [];
    const dueAt = action.startedAt + limit;
    return [{ kind: 'action', action, key: `action/${action.id}`, dueAt, since: dueAt }];
  });
}

/** What was noted later than now, by a clock that was wrong, says nothing of how quiet it is. */
function quiet(
  { incident, policy, running = [] }: ReminderInput,
  events: readonly TimelineEvent[],
  declaredAt: number,
  now: number,
): Planned[] {
  const after = stretched(policy.reminders.quiet, incident.severity, policy);
  if (after === null || running.length > 0) return [];
  let last = declaredAt;
  for (const event of events) {
    for (const instant of [parseInstant(event.at), parseInstant(event.recorded)]) {
      if (instant !== undefined && instant <= now && instant > last) last = instant;
    }
  }
  return [{ kind: 'quiet', key: `quiet/${last}`, dueAt: last + after, since: last + after }];
}

function stretched(duration: number | null, severity: Severity, policy: Policy): number | null {
  const factor = stretch(severity, policy);
  return duration === null || factor === null ? null : duration * factor;
}

/** How much longer than a P0 a severity has to acknowledge, and so for all else; null where it has for ever. */
function stretch(severity: Severity, policy: Policy): number | null {
  if (severity === 'P0') return 1;
  const limit = policy.severities[severity].acknowledge;
  return limit === null ? null : Math.max(1, limit / (policy.severities.P0.acknowledge ?? limit));
}

const order: readonly string[] = [
  'escalation',
  'acknowledge due',
  'update due',
  'mitigate due',
  'resolve due',
  'acknowledge soon',
  'update soon',
  'action',
  'role',
  'mitigate soon',
  'resolve soon',
  'quiet',
  'rca due',
  'draft due',
  'rca soon',
  'draft soon',
];

/** The lowest is the most urgent. */
function urgency(reminder: Reminder): number {
  return order.indexOf('stage' in reminder ? `${reminder.kind} ${reminder.stage}` : reminder.kind);
}
