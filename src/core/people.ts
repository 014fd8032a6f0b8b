import type { Person } from './policy.ts';

/** Who works in this clone, as git says. */
export interface GitIdentity {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

/**
 * How the person at this clone is written in `by`, `owner` and roles: `@login` when the policy or a GitHub no-reply
 * address tells the login, else git's user name, else `unknown`.
 */
export function authorName(identity: GitIdentity, people: readonly Person[]): string {
  const email = identity.email?.toLowerCase();
  const person = people.find((candidate) => email !== undefined && candidate.email?.toLowerCase() === email);
  if (person?.github) return `@${person.github}`;
  const noReply = /^(?:\d+\+)?([A-Za-z0-9-]+)@users\.noreply\.github\.com$/.exec(email ?? '');
  if (noReply?.[1]) return `@${noReply[1]}`;
  return person?.name ?? identity.name ?? identity.email ?? 'unknown';
}

/** `@alice`; of an enterprise `@alice_acme`, of an app `@renovate[bot]`. */
const writtenLogin = /^@([A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?)$/;

/** The GitHub login that a written name stands for, if any: `@alice`, or a person of the policy by any of their names. */
export function loginOf(written: string, people: readonly Person[]): string | undefined {
  const login = writtenLogin.exec(written)?.[1];
  if (login !== undefined) return login;
  if (written === '') return undefined;
  const email = written.toLowerCase();
  return people.find(
    (person) => person.name === written || person.chat === written || person.email?.toLowerCase() === email,
  )?.github;
}

/** Whether two written names are one person's. */
export function isSamePerson(left: string, right: string, people: readonly Person[]): boolean {
  if (left === right) return left !== '';
  const login = loginOf(left, people)?.toLowerCase();
  if (login !== undefined) return login === loginOf(right, people)?.toLowerCase();
  const person = people.find((candidate) => isNamed(candidate, left));
  return person !== undefined && isNamed(person, right);
}

function isNamed(person: Person, written: string): boolean {
  return [person.name, person.chat, person.email].includes(written);
}
