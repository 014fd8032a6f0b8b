import { contactTitled } from '../../core/escalation.ts';
import { type Contact, defaultPolicy, type EscalationStep, type Person } from '../../core/policy.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

/**
 * The ladder; what a step names is a contact, a person, or somebody nobody knows here, which is said. The guide's ladder has
 * only the steps whose contact the file has kept.
 */
export function readEscalation(
  node: PolicyNode,
  contacts: readonly Contact[],
  people: readonly Person[],
): readonly EscalationStep[] {
  if (!node.isSaid) {
    return defaultPolicy.escalation.filter(({ to }) => typeof to === 'string' && contactTitled(contacts, to));
  }
  return node.items().flatMap((item) => {
    const fields = item.fields(policyKeys.escalation);
    const after = fields.after.duration();
    if (after === null) fields.after.wrong('`after` must say how long after the declaration, like 15m');
    const to = readTarget(fields.to, contacts, people);
    if (to !== undefined) return [{ after: after ?? null, to }];
    if (!fields.to.isSaid) item.wrong('A step needs `to`: the title of a contact, or a list of people');
    return [];
  });
}

function readTarget(
  node: PolicyNode,
  contacts: readonly Contact[],
  people: readonly Person[],
): string | readonly string[] | undefined {
  if (!node.isSaid) return undefined;
  if (Array.isArray(node.value)) {
    const names = node.texts();
    if (names.length === 0 && node.value.length === 0) node.wrong('Nobody is told: name somebody, like "@alice"');
    return names.length > 0 ? names : undefined;
  }
  const text = node.text();
  if (text === undefined) return undefined;
  const contact = contactTitled(contacts, text);
  if (contact) return contact.title;
  const isPerson = text.startsWith('@') || people.some(({ name, email, chat }) => [name, email, chat].includes(text));
  if (!isPerson) {
    const titles = contacts.map(({ title }) => title).join(', ');
    node.wrong(`"${text}" is no contact, and nobody's name: ${titles === '' ? 'add a contact' : `use ${titles}`}`);
  }
  return [text];
}
