import type { IssueLink } from '../../core/github.ts';
import { settings } from '../settings.ts';

/** Where an issue is on the web: github.com, or the host of the GitHub Enterprise Server that the API address names. */
export function issueUrl(link: IssueLink): string {
  let origin = 'https://github.com';
  try {
    const api = new URL(settings.apiUrl());
    if (api.hostname !== 'api.github.com') origin = api.origin;
  } catch {
    // The address is mended where it is used for sending; a link to github.com does no harm until then.
  }
  return `${origin}/${link.owner}/${link.repo}/issues/${link.number}`;
}
