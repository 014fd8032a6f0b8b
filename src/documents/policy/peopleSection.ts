import { type Contact, defaultPolicy, type Person } from '../../core/policy.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

export function readPeople(node: PolicyNode): readonly Person[] {
  return node.items().flatMap((item) => {
    const fields = item.fields(policyKeys.person);
    const person: Person = {
      name: fields.name.text(),
      email: fields.email.text(),
      github: fields.github.text()?.replace(/^@/, ''),
      chat: fields.chat.text(),
    };
    return Object.values(person).some((field) => field !== undefined) ? [person] : [];
  });
}

/** A map of titles with who to call, or a list of `{title, who}`. */
export function readContacts(node: PolicyNode): readonly Contact[] {
  if (!node.isSaid) return defaultPolicy.contacts;
  const contact = (place: PolicyNode, title: string | undefined, who: readonly string[]): Contact[] => {
    if (title !== undefined && who.length > 0) return [{ title, who }];
    place.wrong('A contact needs a title and somebody to call, like `on-call: ["@alice"]`');
    return [];
  };
  if (!Array.isArray(node.value)) return node.entries().flatMap(([title, who]) => contact(who, title, who.texts()));
  return node.items().flatMap((item) => {
    const { title, who } = item.fields(policyKeys.contact);
    return contact(item, title.text(), who.texts());
  });
}
