/** A WebSocket server as the third party's (RFC 6455): checks the secret of each upgrade, hands up what its clients send. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

export interface RelayServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The header that every upgrade must carry. */
  readonly secret?: { readonly name: string; readonly value: string };
  /** PEM texts; with them the server speaks wss. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What the server reports. Connections are numbered from 1 on. */
export interface RelayServerEvents {
  opened(connection: number, from: string): void;
  text(connection: number, text: string): void;
  /** A binary frame, one that is too big, or one that RFC 6455 does not allow. The last two end the connection. */
  fault(connection: number, fault: 'binary-frame' | 'frame-too-big' | 'broken-frame'): void;
  closed(connection: number, code: number): void;
  /** An upgrade without the secret, or with a wrong one. */
  refused(from: string, why: 'no-secret' | 'wrong-secret'): void;
}

/** A fragment at 48000 Hz takes some 5.3 KiB; three times that leaves room for long names. */
const MAX_FRAME_BYTES = 16 * 1024;
/** One connection is one call; more are refused, so that others' files can still be opened. */
const MAX_CONNECTIONS = 1000;
/** For an upgrade, from its first octet on. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  requestTimeout: 15_000,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
};
const PING_INTERVAL_MS = 15_000;
const CLOSE_TIMEOUT_MS = 2_000;
const GOING_AWAY = 1001;

export class RelayServer {
  readonly #options: RelayServerOptions;
  readonly #events: RelayServerEvents;
  readonly #http: Server;
  readonly #ws = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  /** Every open connection, and whether it has shown life since the last ping. */
  readonly #clients = new Map<WebSocket, boolean>();
  readonly #sockets = new Set<Socket>();
  #pings: NodeJS.Timeout | undefined;
  #connections = 0;
  #closing: Promise<void> | undefined;

  /** Throws what node:tls throws when certificate and key are not usable. */
  constructor(options: RelayServerOptions, events: RelayServerEvents) {
    this.#options = options;
    this.#events = events;
    this.#http = options.tls
      ? createTlsServer({ ...LIMITS, ...options.tls, minVersion: 'TLSv1.2' }, askForUpgrade)
      : createServer(LIMITS, askForUpgrade);
    this.#http.maxConnections = MAX_CONNECTIONS;
    this.#http.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Resolves to the port; rejects with the system's error. */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, host, () => {
        this.#http.removeListener('error', reject);
        // What is refused after this (too many open files) is the caller's to try again.
        this.#http.on('error', () => undefined);
        this.#pings = setInterval(() => this.#ping(), PING_INTERVAL_MS);
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  /** Accepts no more, says goodbye (1001) to each client and waits for its answer, for a while. A second call does nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#pings);
    const allGone = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    const allClosed = Array.from(this.#clients.keys(), (client) => {
      client.close(GOING_AWAY, 'the receiver stops');
      return new Promise((resolve) => client.once('close', resolve));
    });
    // Whoever does not answer, or has not even finished its greeting, must not keep us here.
    const patience = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_TIMEOUT_MS);
    await Promise.all([allGone, ...allClosed]);
    clearTimeout(patience);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const from = `${request.socket.remoteAddress}:${request.socket.remotePort}`;
    const { secret } = this.#options;
    const given = secret && request.headers[secret.name.toLowerCase()];
    if (secret && !isSame(given, secret.value)) {
      const problem = given === undefined ? 'is missing' : 'does not carry the expected secret';
      refuse(socket, 401, `The header ${secret.name} ${problem}.\n`);
      this.#events.refused(from, given === undefined ? 'no-secret' : 'wrong-secret');
      return;
    }
    this.#ws.handleUpgrade(request, socket, head, (client) => this.#opened(client, from));
  }

  #opened(client: WebSocket, from: string): void {
    this.#connections += 1;
    const connection = this.#connections;
    const alive = (): unknown => this.#clients.set(client, true);
    alive();
    client.on('pong', alive);
    client.on('ping', alive);
    client.on('message', (data: Buffer, isBinary) => {
      alive();
      if (isBinary) this.#events.fault(connection, 'binary-frame');
      else this.#events.text(connection, data.toString());
    });
    client.on('error', ({ code }: NodeJS.ErrnoException) => {
      // Others, such as a reset of the connection, show in the code of its close.
      if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#events.fault(connection, 'frame-too-big');
      else if (code?.startsWith('WS_ERR')) this.#events.fault(connection, 'broken-frame');
    });
    client.on('close', (code) => {
      this.#clients.delete(client);
      this.#events.closed(connection, code);
    });
    this.#events.opened(connection, from);
    // The upgrade of one that came just before the end.
    if (this.#closing) client.close(GOING_AWAY);
  }

  /** A client that has not shown life since the last ping has gone without a word. */
  #ping(): void {
    for (const [client, isAlive] of this.#clients) {
      if (!isAlive) {
        client.terminate();
        continue;
      }
      this.#clients.set(client, false);
      if (client.readyState === WebSocket.OPEN) client.ping();
    }
  }
}

/** Compares in a time that tells nothing about where the two differ, or how long the right one is. */
function isSame(given: string | string[] | undefined, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}

function refuse(socket: Duplex, status: number, body: string): void {
  socket.on('error', () => undefined); // The client may be gone before it has read the answer.
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function askForUpgrade(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { 'content-type': 'text/plain; charset=utf-8', connection: 'close', upgrade: 'websocket' });
  response.end('This is a WebSocket server: connect with ws:// or wss://.\n');
}
