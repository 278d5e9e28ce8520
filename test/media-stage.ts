/** Two media planes in this thread behind one router, and phones that speak to them, for tests. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { until } from '../lab/until.js';
import type { Plane } from '../src/app/media/media.js';
import type { MediaNews } from '../src/app/media/media-news.js';
import { MediaRouter } from '../src/app/media/media-router.js';
import { openPlane } from '../src/app/media/open-plane.js';
import { streamingOptions } from '../src/app/streaming-options.js';
import type { SampleRate } from '../src/core/relay/protocol.js';
import { SILENT_LOG } from './monitored-parts.js';
import { l16, rtp } from './rtp-packets.js';
import { settingsWith } from './settings-with.js';

const SAMPLES = 160;
/** Slin at 8 kHz. */
const PAYLOAD_TYPE = 10;
const PER_FRAGMENT = 4;

/** The streams as a receiver has them: of each call and channel the callflow and first sample of every fragment. */
export function streamsIn(texts: readonly string[]): Record<string, string[]> {
  const streams: Record<string, string[]> = {};
  for (const text of texts) {
    const { callid, callflow, channelid, number, status, audio } = JSON.parse(text);
    const pcm = Buffer.from(audio, 'base64');
    const said = status === 'end' ? 'end' : String(pcm.readInt16LE(0));
    const name = `${callid} ${channelid} ${number}`;
    streams[name] = [...(streams[name] ?? []), callflow === '' ? said : `${callflow} ${said}`];
  }
  return streams;
}

/** A WebSocket server that keeps the texts it gets. */
export async function textReceiver(): Promise<{ url: string; texts: string[]; close: () => void }> {
  const texts: string[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', (data) => texts.push(String(data))));
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/`, texts, close: () => server.close() };
}

export function streamingTo(url: string, sampleRate: SampleRate = 8000) {
  return streamingOptions(
    settingsWith({ 'streaming.serverAddress': url, 'streaming.sampleRate': sampleRate }).streaming,
  );
}

/** As in a thread: nothing but copies comes and goes. */
function behindMessages(plane: Plane): Plane {
  return {
    socket: plane.socket,
    hear: (listener) => plane.hear((news) => listener(structuredClone(news))),
    order: (order) => plane.order(structuredClone(order)),
    ask: (question) => plane.ask(structuredClone(question)),
    close: () => plane.close(),
  };
}

/** Two planes, and phones that speak to them. */
export class MediaStage {
  readonly news: MediaNews[] = [];
  readonly media: MediaRouter;
  readonly #phones = new Map<number, { readonly socket: Socket; said: number }>();

  private constructor(media: MediaRouter) {
    this.media = media;
    media.hear((one) => this.news.push(one));
  }

  static async open(url: string): Promise<MediaStage> {
    const streaming = streamingTo(url);
    const start = { listen: { host: '127.0.0.1', port: 0 }, wantsOpus: false, streaming, planes: 2 };
    const planes = await Promise.all([openPlane(start, SILENT_LOG), openPlane(start, SILENT_LOG)]);
    const stage = new MediaStage(new MediaRouter(planes.map(behindMessages), streaming.stream));
    return stage;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#phones.values()) socket.close();
    await this.media.close();
  }

  /** Its tap has its number. Gives the port to which it sends. */
  async arm(id: number, callid: string): Promise<number> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    this.#phones.set(id, { socket, said: 0 });
    this.media.order({ kind: 'arm', participant: id, channelid: `PJSIP/${id}`, callid });
    this.media.order({ kind: 'tap', participant: id, tap: id });
    const source = { address: '127.0.0.1', port: socket.address().port };
    this.media.order({ kind: 'listen', tap: id, source, since: 0 });
    return this.media.socketOf(id).port;
  }

  open(id: number, callid: string): void {
    this.media.order({ kind: 'open', participant: id, callid, number: String(id) });
  }

  /** So many fragments more, each sample of them bearing the number of its packet, from 1 on. */
  async speak(id: number, fragments: number): Promise<void> {
    const phone = this.#phones.get(id);
    if (phone === undefined) throw new Error('there is no such phone');
    const { port } = this.media.socketOf(id);
    for (let packet = 0; packet < fragments * PER_FRAGMENT; packet++, phone.said++) {
      const payload = l16(new Int16Array(SAMPLES).fill(phone.said + 1));
      const header = { sequence: phone.said, timestamp: phone.said * SAMPLES, payloadType: PAYLOAD_TYPE };
      phone.socket.send(rtp({ ...header, payload }), port, '127.0.0.1');
    }
    await until('all packets have come', async () => {
      const { ofTaps } = await this.media.ask({ kind: 'packets' });
      return ofTaps.get(id) === phone.said;
    });
  }

  end(id: number): void {
    this.media.order({ kind: 'close', participant: id, at: performance.now() });
  }

  over(callid: string): void {
    this.media.order({ kind: 'call-over', callid });
  }

  told<Kind extends MediaNews['kind']>(kind: Kind): Extract<MediaNews, { readonly kind: Kind }>[] {
    return this.news.filter((one): one is Extract<MediaNews, { readonly kind: Kind }> => one.kind === kind);
  }

  delivered(calls: number): Promise<unknown> {
    return until('all is delivered', () => this.told('delivered').length === calls);
  }
}
