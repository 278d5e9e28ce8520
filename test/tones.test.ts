import { expect, test } from '@jest/globals';
import { decibels, strengthAt, tone } from './tones.js';

const SPOKEN = tone(440, 8_000, 0.5, -10);

test('a tone is as strong as it was made, at its own frequency', () => {
  expect(SPOKEN).toHaveLength(4_000);
  expect(decibels(strengthAt(440, 8_000, SPOKEN))).toBeCloseTo(-10, 2);
});

test.each([220, 880, 1_000, 3_400])('it is absent at %i Hz', (hz) => {
  expect(decibels(strengthAt(hz, 8_000, SPOKEN))).toBeLessThan(-90);
});

test('silence has no strength', () => {
  expect(strengthAt(440, 8_000, new Int16Array(4_000))).toBe(0);
});

test('0 dBFS reaches full scale and stays within it', () => {
  expect(Math.max(...tone(1_000, 8_000, 0.1, 0))).toBe(32_767);
  expect(Math.min(...tone(1_000, 8_000, 0.1, 0))).toBe(-32_767);
});
