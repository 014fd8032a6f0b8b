import { isPhase, phaseIndex } from '../../core/phase.ts';
import type { IssuePatch } from '../../core/ports/issueTracker.ts';
import { isFinished, isStatus } from '../../core/status.ts';

/**
 * Whether an issue with this phase (of an incident) or status (of an ordinary item) is open. While a review is owed both
 * are right: closing on GitHub enters `rca`, and coming to `rca` closes nothing.
 */
export function wantedState(phase: string | undefined, status: string | undefined): 'open' | 'closed' | undefined {
  if (phase === undefined) return status !== undefined && isStatus(status) && isFinished(status) ? 'closed' : 'open';
  // An incident's status follows its phase, save that a false alarm and a duplicate are over whatever the phase.
  if (phase === 'closed' || status === 'declined' || status === 'duplicate') return 'closed';
  return phase === 'rca' ? undefined : 'open';
}

/** Why it is closed, in GitHub's words. */
export function closingReason(status: string | undefined): NonNullable<IssuePatch['stateReason']> {
  if (status === 'declined') return 'not_planned';
  return status === 'duplicate' ? 'duplicate' : 'completed';
}

/** Whether a label shows that people were still at it: what a reopened issue goes back to. */
export function isUnderWay(value: string): boolean {
  if (isPhase(value)) return phaseIndex(value) < phaseIndex('rca');
  return isStatus(value) && !isFinished(value);
}
