import { expect, test } from '@jest/globals';
import { BEAT_EVERY_MS, Pulse, STUCK_AFTER_MS } from './pulse.js';

test('a program that keeps time is not stuck, a moment late or not', () => {
  const pulse = new Pulse(0);
  for (let now = BEAT_EVERY_MS; now < 60_000; now += BEAT_EVERY_MS + 40) pulse.beat(now);
  expect(pulse.latenessMs(60_000)).toBeLessThanOrEqual(BEAT_EVERY_MS);
  expect(pulse.isStuck(60_000)).toBe(false);
});

test('one whose beat is overdue is stuck, and for ten seconds after the beat has come', () => {
  const pulse = new Pulse(0);
  pulse.beat(1000);
  expect(pulse.isStuck(2000 + STUCK_AFTER_MS)).toBe(false);
  expect(pulse.isStuck(2001 + STUCK_AFTER_MS)).toBe(true);

  pulse.beat(8000);
  for (let now = 9000; now <= 18_000; now += 1000) {
    pulse.beat(now);
    expect([now, pulse.isStuck(now)]).toEqual([now, true]);
    expect(pulse.latenessMs(now)).toBe(6000);
  }
  pulse.beat(19_000);
  expect(pulse.isStuck(19_000)).toBe(false);
});

test('a beat that comes early, after a late one, is on time', () => {
  const pulse = new Pulse(0);
  pulse.beat(500);
  expect(pulse.latenessMs(500)).toBe(0);
});
