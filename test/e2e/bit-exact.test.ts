/**
 * The samples that a phone sends are the samples that the receiver gets: all of them, and no other ones.
 *
 * On a busy machine Asterisk itself loses a frame of some 30,000 on its way into a tap, with RTP numbers unbroken, as the
 * receiver of a plain snoop sees too. So a call may be placed again, a few times, and one of them must be exact. What the
 * add-on counts must be flawless in each.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { AddOn } from './add-on.js';
import { flawsIn } from './flaws.js';
import { nothingLeft } from './leftovers.js';
import { type Heard, ListeningReceiver } from './listening-receiver.js';
import { expectExact, expectExactPiece, NOISY_EXTENSIONS, noiseCall, RATE } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 180_000;
const TRIES = 3;

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
  await addOn.stop();
  await receiver.stop();
});
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

/** Places a call of so many seconds and gives both streams; what the add-on itself lost, filled or refused must be nothing. */
async function streamsOf(seconds: number, ringMs: number): Promise<Heard[]> {
  receiver.heard.clear();
  const { caller } = await noiseCall(lab, undefined, '1100', '1101', { ringMs, hangsUpAfterMs: seconds * 1000 });
  await caller.ended;
  const streams = await receiver.ended(['1100', '1101']);
  await nothingLeft(lab);
  expect(flawsIn(addOn.lines)).toEqual([]);
  expect(receiver.faults).toEqual([]);
  return streams;
}

async function oneOf(tries: number, attempt: () => Promise<void>): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

test(
  'a phone that rang: every sample of 30 s is there from the answer on, bit for bit',
  async () => {
    await oneOf(TRIES, async () => {
      for (const stream of await streamsOf(31, 600)) {
        expectExact(stream);
        expect(stream.fragments.length * 640).toBeGreaterThan(30 * RATE);
      }
    });
    expect(receiver.closeCodes).toContain(1000);
  },
  TEST_LIMIT_MS,
);

test(
  'a phone that answers at once: at most 60 ms are missing, then everything is bit for bit',
  async () => {
    await oneOf(TRIES, async () => {
      for (const stream of await streamsOf(5, 0)) {
        const missing = expectExactPiece(stream);
        expect((missing / RATE) * 1000).toBeLessThanOrEqual(60);
      }
    });
  },
  TEST_LIMIT_MS,
);
