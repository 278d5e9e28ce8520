/** The receiver dies in mid-call and comes back, sooner or later than the buffer lasts: four calls side by side. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import type { SettingsPart } from '../add-on.js';
import { nothingLeft } from '../leftovers.js';
import { expectExact, NOISY_EXTENSIONS, RATE } from '../noise-call.js';
import { type Account, FaultyCall } from './faulty-call.js';
import { holesIn, isOfTheSnoop } from './holes.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 180_000;
/** The whole minute with the buffer of 30 s that is the default; else both are a sixth and a tenth, which shows the same. */
const IS_FULL = process.env.FAULTS_FULL === '1';
const LONG_OUTAGE_SECONDS = IS_FULL ? 60 : 10;
const SHORT_BUFFER: SettingsPart = IS_FULL ? {} : { streaming: { bufferSeconds: 3 } };
const BUFFER_SECONDS = IS_FULL ? 30 : 3;
const FRAGMENT_SAMPLES = 640;
/** What was under way when the receiver died: nobody can know whether it was read. */
const MOST_UNDER_WAY = 4;
const AFTERWARDS_FRAGMENTS = 100;

let lab: Lab;
const outcomes = new Map<string, Promise<Account>>();

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  // All programs are up before the first call is: their start takes the processor from those that telephone.
  const first = await FaultyCall.prepare(lab, ['1100', '1101']);
  const second = await FaultyCall.prepare(lab, ['1102', '1103']);
  const third = await FaultyCall.prepare(lab, ['1104', '1105']);
  const fourth = await FaultyCall.prepare(lab, ['1106', '1107'], SHORT_BUFFER);
  outcomes.set('1 s', outage(1, first));
  outcomes.set('10 s', outage(10, second));
  outcomes.set('20 s', outage(20, third));
  outcomes.set('long', outage(LONG_OUTAGE_SECONDS, fourth));
  // Each test awaits its own; one that fails early must not end the others.
  for (const outcome of outcomes.values()) outcome.catch(() => undefined);
}, START_LIMIT_MS);
afterAll(async () => {
  await Promise.allSettled(outcomes.values());
  await lab?.stop();
}, TEST_LIMIT_MS);

async function outage(seconds: number, call: FaultyCall): Promise<Account> {
  try {
    await call.begin();
    await call.receiver.stop();
    await pause(seconds * 1_000);
    await call.receiver.start();
    await call.addOn.says('the receiver is back');
    await call.flows(AFTERWARDS_FRAGMENTS);
    const account = await call.end();
    expect(call.receiver.faults).toEqual([]);
    return account;
  } finally {
    await call.stop();
  }
}

async function outcomeOf(name: string): Promise<Account> {
  const outcome = await outcomes.get(name);
  if (outcome === undefined) throw new Error('unreachable');
  return outcome;
}

test.each(['1 s', '10 s', '20 s'])(
  'after %s away the audio is what was played, sample for sample, and no loss is counted',
  async (name) => {
    const { streams, produced, repeats, reported } = await outcomeOf(name);
    for (const stream of streams) expectExact(stream);
    expect(streams.map(({ fragments }) => fragments.length)).toEqual([...produced]);
    expect(reported).toEqual({ dropped: 0, unconfirmed: 0, reconnects: 1 });
    // What the receiver had read and not yet confirmed comes again: it can't be told from what was lost.
    expect(repeats).toBeLessThanOrEqual(MOST_UNDER_WAY);
  },
  TEST_LIMIT_MS,
);

test(
  `after ${LONG_OUTAGE_SECONDS} s away with a buffer of ${BUFFER_SECONDS} s what is missing is what is counted, in one piece, the oldest`,
  async () => {
    const { streams, produced, reported } = await outcomeOf('long');
    const missing = streams.map(({ fragments }, index) => (produced[index] ?? 0) - fragments.length);
    const all = missing.reduce((sum, one) => sum + one, 0);
    expect(all).toBeGreaterThanOrEqual(reported.dropped);
    expect(all).toBeLessThanOrEqual(reported.dropped + reported.unconfirmed);
    expect(reported.unconfirmed).toBeLessThanOrEqual(MOST_UNDER_WAY);

    streams.forEach((stream, index) => {
      const lost = (missing[index] ?? 0) * FRAGMENT_SAMPLES;
      const holes = holesIn(stream);
      expect(holes).toHaveLength(1);
      const [{ from, to } = { from: 0, to: 0 }] = holes;
      const silent = lost - (to - from);
      expect({ number: stream.number, silent, isWhole: isOfTheSnoop(silent) }).toEqual({
        number: stream.number,
        silent,
        isWhole: true,
      });
      // At least so long was it away, and no more is kept.
      expect(lost).toBeGreaterThanOrEqual((LONG_OUTAGE_SECONDS - BUFFER_SECONDS) * RATE - FRAGMENT_SAMPLES);
    });
  },
  TEST_LIMIT_MS,
);

test(
  'nothing is left in the PBX',
  async () => {
    await Promise.allSettled(outcomes.values());
    await nothingLeft(lab);
    expect(lab.problems).toEqual([]);
  },
  TEST_LIMIT_MS,
);
