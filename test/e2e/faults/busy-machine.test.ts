/**
 * The machine has no time for the add-on: other programs want all of it, or the add-on itself is stopped for a while, once with
 * its receive buffer full. What is lost is counted, the phones notice nothing, and afterwards audio is as fresh as before.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { shortfallOf } from '../../../lab/shortfall.js';
import { until } from '../../../lab/until.js';
import { kernelDrops } from '../../../src/io/media/udp-drops.js';
import { parsePrometheusText, sampleOf } from '../../prometheus-text.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { type Heard, ListeningReceiver, samplesOf } from '../listening-receiver.js';
import { flows, NOISY_EXTENSIONS, noiseCall, playedBy, RATE } from '../noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;
const FRAGMENT_MS = 40;
const PACKET_MS = 20;
/** How late a frame of a phone may be on a busy machine: what the phones themselves may hear as a gap. */
const LATE_MS = 60;
/** How far the middle of a second may be from the freshest fragment: what stalled-receiver.test.ts allows a busy machine. */
const FRESH_MS = 400;
const FLOOD_OCTETS = 60_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  addOn = await AddOn.linked(lab, receiver);
});
afterEach(async () => {
  addOn.signal('SIGCONT');
  await addOn.stop();
  await receiver.stop();
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

/** What is missing of each stream was counted for it; nothing else is in it, and it ends as fresh as it began. Gives the packets lost. */
async function expectAccounted(streams: readonly Heard[]): Promise<number> {
  let packets = 0;
  for (const stream of streams) {
    const figures = await addOn.logs(
      `figures of ${stream.channelid}`,
      ({ message, channel }) => message === 'figures of the participant' && channel === stream.channelid,
    );
    const { lost, lostMs } = figures;
    const account = shortfallOf(samplesOf(stream), playedBy(stream.number), RATE);
    const { skipped: missingMs, foreign: foreignMs } = account;
    packets += Number(lost);
    // A packet that was lost may have held silence, which the snoop says for a frame that is late. The figures are here to be seen.
    const isCounted = foreignMs === 0 && Math.abs(missingMs - Number(lost) * PACKET_MS) <= LATE_MS;
    expect({ figures, ...account, isCounted }).toEqual({ figures, ...account, isCounted: true });
    // Asterisk itself may leave out some time, when it is late; the stream then has silence there, and misses nothing.
    expect(Number(lostMs)).toBeGreaterThanOrEqual(missingMs - LATE_MS);
    expect(lastDelayMs(stream)).toBeLessThan(FRESH_MS);
  }
  return packets;
}

/** How much later than the earliest of all fragments those of the last second came: the middle one of them. */
function lastDelayMs({ arrivals }: Heard): number {
  const ages = arrivals.map((arrival, index) => arrival - index * FRAGMENT_MS);
  const last = ages.slice(-Math.round(1_000 / FRAGMENT_MS)).toSorted((a, b) => a - b);
  return (last[last.length >> 1] ?? 0) - Math.min(...ages);
}

test(
  'four busy loops at the same priority: nothing is lost, and the phones hear each other',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    const loops = Array.from({ length: Math.max(4, 2 * cpus().length) }, busyLoop);
    try {
      await flows(receiver, PARTIES, 100);
    } finally {
      for (const loop of loops) loop.kill('SIGKILL');
    }
    await flows(receiver, PARTIES, 50);
    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    expect(await expectAccounted(streams)).toBe(0);
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'stopped for half a second and for three: what waited in the kernel is streamed, and what it dropped is counted',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    for (const ms of [500, 3_000]) {
      await stopFor(ms);
      await flows(receiver, PARTIES);
    }
    await flows(receiver, PARTIES, 50);
    const drops = await kernelDrops('127.0.0.1', addOn.rtpPort);
    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    // A machine with little room for them drops some in three seconds.
    expect(await expectAccounted(streams)).toBe(drops ?? 0);
    expect(addOn.lines.filter(({ code }) => code !== undefined && (code !== 'RTP_DROPPED' || drops === 0))).toEqual([]);
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'the receive buffer is full: the kernel drops packets, the loss is counted as it is, and /metrics tells the drops',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    addOn.signal('SIGSTOP');
    await flood(addOn.rtpPort);
    await pause(1_000); // Of these nothing gets in.
    addOn.signal('SIGCONT');
    await Promise.all([flows(receiver, PARTIES, 50), addOn.reports('RTP_DROPPED')]);
    const metrics = await (await fetch(`${addOn.monitoringUrl}/metrics`)).text();
    const drops = await kernelDrops('127.0.0.1', addOn.rtpPort);
    expect(sampleOf(parsePrometheusText(metrics), 'ari_audio_stream_rtp_packets_lost_total{reason="kernel"}')).toBe(
      drops,
    );
    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    expect(await expectAccounted(streams)).toBeGreaterThan(1);
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

async function stopFor(ms: number): Promise<void> {
  addOn.signal('SIGSTOP');
  await pause(ms);
  addOn.signal('SIGCONT');
}

function busyLoop(): ChildProcess {
  return spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
}

/** Fills the room that the kernel has for this port's packets. */
async function flood(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const before = (await kernelDrops('127.0.0.1', port)) ?? 0;
  await until('the kernel drops packets', async () => {
    for (let n = 0; n < 20; n++)
      await new Promise((sent) => socket.send(Buffer.alloc(FLOOD_OCTETS), port, '127.0.0.1', sent));
    return ((await kernelDrops('127.0.0.1', port)) ?? 0) > before + 20;
  });
  // What is left of the room is too little for the flood, and not for a packet.
  await new Promise<void>((closed) => socket.close(closed));
}
