/** Frames of the audio connection are read, and tones are found where they are. */
import { expect, test } from '@jest/globals';
import { audioFrameOf } from './audio-frame.js';
import { levelDbOf, strongestHz } from './heard-tone.js';

test('a frame is an index and its samples', () => {
  const frame = audioFrameOf(Uint8Array.from([7, 0x01, 0x00, 0xff, 0xff, 0x00, 0x80]).buffer);
  expect(frame?.index).toBe(7);
  expect([...(frame?.samples ?? [])]).toEqual([1, -1, -32_768]);
});

test.each([0, 1, 2, 4])('a frame of %i octets is none', (length) => {
  expect(audioFrameOf(new ArrayBuffer(length))).toBeUndefined();
});

test('the level of a full sine is 3 dB below full scale', () => {
  const sine = Float32Array.from({ length: 8000 }, (_, at) => Math.sin((2 * Math.PI * 440 * at) / 8000));
  expect(levelDbOf(sine)).toBeCloseTo(-3.01, 1);
});

test('a tone between two bins is found between them', () => {
  const spectrum = new Float32Array(1024).fill(-100);
  spectrum.set([-30, -20, -22], 99);
  const hz = strongestHz(spectrum, 16_000) ?? 0;
  expect(hz).toBeGreaterThan((100 * 16_000) / 2048);
  expect(hz).toBeLessThan((101 * 16_000) / 2048);
});

test('silence has no tone', () => expect(strongestHz(new Float32Array(1024).fill(-120), 8000)).toBeUndefined());
