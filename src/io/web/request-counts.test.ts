import { expect, test } from '@jest/globals';
import { RequestCounts } from './request-counts.js';

const WINDOW = 60_000;
let now = 0;

function count(counts: RequestCounts, address = 'a'): { current: number; ttl: number } {
  let result = { current: 0, ttl: 0 };
  counts.incr(
    address,
    (_error, told) => {
      if (told !== undefined) result = told;
    },
    WINDOW,
  );
  return result;
}

test('counts the requests of an address within a window, and begins anew after it', () => {
  now = 5_000;
  const counts = new RequestCounts(undefined, () => now);
  expect(count(counts)).toEqual({ current: 1, ttl: WINDOW });
  now += 20_000;
  expect(count(counts)).toEqual({ current: 2, ttl: 40_000 });
  expect(count(counts, 'b')).toEqual({ current: 1, ttl: WINDOW });
  now += 40_000;
  expect(count(counts)).toEqual({ current: 1, ttl: WINDOW });
  expect(count(counts, 'b').current).toBe(2);
});

test('keeps no more than five thousand addresses', () => {
  now = 0;
  const counts = new RequestCounts(undefined, () => now);
  count(counts, 'first');
  for (let n = 0; n < 5_000; n++) count(counts, `n${n}`);
  expect(count(counts, 'n4999').current).toBe(2);
  expect(count(counts, 'first').current).toBe(1);
});

test('by itself it goes by a clock that never steps', () => {
  const real = Date.now;
  try {
    const counts = new RequestCounts(undefined);
    count(counts);
    Date.now = () => real() - 3_600_000;
    expect(count(counts).ttl).toBeLessThanOrEqual(WINDOW);
    Date.now = () => real() + 3_600_000;
    expect(count(counts).current).toBe(3);
  } finally {
    Date.now = real;
  }
});
