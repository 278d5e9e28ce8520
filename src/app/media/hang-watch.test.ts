/** A thread that no longer answers is noticed; one that is merely slow is not. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { HangWatch } from './hang-watch.js';

const EVERY_MS = 2;

let watch: HangWatch | undefined;
let counting: NodeJS.Timeout | undefined;
afterEach(() => {
  watch?.stop();
  clearInterval(counting);
});

test('no answer any more is told once, after thirty looks', async () => {
  let asked = 0;
  let hangs = 0;
  const ask = async () => {
    asked += 1;
    if (asked > 3) await new Promise(() => undefined);
  };
  const begun = performance.now();
  watch = new HangWatch(ask, () => (hangs += 1), EVERY_MS);
  await until('it is told', () => hangs > 0);
  expect(performance.now() - begun).toBeGreaterThan(30 * EVERY_MS);
  await pause(40 * EVERY_MS);
  expect([asked, hangs]).toEqual([4, 1]);
});

test('answers that take ten looks each are answers', async () => {
  let asked = 0;
  let hangs = 0;
  let looks = 0;
  let answer: () => void = () => undefined;
  // Counted by a timer like that of the watch, so that a busy machine slows both.
  counting = setInterval(() => {
    looks += 1;
    if (looks % 10 === 0) answer();
  }, EVERY_MS);
  const ask = () =>
    new Promise<void>((resolve) => {
      asked += 1;
      answer = resolve;
    });
  watch = new HangWatch(ask, () => (hangs += 1), EVERY_MS);
  await until('it has asked five times', () => asked === 5, 4_000);
  expect(hangs).toBe(0);
});
