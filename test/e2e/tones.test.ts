/** Whose voice is it? Each party plays a tone of its own: it is in the stream with that party's name, and in no other. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { FRAGMENT_SAMPLES, type SampleRate } from '../../src/core/relay/protocol.js';
import { AddOn } from './add-on.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectTonesApart, type TonedCall, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 30_000;
/** Both primes: no multiple of one, mirrored at any sample rate, comes near the other before the hundredth. */
const CALLER_HZ = 439;
const CALLEE_HZ = 1_063;
const SECRET = { name: 'x-stream-secret', value: 'only-we-know' };

/** Of each codec two extensions that speak nothing else. */
const FIRST_OF_CODEC = { ulaw: 1100, alaw: 1110, g722: 1120, opus: 1130 } as const;

let lab: Lab;
let receiver: ListeningReceiver | undefined;
let addOn: AddOn | undefined;

beforeAll(async () => {
  const extensions = Object.entries(FIRST_OF_CODEC).flatMap(([codec, first]) => extensionRange(first, 2, codec));
  lab = await startLab({ extensions });
}, START_LIMIT_MS);
beforeEach(() => {
  receiver = undefined;
  addOn = undefined;
});
afterEach(async () => {
  await addOn?.stop();
  await receiver?.stop();
});
afterAll(async () => {
  await lab?.stop();
  expect(lab?.problems).toEqual([]);
}, TEST_LIMIT_MS);

function callBetween(first: number): TonedCall {
  return {
    caller: { number: String(first), hz: CALLER_HZ },
    callee: { number: String(first + 1), hz: CALLEE_HZ },
  };
}

/** Gives what the call's channels spoke, as Asterisk names it. */
async function streamsTruly(first: number, sampleRate: SampleRate): Promise<string[]> {
  receiver = await new ListeningReceiver({ sampleRate }).start();
  addOn = await AddOn.linked(lab, receiver, { streaming: { sampleRate, secret: SECRET } });
  const call = callBetween(first);
  const streams = await tonedCall(lab, receiver, call);

  expectTonesApart(streams, call, sampleRate);
  for (const side of ['caller', 'callee'] as const) {
    const { channelid, number, callid, ends, fragments } = streams[side];
    const asterisk = streams.channels.get(call[side].number);
    expect({ channelid, number, callid, ends }).toEqual({
      channelid: asterisk?.name,
      number: call[side].number,
      callid: asterisk?.linkedid,
      ends: 1,
    });
    expect(new Set(fragments.map(({ length }) => length))).toEqual(new Set([FRAGMENT_SAMPLES[sampleRate]]));
  }
  expect(streams.caller.callid).toBe(streams.callee.callid);
  expect(receiver.heard.size).toBe(2);
  expect(receiver.upgrades.map((headers) => headers[SECRET.name])).toEqual([SECRET.value]);
  expect(receiver.closeCodes).toEqual([1000]);
  expect(receiver.faults).toEqual([]);
  return [...streams.channels.values()].map(({ codecs }) => codecs);
}

test.each([8_000, 16_000] as const)(
  'a mu-law call, received at %i Hz',
  async (sampleRate) => {
    expect(await streamsTruly(FIRST_OF_CODEC.ulaw, sampleRate)).toEqual(['(ulaw)', '(ulaw)']);
  },
  TEST_LIMIT_MS,
);

test.each(['alaw', 'g722', 'opus'] as const)(
  'phones that speak %s, received at 16000 Hz',
  async (codec) => {
    expect(await streamsTruly(FIRST_OF_CODEC[codec], 16_000)).toEqual([`(${codec})`, `(${codec})`]);
  },
  TEST_LIMIT_MS,
);

test.each([8_000, 16_000] as const)(
  'phones that speak several codecs, received at %i Hz',
  async (sampleRate) => {
    await streamsTruly(1001, sampleRate);
  },
  TEST_LIMIT_MS,
);
