/** The samples that a phone sends are the samples that the receiver gets: all of them, and no other ones. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { noise, writeSound } from '../../lab/sounds.js';
import { AddOn } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver, samplesOf } from './listening-receiver.js';

const RATE = 16_000;
const SECONDS = 30;
const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
const played = { caller: noise(1, SECONDS * RATE), callee: noise(2, SECONDS * RATE) };
const files = { caller: '', callee: '' };

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(1100, 2, 'slin16') });
  files.caller = await writeSound(lab.folder, 'caller', RATE, played.caller);
  files.callee = await writeSound(lab.folder, 'callee', RATE, played.callee);
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  addOn = await AddOn.linked(lab, receiver);
});
afterEach(async () => {
  await addOn.stop();
  await receiver.stop();
});
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

/** Where the played samples begin in the received ones, and how many were missing before that. */
function alignment(received: Int16Array, sent: Int16Array): { at: number; missing: number } {
  const at = received.findIndex((sample) => sample !== 0);
  const mark = Buffer.from(received.slice(at, at + 64).buffer);
  const found = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength).indexOf(mark);
  expect(found).toBeGreaterThanOrEqual(0);
  return { at, missing: found / 2 };
}

async function callFor(seconds: number, ringMs: number): Promise<{ caller: Int16Array; callee: Int16Array }> {
  lab.phones.answers('1101', { afterMs: ringMs, plays: files.callee });
  const leg = await lab.phones.call({ from: '1100', to: '1101', plays: files.caller, hangsUpAfterMs: seconds * 1000 });
  await leg.ended;
  const [caller, callee] = await receiver.ended(['1100', '1101']);
  if (caller === undefined || callee === undefined) throw new Error('unreachable');
  await nothingLeft(lab);
  return { caller: samplesOf(caller), callee: samplesOf(callee) };
}

test(
  'a phone that rang: every sample of 30 s is there from the answer on, bit for bit',
  async () => {
    // The call outlasts the file, so that its last sample is on its way before anybody hangs up.
    const received = await callFor(SECONDS + 1, 600);
    for (const side of ['caller', 'callee'] as const) {
      const { at, missing } = alignment(received[side], played[side]);
      expect({ side, missing }).toEqual({ side, missing: 0 });
      const got = received[side].subarray(at, at + SECONDS * RATE);
      expect(Buffer.compare(Buffer.from(got.slice().buffer), Buffer.from(played[side].buffer))).toBe(0);
    }
    expect(receiver.faults).toEqual([]);
    expect(receiver.closeCodes).toEqual([1000]);
  },
  TEST_LIMIT_MS,
);

test(
  'a phone that answers at once: at most 60 ms are missing, then everything is bit for bit',
  async () => {
    const received = await callFor(5, 0);
    for (const side of ['caller', 'callee'] as const) {
      const { at, missing } = alignment(received[side], played[side]);
      expect((missing / RATE) * 1000).toBeLessThanOrEqual(60);
      const compared = 4 * RATE;
      const got = received[side].slice(at, at + compared);
      const sent = played[side].slice(missing, missing + compared);
      expect(Buffer.compare(Buffer.from(got.buffer), Buffer.from(sent.buffer))).toBe(0);
    }
  },
  TEST_LIMIT_MS,
);
