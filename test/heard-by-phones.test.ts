/** The measure by which the fault tests judge that a telephone call was not harmed finds each kind of harm. */
import { expect, test } from '@jest/globals';
import { harmIn } from './e2e/heard-by-phones.js';
import { playedBy } from './e2e/noise-call.js';

const played = playedBy('1100');
const MS = 16;
const NONE = { longestSilence: 0, longestSkip: 0, foreign: 0 };

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const silence = (ms: number): Int16Array => new Int16Array(ms * MS);
const piece = (fromMs: number, toMs: number): Int16Array => played.subarray(fromMs * MS, toMs * MS);

test('a whole call, whatever the silence around it', () => {
  expect(harmIn(joined(silence(400), piece(20, 2_000), silence(100)), played)).toEqual(NONE);
});

test('a silence that stands in for what was lost', () => {
  const harm = harmIn(joined(piece(0, 500), silence(80), piece(580, 1_000)), played);
  expect(harm.longestSilence).toBeCloseTo(80, 0);
  expect(harm.longestSkip).toBeCloseTo(80, 0);
});

test('a silence after which nothing is missing', () => {
  const harm = harmIn(joined(piece(0, 500), silence(20), piece(500, 900), silence(40), piece(900, 1_000)), played);
  expect(harm).toEqual({ ...NONE, longestSilence: expect.closeTo(40, 0) });
});

test('a piece that was cut out', () => {
  expect(harmIn(joined(piece(0, 500), piece(620, 1_000)), played)).toEqual({ ...NONE, longestSkip: 120 });
});

test("somebody else's voice", () => {
  const other = playedBy('1101').subarray(0, 100 * MS);
  const harm = harmIn(joined(piece(0, 500), other, piece(500, 1_000)), played);
  expect(harm.foreign).toBeGreaterThan(90);
});
