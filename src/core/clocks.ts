import { asCorrected } from './correctedEvents.ts';
import { type Phase, phaseIndex } from './phase.ts';
import type { SeverityPolicy } from './policy.ts';
import { hour, minute, parseInstant, second } from './time.ts';
import { compareEvents, type PhaseEvent, type TimelineEvent } from './timelineEvent.ts';

export type ClockKind = 'acknowledge' | 'update' | 'mitigate' | 'resolve' | 'draft' | 'rca';

/** Guide, "Within 24 Hours": the RCA document is created. */
const draftLimit = 24 * hour;

/** One clock of an incident. All times epoch milliseconds. A running clock needs no timer: it is a start and a limit. */
export interface Clock {
  readonly kind: ClockKind;
  readonly startedAt: number;
  /** When it is due; null when the policy sets no limit for the severity. */
  readonly dueAt: number | null;
  /** When it was stopped; null while it runs. */
  readonly stoppedAt: number | null;
}

export type ClockStanding = 'unlimited' | 'running' | 'soon' | 'overdue' | 'met' | 'missed';

/** Amber in the last fifth of the limit, red after it. */
const soonShare = 0.2;

export function clockStanding(clock: Clock, now: number): ClockStanding {
  if (clock.stoppedAt !== null) {
    return clock.dueAt === null || clock.stoppedAt <= clock.dueAt ? 'met' : 'missed';
  }
  if (clock.dueAt === null) return 'unlimited';
  if (now >= clock.dueAt) return 'overdue';
  return clock.dueAt - now <= soonShare * (clock.dueAt - clock.startedAt) ? 'soon' : 'running';
}

/**
 * The clocks of an incident, in the order in which they matter. Starts and stops come from events; the limits from the
 * policy for the severity that it has now, so that a change of severity moves limits and not starts (design, "clocks").
 * @param open false for an incident that was cancelled or merged away: its clocks stand still.
 * @param drafted whether there is a draft of the review: then the clock for it is gone.
 */
export function incidentClocks(
  events: readonly TimelineEvent[],
  limits: SeverityPolicy,
  open = true,
  drafted = false,
): Clock[] {
  // Of an incident that is over, its last event of all ends the clocks.
  const ordered = asCorrected(open ? events.filter(isOfClocks) : events).sort(compareEvents);
  const steps = ordered.filter((event): event is PhaseEvent => event.kind === 'phase');
  const declared = at(steps.find((step) => phaseIndex(step.to) >= phaseIndex('declared')));
  if (declared === undefined) return [];

  const resolvedAt = leftForward(steps, 'verify');
  const endedAt = open ? null : (at(ordered.at(-1)) ?? declared);
  const clock = (kind: ClockKind, startedAt: number, limit: number | null, stoppedAt: number | null): Clock => ({
    kind,
    startedAt,
    dueAt: limit === null ? null : startedAt + limit,
    stoppedAt: stoppedAt ?? endedAt,
  });

  const acknowledged = at(
    ordered.find(
      (event) =>
        event.kind === 'acknowledge' || (event.kind === 'role' && event.role === 'commander' && event.to !== ''),
    ),
  );
  const lastUpdate = at(ordered.filter((event) => event.kind === 'status').at(-1));
  const clocks = [
    clock('acknowledge', declared, limits.acknowledge, acknowledged ?? resolvedAt),
    clock('update', Math.max(declared, lastUpdate ?? declared), limits.update, resolvedAt),
    clock('mitigate', declared, limits.mitigate, leftForward(steps, 'mitigate')),
    clock('resolve', declared, limits.resolve, resolvedAt),
  ];
  if (resolvedAt !== null && limits.rca !== null) {
    const reviewedAt = leftForward(steps, 'rca');
    if (!drafted && reviewedAt === null) {
      clocks.push(clock('draft', resolvedAt, Math.min(draftLimit, limits.rca), null));
    }
    clocks.push(clock('rca', resolvedAt, limits.rca, reviewedAt));
  }
  return clocks;
}

/** Whether an event starts or stops a clock, or corrects one that may: of ten thousand these are few. */
function isOfClocks({ kind }: TimelineEvent): boolean {
  switch (kind) {
    case 'phase':
    case 'acknowledge':
    case 'role':
    case 'status':
    case 'correction':
    case 'retraction':
      return true;
    default:
      return false;
  }
}

/** When the incident last went past a phase and did not come back to it; null when it has not. */
function leftForward(steps: readonly PhaseEvent[], phase: Phase): number | null {
  let left: number | null = null;
  for (const step of steps) {
    if (phaseIndex(step.to) <= phaseIndex(phase)) left = null;
    else left ??= at(step) ?? null;
  }
  return left;
}

function at(event: TimelineEvent | undefined): number | undefined {
  return event && parseInstant(event.at);
}

/** The running clock that is due next, for the one line of a status bar. */
export function nextDue(clocks: readonly Clock[]): Clock | undefined {
  return clocks
    .filter((clock) => clock.stoppedAt === null && clock.dueAt !== null)
    .sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0))[0];
}

/** Near its limit a clock is read in seconds; what is shown is at most this far behind. */
const nearStep = 10 * second;

/**
 * The next instant at which what is shown of these clocks reads otherwise: a minute passes, or one turns amber or red.
 * @returns undefined when none of them runs
 */
export function nextVisibleChange(clocks: readonly Clock[], now: number): number | undefined {
  let next: number | undefined;
  for (const { startedAt, dueAt, stoppedAt } of clocks) {
    if (stoppedAt !== null) continue;
    const instants = [stepAfter(startedAt, minute, now)];
    if (dueAt !== null) {
      const amber = Math.ceil(dueAt - soonShare * (dueAt - startedAt));
      if (amber > now) instants.push(amber);
      instants.push(stepAfter(dueAt, Math.abs(dueAt - now) <= minute ? nearStep : minute, now));
    }
    next = Math.min(...instants, next ?? Number.POSITIVE_INFINITY);
  }
  return next;
}

/** The first instant after `now` that is a whole number of steps from an origin. */
function stepAfter(origin: number, step: number, now: number): number {
  return origin + (Math.floor((now - origin) / step) + 1) * step;
}

/** The time spent in each phase, in the order of the steps: the bar above the timeline. */
export interface PhaseSpan {
  readonly phase: Phase;
  readonly from: number;
  /** null for the phase it is in. */
  readonly to: number | null;
}

export function phaseSpans(events: readonly TimelineEvent[]): PhaseSpan[] {
  const steps = [...events].sort(compareEvents).filter((event): event is PhaseEvent => event.kind === 'phase');
  return steps.map((step, index) => ({
    phase: step.to,
    from: at(step) ?? 0,
    to: step.to === 'closed' ? (at(step) ?? 0) : (at(steps[index + 1]) ?? null),
  }));
}
