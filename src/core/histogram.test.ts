import { expect, test } from '@jest/globals';
import { Histogram } from './histogram.js';

test('a value falls into the first range that reaches it, bounds included', () => {
  const histogram = new Histogram([1, 2, 5]);
  for (const value of [0, 1, 1.01, 2, 5, 5.1, 1e9]) histogram.observe(value);
  expect(histogram.counts).toEqual([2, 2, 1, 2]);
  expect(histogram.sum).toBeCloseTo(1e9 + 14.11, 5);
});
