import { expect, test } from '@jest/globals';
import { noise } from '../../lab/sounds.js';
import { missingSamples } from './beginnings.js';

const played = noise(1101, 16_000);

function streamFrom(sample: number, silence = 0): Int16Array {
  const heard = new Int16Array(silence + 3_200);
  heard.set(played.subarray(sample, sample + 3_200), silence);
  return heard;
}

test('a stream that begins with the first sample misses nothing, whatever silence comes before', () => {
  expect(missingSamples(played, streamFrom(0))).toBe(0);
  expect(missingSamples(played, streamFrom(0, 777))).toBe(0);
});

test('a stream that begins late misses what came before', () => {
  expect(missingSamples(played, streamFrom(641, 320))).toBe(641);
});

test('what is no piece of what was played is not taken for one', () => {
  expect(missingSamples(played, noise(1102, 3_200))).toBeUndefined();
  expect(missingSamples(played, new Int16Array(3_200))).toBeUndefined();
  expect(missingSamples(played, new Int16Array(0))).toBeUndefined();
});
