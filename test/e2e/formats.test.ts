/** Whatever media.format asks Asterisk for, the receiver hears the same: each party's tone at its level. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import type { SampleRate } from '../../src/core/relay/protocol.js';
import { loadOpusDecoder } from '../../src/io/media/opus-decoder.js';
import { AddOn } from './add-on.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectTonesApart, type TonedCall, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 30_000;
/** Of the phones here, which speak slin48: whatever is missing in a stream was lost on the way to the receiver. */
const PHONE_RATE = 48_000;
const LOW_HZ = 439;
/** What a format of 8000 Hz still carries. */
const NARROW_HZ = 3_001;
/** What it does not carry any more. */
const WIDE_HZ = 6_007;
const FULL_BAND_HZ = 11_003;

interface Way {
  readonly format: string;
  readonly sampleRate: SampleRate;
  /** The callee's tone. */
  readonly hz: number;
  /** How the signal path begins that the add-on reports: what arrived. */
  readonly arrives: string;
}

const WAYS: readonly Way[] = [
  { format: 'slin', sampleRate: 16_000, hz: NARROW_HZ, arrives: 'l16@8000' },
  { format: 'ulaw', sampleRate: 16_000, hz: NARROW_HZ, arrives: 'pcmu@8000' },
  { format: 'alaw', sampleRate: 16_000, hz: NARROW_HZ, arrives: 'pcma@8000' },
  { format: 'slin16', sampleRate: 16_000, hz: WIDE_HZ, arrives: 'l16@16000' },
  { format: 'slin24', sampleRate: 16_000, hz: WIDE_HZ, arrives: 'l16@24000' },
  { format: 'slin32', sampleRate: 16_000, hz: WIDE_HZ, arrives: 'l16@32000' },
  { format: 'slin48', sampleRate: 16_000, hz: WIDE_HZ, arrives: 'l16@48000' },
  { format: 'slin32', sampleRate: 24_000, hz: WIDE_HZ, arrives: 'l16@32000' },
  { format: 'slin48', sampleRate: 48_000, hz: FULL_BAND_HZ, arrives: 'l16@48000' },
  { format: 'ulaw', sampleRate: 48_000, hz: NARROW_HZ, arrives: 'pcmu@8000' },
];
const OPUS_WAYS: readonly Way[] = [
  { format: 'opus', sampleRate: 16_000, hz: WIDE_HZ, arrives: 'opus@16000' },
  { format: 'opus', sampleRate: 48_000, hz: WIDE_HZ, arrives: 'opus@48000' },
];

let lab: Lab;
let receiver: ListeningReceiver | undefined;
let addOn: AddOn | undefined;

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(1100, 2, 'slin48') });
}, START_LIMIT_MS);
beforeEach(() => {
  receiver = undefined;
  addOn = undefined;
});
afterEach(async () => {
  await addOn?.stop();
  await receiver?.stop();
});
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function comesThrough({ format, sampleRate, hz, arrives }: Way): Promise<void> {
  receiver = await new ListeningReceiver({ sampleRate }).start();
  addOn = await AddOn.linked(lab, receiver, { media: { format }, streaming: { sampleRate } });
  const call: TonedCall = {
    caller: { number: '1100', hz: LOW_HZ },
    callee: { number: '1101', hz },
    soundRate: PHONE_RATE,
  };
  const streams = await tonedCall(lab, receiver, call);

  expectTonesApart(streams, call, sampleRate);
  const paths = addOn.lines.filter(({ message }) => message === 'participant ended').map(({ path }) => String(path));
  expect(paths.map((path) => path.split(' -> ')[0])).toEqual([arrives, arrives]);
  expect(receiver.faults).toEqual([]);
}

test.each(WAYS)('$format, received at $sampleRate Hz, carries a tone of $hz Hz', comesThrough, TEST_LIMIT_MS);

const noOpus = await loadOpusDecoder().then(
  () => undefined,
  (error: Error) => error.message,
);
const opusTest = noOpus === undefined ? test : test.skip;
const unless = noOpus === undefined ? '' : ` (skipped: ${noOpus})`;

opusTest.each(OPUS_WAYS)(
  `$format, received at $sampleRate Hz, carries a tone of $hz Hz${unless}`,
  comesThrough,
  TEST_LIMIT_MS,
);
