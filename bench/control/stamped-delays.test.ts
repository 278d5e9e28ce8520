import { expect, test } from '@jest/globals';
import { stampedDelays } from './stamped-delays.js';

const SENT = {
  capacity: 8,
  times: Float64Array.from({ length: 16 }, (_, index) => 20 * (index % 8) + Math.floor(index / 8)),
};

test('a fragment is held against the last of its four packets, wherever the stream began', () => {
  const received = {
    capacity: 2,
    times: Float64Array.of(62, 143, 104, 0),
    stamps: Int32Array.of(0, 4, 2, -1),
    counts: Int32Array.of(2, 1),
  };
  expect(stampedDelays(SENT, received, 2, { from: 0, to: 1_000 })).toMatchObject({ count: 3, p50: 3, max: 3 });
  expect(stampedDelays(SENT, received, 1, { from: 0, to: 100 })).toMatchObject({ count: 1, max: 2 });
});

test('a fragment that does not tell its packet is left out', () => {
  const received = { capacity: 1, times: Float64Array.of(70), stamps: Int32Array.of(-1), counts: Int32Array.of(1) };
  expect(stampedDelays(SENT, received, 1, { from: 0, to: 1_000 }).count).toBe(0);
});
