/** A receiver that keeps the beginning of each stream, and when it came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { decode } from '../../src/core/relay/protocol.js';
import { sharedMs } from '../process/clock.js';
import { probe } from '../process/probe.js';
import { serve } from '../process/serve.js';
import type { StreamBeginning } from './beginnings.js';

/** Fragments of 40 ms: a second and a half, well beyond what a late tap can miss. */
const KEPT_FRAGMENTS = 38;

interface Kept {
  readonly firstMs: number;
  readonly texts: string[];
}

/** By the end of the message, which is the channel's name: messages are decoded only when all is over. */
const streams = new Map<string, Kept>();
const CHANNEL_KEY = '"channelid":"';

serve({
  ...probe,
  open: async (): Promise<number> => {
    const server = createServer();
    new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
      socket.on('message', (data) => onMessage(String(data)));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((done) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, done));
    return (server.address() as AddressInfo).port;
  },
  /** What has been kept so far; forgotten with that. */
  beginnings: (): StreamBeginning[] => {
    const all = [...streams.values()].map(beginningOf);
    streams.clear();
    return all;
  },
});

function onMessage(text: string): void {
  const now = sharedMs();
  const name = text.slice(text.lastIndexOf(CHANNEL_KEY) + CHANNEL_KEY.length, -2);
  const kept = streams.get(name) ?? { firstMs: now, texts: [] };
  streams.set(name, kept);
  if (kept.texts.length < KEPT_FRAGMENTS) kept.texts.push(text);
}

function beginningOf({ firstMs, texts }: Kept): StreamBeginning {
  const messages = texts.map(decode).flatMap((message) => (typeof message === 'string' ? [] : [message]));
  const audio = Buffer.concat(messages.map((message) => Buffer.from(message.audio, 'base64')));
  const samples = Int16Array.from({ length: audio.length / 2 }, (_, index) => audio.readInt16LE(2 * index));
  const { channelid = '', number = '' } = messages[0] ?? {};
  return { channelid, number, firstMs, samples };
}
