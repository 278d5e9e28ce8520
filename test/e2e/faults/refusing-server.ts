/** A server in the place of a receiver that answers no upgrade with its consent, and notes when it was asked. */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/** An HTTP status with further header fields, or nothing at all. */
export type Refusal = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'silence';

export interface Attempt {
  /** In ms on a clock that never steps. */
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  /** When the other side gave the connection up. */
  endedAt: number | undefined;
}

export class RefusingServer {
  readonly attempts: Attempt[] = [];
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens at the port of a `ws://127.0.0.1` address. The first attempts get the refusals in turn, all later ones the last. */
  static async start(address: string, refusals: readonly Refusal[]): Promise<RefusingServer> {
    const server = new RefusingServer();
    server.#server.on('upgrade', ({ headers }, socket) => {
      const refusal = refusals[server.attempts.length] ?? refusals.at(-1);
      const attempt: Attempt = { at: performance.now(), headers, endedAt: undefined };
      server.attempts.push(attempt);
      socket
        .on('error', () => {})
        .once('close', () => {
          attempt.endedAt = performance.now();
        });
      if (typeof refusal === 'object') socket.end(answerOf(refusal));
      else socket.resume().once('end', () => socket.destroy());
    });
    server.#server.listen(Number(new URL(address).port), '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** The second call does nothing. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function answerOf({ status, headers = {} }: Exclude<Refusal, 'silence'>): string {
  const fields = Object.entries({ ...headers, 'Content-Length': '0' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} No\r\n${fields.join('')}\r\n`;
}
