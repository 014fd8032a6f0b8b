import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OctokitIssueTracker, type TrackerOptions } from '../../../../src/adapters/github/octokitTracker.ts';
import { testToken } from '../../../support/testTokens.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export type Handler = (request: Seen, response: ServerResponse, raw: IncomingMessage) => void;

/** A server that answers whatever a test wants: for shapes and faults that no orderly GitHub gives. */
export class RawServer {
  readonly seen: Seen[] = [];
  readonly #server;
  #handler: Handler;

  private constructor(handler: Handler) {
    this.#handler = handler;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          authorization: request.headers.authorization,
          body: Buffer.concat(chunks).toString(),
        };
        this.seen.push(seen);
        this.#handler(seen, response, request);
      });
    });
  }

  static async start(handler: Handler = (_, response) => response.writeHead(500).end()): Promise<RawServer> {
    const server = new RawServer(handler);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answer(handler: Handler): void {
    this.#handler = handler;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string | number> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

export const token = testToken('alice');
/** 2025-09-23T14:30:00Z */
export const start = Date.UTC(2025, 8, 23, 14, 30);

export function trackerFor(
  origin: string,
  more: Partial<TrackerOptions> = {},
): { tracker: OctokitIssueTracker; lines: string[] } {
  const lines: string[] = [];
  const tracker = new OctokitIssueTracker({
    apiUrl: origin,
    repository: { owner: 'acme', repo: 'shop' },
    token,
    now: () => start,
    log: (line) => lines.push(line),
    ...more,
  });
  return { tracker, lines };
}

/** The parts of an issue that are looked at, as GitHub gives them. */
export function rawIssue(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 3000000001,
    number: 41,
    title: 'Login times out',
    body: 'One\r\ntwo\r\n',
    state: 'open',
    state_reason: null,
    labels: [{ name: 'severity: P0' }, 'bug', { name: null }],
    assignees: [{ login: 'alice' }],
    user: { login: 'alice' },
    author_association: 'OWNER',
    html_url: 'https://github.com/acme/shop/issues/41',
    created_at: '2025-09-23T14:30:00Z',
    updated_at: '2025-09-23T14:31:00Z',
    closed_at: null,
    ...changes,
  };
}

export function rawComment(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 3000000101,
    body: 'hello',
    user: { login: 'mallory' },
    author_association: 'NONE',
    issue_url: 'https://api.github.com/repos/acme/shop/issues/41',
    html_url: 'https://github.com/acme/shop/issues/41#issuecomment-3000000101',
    created_at: '2025-09-23T14:30:00Z',
    updated_at: '2025-09-23T14:31:00Z',
    ...changes,
  };
}
