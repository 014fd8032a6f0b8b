import type { Contact, EscalationStep, Policy } from './policy.ts';
import type { Severity } from './severity.ts';

/** A step of the ladder as it is climbed for one severity. */
export interface EscalationRung {
  /** Milliseconds after the declaration. */
  readonly after: number;
  /** What the policy calls them: the title of the contact, or their names. */
  readonly title: string;
  /** Whom to call. */
  readonly who: readonly string[];
}

/** The contact with this title, whatever its case and the signs between its words. */
export function contactTitled(contacts: readonly Contact[], title: string): Contact | undefined {
  const wanted = plainTitle(title);
  return contacts.find((contact) => plainTitle(contact.title) === wanted);
}

/** Whom a step tells. */
export function escalationTarget(step: EscalationStep, contacts: readonly Contact[]): Omit<EscalationRung, 'after'> {
  if (typeof step.to !== 'string') return { title: step.to.join(', '), who: step.to };
  const contact = contactTitled(contacts, step.to);
  return { title: contact?.title ?? step.to, who: contact?.who ?? [step.to] };
}

/**
 * The ladder of a severity, in the order of time. The policy's times are those of a P0; a severity that has longer to
 * acknowledge has its ladder stretched alike, so that nobody wakes an executive over a P2. One without an acknowledge limit
 * has no ladder.
 */
export function escalationLadder(policy: Policy, severity: Severity): EscalationRung[] {
  const limit = policy.severities[severity].acknowledge;
  if (limit === null) return [];
  const stretch = limit / (policy.severities.P0.acknowledge ?? limit);
  return policy.escalation
    .map((step, index) => ({
      after: step.after === null ? limit * (index + 1) : Math.round(step.after * stretch),
      ...escalationTarget(step, policy.contacts),
    }))
    .sort((left, right) => left.after - right.after);
}

function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
