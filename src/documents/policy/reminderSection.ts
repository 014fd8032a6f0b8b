import { defaultPolicy, type ReminderPolicy } from '../../core/policy.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

export function readReminders(node: PolicyNode): ReminderPolicy {
  const fields = node.fields(policyKeys.reminders);
  const reminders: { -readonly [Key in keyof ReminderPolicy]: ReminderPolicy[Key] } = { ...defaultPolicy.reminders };
  for (const key of policyKeys.reminders) {
    const duration = fields[key].duration();
    if (duration !== undefined) reminders[key] = duration;
  }
  return reminders;
}
