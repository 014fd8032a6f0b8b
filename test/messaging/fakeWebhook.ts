import { LoopbackServer, type Trouble } from './loopbackServer.ts';

/** An address that takes whatever object comes. */
export class FakeWebhook {
  readonly messages: Record<string, unknown>[];
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer, messages: Record<string, unknown>[]) {
    this.#server = server;
    this.messages = messages;
  }

  static async start(): Promise<FakeWebhook> {
    const messages: Record<string, unknown>[] = [];
    const server = await LoopbackServer.start((_request, body) => {
      messages.push(JSON.parse(body));
      return { status: 200, body: 'ok' };
    });
    return new FakeWebhook(server, messages);
  }

  get address(): string {
    return `${this.#server.url}/hook/secret`;
  }

  next(trouble: Trouble): void {
    this.#server.next(trouble);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
