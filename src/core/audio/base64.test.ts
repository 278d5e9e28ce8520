import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64 } from './base64.js';

test('reads what Node writes, of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
      expect(decodeBase64(Buffer.from(octets).toString('base64'))).toEqual(octets);
    }),
  );
});

test('takes a text exactly when Node writes the same text again', () => {
  const texts = fc.string({
    unit: fc.constantFrom('A', 'B', '/', '+', '9', '=', '-', ' ', 'ä', '\u{1f600}'),
    maxLength: 9,
  });
  fc.assert(
    fc.property(texts, (text) => {
      const isStrict = Buffer.from(text, 'base64').toString('base64') === text;
      expect(decodeBase64(text) !== undefined).toBe(isStrict);
    }),
    { numRuns: 2_000 },
  );
});
