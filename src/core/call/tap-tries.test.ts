import { expect, test } from '@jest/globals';
import { SELDOM_PAUSE_MS, TapTries, TRIES_BEFORE_REPORT } from './tap-tries.js';

function failures(tries: TapTries, count: number) {
  return Array.from({ length: count }, () => tries.failed(0));
}

test('the pauses grow, and together outlast an Asterisk that hangs for five seconds', () => {
  const first = failures(new TapTries(), TRIES_BEFORE_REPORT - 1);
  expect(first.map(({ pauseMs }) => pauseMs)).toEqual([100, 200, 400, 800, 1600, 3200, 5000]);
  expect(first.reduce((sum, { pauseMs }) => sum + pauseMs, 0)).toBeGreaterThan(2 * 5000);
  expect(first.some(({ isToBeSaid }) => isToBeSaid)).toBe(false);
});

test('what fails on is said once, and tried on for as long as the channel lives', () => {
  const all = failures(new TapTries(), 1000);
  expect(all.filter(({ isToBeSaid }) => isToBeSaid)).toHaveLength(1);
  expect(all[TRIES_BEFORE_REPORT - 1]).toEqual({ pauseMs: SELDOM_PAUSE_MS, isToBeSaid: true });
  expect(all[999]).toEqual({ pauseMs: SELDOM_PAUSE_MS, isToBeSaid: false });
});

test('a tap that was live for a minute begins anew; one that fails as soon as it is live does not', () => {
  const tries = new TapTries();
  failures(tries, TRIES_BEFORE_REPORT);
  expect(tries.failed(59_000).pauseMs).toBe(SELDOM_PAUSE_MS);
  expect(tries.failed(60_000)).toEqual({ pauseMs: 100, isToBeSaid: false });
});
