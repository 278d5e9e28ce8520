/** A real WebSocket server that keeps what it hears, participant by participant, and can be stopped and started again. */
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../lab/until.js';
import { decode, FRAGMENT_SAMPLES, type SampleRate } from '../../src/core/relay/protocol.js';

export interface Heard {
  readonly channelid: string;
  readonly number: string;
  readonly callid: string;
  /** One entry per fragment. */
  readonly fragments: Int16Array[];
  /** When each of them came, in ms on a clock that never steps. */
  readonly arrivals: number[];
  ends: number;
}

/** A header field, its name in lower case, that an upgrade must have: all others are answered with 401. */
export interface WantedSecret {
  readonly name: string;
  readonly value: string;
}

export interface ReceiverOptions {
  readonly sampleRate: SampleRate;
  /** The address of ours to listen at. Default: 127.0.0.1. */
  readonly host?: string;
  readonly secret?: WantedSecret;
  readonly tls?: ServerOptions;
  /** What listens already, in another network namespace perhaps; then it can't be started again. */
  readonly listening?: NetServer;
}

export class ListeningReceiver {
  /** By channelid. */
  readonly heard = new Map<string, Heard>();
  readonly upgrades: IncomingHttpHeaders[] = [];
  /** Codes of Close frames, as they came. */
  readonly closeCodes: number[] = [];
  /** When pings came, in ms on a clock that never steps. */
  readonly pings: number[] = [];
  /** Whatever was not as the protocol says. */
  readonly faults: string[] = [];
  readonly #options: ReceiverOptions;
  /** From now on connections are accepted and then not read from, until this is false and they come anew. */
  stalls = false;
  /** Connections that come from now on are reset after the first of these. */
  resetsAfter: 'message' | 'ping' | undefined;
  readonly #sockets = new Map<WebSocket, Socket>();
  #tls: ServerOptions | undefined;
  #secret: WantedSecret | undefined;
  #server: Server | undefined;
  #port = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#secret = options.secret;
    this.#tls = options.tls;
  }

  /** Where it listens; the same after a stop and a start. */
  get address(): string {
    const { tls, host = '127.0.0.1' } = this.#options;
    return `${tls === undefined ? `ws://${host}` : 'wss://localhost'}:${this.#port}/stream`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async start(): Promise<this> {
    const { host = '127.0.0.1', listening } = this.#options;
    const tls = this.#tls;
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    const sockets = new WebSocketServer({
      server,
      verifyClient: ({ req }: { req: IncomingMessage }) => this.#isWelcome(req.headers),
    });
    sockets.on('connection', (socket, request) => this.#onConnection(socket, request));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (listening === undefined) server.listen(this.#port, host, resolve);
      else server.listen(listening, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Goes away as a crashed server does: connections are reset, the port is closed. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.terminate();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Goes away, and comes back with another certificate. */
  async restart(tls: ServerOptions): Promise<void> {
    await this.stop();
    this.#tls = tls;
    await this.start();
  }

  /** From now on this secret is wanted. */
  wants(secret: WantedSecret): void {
    this.#secret = secret;
  }

  /** Says something to every client, which the protocol gives no meaning. */
  say(text: string | Buffer): void {
    for (const socket of this.#sockets.keys()) socket.send(text);
  }

  ping(): void {
    for (const socket of this.#sockets.keys()) socket.ping();
  }

  /** A pong that nobody asked for. */
  pong(payload: string): void {
    for (const socket of this.#sockets.keys()) socket.pong(payload);
  }

  /** Sends octets as they are, by default some that are no frame of RFC 6455. */
  sendGarbage(octets: Buffer = Buffer.alloc(64, 0xff)): void {
    for (const socket of this.#sockets.values()) socket.write(octets);
  }

  /** Waits for the end of every stream of these numbers, and gives them in that order. */
  async ended(numbers: readonly string[], limitMs = 15_000): Promise<Heard[]> {
    const endedOf = (number: string) => [...this.heard.values()].find((one) => one.number === number && one.ends > 0);
    return until(
      `the streams of ${numbers.join(', ')} have ended`,
      () => {
        const all = numbers.map(endedOf);
        return all.every((one) => one !== undefined) ? all : undefined;
      },
      limitMs,
    );
  }

  #isWelcome(headers: IncomingHttpHeaders): boolean {
    return this.#secret === undefined || headers[this.#secret.name] === this.#secret.value;
  }

  #onConnection(socket: WebSocket, request: IncomingMessage): void {
    this.upgrades.push(request.headers);
    this.#sockets.set(socket, request.socket);
    if (this.stalls) socket.pause();
    const reset = (): void => void request.socket.resetAndDestroy();
    // The pong goes out before the reset, and none to a ping that came along with a message.
    if (this.resetsAfter === 'ping') socket.once('ping', () => setImmediate(reset));
    if (this.resetsAfter === 'message') socket.once('message', reset);
    socket.on('ping', () => this.pings.push(performance.now()));
    socket.on('message', (data, isBinary) => this.#onMessage(data.toString(), isBinary));
    socket.on('close', (code) => {
      this.#sockets.delete(socket);
      this.closeCodes.push(code);
    });
    socket.on('error', (error) => this.faults.push(error.message));
  }

  #onMessage(text: string, isBinary: boolean): void {
    const message = decode(text);
    if (isBinary || typeof message === 'string') {
      this.faults.push(`${isBinary ? 'binary' : message}: ${text.slice(0, 80)}`);
      return;
    }
    const { channelid, number, callid } = message;
    const one = this.heard.get(channelid) ?? { channelid, number, callid, fragments: [], arrivals: [], ends: 0 };
    this.heard.set(channelid, one);
    if (one.ends > 0) this.faults.push(`${channelid} after its end`);
    if (one.number !== number || one.callid !== callid) this.faults.push(`${channelid} changed its label`);
    if (message.status === 'end') {
      one.ends += 1;
      return;
    }
    const pcm = samplesIn(message.audio);
    if (pcm.length !== FRAGMENT_SAMPLES[this.#options.sampleRate]) this.faults.push(`${pcm.length} samples`);
    one.fragments.push(pcm);
    one.arrivals.push(performance.now());
  }
}

/** All fragments of one participant in a row. */
export function samplesOf({ fragments }: Heard): Int16Array {
  const all = new Int16Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const fragment of fragments) {
    all.set(fragment, at);
    at += fragment.length;
  }
  return all;
}

function samplesIn(audio: string): Int16Array {
  const octets = Buffer.from(audio, 'base64');
  return Int16Array.from({ length: octets.length / 2 }, (_, index) => octets.readInt16LE(index * 2));
}
