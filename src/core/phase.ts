import { oneOf } from './oneOf.ts';
import type { Status } from './status.ts';

/** The guide's incident lifecycle, in order. Skipping and going back are allowed, and recorded. */
export const phases = [
  'detected',
  'declared',
  'triage',
  'respond',
  'mitigate',
  'investigate',
  'fix',
  'verify',
  'rca',
  'closed',
] as const;
export type Phase = (typeof phases)[number];
export const isPhase = oneOf(phases);

export function phaseIndex(phase: Phase): number {
  return phases.indexOf(phase);
}

/** The phase that the guide has next, or undefined after the last. */
export function nextPhase(phase: Phase): Phase | undefined {
  return phases[phaseIndex(phase) + 1];
}

/** The backlog status that an incident in this phase has for those who only look at the backlog. */
export function statusInPhase(phase: Phase): Status {
  if (phase === 'closed') return 'done';
  return phase === 'rca' ? 'review' : 'doing';
}

/** What each phase is for, in the guide's words ("Incident Lifecycle"). */
export const phaseTitles: Readonly<Record<Phase, string>> = {
  detected: 'Detect Issue',
  declared: 'Declare P0',
  triage: 'Triage',
  respond: 'Form Response Team',
  mitigate: 'Mitigate Impact',
  investigate: 'Find Root Cause',
  fix: 'Deploy Fix',
  verify: 'Verify Resolution',
  rca: 'Post-Incident RCA',
  closed: 'Closed',
};
