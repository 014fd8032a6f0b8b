import type { PlannedStep, SyncProblem, Waiting, WaitingReason } from '../../services/sync/syncReport.ts';

/** Why work waits: what a sync told, and what keeps one from beginning. */
export type StandingReason = WaitingReason | 'signIn' | 'notAgreed' | 'manual';

export interface Reason extends Omit<Waiting, 'reason'> {
  readonly reason: StandingReason;
}

/** How sync stands, as far as this clone knows without asking GitHub. */
export interface Standing {
  /** `acme/shop`; undefined where there is no repository to sync with. */
  readonly repository: string | undefined;
  readonly syncing: boolean;
  readonly reasons: readonly Reason[];
  /** What the next sync would do. */
  readonly steps: readonly PlannedStep[];
  readonly problems: readonly SyncProblem[];
}

export const nothingKnown: Standing = { repository: undefined, syncing: false, reasons: [], steps: [], problems: [] };
