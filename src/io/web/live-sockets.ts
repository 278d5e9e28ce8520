/** The portal's open WebSockets: they end with the session, user or token that they came in by, and with the program. */
import type { IncomingMessage } from 'node:http';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Gate } from './gate.js';
import { admittedBy } from './guard.js';

/** Of the range that is free for applications (RFC 6455, section 7.4.2); the page then shows the sign-in. */
export const SIGNED_OUT = 4401;
const TOO_MANY = 4429;
const GOING_AWAY = 1001;
const PING_INTERVAL_MS = 20_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** Each is sent all that happens, five times a second. */
const MAX_SOCKETS = 100;

export class LiveSockets {
  readonly #holds = new Map<WebSocket, readonly string[]>();
  /** They have answered the last ping. */
  readonly #alive = new WeakSet<WebSocket>();
  readonly #unwatch: () => void;
  #pings: NodeJS.Timeout | undefined;

  constructor(gate: Pick<Gate, 'onEnd'>) {
    this.#unwatch = gate.onEnd((hold) => {
      for (const [socket, holds] of this.#holds) if (holds.includes(hold)) end(socket, SIGNED_OUT, 'signed out');
    });
  }

  watch(server: WebSocketServer): void {
    server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
      if (this.#holds.size >= MAX_SOCKETS) {
        socket.on('error', () => undefined);
        end(socket, TOO_MANY, 'too many connections');
        return;
      }
      this.#add(socket, admittedBy(request)?.holds ?? []);
    });
    this.#pings = setInterval(() => this.#ping(), PING_INTERVAL_MS).unref();
  }

  /** Asks every client to close; whoever is late is cut off by `terminate`. */
  sayGoodbye(): void {
    for (const socket of this.#holds.keys()) end(socket, GOING_AWAY, 'the program ends');
  }

  terminate(): void {
    clearInterval(this.#pings);
    this.#unwatch();
    for (const socket of this.#holds.keys()) socket.terminate();
  }

  #add(socket: WebSocket, holds: readonly string[]): void {
    this.#holds.set(socket, holds);
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.once('close', () => this.#holds.delete(socket));
  }

  /** A computer that was folded up says no goodbye. */
  #ping(): void {
    for (const socket of this.#holds.keys()) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}

/** A client that does not answer the Close frame is cut off. */
function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref();
}
