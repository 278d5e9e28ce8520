/** A receiver that accepts a connection and never reads from it: neither the phones nor another call's stream notice. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { AddOn } from './add-on.js';
import { expectUnharmed } from './heard-by-phones.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, withoutRepeats } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
/** The highest rate fills the buffers of both machines' kernels soonest. */
const STREAM_RATE = 48_000;
const FRAGMENT_MS = 40;
/** How much the age of what arrives may vary; an undisturbed stream on a busy machine needs some of it. */
const UNEVENNESS_LIMIT_MS = 400;

let lab: Lab;
let addOn: AddOn;
let receiver: ListeningReceiver;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
afterEach(async () => {
  await receiver.stop();
  await addOn.stop();
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

test(
  'one call is not read from: it is given up, made anew and loses nothing, while another call streams on time',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: 16_000 }).start();
    addOn = await AddOn.linked(lab, receiver);
    receiver.stalls = true;
    const blocked = await noiseCall(lab, undefined, '1100', '1101');
    await flowsNowhere();
    receiver.stalls = false;

    const other = await noiseCall(lab, receiver, '1102', '1103');
    const { message } = await addOn.reports('RECEIVER_TIMEOUT', 30_000);
    expect(message).toContain('left a ping unanswered');
    expect([...receiver.heard.values()].map(({ number }) => number).toSorted()).toEqual(['1102', '1103']);
    await flows(receiver, ['1100', '1101', '1102', '1103']);
    for (const number of ['1102', '1103']) expect(unevennessMs(number)).toBeLessThan(UNEVENNESS_LIMIT_MS);

    await Promise.all([blocked.caller.hangUp(), other.caller.hangUp()]);
    const streams = await receiver.ended(['1100', '1101', '1102', '1103']);
    for (const stream of streams) expectExact(withoutRepeats(stream).once);
    await expectUnharmed(blocked, other);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'a receiver that never reads, at the highest rate, until the call is over: the phones hear each other, nothing is left',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: STREAM_RATE }).start();
    addOn = await AddOn.linked(lab, receiver, { streaming: { sampleRate: STREAM_RATE, bufferSeconds: 2 } });
    receiver.stalls = true;
    const call = await noiseCall(lab, undefined, '1100', '1101');
    await addOn.reports('RECEIVER_TIMEOUT', 30_000);
    await call.caller.hangUp();
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

async function flowsNowhere(): Promise<void> {
  await addOn.says('participant streams');
  await until('the call has its connection', () => receiver.connections === 1);
  expect(receiver.heard.size).toBe(0);
}

/** The difference between the oldest and the youngest fragment of a number when they arrived. */
function unevennessMs(number: string): number {
  const one = [...receiver.heard.values()].find((heard) => heard.number === number);
  const ages = (one?.arrivals ?? []).map((arrivedAt, index) => arrivedAt - index * FRAGMENT_MS);
  return Math.max(...ages) - Math.min(...ages);
}
