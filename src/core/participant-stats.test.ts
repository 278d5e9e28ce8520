import { expect, test } from '@jest/globals';
import { newCounts, statsOf } from './participant-stats.js';

test('a snapshot has every figure, and does not go on counting', () => {
  const counts = {
    ...newCounts(),
    packets: 1,
    octets: 2,
    samplesIn: 3,
    samplesOut: 4,
    fragments: 5,
    unknownPayload: 6,
  };
  Object.assign(counts, { comfortNoise: 7, lostMs: 8, pausedMs: 9, samplesBeforeAnswer: 10, paddingSamples: 11 });
  const order = { lost: 12, late: 13, duplicate: 14, reordered: 15, stray: 16, restarts: 17 };
  const gaps = { resyncs: 18, unfilledMs: 19 };
  const whole = structuredClone({ ...counts, ...order, ...gaps, jitterMs: 20 });

  const stats = statsOf(counts, order, gaps, 20);
  expect(stats).toEqual(whole);
  counts.packets += 1;
  counts.malformed.rtcp += 1;
  counts.undecodable['bad-opus'] += 1;
  counts.silenceSamples.lost += 1;
  order.lost += 1;
  expect(stats).toEqual(whole);
});
