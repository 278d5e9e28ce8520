import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { extendSequence, ticksFrom } from './sequence.js';

test.each([
  [0, 65535, 65536],
  [65535, 65536, 65535],
  [65535, 0, -1],
  [5, 131_072, 131_077],
  [32_767, 0, 32_767],
  [32_768, 0, -32_768],
])('sequence number %i near %i is %i', (sequence, near, expected) => {
  expect(extendSequence(sequence, near)).toBe(expected);
});

test.each([
  [4_294_967_295, 0, 1],
  [-1, 0, 1],
  [0, 4_294_967_295, -1],
  [0, 2 ** 31 - 1, 2 ** 31 - 1],
  [0, 2 ** 31, -(2 ** 31)],
])('from timestamp %i to %i are %i ticks', (earlier, later, expected) => {
  expect(ticksFrom(earlier, later)).toBe(expected);
});

test('any count comes back from its low bits, however often it has wrapped', () => {
  const count = fc.nat(2 ** 50);
  fc.assert(
    fc.property(count, fc.integer({ min: -32_000, max: 32_000 }), (near, step) => {
      const truth = near + step;
      expect(extendSequence(((truth % 65_536) + 65_536) % 65_536, near)).toBe(truth);
      expect(ticksFrom(near | 0, truth >>> 0)).toBe(step);
    }),
  );
});

test('months of packets never lose count', () => {
  const SIX_MONTHS = 50 * 3600 * 24 * 182;
  let extended = 0;
  for (let count = 0; count < SIX_MONTHS; count += 30_011) extended = extendSequence(count % 65_536, extended);
  expect(extended).toBe(Math.floor((SIX_MONTHS - 1) / 30_011) * 30_011);
});
