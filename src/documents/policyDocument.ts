import { defaultPolicy, type Policy } from '../core/policy.ts';
import type { Problem, ProblemCode } from '../core/problem.ts';
import { roles } from '../core/role.ts';
import { readActions } from './policy/actionSection.ts';
import { readAlerts } from './policy/alertSection.ts';
import { readChecklist } from './policy/checklistSection.ts';
import { readEscalation } from './policy/escalationSection.ts';
import { readContacts, readPeople } from './policy/peopleSection.ts';
import { policyKeys } from './policy/policyKeys.ts';
import { PolicyNode } from './policy/policyNode.ts';
import { readReminders } from './policy/reminderSection.ts';
import { readCustomers, readWarRoom } from './policy/roomSection.ts';
import { readSeverities } from './policy/severitySection.ts';
import { parseYaml, spanAt, type TextSpan, YamlError } from './yamlText.ts';

/** More would not be read, and each has to be found in the text again. */
const mostProblems = 100;

/**
 * Reads `incident-policy.yml` over the guide's own tables. A mistake in one place is one problem, with where it stands;
 * everything else in the file counts. Never throws.
 */
export function readPolicy(
  path: string,
  source: string,
): { readonly policy: Policy; readonly problems: readonly Problem[] } {
  const text = source.replace(/^\ufeff/, '');
  const problems: Problem[] = [];
  const add = (code: ProblemCode, level: Problem['level'], message: string, span: TextSpan) => {
    problems.push({ path, code, message: `${message}.`, level, ...placeOf(text, span) });
  };
  try {
    const yaml = parseYaml(text);
    for (const { message, offset } of yaml.mistakes) {
      add('brokenFrontMatter', 'warning', `Not every tool can read this: ${message}`, { from: offset, to: offset });
    }
    const top = new PolicyNode(yaml.data, [], (at, message, part) => {
      if (problems.length > mostProblems) return;
      const isLast = problems.length === mostProblems;
      add('unknownValue', 'warning', isLast ? 'There are more mistakes from here on' : message, spanAt(yaml, at, part));
    });
    return { policy: readSections(top), problems };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { offset } = error;
    const { line } = placeOf(text, { from: offset, to: offset });
    const message = `The policy is no valid YAML, so the guide's own tables count: in line ${line + 1} ${error.message}`;
    add('brokenFrontMatter', 'error', message, { from: offset, to: offset });
    return { policy: defaultPolicy, problems };
  }
}

function readSections(top: PolicyNode): Policy {
  const fields = top.fields(policyKeys.top);
  const people = readPeople(fields.people);
  const contacts = readContacts(fields.contacts);
  const actions = readActions(fields.actions);
  return {
    severities: readSeverities(fields.severities),
    people,
    contacts,
    escalation: readEscalation(fields.escalation, contacts, people),
    reminders: readReminders(fields.reminders),
    requiredRoles: fields['required-roles'].words(roles) ?? defaultPolicy.requiredRoles,
    actions,
    checklist: readChecklist(fields.checklist, actions),
    warRoom: readWarRoom(fields['war-room']),
    customers: readCustomers(fields.customers),
    alerts: readAlerts(fields.alerts),
  };
}

/** The line of a span, and the columns where it is not empty and ends in that line. */
function placeOf(text: string, { from, to }: TextSpan): { readonly line: number } & Pick<Problem, 'columns'> {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const line = from === 0 ? 0 : text.slice(0, start).split('\n').length - 1;
  if (to <= from || text.slice(from, to).includes('\n')) return { line };
  return { line, columns: { from: from - start, to: to - start } };
}
