import { expect, test } from '@jest/globals';
import { FIRST_WINDOW, FlowWindow, LARGEST_WINDOW, SMALLEST_WINDOW } from './flow-window.js';

test('it doubles while it is what holds messages back and the answers are brisk, up to a limit', () => {
  const window = new FlowWindow();
  window.answered(1, false);
  expect(window.size).toBe(FIRST_WINDOW);
  window.answered(600, true);
  expect(window.size).toBe(2 * FIRST_WINDOW);
  for (let n = 0; n < 20; n++) window.answered(1, true);
  expect(window.size).toBe(LARGEST_WINDOW);
});

test('it halves when answers take seconds, stays in between, and begins anew with another connection', () => {
  const window = new FlowWindow();
  window.answered(2_500, true);
  expect(window.size).toBe(FIRST_WINDOW);
  window.answered(3_500, true);
  expect(window.size).toBe(FIRST_WINDOW / 2);
  for (let n = 0; n < 20; n++) window.answered(10_000, true);
  expect(window.size).toBe(SMALLEST_WINDOW);
  window.reset();
  expect(window.size).toBe(FIRST_WINDOW);
});
