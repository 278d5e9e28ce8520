/** SIGKILL while ten calls run, and again and again while taps are being made: the next start streams all, and clears up. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { extensionRange } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExactPiece, flows, type NoiseCall, noiseCall, RATE } from '../noise-call.js';
import { tapsInAsterisk } from './taps-in-asterisk.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const FIRST_NUMBER = 1100;
const CALLS = 10;
const PIECES_OF_A_CALL = 6;
/** The issue: within so long of the restart all running calls are streamed again. */
const RESTART_LIMIT_MS = 3_000;
/** How long after a call begins the add-on is killed: a tap takes some 25 ms. */
const KILL_DELAYS_MS = [0, 3, 8, 15, 25, 40, 80, 150];
/** A start clears up and taps at the same time; so long after the link it may be killed in the middle of both. */
const KILL_AT_START_DELAYS_MS = [0, 5, 15, 30];

/** Who calls whom. */
const PAIRS = Array.from({ length: CALLS }, (_, index) => {
  const number = FIRST_NUMBER + 2 * index;
  return [String(number), String(number + 1)] as const;
});

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
/** All that were started; the last is the present one. */
let addOns: AddOn[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(FIRST_NUMBER, 2 * CALLS, 'slin16') });
}, START_LIMIT_MS);
beforeEach(async () => {
  addOns = [];
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  await start();
});
afterEach(async () => {
  await addOn.stop();
  await receiver.stop();
  for (const { output } of addOns) {
    expect(output).not.toContain('"code":"UNEXPECTED"');
    expect(output).not.toContain(lab.pbx.ari.password);
  }
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function start(): Promise<void> {
  addOn = await AddOn.linked(lab, receiver);
  addOns.push(addOn);
}

async function killAndForget(): Promise<void> {
  await addOn.stop('SIGKILL');
  await until('the receiver sees the end', () => receiver.connections === 0);
  receiver.heard.clear();
}

/** Hangs up, and judges what was heard since the last start, by the receiver and by the phones. */
async function endOf(calls: readonly NoiseCall[], numbers: readonly string[]): Promise<void> {
  expect(calls.every(({ caller, callee }) => caller.isUp && callee.isUp)).toBe(true);
  await Promise.all(calls.map(({ caller }) => caller.hangUp()));
  const streams = await receiver.ended(numbers);
  for (const stream of streams) expectExactPiece(stream);
  await expectUnharmed(...calls);
  await nothingLeft(lab);
}

test(
  'killed in mid-call with ten calls: within 3 s of the restart all are streamed, and all that the dead one left is gone',
  async () => {
    const numbers = PAIRS.flat();
    const calls = await Promise.all(PAIRS.map(([from, to]) => noiseCall(lab, undefined, from, to)));
    await flows(receiver, numbers, 5);
    const left = await tapsInAsterisk(lab);
    expect(left.ids).toHaveLength(CALLS * PIECES_OF_A_CALL);
    await killAndForget();
    expect((await tapsInAsterisk(lab)).ids.toSorted()).toEqual(left.ids.toSorted());

    const restartedAt = performance.now();
    await start();
    const streamed = flows(receiver, numbers, 1).then(() => performance.now() - restartedAt);
    const cleared = until('the leftovers are gone', async () => {
      const { runs, ids } = await tapsInAsterisk(lab);
      return !left.runs.some((run) => runs.includes(run)) && ids.length === CALLS * PIECES_OF_A_CALL;
    }).then(() => performance.now() - restartedAt);
    expect(await streamed).toBeLessThan(RESTART_LIMIT_MS);
    expect(await cleared).toBeLessThan(RESTART_LIMIT_MS);
    const sweep = await addOn.says('removed what was left in Asterisk');
    expect(sweep).toMatchObject({ channels: 4 * CALLS, bridges: 2 * CALLS });
    await flows(receiver, numbers);
    await endOf(calls, numbers);
  },
  TEST_LIMIT_MS,
);

test(
  'killed while taps are being made, at many moments: nothing is left that the next start does not remove',
  async () => {
    const [standingPair, ...pairs] = PAIRS;
    if (standingPair === undefined) throw new Error('unreachable');
    const standing = await noiseCall(lab, receiver, ...standingPair);
    const unfinished: number[] = [];
    const kill = async (): Promise<void> => {
      await addOn.stop('SIGKILL');
      unfinished.push((await tapsInAsterisk(lab)).unfinished);
    };
    const calls: NoiseCall[] = [];
    let numbers: readonly string[] = standingPair;
    for (const [round, delayMs] of KILL_DELAYS_MS.entries()) {
      const [from, to] = pairs[round] ?? ['', ''];
      const up = noiseCall(lab, undefined, from, to);
      await until('the call has its first channel', async () => {
        const channels = await lab.pbxAri.request<{ name: string }[]>('GET', 'channels');
        return channels.some(({ name }) => name.startsWith(`PJSIP/${from}-`));
      });
      await pause(delayMs);
      await kill();
      await start();
      await calls.at(-1)?.caller.hangUp();
      calls.push(await up);
      numbers = [...standingPair, from, to];
    }
    for (const delayMs of KILL_AT_START_DELAYS_MS) {
      await pause(delayMs);
      await kill();
      await start();
    }
    // Or the kills have missed what they are for.
    expect(Math.max(...unfinished)).toBeGreaterThan(0);

    await killAndForget();
    await start();
    await flows(receiver, numbers);
    await until('only the last run has taps', async () => {
      const { runs, ids } = await tapsInAsterisk(lab);
      return runs.length === 1 && ids.length === 2 * PIECES_OF_A_CALL;
    });
    await endOf([standing, ...calls.slice(-1)], numbers);
    await expectUnharmed(...calls);
  },
  TEST_LIMIT_MS,
);
