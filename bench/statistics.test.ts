import { expect, test } from '@jest/globals';
import { median, pairedRatio, percentile, spreadOf } from './statistics.js';

test('percentiles are by nearest rank', () => {
  const values = Array.from({ length: 1000 }, (_, index) => index + 1);
  expect(percentile(values, 0.5)).toBe(500);
  expect(percentile(values, 0.99)).toBe(990);
  expect(percentile(values, 0.999)).toBe(999);
  expect(percentile(values, 1)).toBe(1000);
  expect(percentile(values, 0)).toBe(1);
  expect(percentile([7], 0.01)).toBe(7);
  expect(percentile([], 0.5)).toBe(0);
});

test('a spread takes values in any order and leaves out what is no number', () => {
  expect(spreadOf([3, 1, Number.NaN, 2])).toEqual({ count: 3, mean: 2, p50: 2, p99: 3, p999: 3, max: 3 });
  expect(spreadOf([])).toEqual({ count: 0, mean: 0, p50: 0, p99: 0, p999: 0, max: 0 });
});

test('the median of an even number of values is the mean of the middle ones', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBe(0);
});

test('ratios are taken pair by pair, not of sums', () => {
  // The second pair was measured while the machine was ten times slower: the ratio of sums would be 1.96.
  expect(
    pairedRatio([
      [3, 2],
      [20, 10],
      [5, 2],
    ]),
  ).toEqual({ median: 2, least: 1.5, most: 2.5, pairs: [1.5, 2, 2.5] });
  expect(pairedRatio([[1, 0]])).toBeUndefined();
});
