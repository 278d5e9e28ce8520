/**
 * The program's media path in a process of its own: the parts of src, joined as src/app/start.ts joins them, with taps that
 * a stand-in for Asterisk makes.
 */

import { until } from '../../lab/until.js';
import { advertisedAddress } from '../../src/app/advertised-address.js';
import type { Media } from '../../src/app/media/media.js';
import { openMedia } from '../../src/app/media/open-media.js';
import { PlaneIntake } from '../../src/app/media/plane-intake.js';
import { ReceiverHealth } from '../../src/app/receiver-health.js';
import { StreamedCalls } from '../../src/app/streamed-calls.js';
import { streamingOptions, trackingSettings } from '../../src/app/streaming-options.js';
import { Tally } from '../../src/app/tally.js';
import { ResourceNames } from '../../src/core/call/resource-id.js';
import { AriRequests } from '../../src/io/ari/ari-requests.js';
import { createLog } from '../../src/io/log.js';
import { kernelDropsOf } from '../../src/io/media/udp-drops.js';
import { type RelayDestination, RelaySocket } from '../../src/io/relay/relay-socket.js';
import { settingsWith } from '../../test/settings-with.js';
import { probe } from '../process/probe.js';
import { serve } from '../process/serve.js';
import { connectionCost } from './connection-cost.js';
import { channelOf } from './parties.js';
import { pathNamed } from './path.js';
import { StandInAri } from './stand-in-ari.js';
import type { NewParticipants, SubjectFigures, SubjectOptions } from './subjects-words.js';

const APPLICATION = 'ari-audio-stream';
const JOIN_LIMIT_MS = 60_000;

const log = createLog({ level: 'warn', format: 'text', output: process.stderr });
const tally = new Tally();
let plane: Media | undefined;
let calls: StreamedCalls | undefined;
let ari: StandInAri | undefined;
let destination: RelayDestination | undefined;
/** By channel, where its audio comes from. */
const sources = new Map<string, number>();

serve({
  ...probe,
  open: async (options: SubjectOptions): Promise<void> => {
    const { format, outputHz } = pathNamed(options.path);
    const settings = settingsWith({
      'media.listen': '127.0.0.1:0',
      'media.workers': options.workers,
      'streaming.serverAddress': options.url,
      'streaming.ca': options.ca,
      'streaming.sampleRate': outputHz,
      'streaming.subscriptions.extensions': ['*'],
      'media.format': format,
    });
    const { media } = settings;
    const streaming = streamingOptions(settings.streaming);
    destination = streaming.destination;
    const names = new ResourceNames(APPLICATION, 'bench');
    const opened = await openMedia(media, streaming, log);
    plane = opened;
    ari = new StandInAri(
      (channelId) => sources.get(channelId) ?? 0,
      (event) => calls?.onEvent(event),
    );
    calls = new StreamedCalls({
      tracking: trackingSettings(settings),
      taps: {
        ari: new AriRequests(ari),
        application: APPLICATION,
        names,
        advertised: (tap) => advertisedAddress(media, opened.socketOf(tap).port),
        format: media.format,
        sampleRate: streaming.stream.sampleRate,
        log,
      },
      media: plane,
      intake: new PlaneIntake(plane),
      streaming,
      receiver: new ReceiverHealth(log),
      tally,
      log,
    });
    await calls.onSnapshot([], []);
  },
  /** Calls begin. Tells to which ports their audio is to be sent. */
  tap: async ({ from, ports }: NewParticipants): Promise<number[]> => {
    const channels = ports.map((_, index) => channelOf(from + index));
    for (const [index, { id }] of channels.entries()) sources.set(id, ports[index] ?? 0);
    for (const channel of channels) calls?.onEvent({ kind: 'channel', channel });
    await until('all taps are joined', () => ari?.joined === sources.size, JOIN_LIMIT_MS);
    return channels.map(({ id }) => ari?.destinationOf(id) ?? 0);
  },
  connect: () => connectionCost(connected),
  figures: async (): Promise<SubjectFigures> => {
    if (plane === undefined) throw new Error('is not open');
    const { rtp, packets, sent } = await plane.ask({ kind: 'figures' });
    const { resent, dropped, unconfirmed, reconnects } = sent;
    return {
      received: rtp.received,
      strangers: rtp.strangers,
      kernelDrops: await kernelDropsOf(plane.sockets),
      receiveBufferOctets: Math.min(...plane.sockets.map((socket) => socket.receiveBufferOctets)),
      resent,
      dropped: dropped + unconfirmed,
      reconnects,
      lostPackets: packets.lost,
    };
  },
});

function connected(): Promise<() => void> {
  return new Promise((done, failed) => {
    if (destination === undefined) throw new Error('is not open');
    const socket = new RelaySocket(destination, {
      onOpen: () => done(() => socket.abort()),
      onFlushed: () => undefined,
      onPong: () => undefined,
      onText: () => undefined,
      onClosed: ({ problem }) => failed(problem),
    });
  });
}
