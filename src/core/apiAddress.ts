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
  const refuse = (why: string) => new FirebreakError('unsafeAddress', `The GitHub API address ${why}.`);
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    // Neither repeated nor kept as a cause: a person may have put a password into it.
    throw refuse('is not a URL; it looks like https://api.github.com or https://host/api/v3');
  }
  if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('must not hold a query or fragment');
  const plain = url.protocol === 'http:';
  if (!plain && url.protocol !== 'https:') throw refuse('must begin with https://');
  if (plain && !isLoopback(url.hostname)) throw refuse('must begin with https://; http:// reaches this machine only');
  return url.origin + url.pathname.replace(/\/+$/, '');
}
