/** The jitter buffer of the listener: waits, plays without a gap, fades, skips what is too old. */
import { describe, expect, test } from '@jest/globals';
import { PlayoutBuffer } from './playout-buffer.js';

const OPTIONS = { sampleRate: 8000, targetMs: 100, mostMs: 400 };
const ramp = (length: number, from = 0): Int16Array => Int16Array.from({ length }, (_, index) => from + index);

function pulled(buffer: PlayoutBuffer, length: number): Float32Array {
  const out = new Float32Array(length);
  buffer.mixInto(out);
  return out;
}

test('nothing is heard before the target is there', () => {
  const buffer = new PlayoutBuffer(OPTIONS);
  buffer.push(ramp(799, 1000));
  expect(pulled(buffer, 128).every((sample) => sample === 0)).toBe(true);
  expect(buffer.waiting).toBe(799);
  buffer.push(ramp(1, 1000));
  expect(pulled(buffer, 128).some((sample) => sample !== 0)).toBe(true);
});

test('samples come in order across pieces, at their own scale', () => {
  const buffer = new PlayoutBuffer(OPTIONS);
  buffer.push(ramp(500));
  buffer.push(ramp(500, 500));
  const heard = [pulled(buffer, 128), pulled(buffer, 512)].flatMap((block) => [...block]);
  // Behind the fade-in each sample is the one that was pushed.
  expect(heard.slice(64).map((sample) => Math.round(sample * 32_768))).toEqual([...ramp(640)].slice(64));
});

test('it fades in and out, so that nothing clicks', () => {
  const buffer = new PlayoutBuffer(OPTIONS);
  buffer.push(new Int16Array(800).fill(20_000));
  const heard = pulled(buffer, 1200);
  const steps = [...heard].map((sample, index) => Math.abs(sample - (heard[index - 1] ?? 0)));
  expect(Math.max(...steps)).toBeLessThan(0.011);
  expect(heard[400]).toBeCloseTo(20_000 / 32_768, 5);
});

test('run dry, it waits for the target again and counts that', () => {
  const buffer = new PlayoutBuffer(OPTIONS);
  buffer.push(new Int16Array(800).fill(9000));
  pulled(buffer, 2000);
  buffer.push(new Int16Array(400).fill(9000));
  expect(Math.abs(pulled(buffer, 128)[127] ?? 1)).toBeLessThan(1e-6);
  expect(buffer.figures.stalls).toBe(1);
  buffer.push(new Int16Array(400).fill(9000));
  expect(pulled(buffer, 128)[127]).toBeGreaterThan(0.2);
});

test('too much is skipped down to the target, the newest kept', () => {
  const buffer = new PlayoutBuffer(OPTIONS);
  for (let piece = 0; piece < 11; piece += 1) buffer.push(ramp(320, piece * 320));
  expect(buffer.figures.skipped).toBeGreaterThan(0);
  expect(buffer.waiting).toBeLessThanOrEqual(3200);
  const heard = pulled(buffer, buffer.waiting);
  expect(Math.round((heard.at(-1) ?? 0) * 32_768)).toBe(11 * 320 - 1);
});

describe('several participants', () => {
  test('are mixed by adding', () => {
    const out = new Float32Array(256);
    for (const value of [4000, 8000]) {
      const buffer = new PlayoutBuffer(OPTIONS);
      buffer.push(new Int16Array(900).fill(value));
      buffer.mixInto(out);
    }
    expect(out[255]).toBeCloseTo(12_000 / 32_768, 5);
  });
});
