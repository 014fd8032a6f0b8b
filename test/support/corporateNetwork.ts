import { createServer as createProxy, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { selfSignedCertificate } from './selfSignedCertificate.ts';

/**
 * A network in which a server is reached by its name, encrypted, and through a proxy alone: the name is the proxy's to resolve.
 * Nobody vouches for the server but whoever is told to.
 */
export class CorporateNetwork {
  /** What vouches for the server, as PEM. */
  readonly authority: string;
  readonly host: string;
  /** What the proxy was asked to connect to. */
  readonly tunnels: string[] = [];
  readonly #passed: Buffer[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #proxy: HttpServer;
  #refusal: string | undefined;

  private constructor(host: string, plainPort: number) {
    this.host = host;
    const { certificate, key } = selfSignedCertificate(host);
    this.authority = certificate;
    this.#server = createTlsServer({ cert: certificate, key }, (socket) =>
      this.#join(socket, connect(plainPort, '127.0.0.1')),
    );
    this.#proxy = createProxy((_, response) => response.writeHead(501).end());
    this.#proxy.on('connect', (request, socket: Socket) => this.#tunnel(request.url ?? '', socket));
  }

  /** @param plainPort of the server on this machine that stands behind the name */
  static async start(host: string, plainPort: number): Promise<CorporateNetwork> {
    const network = new CorporateNetwork(host, plainPort);
    await Promise.all([network.#server, network.#proxy].map(listen));
    return network;
  }

  get proxyAddress(): string {
    return `http://127.0.0.1:${portOf(this.#proxy)}`;
  }

  /** The name of the server, with its port. */
  get place(): string {
    return `${this.host}:${portOf(this.#server)}`;
  }

  /** Every byte that the proxy saw pass on its way to the server. */
  get passed(): string {
    return Buffer.concat(this.#passed).toString('latin1');
  }

  /** Lets nobody pass any more, nor those who pass already. @param answer `407 Proxy Authentication Required` */
  refuse(answer: string): void {
    this.#refusal = answer;
    this.#cut();
  }

  /** Lets everybody pass again. */
  admit(): void {
    this.#refusal = undefined;
  }

  async stop(): Promise<void> {
    this.#cut();
    await Promise.all([this.#server, this.#proxy].map((open) => new Promise((resolve) => open.close(resolve))));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #tunnel(place: string, socket: Socket): void {
    this.tunnels.push(place);
    if (this.#refusal !== undefined || place !== this.place) {
      socket.end(`HTTP/1.1 ${this.#refusal ?? '502 Bad Gateway'}\r\n\r\n`);
      return;
    }
    const target = connect(portOf(this.#server), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.on('data', (bytes: Buffer) => this.#passed.push(bytes));
      this.#join(socket, target);
    });
  }

  #join(one: Socket, other: Socket): void {
    for (const socket of [one, other]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    one.pipe(other).pipe(one);
  }
}

function listen(open: Server): Promise<void> {
  return new Promise((resolve) => open.listen(0, '127.0.0.1', resolve));
}

function portOf(open: Server): number {
  return (open.address() as AddressInfo).port;
}
