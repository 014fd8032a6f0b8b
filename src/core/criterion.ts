import { oneOf } from './oneOf.ts';
import type { Severity } from './severity.ts';

/** The five things that make an incident a P0. Source: guide, "P0 Incident Definition". */
export const criteria = ['production-down', 'data-loss', 'security-breach', 'revenue-impact', 'user-impact'] as const;
export type Criterion = (typeof criteria)[number];
export const isCriterion = oneOf(criteria);

export const criterionTexts: Readonly<Record<Criterion, { title: string; detail: string }>> = {
  'production-down': { title: 'Production Down', detail: 'Complete system or major service unavailable' },
  'data-loss': { title: 'Data Loss', detail: 'Actual or imminent data corruption/loss' },
  'security-breach': { title: 'Security Breach', detail: 'Active exploitation or vulnerability' },
  'revenue-impact': { title: 'Revenue Impact', detail: '>$10K/hour or critical business transaction failure' },
  'user-impact': { title: 'User Impact', detail: '>50% of users affected with no workaround' },
};

/** What the guide makes of the ticked criteria: any one is a P0, none is at most a P1. */
export function proposedSeverity(ticked: readonly Criterion[]): Severity {
  return ticked.length > 0 ? 'P0' : 'P1';
}

/** A breach is not told to anybody outside the repository until people decide to. */
export function makesPrivate(ticked: readonly Criterion[]): boolean {
  return ticked.includes('security-breach');
}
