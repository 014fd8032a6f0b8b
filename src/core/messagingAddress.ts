import { isLoopback } from './apiAddress.ts';
import { FirebreakError } from './errors.ts';

/**
 * An address that messages are posted to. https, or http to this machine (design, promise 3). It may hold a secret in its path
 * or query, as webhooks do, so it is never repeated in an error.
 * @param what as in "The webhook address"
 * @throws FirebreakError `unsafeAddress`
 */
export function safeMessagingAddress(text: string, what: string): string {
  const refuse = (why: string) => new FirebreakError('unsafeAddress', `${what} ${why}.`);
  const written = text.trim();
  if (!URL.canParse(written)) throw refuse('is not a URL; it looks like https://hooks.example.com/…');
  const url = new URL(written);
  if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or password');
  if (url.hash !== '') throw refuse('must not hold a fragment');
  const isPlain = url.protocol === 'http:';
  if (!isPlain && url.protocol !== 'https:') throw refuse('must begin with https://');
  if (isPlain && !isLoopback(url.hostname)) throw refuse('must begin with https://; http:// reaches this machine only');
  return url.href;
}
