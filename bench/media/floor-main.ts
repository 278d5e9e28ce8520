/**
 * The least that a Node program can do between the same packets and the same messages: takes each datagram, copies it
 * once, and for every so many of them sends a ready-made text. No order, no decoding, no base64, no JSON, no confirmations
 * but one ping a second. What the program costs beyond this is what could at most be saved.
 */
import { createSocket, type Socket } from 'node:dgram';
import { WebSocket } from 'ws';
import { encodeProcess, FRAGMENT_SAMPLES } from '../../src/core/relay/protocol.js';
import { RECEIVE_BUFFER_OCTETS } from '../../src/io/media/rtp-socket.js';
import { kernelDrops } from '../../src/io/media/udp-drops.js';
import { probe } from '../process/probe.js';
import { serve } from '../process/serve.js';
import { connectionCost } from './connection-cost.js';
import { labelOf } from './parties.js';
import { fragmentMs, type MediaPath, PACKET_MS, pathNamed } from './path.js';
import type { NewParticipants, SubjectFigures, SubjectOptions } from './subjects-words.js';

const PING_EVERY_MS = 1000;
const LARGEST_PACKET = 2048;
const OCTETS_PER_SAMPLE = 2;

interface Party {
  readonly message: string;
  readonly socket: WebSocket;
  packets: number;
}

let path: MediaPath | undefined;
let url = '';
let ca: string | undefined;
let socket: Socket | undefined;
let received = 0;
let strangers = 0;
const parties = new Map<number, Party>();
/** One for each call, that is for two participants. */
const sockets: WebSocket[] = [];
const copy = Buffer.alloc(LARGEST_PACKET);

serve({
  ...probe,
  open: async (options: SubjectOptions): Promise<void> => {
    path = pathNamed(options.path);
    url = options.url;
    ca = options.ca;
    const perFragment = fragmentMs(path) / PACKET_MS;
    const opened = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS });
    opened.on('message', (packet, { port }) => {
      const party = parties.get(port);
      if (party === undefined) {
        strangers += 1;
        return;
      }
      received += 1;
      packet.copy(copy);
      party.packets += 1;
      if (party.packets % perFragment === 0) party.socket.send(party.message);
    });
    await new Promise<void>((done) => opened.bind(0, '127.0.0.1', done));
    socket = opened;
    setInterval(() => {
      for (const one of sockets) one.ping();
    }, PING_EVERY_MS);
  },
  tap: async ({ from, ports }: NewParticipants): Promise<number[]> => {
    const port = socket?.address().port ?? 0;
    for (const [index, source] of ports.entries()) {
      const participant = from + index;
      if (participant % 2 === 0) sockets.push(await connected());
      const ofCall = sockets[Math.floor(participant / 2)];
      if (ofCall !== undefined) parties.set(source, { message: messageOf(participant), socket: ofCall, packets: 0 });
    }
    return ports.map(() => port);
  },
  connect: () =>
    connectionCost(async () => {
      const socket = await connected();
      return () => socket.terminate();
    }),
  figures: async (): Promise<SubjectFigures> => {
    if (socket === undefined) throw new Error('is not open');
    const nothing = { resent: 0, dropped: 0, reconnects: 0, lostPackets: 0 };
    const drops = await kernelDrops('127.0.0.1', socket.address().port);
    return { received, strangers, kernelDrops: drops, receiveBufferOctets: socket.getRecvBufferSize(), ...nothing };
  },
});

async function connected(): Promise<WebSocket> {
  const opening = new WebSocket(url, { perMessageDeflate: false, ca });
  await new Promise<void>((done, failed) => {
    opening.once('open', done);
    opening.once('error', failed);
  });
  return opening;
}

/** As long as the program's, and of the same participant. */
function messageOf(index: number): string {
  const samples = FRAGMENT_SAMPLES[path?.outputHz ?? 8000];
  return encodeProcess(labelOf(index), Buffer.alloc(samples * OCTETS_PER_SAMPLE, 0x5a).toString('base64'));
}
