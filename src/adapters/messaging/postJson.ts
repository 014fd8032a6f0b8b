import { neverLeft } from '../../core/neverLeft.ts';
import { MessagingError } from '../../core/ports/messaging.ts';

export interface Sender {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds for one exchange. */
  readonly timeout: number;
}

/**
 * Posts an object, exactly once. Redirects are not followed: what is sent goes where the user said and nowhere else.
 * @param who as in "PagerDuty"; the address may be a secret and is in no message
 * @returns the answer's text
 * @throws MessagingError
 */
export async function postJson(sender: Sender, address: string, body: object, who: string): Promise<string> {
  const response = await exchange(sender, address, body, who);
  const text = await response.text().catch(() => '');
  if (response.ok) return text;
  const { status } = response;
  if (status === 429) throw new MessagingError('limited', `${who} asks for a pause`, retryAfter(response));
  if (status === 408 || status >= 500) throw new MessagingError('server', `${who} has trouble (${status})`);
  if (status === 401 || status === 403 || status === 404 || status === 410) {
    throw new MessagingError('badToken', `${who} does not know this address or key (${status})`);
  }
  throw new MessagingError('refused', `${who} refused it (${status}${said(text)})`);
}

async function exchange({ fetch, timeout }: Sender, address: string, body: object, who: string): Promise<Response> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    return await fetch(address, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    if (!signal.aborted && neverLeft(error)) throw new MessagingError('notSent', `${who} can't be reached`);
    throw new MessagingError('maybeSent', `${who} did not answer`);
  }
}

/** Milliseconds; a minute where the server does not say. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 60_000;
}

/** A little of what the server says: it may be a page of HTML. */
function said(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' || line.startsWith('<') ? '' : `: ${line.slice(0, 120)}`;
}
