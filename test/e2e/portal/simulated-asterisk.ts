/**
 * An Asterisk in outline: the ARI that the program needs, calls that stand, and RTP that is sent for each tap. It is a fake,
 * since two hundred participants of a real one want more processors than a test machine has.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { l16, rtp } from '../../rtp-packets.js';
import { tone } from '../../tones.js';

const SAMPLE_RATE = 8_000;
const PACKET_MS = 20;
/** Packets are sent in so many groups, one after the other, so that they do not all come at once. */
const GROUPS = 4;
/** Asterisk sends 8 kHz slin under this type. */
const SLIN = 10;
const NO_CONTENT = 204;
const NOT_FOUND = 404;

interface Sender {
  readonly socket: Socket;
  readonly host: string;
  readonly port: number;
  readonly ssrc: number;
  isJoined: boolean;
  sent: number;
}

export class SimulatedAsterisk {
  readonly #server = createServer((request, response) => {
    request.resume();
    void this.#answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  readonly #clients = new Set<WebSocket>();
  /** By the id of the externalMedia channel. */
  readonly #senders = new Map<string, Sender>();
  readonly #bridges = new Set<string>();
  readonly #payloads = payloads();
  readonly #calls: number;
  #timer: NodeJS.Timeout | undefined;
  #group = 0;
  #begun = 0;
  #application = '';

  /** Each call has two participants, of extensions from 1000 on. */
  constructor(calls: number) {
    this.#calls = calls;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    const events = new WebSocketServer({ server: this.#server });
    events.on('connection', (client, { url = '' }) => {
      this.#application = new URL(url, 'http://asterisk').searchParams.get('app') ?? '';
      this.#clients.add(client);
      client.once('close', () => this.#clients.delete(client));
    });
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.#begun = performance.now();
    this.#timer = setInterval(() => this.#send(), PACKET_MS / GROUPS);
    return this;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const client of this.#clients) client.terminate();
    for (const { socket } of this.#senders.values()) socket.close();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer({ method = '', url = '' }: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const { pathname, searchParams } = new URL(url, 'http://asterisk');
    const [kind = '', id = '', action = '', other = ''] = pathname
      .replace('/ari/', '')
      .split('/')
      .map((part) => decodeURIComponent(part));
    if (method === 'GET') return this.#tell(kind, id, searchParams.get('variable') ?? '');
    if (method === 'DELETE') return this.#remove(kind, id);
    if (action === 'snoop') return { status: 200, body: this.#enter(other) };
    if (id === 'externalMedia') {
      const mediaId = searchParams.get('channelId') ?? '';
      await this.#openSender(mediaId, searchParams.get('external_host') ?? '');
      return { status: 200, body: this.#enter(mediaId) };
    }
    if (action === 'addChannel') {
      for (const channel of (searchParams.get('channel') ?? '').split(',')) {
        const sender = this.#senders.get(channel);
        if (sender !== undefined) sender.isJoined = true;
      }
    } else if (kind === 'bridges') {
      this.#bridges.add(id);
    }
    return { status: NO_CONTENT };
  }

  #tell(kind: string, id: string, variable: string): { status: number; body?: unknown } {
    if (variable === 'UNICASTRTP_LOCAL_ADDRESS') return { status: 200, body: { value: '127.0.0.1' } };
    if (variable === 'UNICASTRTP_LOCAL_PORT') {
      return { status: 200, body: { value: String(this.#senders.get(id)?.socket.address().port) } };
    }
    if (variable !== '') return { status: NOT_FOUND, body: { message: 'no such variable' } };
    if (kind === 'asterisk' && id === 'info') return { status: 200, body: { system: { version: '22.0.0' } } };
    if (kind === 'applications') {
      if (this.#clients.size === 0) return { status: NOT_FOUND, body: { message: 'no such application' } };
      return { status: 200, body: { name: id, channel_ids: ['__AST_CHANNEL_ALL_TOPIC'], events_allowed: [] } };
    }
    if (kind === 'channels' && id === '') return { status: 200, body: this.#channels() };
    return { status: 200, body: [] };
  }

  #channels(): unknown[] {
    return Array.from({ length: 2 * this.#calls }, (_, index) => {
      const number = String(1000 + index);
      const second = 1_700_000_000 + Math.floor(index / 2);
      return {
        id: `${second}.${index}`,
        name: `PJSIP/${number}-${index.toString(16).padStart(8, '0')}`,
        state: 'Up',
        caller: { number, name: '' },
        dialplan: { context: 'internal', exten: number, app_name: 'Dial', app_data: '' },
        channelvars: { 'CHANNEL(linkedid)': `${second}.${index - (index % 2)}`, FROM_DID: '' },
      };
    });
  }

  #enter(id: string): unknown {
    const channel = channelOf(id);
    this.#say({ type: 'StasisStart', args: [], channel });
    return channel;
  }

  #remove(kind: string, id: string): { status: number; body?: unknown } {
    if (kind === 'bridges') {
      this.#bridges.delete(id);
      this.#say({ type: 'BridgeDestroyed', bridge: { id, channels: [] } });
      return { status: NO_CONTENT };
    }
    this.#senders.get(id)?.socket.close();
    this.#senders.delete(id);
    this.#say({ type: 'StasisEnd', channel: channelOf(id) });
    this.#say({ type: 'ChannelDestroyed', cause: 16, channel: channelOf(id) });
    return { status: NO_CONTENT };
  }

  #say(event: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify({ application: this.#application, timestamp: new Date().toISOString(), ...event });
    for (const client of this.#clients) client.send(text);
  }

  async #openSender(id: string, address: string): Promise<void> {
    const [host = '', port = ''] = address.split(':');
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    const ssrc = this.#senders.size + 1;
    this.#senders.set(id, { socket, host, port: Number(port), ssrc, isJoined: false, sent: 0 });
  }

  /** One group's packets, and those that a busy machine has let us miss. */
  #send(): void {
    this.#group = (this.#group + 1) % GROUPS;
    const due = Math.floor((performance.now() - this.#begun) / PACKET_MS);
    for (const sender of this.#senders.values()) {
      if (!sender.isJoined || sender.ssrc % GROUPS !== this.#group) continue;
      if (sender.sent === 0) sender.sent = due - 1;
      while (sender.sent < due) this.#sendPacket(sender);
    }
  }

  #sendPacket(sender: Sender): void {
    sender.sent += 1;
    const payload = this.#payloads[sender.sent % this.#payloads.length] ?? new Uint8Array(0);
    const { ssrc, sent, socket, port, host } = sender;
    socket.send(
      rtp({ payloadType: SLIN, sequence: sent, timestamp: (sent * payload.length) / 2, ssrc, payload }),
      port,
      host,
    );
  }
}

function channelOf(id: string): unknown {
  return { id, name: `UnicastRTP/${id}`, state: 'Up', caller: {}, dialplan: {}, channelvars: {} };
}

/** A second of a tone, packet by packet. */
function payloads(): Uint8Array[] {
  const samples = (SAMPLE_RATE * PACKET_MS) / 1000;
  const pcm = tone(400, SAMPLE_RATE, 1, -20);
  return Array.from({ length: pcm.length / samples }, (_, index) =>
    l16(pcm.subarray(index * samples, (index + 1) * samples)),
  );
}
