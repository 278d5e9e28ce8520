/** A receiver that keeps, connection by connection, which streams came over it and what was said in each. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../lab/until.js';
import { decode, FRAGMENT_SAMPLES, type Message, type SampleRate } from '../../../src/core/relay/protocol.js';

export interface HeardStream {
  readonly channelid: string;
  readonly number: string;
  readonly fragments: Int16Array[];
  ends: number;
}

export interface HeardConnection {
  callid: string;
  /** One after the other, as the messages tell. */
  readonly callflows: string[];
  /** By channelid, in the order in which they began. */
  readonly streams: Map<string, HeardStream>;
  /** Of the Close frame; undefined while it is open. */
  closeCode: number | undefined;
}

export class CallListener {
  /** In the order in which they were opened. */
  connections: HeardConnection[] = [];
  /** Whatever was not as the protocol says. */
  faults: string[] = [];
  readonly #sampleRate: SampleRate;
  #server: Server | undefined;
  #port = 0;

  constructor(sampleRate: SampleRate) {
    this.#sampleRate = sampleRate;
  }

  get address(): string {
    return `ws://127.0.0.1:${this.#port}/calls`;
  }

  async start(): Promise<this> {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (socket) => this.#onConnection(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  /** Waits until every connection is closed, and gives those since the last time. */
  async allClosed(): Promise<HeardConnection[]> {
    await until('every connection is closed', () => this.connections.every(({ closeCode }) => closeCode !== undefined));
    const { connections } = this;
    this.connections = [];
    return connections;
  }

  #onConnection(socket: WebSocket): void {
    const connection: HeardConnection = { callid: '', callflows: [], streams: new Map(), closeCode: undefined };
    this.connections.push(connection);
    socket.on('message', (data, isBinary) => {
      const message = decode(data.toString());
      if (isBinary || typeof message === 'string') this.faults.push(`undecodable: ${data.toString().slice(0, 80)}`);
      else this.#onMessage(connection, message);
    });
    socket.on('close', (code) => {
      connection.closeCode = code;
    });
    socket.on('error', (error) => this.faults.push(error.message));
  }

  #onMessage(connection: HeardConnection, message: Message): void {
    const { callid, channelid, number, callflow } = message;
    connection.callid ||= callid;
    if (callid !== connection.callid)
      this.faults.push(`${channelid}: ${callid} on the connection of ${connection.callid}`);
    const stream = connection.streams.get(channelid) ?? { channelid, number, fragments: [], ends: 0 };
    connection.streams.set(channelid, stream);
    if (number !== stream.number) this.faults.push(`${channelid} became ${number}`);
    if (stream.ends > 0) this.faults.push(`${channelid} after its end`);
    if (connection.callflows.at(-1) !== callflow) connection.callflows.push(callflow);
    if (message.status === 'end') {
      stream.ends += 1;
      return;
    }
    const octets = Buffer.from(message.audio, 'base64');
    const pcm = Int16Array.from({ length: octets.length / 2 }, (_, index) => octets.readInt16LE(index * 2));
    if (pcm.length !== FRAGMENT_SAMPLES[this.#sampleRate]) this.faults.push(`${channelid}: ${pcm.length} samples`);
    stream.fragments.push(pcm);
  }
}
