import type { Phase } from './phase.ts';
import type { Role } from './role.ts';
import { type Severity, severities } from './severity.ts';
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

/** Who is told when nobody has acknowledged. */
export interface EscalationStep {
  /** After the declaration of a P0 (see `escalationLadder`); null: a multiple of the severity's acknowledge limit. */
  readonly after: number | null;
  /** The title of a contact, or the people themselves. */
  readonly to: string | readonly string[];
}

/** When the commander is reminded; null turns one off. */
export interface ReminderPolicy {
  /** Before an update is due or a clock passes. */
  readonly before: number | null;
  /** A role that is still unfilled so long after the declaration. */
  readonly role: number | null;
  /** An action that has run so long. */
  readonly action: number | null;
  /** Nothing happened for so long. */
  readonly quiet: number | null;
  /** A reminder that nobody took comes again after this. */
  readonly repeat: number | null;
}

export const actionKinds = ['mitigation', 'check', 'evidence'] as const;
export type ActionKind = (typeof actionKinds)[number];

export interface ActionParameter {
  /** Stands in the command as `${name}`. */
  readonly name: string;
  readonly title: string;
  readonly default: string | undefined;
  /** To choose from; empty: anything may be typed. */
  readonly options: readonly string[];
  readonly required: boolean;
}

/** A mitigation, a check, or evidence to be kept. */
export interface ActionPolicy {
  /** `[a-z0-9-]+`, unique in the file. */
  readonly id: string;
  readonly title: string;
  readonly kind: ActionKind;
  /** Whether it sets or lifts the deploy freeze. */
  readonly freeze: 'set' | 'lift' | undefined;
  /** Where it is offered first. */
  readonly phases: readonly Phase[];
  /** Undefined only for evidence that is nothing but files. */
  readonly command: string | undefined;
  /** Inside the workspace, relative to the folder of the policy; empty for that folder. */
  readonly cwd: string;
  /** High: confirmed with the exact command shown. */
  readonly risk: 'low' | 'high';
  /** What is said when it is confirmed. */
  readonly confirm: string | undefined;
  readonly parameters: readonly ActionParameter[];
  /** Patterns of files, inside the workspace, that are copied beside the incident. */
  readonly collect: readonly string[];
  /** "Has run too long" after this; null: `reminders.action` decides. Never kills. */
  readonly timeout: number | null;
}

/** One box to tick before an incident is called resolved. */
export interface ChecklistEntry {
  readonly id: string;
  readonly title: string;
  /** The id of an action, or of one that was found (`make:test-smoke`). */
  readonly action: string | undefined;
}

export const announceTargets = ['slack', 'webhook', 'pagerduty'] as const;
export type AnnounceTarget = (typeof announceTargets)[number];

export interface WarRoomPolicy {
  /** A template; see `roomPlaceholders`. */
  readonly channel: string;
  readonly invite: readonly string[];
  /** A template of an https address. */
  readonly video: string | undefined;
  /** For which severities telling each target is proposed. Nothing is told before it was switched on on this machine. */
  readonly announce: Readonly<Record<AnnounceTarget, readonly Severity[]>>;
}

/** What `{…}` stands for in the templates of the war room. */
export const roomPlaceholders = ['id', 'date', 'slug', 'severity', 'service'] as const;
export type RoomPlaceholder = (typeof roomPlaceholders)[number];

export interface CustomerPolicy {
  /** The role that must approve a message to people outside. */
  readonly approval: Role | undefined;
  /** A file inside the workspace. */
  readonly template: string | undefined;
}

/** What the values of one label of alerts propose. */
export interface AlertLabelPolicy {
  readonly label: string;
  /** By whole values, in small letters. */
  readonly severities: ReadonlyMap<string, Severity>;
}

/** Everything that `incident-policy.yml` can say. */
export interface Policy {
  readonly severities: Readonly<Record<Severity, SeverityPolicy>>;
  readonly people: readonly Person[];
  readonly contacts: readonly Contact[];
  /** In the order in which it is climbed. */
  readonly escalation: readonly EscalationStep[];
  readonly reminders: ReminderPolicy;
  /** Of these a reminder is given while they are unfilled. */
  readonly requiredRoles: readonly Role[];
  readonly actions: readonly ActionPolicy[];
  /** Of the `verify` phase. */
  readonly checklist: readonly ChecklistEntry[];
  readonly warRoom: WarRoomPolicy;
  readonly customers: CustomerPolicy;
  /** In the order in which the labels are looked at; what they don't say is proposed by words that teams commonly use. */
  readonly alerts: readonly AlertLabelPolicy[];
}

/**
 * The guide's own tables ("Incident Severity Classification", "Emergency Contacts", "Recovery Verification"). A sprint is
 * one ISO week.
 */
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
  escalation: [
    { after: null, to: 'On-Call Engineer' },
    { after: null, to: 'Incident Commander Pool' },
    { after: null, to: 'Executive Escalation' },
  ],
  reminders: {
    before: 5 * minute,
    role: 10 * minute,
    action: 15 * minute,
    quiet: 20 * minute,
    repeat: 10 * minute,
  },
  requiredRoles: ['commander', 'communications'],
  actions: [],
  checklist: [
    { id: 'smoke', title: 'Run smoke tests', action: 'make:test-smoke' },
    { id: 'metrics', title: 'Check key metrics', action: 'make:metrics-check' },
    { id: 'customers', title: 'Verify customer impact', action: 'make:customer-impact-check' },
  ],
  warRoom: {
    channel: 'inc-{date}-{slug}',
    invite: [],
    video: undefined,
    announce: { slack: severities, webhook: severities, pagerduty: ['P0'] },
  },
  customers: { approval: undefined, template: undefined },
  alerts: [],
};
