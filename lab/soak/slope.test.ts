import { expect, test } from '@jest/globals';
import { slopeOf } from './slope.js';

const line = (life: string, level: number, perHour: number, noise: (index: number) => number = () => 0) =>
  Array.from({ length: 20 }, (_, index) => ({
    life,
    hours: index / 10,
    value: level + (perHour * index) / 10 + noise(index),
  }));

test('lives that begin at different levels have their growth in common', () => {
  const slope = slopeOf([...line('1', 50, 3), ...line('2', 90, 3)]);
  expect(slope?.perHour).toBeCloseTo(3);
  expect(slope?.uncertainty).toBeCloseTo(0);
  expect(slope?.hours).toBeCloseTo(3.8);
});

test('what only goes up and down does not grow, and the uncertainty says how sure that is', () => {
  const slope = slopeOf(line('1', 50, 0, (index) => (index % 2 === 0 ? 1 : -1)));
  expect(Math.abs(slope?.perHour ?? 9)).toBeLessThan(slope?.uncertainty ?? 0);
});

test('too few points make no line', () => {
  expect(slopeOf([])).toBeUndefined();
  expect(slopeOf(line('1', 50, 3).slice(0, 2))).toBeUndefined();
});
