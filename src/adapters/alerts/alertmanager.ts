import type { Alert } from '../../core/alert.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { AlertReading, AlertSource } from '../../core/ports/alerts.ts';
import { second } from '../../core/time.ts';
import { readAlert, readUpSince } from './alertShapes.ts';

export interface AlertmanagerOptions {
  /** A checked base address, without a final slash. */
  readonly url: string;
  /** A bearer token, or `user:password` for Alertmanager's own basic authentication. */
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** Takes a line about each request; never a token. */
  readonly log: (line: string) => void;
  /** Milliseconds for one answer, its body included. */
  readonly timeout?: number;
}

/** Ten thousand alerts are about 7 MB. */
const mostBytes = 64 * 1024 * 1024;
/** Names that mean themselves in a matcher's regular expression. */
const plainName = /^[\w -]{1,200}$/;
/** More of them would make an address that proxies cut. */
const mostNames = 20;

/** A Prometheus Alertmanager through its API v2. Only ever read, and followed nowhere else. */
export class Alertmanager implements AlertSource {
  readonly #options: AlertmanagerOptions;

  constructor(options: AlertmanagerOptions) {
    this.#options = options;
  }

  async active(names: readonly string[] = []): Promise<AlertReading> {
    const canFilter = names.length > 0 && names.length <= mostNames && names.every((name) => plainName.test(name));
    const filter = canFilter ? `?filter=${encodeURIComponent(`alertname=~"${names.join('|')}"`)}` : '';
    const { body, at } = await this.#get(`/api/v2/alerts${filter}`);
    if (!Array.isArray(body)) throw this.#unusable('its answer is no list of alerts');
    const alerts = body.map(readAlert).filter((alert): alert is Alert => alert !== undefined);
    if (alerts.length < body.length) this.#options.log(`${body.length - alerts.length} alerts could not be read`);
    if (alerts.length === 0 && body.length > 0) throw this.#unusable('none of its alerts can be read');
    return { alerts, at };
  }

  async upSince(): Promise<number | undefined> {
    return readUpSince((await this.#get('/api/v2/status')).body);
  }

  async #get(path: string): Promise<{ readonly body: unknown; readonly at: number | undefined }> {
    const { url, token, timeout = 15 * second, log } = this.#options;
    const limit = AbortSignal.timeout(timeout);
    let response: Response;
    let text: string | undefined;
    try {
      response = await this.#options.fetch(`${url}${path}`, {
        headers: { accept: 'application/json', ...(token ? { authorization: authorization(token) } : {}) },
        // The token goes to the origin that it was entered for, and nowhere else.
        redirect: 'manual',
        signal: limit,
      });
      log(`GET ${path} ${response.status}`);
      text = response.ok ? await readText(response) : undefined;
      if (!response.ok) await response.body?.cancel();
    } catch (error) {
      const why = limit.aborted ? 'gave no answer in time' : `can't be reached (${codeOf(error)})`;
      log(`GET ${path} ${why}`);
      throw new FirebreakError('alertsUnreachable', `Alertmanager at ${url} ${why}.`);
    }
    const { status } = response;
    if (status === 401 || status === 403) {
      const what = token ? 'refuses the token that is stored for it' : 'wants a token';
      throw new FirebreakError(
        'alertsRefused',
        `Alertmanager at ${url} ${what} (${status}): "Incident: Set Alertmanager Token", or FIREBREAK_ALERTS_TOKEN in a terminal.`,
      );
    }
    if (status >= 500 || status === 429) {
      throw new FirebreakError('alertsUnreachable', `Alertmanager at ${url} answers ${status}: try again later.`);
    }
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      throw this.#unusable('it leads to another address, which is not followed');
    }
    if (!response.ok) throw this.#unusable(`it answers ${status}`);
    if (text === undefined) throw this.#unusable('its answer is too large');
    const at = Date.parse(response.headers.get('date') ?? '');
    try {
      return { body: JSON.parse(text), at: Number.isNaN(at) ? undefined : at };
    } catch {
      throw this.#unusable('its answer is no JSON; perhaps a page to sign in');
    }
  }

  #unusable(why: string): FirebreakError {
    return new FirebreakError(
      'alertsUnusable',
      `At ${this.#options.url} there is no Alertmanager that can be used: ${why}. Look at "firebreak.alerts.url".`,
    );
  }
}

/** RFC 6750 has no colon in a bearer token. */
function authorization(token: string): string {
  if (!token.includes(':')) return `Bearer ${token}`;
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(token)))}`;
}

/** The text of an answer; undefined when it is longer than any list of alerts. */
async function readText(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    if (bytes > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    parts.push(decoder.decode(part.value, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}

/** The code of the innermost failure, else its name: nothing that was sent. */
function codeOf(error: unknown): string {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; depth++, inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.cause === undefined) return inner.name;
  }
  return 'no connection';
}
