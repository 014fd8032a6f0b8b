import { roles } from '../../core/role.ts';
import type { Session } from '../../services/session.ts';

/** People to offer, as they are written: the policy's first, then whoever owns or leads something here, then me. */
export function knownPeople(session: Session, me: string): string[] {
  const people = new Set<string>([me]);
  for (const person of session.index.policy().people) {
    const written = person.github ? `@${person.github}` : person.name;
    if (written) people.add(written);
  }
  for (const item of session.index.items()) {
    if (item.owner) people.add(item.owner);
    for (const role of roles) {
      const who = item.incident?.roles[role];
      if (who) people.add(who);
    }
  }
  return [...people];
}
