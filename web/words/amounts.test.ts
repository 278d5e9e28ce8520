/** Amounts read as people write them. */
import { expect, test } from '@jest/globals';
import { sizeOf } from './amounts.js';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_500, '1.5 kB'],
  [999_949, '999.9 kB'],
  [999_960, '1 MB'],
  [11_758_080, '11.8 MB'],
  [3e15, '3,000 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeOf(bytes)).toBe(words);
});
