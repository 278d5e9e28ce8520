/** The receiver of a soak: a real WebSocket server that counts what it gets, stream by stream, and can be broken in many ways. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { decode, FRAGMENT_SAMPLES, type SampleRate } from '../../src/core/relay/protocol.js';
import { ReceivedStream } from './received-stream.js';

/** Under one name in one life of the add-on: a call that comes back under its callid goes on with its streams. */
export interface ReceivedParticipant {
  /** The life of the add-on that sent it. */
  readonly life: string;
  readonly callid: string;
  readonly channelid: string;
  readonly number: string;
  readonly stream: ReceivedStream;
}

type Verdict = (isWelcome: boolean, status?: number, words?: string) => void;

export class CountingReceiver {
  /** Whatever was not as the protocol says. */
  readonly faults: string[] = [];
  readonly #sampleRate: SampleRate;
  readonly #keepsSamples: (number: string) => boolean;
  readonly #participants = new Map<string, ReceivedParticipant>();
  readonly #sockets = new Map<WebSocket, { readonly life: string; readonly raw: Socket }>();
  #server: Server | undefined;
  #port = 0;
  #connections = 0;
  #isRefusing = false;
  #isStalling = false;

  /** `keepsSamples` says of whose streams the samples are wanted, not just their number. */
  constructor(sampleRate: SampleRate, keepsSamples: (number: string) => boolean) {
    this.#sampleRate = sampleRate;
    this.#keepsSamples = keepsSamples;
  }

  /** Where a life of the add-on is to send; the same after a stop and a start. */
  addressFor(life: string): string {
    return `ws://127.0.0.1:${this.#port}/${life}`;
  }

  get participants(): Iterable<ReceivedParticipant> {
    return this.#participants.values();
  }

  find(life: string, callid: string, channelid: string): ReceivedParticipant | undefined {
    return this.#participants.get(keyOf(life, callid, channelid));
  }

  /** How many there are now, of one life or of all. */
  connections(life?: string): number {
    const all = [...this.#sockets.values()];
    return (life === undefined ? all : all.filter((socket) => socket.life === life)).length;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer();
    const sockets = new WebSocketServer({
      server,
      verifyClient: (_info: unknown, tell: Verdict) => this.#welcome(tell),
    });
    sockets.on('connection', (socket, request) => this.#onConnection(socket, request));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Goes away as a killed process does: what was not read is lost, and the port is closed. The second call does nothing. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const { raw } of this.#sockets.values()) raw.destroy();
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** While it stalls it takes connections, and reads nothing. */
  stall(isStalling: boolean): void {
    this.#isStalling = isStalling;
    for (const socket of this.#sockets.keys()) {
      if (isStalling) socket.pause();
      else socket.resume();
    }
  }

  /** While it refuses it closes what there is, and answers upgrades with 503. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.reset();
  }

  /** Cuts every connection with a RST. */
  reset(): void {
    for (const { raw } of this.#sockets.values()) raw.resetAndDestroy();
  }

  /** Says goodbye on every connection, though the calls go on. */
  close(code: number): void {
    for (const socket of this.#sockets.keys()) socket.close(code, 'soak');
  }

  #welcome(tell: Verdict): void {
    if (this.#isRefusing) tell(false, 503, 'Service Unavailable');
    else tell(true);
  }

  #onConnection(socket: WebSocket, request: IncomingMessage): void {
    this.#connections += 1;
    const connection = this.#connections;
    const life = (request.url ?? '').slice(1);
    this.#sockets.set(socket, { life, raw: request.socket });
    if (this.#isStalling) socket.pause();
    let callid: string | undefined;
    socket.on('message', (data, isBinary) => {
      const found = this.#take(life, connection, data.toString(), isBinary);
      if (found !== undefined && callid !== undefined && found !== callid) {
        this.faults.push(`${life}: one connection carried calls ${callid} and ${found}`);
      }
      callid ??= found;
    });
    socket.on('close', () => this.#sockets.delete(socket));
    // Broken connections are what a soak is made of; octets that are no frames are not.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR')) this.faults.push(`${life} ${callid ?? ''}: ${error.message}`);
    });
  }

  /** Gives the call that the message is of. */
  #take(life: string, connection: number, text: string, isBinary: boolean): string | undefined {
    const message = decode(text);
    if (isBinary || typeof message === 'string') {
      this.faults.push(`${life}: ${isBinary ? 'a binary message' : message}: ${text.slice(0, 80)}`);
      return undefined;
    }
    const { callid, channelid, number } = message;
    const participant = this.#participant(life, callid, channelid, number);
    if (participant.number !== number) {
      this.faults.push(`${life} ${callid} ${channelid}: first of ${participant.number}, then of ${number}`);
    }
    const { stream } = participant;
    if (message.status === 'end') {
      stream.takeEnd(connection);
      return callid;
    }
    const octets = Buffer.from(message.audio, 'base64');
    if (octets.length !== 2 * FRAGMENT_SAMPLES[this.#sampleRate]) {
      this.faults.push(`${life} ${callid} ${channelid}: a fragment of ${octets.length} octets`);
    }
    // Of memory of its own: small buffers share theirs with others, at odd places.
    const pcm = new Int16Array(new Uint8Array(octets).buffer);
    stream.takeFragment(connection, { hash: createHash('md5').update(octets).digest('base64'), pcm });
    return callid;
  }

  #participant(life: string, callid: string, channelid: string, number: string): ReceivedParticipant {
    const key = keyOf(life, callid, channelid);
    const known = this.#participants.get(key);
    if (known !== undefined) return known;
    const stream = new ReceivedStream(this.#keepsSamples(number));
    const participant = { life, callid, channelid, number, stream };
    this.#participants.set(key, participant);
    return participant;
  }
}

function keyOf(life: string, callid: string, channelid: string): string {
  return `${life} ${callid} ${channelid}`;
}
