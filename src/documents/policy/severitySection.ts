import { defaultPolicy, type Policy, type SeverityPolicy } from '../../core/policy.ts';
import { type Severity, severities } from '../../core/severity.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

const limits = ['acknowledge', 'update', 'mitigate', 'resolve', 'rca'] as const;
// The keys of a severity that hold words, with the fields that they set.
const texts = {
  name: 'name',
  response: 'response',
  sprint: 'sprintImpact',
  communication: 'communication',
  review: 'review',
} as const satisfies Record<string, keyof SeverityPolicy>;
export const rcaRequirements = ['always', 'customer-facing', 'optional', 'never'] as const;

/** The guide's table with what the file says over it. */
export function readSeverities(node: PolicyNode): Policy['severities'] {
  const result: Record<Severity, SeverityPolicy> = { ...defaultPolicy.severities };
  for (const [name, entry] of node.entries()) {
    const severity = severities.find((candidate) => candidate === name.toUpperCase());
    if (severity) result[severity] = readSeverity(entry, result[severity]);
    else entry.wrongKey(`"${name}" is no severity: name one of ${severities.join(', ')}`);
  }
  return result;
}

function readSeverity(node: PolicyNode, base: SeverityPolicy): SeverityPolicy {
  const fields = node.fields(policyKeys.severity);
  const changed: { -readonly [Key in keyof SeverityPolicy]: SeverityPolicy[Key] } = { ...base };
  for (const key of limits) {
    const limit = fields[key].duration();
    if (limit !== undefined) changed[key] = limit;
  }
  for (const [key, field] of Object.entries(texts)) {
    const text = fields[key as keyof typeof texts].text();
    if (text !== undefined) changed[field] = text;
  }
  changed.rcaRequired = fields['rca-required'].word(rcaRequirements) ?? base.rcaRequired;
  return changed;
}
