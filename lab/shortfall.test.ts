import { expect, test } from '@jest/globals';
import { longestQuiet, shortfallOf } from './shortfall.js';
import { noise } from './sounds.js';

const RATE = 16_000;
const MS = RATE / 1000;
const played = noise(1100, 4 * RATE);

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const silence = (ms: number): Int16Array => new Int16Array(ms * MS);
const piece = (fromMs: number, toMs: number): Int16Array => played.subarray(fromMs * MS, toMs * MS);

test('what was never heard is added up, wherever it is missing', () => {
  const heard = joined(silence(100), piece(20, 500), piece(560, 900), silence(40), piece(920, 2_000));
  expect(shortfallOf(heard, played, RATE)).toEqual({
    longestSilence: expect.closeTo(40, 0),
    longestSkip: 60,
    skipped: 80,
    foreign: 0,
    begin: 20,
    end: 2_000,
  });
});

test('nothing heard is no shortfall of zero length', () => {
  expect(shortfallOf(silence(1_000), played, RATE)).toMatchObject({ begin: 0, end: 0 });
});

test('the longest quiet is found with its distance from the end', () => {
  const heard = joined(
    silence(300),
    piece(0, 500),
    silence(20),
    piece(500, 900),
    silence(80),
    piece(900, 1_400),
    silence(200),
  );
  const { length, beforeEnd } = longestQuiet(heard, RATE);
  expect(length).toBeCloseTo(80, 0);
  expect(beforeEnd).toBeCloseTo(700, 0);
});
