import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake does with one request beside answering it. */
export type Trouble =
  /** The connection ends before anything is done. */
  | { readonly kind: 'dropBefore' }
  /** It is done, and the answer gets lost. */
  | { readonly kind: 'dropAfter' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    };

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** A server of a fake on this machine. Troubles are taken in order, each by the next request that fits. */
export class LoopbackServer {
  readonly #server;
  #url = '';
  readonly #troubles: { readonly fits: (path: string) => boolean; readonly trouble: Trouble }[] = [];
  /** Paths of all requests, in order. */
  readonly paths: string[] = [];

  private constructor(answer: (request: IncomingMessage, body: string) => Answer) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#answer(request, response, Buffer.concat(chunks).toString('utf8'), answer));
    });
  }

  static async start(answer: (request: IncomingMessage, body: string) => Answer): Promise<LoopbackServer> {
    const server = new LoopbackServer(answer);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.#url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  /** Where it is, or was. */
  get url(): string {
    return this.#url;
  }

  /** @param path of the request that has it; any without */
  next(trouble: Trouble, path?: string): void {
    this.#troubles.push({ trouble, fits: (asked) => path === undefined || asked.endsWith(path) });
  }

  takePaths(): string[] {
    return this.paths.splice(0);
  }

  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    answer: (request: IncomingMessage, body: string) => Answer,
  ): void {
    const path = (request.url ?? '').replace(/\?.*/, '');
    this.paths.push(path);
    const at = this.#troubles.findIndex(({ fits }) => fits(path));
    const trouble = at < 0 ? undefined : this.#troubles.splice(at, 1)[0]?.trouble;
    if (trouble?.kind === 'dropBefore') {
      request.socket.destroy();
      return;
    }
    const given = trouble?.kind === 'answer' ? { body: '', ...trouble } : answer(request, body);
    if (trouble?.kind === 'dropAfter') {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(given.body);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
