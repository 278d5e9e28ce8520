/** A TCP line to a port of this machine that can be cut, mended, and slow. */
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

export interface TcpLineOptions {
  /** Octets a second that go to the far end; without it as fast as they come. */
  readonly octetsPerSecond?: number;
}

export class TcpLine {
  readonly #farPort: number;
  readonly #octetsPerSecond: number | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(farPort: number, { octetsPerSecond }: TcpLineOptions = {}) {
    this.#farPort = farPort;
    this.#octetsPerSecond = octetsPerSecond;
  }

  /** Where it is entered; the same after a cut. */
  get port(): number {
    return this.#port;
  }

  /** It is there, or there again. */
  async open(): Promise<this> {
    const server = createServer((near) => this.#join(near, createConnection(this.#farPort, '127.0.0.1')));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** All connections are reset, and no other comes about. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroySoon();
      });
    }
    far.pipe(near);
    near.on('data', (chunk) => this.#carry(chunk, near, far));
    near.on('end', () => far.end());
  }

  #carry(chunk: Buffer, near: Socket, far: Socket): void {
    far.write(chunk);
    if (this.#octetsPerSecond === undefined) return;
    near.pause();
    setTimeout(() => near.resume(), (chunk.length * 1000) / this.#octetsPerSecond);
  }
}
