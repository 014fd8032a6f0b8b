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

/** The GitHub login that a written name stands for, if any: `@alice`, or a person of the policy. */
export function loginOf(written: string, people: readonly Person[]): string | undefined {
  if (/^@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(written)) return written.slice(1);
  return people.find((person) => person.name === written || person.email === written)?.github;
}
