import { expect, test } from '@jest/globals';
import { noise } from './sounds.js';
import { wholenessOf } from './wholeness.js';

const RATE = 8000;
const SILENCE_BEFORE = 2400;
const MIDDLE = 10_416;
const played = noise(7, 3 * RATE).map((sample) => sample >> 2);

/** The recording begins with 0.3 s of silence, as one of a call does. */
function recording(change: (samples: number[]) => unknown = () => {}): Int16Array {
  const samples = [...new Int16Array(SILENCE_BEFORE), ...played];
  change(samples);
  return Int16Array.from(samples);
}

test('a recording with everything in it is whole', () => {
  expect(wholenessOf(played, recording(), RATE)).toEqual({ playedMs: 3000, missingMs: 0, pausesMs: 0 });
});

test('a codec leaves it whole', () => {
  const coarse = recording().map((sample) => Math.round(sample / 256) * 256);
  expect(wholenessOf(played, coarse, RATE)?.missingMs).toBe(0);
});

test('40 ms of silence in place of sound are a block that is not as played', () => {
  const holed = recording((samples) => samples.fill(0, MIDDLE, MIDDLE + 320));
  expect(wholenessOf(played, holed, RATE)).toMatchObject({ missingMs: 100, pausesMs: 0 });
});

test('20 ms of silence put in between lose nothing', () => {
  const paused = recording((samples) => samples.splice(MIDDLE, 0, ...new Array<number>(160).fill(0)));
  expect(wholenessOf(played, paused, RATE)).toEqual({ playedMs: 3000, missingMs: 0, pausesMs: 20 });
});

test('so they do where a sound ends soon after them', () => {
  const [end, next] = [MIDDLE - SILENCE_BEFORE + 400, 2 * RATE];
  const inTwo = played.map((sample, index) => (index >= end && index < next ? 0 : sample));
  const paused = [...new Int16Array(SILENCE_BEFORE), ...inTwo];
  paused.splice(MIDDLE, 0, ...new Array<number>(160).fill(0));
  expect(wholenessOf(inTwo, Int16Array.from(paused), RATE)).toMatchObject({ missingMs: 0, pausesMs: 20 });
});

test('20 ms left out are missed, with everything after them', () => {
  const cut = recording((samples) => samples.splice(MIDDLE, 160));
  expect(wholenessOf(played, cut, RATE)?.missingMs).toBeGreaterThan(1000);
});

test('a recording that ends early is judged up to its end, and says how far that is', () => {
  const early = recording().subarray(0, SILENCE_BEFORE + RATE);
  expect(wholenessOf(played, early, RATE)).toEqual({ playedMs: 1000, missingMs: 0, pausesMs: 0 });
});

test('silence that the sound begins with may be left out, and no more', () => {
  const silent = 100;
  const softly = played.map((sample, index) => (index < silent ? sample % 50 : sample));
  expect(wholenessOf(softly, softly.subarray(silent), RATE)).toMatchObject({ missingMs: 0, pausesMs: 0 });
  expect(wholenessOf(softly, softly.subarray(silent + 160), RATE)).toBeUndefined();
});

test('another voice, or none, is not what was played', () => {
  expect(wholenessOf(played, noise(8, 4 * RATE), RATE)).toBeUndefined();
  expect(wholenessOf(played, new Int16Array(4 * RATE), RATE)).toBeUndefined();
  expect(wholenessOf(new Int16Array(RATE), recording(), RATE)).toBeUndefined();
});
