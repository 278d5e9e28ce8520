import { expect, test } from '@jest/globals';
import { joinLevels, levelOf, NO_AUDIO, peakDbfs, rmsDbfs, roundLevel, SILENCE_DBFS } from './level.js';

function sine(amplitude: number, samples = 8000): Int16Array {
  return Int16Array.from({ length: samples }, (_, n) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * 440 * n) / 8000)),
  );
}

test('a sine of full scale has -3.0 dBFS of power and a peak of 0.0', () => {
  const level = levelOf(sine(32767));
  expect(roundLevel(rmsDbfs(level))).toBe(-3);
  expect(roundLevel(peakDbfs(level))).toBe(0);
});

test('a tenth of the amplitude is 20 dB less', () => {
  const level = levelOf(sine(3276.7));
  expect(roundLevel(rmsDbfs(level))).toBe(-23);
  expect(roundLevel(peakDbfs(level))).toBe(-20);
});

test('the most negative sample is full scale', () => {
  expect(peakDbfs(levelOf(Int16Array.of(-32768)))).toBe(0);
});

test('silence, and no audio at all, read as the floor', () => {
  expect(rmsDbfs(levelOf(new Int16Array(640)))).toBe(SILENCE_DBFS);
  expect(rmsDbfs(NO_AUDIO)).toBe(SILENCE_DBFS);
  expect(peakDbfs(NO_AUDIO)).toBe(SILENCE_DBFS);
});

test('levels of parts joined are the level of the whole', () => {
  const whole = sine(12_345);
  const joined = [whole.subarray(0, 1), whole.subarray(1, 640), whole.subarray(640)].map(levelOf).reduce(joinLevels);
  expect(joined).toEqual(levelOf(whole));
});

test('rounding leaves no minus zero', () => {
  expect(Object.is(roundLevel(-0.02), 0)).toBe(true);
});
