/** Both ends of a connection to a receiver, the far one a server of `ws`, and all that each has told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket, Server as TcpServer } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../lab/until.js';
import type { Label } from '../src/core/relay/protocol.js';
import { type RelayDestination, type RelayEnd, RelaySocket } from '../src/io/relay/relay-socket.js';
import type { Identity } from './certificates.js';

export const LABEL: Label = { callid: '17.1', callflow: '', number: '1001', channelid: 'PJSIP/1001-00000001' };

const servers: (Server | TcpServer)[] = [];
const sockets: RelaySocket[] = [];

/** To be called after each test. */
export function clearStage(): void {
  for (const socket of sockets.splice(0)) socket.abort();
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
}

/** A server of `ws` on one port of loopback, and the connections that it has accepted. */
export class Receiver {
  readonly upgrades: IncomingHttpHeaders[] = [];
  readonly texts: string[] = [];
  readonly pings: string[] = [];
  readonly pongs: string[] = [];
  readonly closes: number[] = [];
  readonly sockets: WebSocket[] = [];
  readonly wires: Socket[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  constructor(tls?: Identity) {
    this.#server = tls === undefined ? createServer() : createHttpsServer(tls);
    this.#scheme = tls === undefined ? 'ws' : 'wss';
    new WebSocketServer({ server: this.#server }).on('connection', (socket, request) => {
      this.upgrades.push(request.headers);
      this.sockets.push(socket);
      this.wires.push(request.socket);
      socket.on('message', (text) => this.texts.push(String(text)));
      socket.on('ping', (payload) => this.pings.push(String(payload)));
      socket.on('pong', (payload) => this.pongs.push(String(payload)));
      socket.on('close', (code) => this.closes.push(code));
    });
  }

  async listen(): Promise<this> {
    await listening(this.#server);
    return this;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${portOf(this.#server)}/`;
  }

  get socket(): WebSocket {
    const [socket] = this.sockets;
    if (socket === undefined) throw new Error('nobody has connected');
    return socket;
  }

  /** What is beneath it. */
  get wire(): Socket {
    const [wire] = this.wires;
    if (wire === undefined) throw new Error('nobody has connected');
    return wire;
  }
}

/** A relay socket, and everything that it has told. */
export class Told {
  opened = 0;
  flushed = 0;
  readonly pongs: number[] = [];
  /** How much had been taken when each pong was told. */
  readonly flushedAtPongs: number[] = [];
  readonly texts: number[] = [];
  readonly ends: RelayEnd[] = [];
  readonly socket: RelaySocket;

  /** `onText` is called after a text of the receiver is noted. */
  constructor(
    destination: Partial<RelayDestination> & { readonly url: string },
    onText?: (socket: RelaySocket) => void,
  ) {
    this.socket = new RelaySocket(
      { shownAs: destination.url, secret: undefined, ca: undefined, ...destination },
      {
        onOpen: () => {
          this.opened += 1;
        },
        onFlushed: (count) => {
          this.flushed += count;
        },
        onPong: (serial) => {
          this.pongs.push(serial);
          this.flushedAtPongs.push(this.flushed);
        },
        onText: (octets) => {
          this.texts.push(octets);
          onText?.(this.socket);
        },
        onClosed: (end) => this.ends.push(end),
      },
    );
    sockets.push(this.socket);
  }

  async open(): Promise<this> {
    await until('it is open', () => this.opened === 1);
    return this;
  }

  async end(): Promise<RelayEnd> {
    return until('it has ended', () => this.ends[0]);
  }
}

export async function listening<T extends Server | TcpServer>(server: T): Promise<T> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function portOf(server: Server | TcpServer): number {
  return (server.address() as AddressInfo).port;
}
