/** Many calls in a short time, and calls that end at any moment of the setting up of their taps. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { SCENE_LIMIT_MS, START_LIMIT_MS, Stage, scene } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

const CALLS_PER_SECOND = 30;
const SECONDS = 20;
const CALL_MS = 1_000;
/** Callers and callees; each is in several calls at once. */
const PAIRS = [
  ['1001', '1002'],
  ['1003', '1004'],
  ['1201', '1202'],
] as const;

/** A call is over after a second; where phones, PBX and receiver share two cores, some taps come too late for it. */
const LEAST_HEARD = 0.9;

const LATEST_HANGUP_MS = 160;
const STEP_MS = 4;

scene('hangup at every stage of the setting up of a tap, by either side', async () => {
  stage.answers('1002', 20);
  for (let ms = 0; ms <= LATEST_HANGUP_MS; ms += STEP_MS) {
    const caller = await stage.dials('1001', '1002');
    await pause(ms);
    await caller.hangUp();
    stage.lab.phones.answers('1003', { afterMs: 20, hangsUpAfterMs: ms });
    const other = await stage.dials('1001', '1003');
    await other.ended;
  }
  for (const { streams } of await stage.result()) expect(streams.length).toBeLessThanOrEqual(2);
});

scene(`${CALLS_PER_SECOND} calls a second for ${SECONDS} s`, async () => {
  for (const [, callee] of PAIRS) stage.lab.phones.answers(callee, { afterMs: 100, plays: stage.soundOf(callee) });
  const placed: Promise<unknown>[] = [];
  const began = performance.now();
  for (let n = 0; n < CALLS_PER_SECOND * SECONDS; n++) {
    const [from, to] = PAIRS[n % PAIRS.length] ?? PAIRS[0];
    const call = stage.lab.phones.call({ from, to, plays: stage.soundOf(from), hangsUpAfterMs: CALL_MS });
    placed.push(call.then((leg) => leg.ended));
    await pause(Math.max(0, began + ((n + 1) * 1000) / CALLS_PER_SECOND - performance.now()));
  }
  await Promise.all(placed);
  const calls = await stage.roughResult();
  expect(calls.map(({ streams }) => streams.length)).toEqual(placed.map(() => 2));
  const streams = calls.flatMap((call) => call.streams);
  const foreign = streams.filter(({ number, voices }) => voices.some((voice) => voice !== number));
  expect(foreign).toEqual([]);
  expect(
    calls.map(({ callflows, streams: [one, other] }) => `${callflows}${one?.number}-${other?.number}`).sort(),
  ).toEqual(placed.map((_call, n) => (PAIRS[n % PAIRS.length] ?? []).join('-')).sort());
  const heard = streams.filter(({ voices }) => voices.length > 0).length;
  expect(heard / streams.length).toBeGreaterThan(LEAST_HEARD);
});
