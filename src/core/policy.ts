import type { Severity } from './severity.ts';
import { day, hour, minute } from './time.ts';

/** What the guide asks for one severity. Durations in milliseconds; null where the guide sets no limit. */
export interface SeverityPolicy {
  readonly name: string;
  readonly response: string;
  /** "Response Time". */
  readonly acknowledge: number | null;
  /** How often a status update is due. */
  readonly update: number | null;
  /** Until the bleeding is stopped. */
  readonly mitigate: number | null;
  /** "Resolution Target". */
  readonly resolve: number | null;
  readonly sprintImpact: string;
  readonly communication: string;
  readonly review: string;
  /** Whether a root cause analysis is owed after this severity. */
  readonly rcaRequired: 'always' | 'customer-facing' | 'optional' | 'never';
  /** From resolved to reviewed; null where none is owed. */
  readonly rca: number | null;
}

/** Ties a git e-mail, a GitHub login and a chat name together. */
export interface Person {
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** Without the `@`. */
  readonly github: string | undefined;
  readonly chat: string | undefined;
}

export interface Contact {
  readonly title: string;
  readonly who: readonly string[];
}

export interface Policy {
  readonly severities: Readonly<Record<Severity, SeverityPolicy>>;
  readonly people: readonly Person[];
  readonly contacts: readonly Contact[];
}

/** The guide's own tables ("Incident Severity Classification", "Emergency Contacts"). A sprint is one ISO week. */
export const defaultPolicy: Policy = {
  severities: {
    P0: {
      name: 'Critical',
      response: 'Immediate Response',
      acknowledge: 15 * minute,
      // Guide, "Incident Commander Responsibilities": updates every 30 minutes.
      update: 30 * minute,
      // Guide, "Minute 15-30: Mitigation".
      mitigate: 30 * minute,
      resolve: 4 * hour,
      sprintImpact: 'Immediate interruption',
      communication: 'Executive + Customer notification',
      review: 'Mandatory RCA within 48 hours',
      rcaRequired: 'always',
      rca: 48 * hour,
    },
    P1: {
      name: 'High',
      response: 'Same Day',
      acknowledge: 4 * hour,
      update: null,
      mitigate: null,
      resolve: 24 * hour,
      sprintImpact: 'Uses 20% reactive capacity',
      communication: 'Team + Management notification',
      review: 'RCA if customer-facing',
      rcaRequired: 'customer-facing',
      rca: 48 * hour,
    },
    P2: {
      name: 'Medium',
      response: 'Next Sprint',
      acknowledge: 2 * day,
      update: null,
      mitigate: null,
      resolve: 7 * day,
      sprintImpact: 'Next sprint planning',
      communication: 'Team notification',
      review: 'Optional retrospective',
      rcaRequired: 'optional',
      rca: null,
    },
    P3: {
      name: 'Low',
      response: 'Backlog',
      acknowledge: 7 * day,
      update: null,
      mitigate: null,
      resolve: null,
      sprintImpact: 'Backlog queue',
      communication: 'Tracked in backlog',
      review: 'None required',
      rcaRequired: 'never',
      rca: null,
    },
    P4: {
      name: 'Trivial',
      response: 'Nice to Have',
      acknowledge: null,
      update: null,
      mitigate: null,
      resolve: null,
      sprintImpact: 'Consider parking lot',
      communication: 'None required',
      review: 'None',
      rcaRequired: 'never',
      rca: null,
    },
  },
  people: [],
  contacts: [
    { title: 'On-Call Engineer', who: ['See PagerDuty'] },
    { title: 'Incident Commander Pool', who: ['@incident-commanders'] },
    { title: 'Executive Escalation', who: ['@cto', '@vp-engineering'] },
    { title: 'Customer Success', who: ['@cs-team'] },
    { title: 'Security Team', who: ['@security'] },
  ],
};
