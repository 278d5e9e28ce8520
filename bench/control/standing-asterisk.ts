/**
 * An Asterisk in outline whose calls come when they are told to, many at once. It is a fake: two hundred taps of a real one
 * at one moment would need more processors than the program that is measured. The RTP comes from the sender.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AriEvent } from '../../src/io/ari/ari-events.js';
import type { AriRequest } from '../../src/io/ari/ari-http.js';
import { channelOf } from '../media/parties.js';
import { StandInAri } from '../media/stand-in-ari.js';

const ALL_CHANNELS = '__AST_CHANNEL_ALL_TOPIC';
const OK = 200;
const NOT_FOUND = 404;

export class StandingAsterisk {
  readonly #server = createServer((request, response) => {
    request.resume();
    void this.#answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  readonly #clients = new Set<WebSocket>();
  readonly #ari: StandInAri;
  #participants: number;

  /** So many participants are in calls from the beginning; `ports` has where the audio of each comes from. */
  constructor(participants: number, ports: readonly number[]) {
    this.#participants = participants;
    const portOf = (id: string): number => ports[Number(id.split('.')[1])] ?? 0;
    this.#ari = new StandInAri(portOf, (event) => this.#tell(event));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Taps that are made and joined. */
  get joined(): number {
    return this.#ari.joined;
  }

  /** The ports to which the audio of those from `from` to before `to` is to be sent, once they are tapped. */
  destinations(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, index) => this.#ari.destinationOf(channelOf(from + index).id));
  }

  async start(): Promise<this> {
    const events = new WebSocketServer({ server: this.#server });
    events.on('connection', (client) => {
      this.#clients.add(client);
      client.once('close', () => this.#clients.delete(client));
    });
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return this;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** So many participants more, all at once: each channel is created, rings, and is answered. */
  add(participants: number): void {
    const first = this.#participants;
    this.#participants += participants;
    for (let index = first; index < this.#participants; index++) {
      this.#say('ChannelCreated', { channel: rawChannel(index, 'Ring') });
      this.#say('ChannelStateChange', { channel: rawChannel(index, 'Up') });
    }
  }

  async #answer({ method = 'GET', url = '' }: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(url, 'http://asterisk');
    const path = pathname.replace('/ari/', '');
    const query = Object.fromEntries(searchParams);
    if (method === 'GET') {
      if (path === 'asterisk/info') return { status: OK, body: { system: { version: '22.0.0' } } };
      if (path.startsWith('applications/')) return this.#application(path.slice('applications/'.length));
      if (path === 'channels') return { status: OK, body: this.#channels() };
      if (query.variable !== undefined && !query.variable.startsWith('UNICASTRTP_')) {
        return { status: NOT_FOUND, body: { message: 'no such variable' } };
      }
    }
    return { status: OK, body: await this.#ari.request({ method: method as AriRequest['method'], path, query }) };
  }

  #application(name: string): { status: number; body: unknown } {
    if (this.#clients.size === 0) return { status: NOT_FOUND, body: { message: 'no such application' } };
    return { status: OK, body: { name, channel_ids: [ALL_CHANNELS], events_allowed: [], events_disallowed: [] } };
  }

  #channels(): unknown[] {
    return Array.from({ length: this.#participants }, (_, index) => rawChannel(index, 'Up'));
  }

  #tell(event: AriEvent): void {
    if (event.kind === 'entered') this.#say('StasisStart', { args: [], channel: rawPiece(event.channelId) });
    if (event.kind === 'channel-gone') this.#say('ChannelDestroyed', { cause: 16, channel: rawPiece(event.channelId) });
    if (event.kind === 'bridge-gone') this.#say('BridgeDestroyed', { bridge: { id: event.bridgeId, channels: [] } });
  }

  #say(type: string, fields: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify({ type, timestamp: new Date().toISOString(), ...fields });
    for (const client of this.#clients) client.send(text);
  }
}

function rawChannel(index: number, state: 'Ring' | 'Up'): unknown {
  const { id, name, number, context, exten, application, linkedid } = channelOf(index);
  return {
    id,
    name,
    state,
    caller: { number, name: '' },
    dialplan: { context, exten, app_name: application, app_data: '' },
    channelvars: { 'CHANNEL(linkedid)': linkedid, FROM_DID: '' },
  };
}

function rawPiece(id: string): unknown {
  return { id, name: `UnicastRTP/${id}`, state: 'Up', caller: {}, dialplan: {}, channelvars: {} };
}
