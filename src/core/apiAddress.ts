import { FirebreakError } from './errors.ts';

export const githubApiUrl = 'https://api.github.com';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname);
}

/**
 * The base address of a GitHub API, without a final slash: `https://api.github.com`, `https://host/api/v3`.
 * A token is sent there, so plain HTTP is taken to this machine only (design, promise 3).
 * @throws FirebreakError `unsafeAddress`
 */
export function safeApiUrl(text: string): string {
  return safeAddress(text, 'The GitHub API address', 'https://api.github.com or https://host/api/v3');
}

/**
 * The base address of an Alertmanager, without a final slash; `/api/v2` may be written behind it. The same rules.
 * @throws FirebreakError `unsafeAddress`
 */
export function safeAlertmanagerUrl(text: string): string {
  const url = safeAddress(text, 'The Alertmanager address', 'http://localhost:9093 or https://host/alertmanager');
  return url.replace(/\/+api\/v2$/, '');
}

function safeAddress(text: string, what: string, examples: string): string {
  const refuse = (why: string) => new FirebreakError('unsafeAddress', `${what} ${why}.`);
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    // Neither repeated nor kept as a cause: a person may have put a password into it.
    throw refuse(`is not a URL; it looks like ${examples}`);
  }
  if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('must not hold a query or fragment');
  const plain = url.protocol === 'http:';
  if (!plain && url.protocol !== 'https:') throw refuse('must begin with https://');
  if (plain && !isLoopback(url.hostname)) throw refuse('must begin with https://; http:// reaches this machine only');
  return url.origin + url.pathname.replace(/\/+$/, '');
}
