import { expect, test } from '@jest/globals';
import { LiveRegion } from './live-region.js';

const line = (text: string) => ({ text, width: text.length });

test('the next drawing begins where the last one did, finished lines above', () => {
  const region = new LiveRegion();
  expect(region.draw([], [line('one'), line('two')], 80)).toBe('\rone\x1b[K\ntwo\x1b[K\n\x1b[J');
  expect(region.draw(['done'], [line('two')], 80)).toBe('\r\x1b[2Adone\x1b[K\ntwo\x1b[K\n\x1b[J');
  expect(region.draw([], [], 80)).toBe('\r\x1b[1A\x1b[J');
});

test('lines that a narrower terminal has wrapped are counted by their rows', () => {
  const region = new LiveRegion();
  region.draw([], [line('x'.repeat(70)), line('y'.repeat(30))], 80);
  expect(region.draw([], [], 30)).toBe('\r\x1b[4A\x1b[J');
});

test('cleared, it leaves its rows empty, and a second time does nothing', () => {
  const region = new LiveRegion();
  region.draw([], [line('one'), line('two')], 80);
  expect(region.clear(80)).toBe('\r\x1b[2A\x1b[K\n\x1b[K\n\r\x1b[2A');
  expect(region.clear(80)).toBe('\r');
});
