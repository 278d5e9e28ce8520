/**
 * With two threads for the audio the calls are spread over them. Who is transferred to a call of the other thread goes on there
 * with the very next sample.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { nicenessOfThreads } from '../../lab/linux-process.js';
import { until } from '../../lab/until.js';
import { EXIT_FAILED } from '../../src/core/failure.js';
import { AddOn } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { type Heard, ListeningReceiver } from './listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, RATE } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn | undefined;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
});
afterEach(async () => {
  await addOn?.stop();
  await receiver.stop();
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

/** How many taps send to each UDP port: externalMedia channels are named after where they send to. */
async function tapsByPort(): Promise<Record<string, number>> {
  const channels = await lab.pbxAri.request<{ name: string }[]>('GET', 'channels');
  const taps: Record<string, number> = {};
  for (const { name } of channels) {
    const [, port] = /^UnicastRTP\/127\.0\.0\.1:(\d+)-/.exec(name) ?? [];
    if (port !== undefined) taps[port] = (taps[port] ?? 0) + 1;
  }
  return taps;
}

function heardOf(number: string): Heard[] {
  return [...receiver.heard.values()].filter((one) => one.number === number);
}

test(
  'the helpers of V8 give way to the control thread and to those of the audio',
  async () => {
    addOn = await AddOn.linked(lab, receiver, { media: { workers: 2 } });
    const own = getPriority();
    const nicenesses = nicenessOfThreads(addOn.pid);
    expect(nicenesses.filter((niceness) => niceness === own)).toHaveLength(3);
    expect(new Set(nicenesses)).toEqual(new Set([own, own + 5]));
  },
  TEST_LIMIT_MS,
);

test(
  'an attended transfer to a call of the other thread costs no sample',
  async () => {
    addOn = await AddOn.linked(lab, receiver, { media: { workers: 2 } });
    const ports = addOn.lines.filter(({ message }) => message === 'listening for RTP').map(({ on }) => String(on));
    const first = await noiseCall(lab, receiver, '1100', '1101');
    const consultation = await noiseCall(lab, receiver, '1101', '1102');
    expect(await tapsByPort()).toEqual(Object.fromEntries(ports.map((on) => [on.replace(/.*:/, ''), 2])));

    await first.callee.transferToEndOf(consultation.caller);
    const { from, callid, fragments } = await addOn.says('participant goes on under another call');
    await flows(receiver, ['1100', '1102']);
    await first.caller.hangUp();
    await until(
      'both calls are delivered',
      () => addOn?.lines.filter(({ message }) => message === 'call streamed').length === 2,
    );

    for (const number of ['1100', '1102']) {
      expect(heardOf(number)).toHaveLength(1);
      expectExact(heardOf(number)[0]);
    }
    const [moved] = heardOf('1102');
    expect([moved?.callid, moved?.ends]).toEqual([from, 2]);
    expect(heardOf('1100')[0]?.callid).toBe(callid);
    // Of the other call are exactly those that came after the move, and the end.
    const afterMove = (moved?.fragments.length ?? 0) - Number(fragments) + 1;
    const faultsOf = (words: string) =>
      receiver.faults.filter((fault) => fault === `${moved?.channelid} ${words}`).length;
    expect([faultsOf('changed its label'), faultsOf('after its end')]).toEqual([afterMove, afterMove]);
    expect(receiver.faults).toHaveLength(2 * afterMove);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'a port after that of media.listen that another program has is named, and nothing starts',
  async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    try {
      addOn = await AddOn.start(lab, receiver, { media: { listen: `127.0.0.1:${port - 1}`, workers: 2 } });
      expect(await addOn.exited).toBe(EXIT_FAILED);
      expect(addOn.text).toMatch(
        new RegExp(`^MEDIA_LISTEN_FAILED: .* media.listen 127.0.0.1:${port}: bind EADDRINUSE`, 'm'),
      );
    } finally {
      other.close();
    }
  },
  TEST_LIMIT_MS,
);
