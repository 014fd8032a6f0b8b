import { neverLeft } from '../../core/neverLeft.ts';

/** A request that got no answer that can be used. */
export class TransportError extends Error {
  readonly reason: 'notSent' | 'maybeSent' | 'timedOut' | 'moved' | 'elsewhere';
  /** For `moved` and `elsewhere`: where to. */
  readonly address: string | undefined;

  constructor(reason: TransportError['reason'], message: string, address?: string) {
    super(message);
    this.name = 'TransportError';
    this.reason = reason;
    this.address = address;
  }
}

export interface TransportOptions {
  readonly fetch: typeof globalThis.fetch;
  /** `https://api.github.com`: nothing is sent to another. */
  readonly origin: string;
  /** Milliseconds for one exchange, its body included. */
  readonly timeout: number;
  /** Called once for each exchange on the wire. */
  readonly onAnswer: (method: string, url: URL, answer: Response | string, startedAt: number) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const maxRedirects = 5;

/**
 * One request as octokit asks for it, sent exactly once. Redirects are ours to follow, because fetch would turn a POST
 * into a GET (`sync.md` §0) and would not ask where the token goes: reads follow within the origin, writes never.
 * @returns the answer, and whether it came from another address than the one asked.
 * @throws TransportError
 */
export async function exchange(
  options: TransportOptions,
  address: string,
  init: RequestInit = {},
): Promise<{ readonly response: Response; readonly redirectedTo: string | undefined }> {
  const method = (init.method ?? 'GET').toUpperCase();
  let url = new URL(address);
  let redirectedTo: string | undefined;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    if (url.origin !== options.origin)
      throw new TransportError('elsewhere', 'the address leads to another server', url.href);
    const response = await once(options, url, { ...init, method, redirect: 'manual' });
    if (response.type === 'opaqueredirect') throw new TransportError('moved', 'moved to an address that was not told');
    if (![301, 302, 303, 307, 308].includes(response.status)) return { response, redirectedTo };
    const location = response.headers.get('location');
    await response.body?.cancel();
    const target = location === null || !URL.canParse(location, url) ? undefined : new URL(location, url);
    if (method !== 'GET' || target === undefined) {
      throw new TransportError('moved', 'moved', target?.href);
    }
    url = target;
    redirectedTo = target.href;
  }
  throw new TransportError('moved', 'redirected too often', redirectedTo);
}

async function once(options: TransportOptions, url: URL, init: RequestInit): Promise<Response> {
  const startedAt = options.now();
  const method = init.method ?? 'GET';
  const timeout = AbortSignal.timeout(options.timeout);
  try {
    const response = await options.fetch(url.href, { ...init, signal: timeout });
    options.onAnswer(method, url, response, startedAt);
    return response;
  } catch (error) {
    const reason = timeout.aborted ? 'timedOut' : neverLeft(error) ? 'notSent' : 'maybeSent';
    const told = timeout.aborted ? 'no answer in time' : describe(error);
    options.onAnswer(method, url, told, startedAt);
    throw new TransportError(reason, told);
  }
}

/** The code of the innermost failure, else its name: enough to look it up, and nothing that was sent. */
function describe(error: unknown): string {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; depth++) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.cause === undefined) return inner.name;
    inner = inner.cause;
  }
  return 'no connection';
}
