import { loginOf } from '../../core/people.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';

/** The logins that could stand for an owner: what can't be written as one is left alone. */
export function assignedLogins(assignees: RemoteIssue['assignees']): string[] {
  return assignees.filter(isOwnerLogin).map((login) => login.toLowerCase());
}

/** Whether a login can be written as an owner, and be read again as the same. */
export function isOwnerLogin(login: string): boolean {
  return loginOf(ownerOf(login), []) === login;
}

/** How a login is written as an owner. */
export function ownerOf(login: string): string {
  return login === '' ? '' : `@${login}`;
}

/** An assignee's login in the case that GitHub writes it in. */
export function loginAsWritten(issue: Pick<RemoteIssue, 'assignees'>, login: string): string {
  return issue.assignees.find((assigned) => assigned.toLowerCase() === login) ?? login;
}
