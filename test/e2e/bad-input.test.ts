/** Bad input of every kind in mid-call, and settings that are wrong: nothing is disturbed, nothing crashes, all is said. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { freeUdpPort } from '../../lab/asterisk/free-ports.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { l16, rtp } from '../rtp-packets.js';
import { AddOn } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, RATE, withoutRepeats } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const PARTIES = ['1100', '1101'] as const;
/** Asterisk's payload type for slin16. */
const SLIN16 = 118;
const FRAME_SAMPLES = 320;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
});
afterEach(async () => {
  await addOn.stop();
  await receiver.stop();
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

/** A loud frame that follows on no other: heard in a stream it could not be overlooked. */
function loudFrame(sequence: number): Uint8Array {
  const payload = l16(new Int16Array(FRAME_SAMPLES).fill(30_000));
  return rtp({ sequence, timestamp: sequence * FRAME_SAMPLES, payloadType: SLIN16, payload });
}

/** Each is what one stranger sends; every packet comes from a port of its own machine that no tap has. */
const STRANGERS: readonly (readonly [what: string, host: string, packets: readonly Uint8Array[]])[] = [
  ['random octets', '127.0.0.9', Array.from({ length: 200 }, (_, n) => randomBytes(n * 7))],
  ['datagrams as large as they come', '127.0.0.9', [randomBytes(65_507), randomBytes(9_000), new Uint8Array(0)]],
  ['valid RTP from a stranger', '127.0.0.9', Array.from({ length: 100 }, (_, n) => loudFrame(n))],
  ["valid RTP from Asterisk's address, another port", '127.0.0.1', Array.from({ length: 100 }, (_, n) => loudFrame(n))],
  ['truncated RTP', '127.0.0.1', Array.from({ length: 12 }, (_, octets) => loudFrame(octets).subarray(0, octets))],
];

// Asterisk's own port can't be sent from without forging packets: malformed RTP of a known source is in the unit tests.
test(
  'strangers at the RTP port: the streams are untouched, each stranger is named, each packet counted',
  async () => {
    addOn = await AddOn.linked(lab, receiver);
    const call = await noiseCall(lab, receiver, ...PARTIES);
    const names: string[] = [];
    for (const [, host, packets] of STRANGERS) names.push(await sendFrom(host, packets));

    for (const name of names) await named(name);
    await flows(receiver, PARTIES, 50);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) {
      expectExact(stream);
      expect(withoutRepeats(stream).repeats).toBe(0);
    }
    expect(receiver.faults).toEqual([]);
    await nothingLeft(lab);

    expect(await addOn.stop()).toBe(0);
    const sent = STRANGERS.reduce((sum, [, , packets]) => sum + packets.length, 0);
    expect(await addOn.says('stopped')).toMatchObject({ strangers: sent });
  },
  TEST_LIMIT_MS,
);

async function named(name: string): Promise<void> {
  await addOn.logs(`a line that names ${name}`, ({ level, from }) => level === 'warn' && from === name);
}

/** Sends packets one after the other, as fast as they go out but not faster, and gives where they came from. */
async function sendFrom(host: string, packets: readonly Uint8Array[]): Promise<string> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  for (const packet of packets) {
    await new Promise((resolve) => socket.send(packet, addOn.rtpPort, '127.0.0.1', resolve));
  }
  socket.close();
  return `${host}:${port}`;
}

test('settings with five mistakes: all five are listed, nothing is started, and no secret is told', async () => {
  const port = await freeUdpPort();
  const file = join(lab.folder, 'five-mistakes.json');
  const settings = {
    asterisk: { url: 'ftp://127.0.0.1', password: 'hush-hush-0815' },
    media: { listen: `127.0.0.1:${port}`, format: 'mp3' },
    log: { level: 'loud' },
    streaming: {
      serverAdress: receiver.address,
      sampleRate: 11_025,
      secret: { value: 'hush-hush-0816' },
      subscriptions: { extensions: ['*'] },
    },
  };
  await writeFile(file, JSON.stringify(settings));
  // The port is taken by us: a program that tried to have it would say so.
  const holder = createSocket('udp4').bind(port, '127.0.0.1');
  await once(holder, 'listening');

  addOn = AddOn.run(['start', '--config', file]);
  expect(await addOn.exited).toBe(2);
  holder.close();
  expect(addOn.text).toContain('SETTINGS_INVALID');
  const lines = addOn.text.split('\n');
  for (const [key, allowed] of [
    ['asterisk.url', 'http:// or https://'],
    ['media.format', 'slin16'],
    ['log.level', 'debug'],
    ['streaming.serverAdress', 'streaming.serverAddress'],
    ['streaming.sampleRate', '48000'],
  ] as const) {
    const about = lines.filter((line) => line.includes(key)).join('\n');
    expect({ key, about }).toEqual({ key, about: expect.stringContaining(allowed) });
  }
  expect(addOn.text).not.toContain('MEDIA_LISTEN_FAILED');
  expect(addOn.output).not.toContain('hush-hush');
  expect(addOn.lines).toEqual([]);
});

test('the RTP port is taken: said in words, and nothing else is done', async () => {
  const holder = createSocket('udp4').bind(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  addOn = await AddOn.start(lab, receiver, { media: { listen: `127.0.0.1:${port}` } });
  expect(await addOn.exited).toBe(1);
  holder.close();
  expect(addOn.text).toContain('MEDIA_LISTEN_FAILED');
  expect(addOn.text).toContain(`127.0.0.1:${port}`);
});
