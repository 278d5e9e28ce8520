import { expect, test } from '@jest/globals';
import { soundedTone } from './sounded-tone.js';
import { tone } from './tones.js';

const RATE = 16_000;
const HZ = 1_063;
const SPOKEN = tone(HZ, RATE, 1, -12);
const FRAME = 320;

function row(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

test('an unbroken tone is found between silences, as long and as strong as it is', () => {
  const { pcm, pausesMs, levels } = soundedTone(HZ, RATE, row(new Int16Array(777), SPOKEN, new Int16Array(500)));
  expect(Math.abs(pcm.length - RATE)).toBeLessThanOrEqual(4);
  expect(pausesMs).toEqual([]);
  expect(levels.length).toBeGreaterThanOrEqual(9);
  for (const level of levels) expect(level).toBeCloseTo(-12, 0);
});

test('pauses of whole frames are told and taken out: the tone goes on where it stopped', () => {
  const [one, two] = [new Int16Array(FRAME), new Int16Array(2 * FRAME)];
  const broken = row(SPOKEN.slice(0, 5_000), one, SPOKEN.slice(5_000, 9_000), two, SPOKEN.slice(9_000));
  const { pcm, pausesMs, levels } = soundedTone(HZ, RATE, broken);
  expect(pausesMs).toEqual([20, 40]);
  expect(Math.abs(pcm.length - RATE)).toBeLessThanOrEqual(4);
  expect(Math.min(...levels)).toBeGreaterThan(-12.2);
});

test('a frame that was lost shows in the length, and as a dent where the ends do not meet', () => {
  const { pcm, levels } = soundedTone(HZ, RATE, row(SPOKEN.slice(0, 5_500), SPOKEN.slice(5_500 + FRAME)));
  expect(pcm.length).toBeLessThan(RATE - FRAME + 5);
  expect(Math.min(...levels)).toBeLessThan(-12.5);
});

test('a frame that silence has replaced shows so, too', () => {
  const replaced = row(SPOKEN.slice(0, 5_500), new Int16Array(FRAME), SPOKEN.slice(5_500 + FRAME));
  const { pcm, levels } = soundedTone(HZ, RATE, replaced);
  expect(pcm.length).toBeLessThan(RATE - FRAME + 5);
  expect(Math.min(...levels)).toBeLessThan(-12.5);
});

test('silence of no whole number of frames is a fault', () => {
  const broken = row(SPOKEN.slice(0, 5_000), new Int16Array(480), SPOKEN.slice(5_000));
  expect(() => soundedTone(HZ, RATE, broken)).toThrow('are not whole frames');
});
