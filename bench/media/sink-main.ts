/**
 * The receiver: a real WebSocket server that notes when each message came, and answers pings as every receiver does. It
 * keeps no audio, so that it takes as little as it can from the machine that it shares with what is measured.
 */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { sharedMs } from '../process/clock.js';
import { probe } from '../process/probe.js';
import { serve } from '../process/serve.js';
import { partyOf } from './parties.js';
import type { ReceivedFragments, SinkCounts, SinkOptions } from './sinks-words.js';
import { readStamp } from './stamp.js';

const counts: { -readonly [Name in keyof SinkCounts]: SinkCounts[Name] } = {
  messages: 0,
  octets: 0,
  connections: 0,
  strange: 0,
  cipher: undefined,
};
let options: SinkOptions = { participants: 0, capacity: 0, isStamped: false };
let times = new Float64Array(0);
let stamps = new Int32Array(0);
let received = new Int32Array(0);

const END = Buffer.from('"status":"end"');
/** The status stands behind the audio, before the channel's name, whose length the protocol does not bound. */
const TAIL_OCTETS = 200;

serve({
  ...probe,
  open: async (wanted: SinkOptions): Promise<number> => {
    options = wanted;
    times = new Float64Array(wanted.participants * wanted.capacity);
    stamps = new Int32Array(wanted.isStamped ? times.length : 0).fill(-1);
    received = new Int32Array(wanted.participants);
    const server = wanted.tls === undefined ? createServer() : createTlsServer(wanted.tls);
    server.on('secureConnection', (socket: TLSSocket) => {
      counts.cipher = `${socket.getProtocol()} ${socket.getCipher().name}`;
    });
    // Half of the connections of a large run may come within a moment.
    const sockets = new WebSocketServer({ server, perMessageDeflate: false, skipUTF8Validation: true });
    sockets.on('connection', (socket) => {
      counts.connections += 1;
      socket.on('message', (data) => onMessage(data as Buffer));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((done) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, done));
    return (server.address() as AddressInfo).port;
  },
  counts: (): SinkCounts => counts,
  fragments: (): ReceivedFragments => ({ capacity: options.capacity, times, stamps, counts: received }),
});

function onMessage(message: Buffer): void {
  const now = sharedMs();
  counts.messages += 1;
  counts.octets += message.length;
  if (options.participants === 0) return;
  const party = partyOf(message);
  const fragment = received[party];
  const isEnd = message.subarray(-TAIL_OCTETS).includes(END);
  if (fragment === undefined || fragment >= options.capacity || isEnd) {
    if (!isEnd) counts.strange += 1;
    return;
  }
  const at = party * options.capacity + fragment;
  times[at] = now;
  if (options.isStamped) stamps[at] = readStamp(message) ?? -1;
  received[party] = fragment + 1;
}
