/** A TCP line to Asterisk's HTTP server on which the WebSocket of ARI's events can be cut, and all else goes on. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a client's request for the events begins. */
const EVENTS = 'GET /ari/events';

export class CuttableLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #events = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Leads to a port of loopback. */
  static async open(port: number): Promise<CuttableLine> {
    const server = createServer();
    const line = new CuttableLine(server);
    server.on('connection', (client) => line.#join(client, connect(port, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets the connections that carry events; while it is cut, new ones are reset as well. */
  cutEvents(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const socket of this.#events) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.once('data', (begin: Buffer) => {
      if (begin.toString('latin1', 0, EVENTS.length) !== EVENTS) return;
      this.#events.add(client);
      if (this.#isCut) client.resetAndDestroy();
    });
    client.pipe(server);
    server.pipe(client);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.#sockets.delete(one);
        this.#events.delete(one);
      });
    }
  }
}
