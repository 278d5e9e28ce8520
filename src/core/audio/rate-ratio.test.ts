import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INPUT_RATES_HZ, OUTPUT_RATES_HZ, OutputDebt, rateRatio } from './rate-ratio.js';

const ratePair = fc
  .tuple(fc.constantFrom(...INPUT_RATES_HZ), fc.constantFrom(...OUTPUT_RATES_HZ))
  .filter(([fromHz, toHz]) => fromHz !== toHz);

test('a ratio is in lowest terms', () => {
  expect(rateRatio(44_100, 48_000)).toEqual({ up: 160, down: 147 });
  expect(rateRatio(48_000, 16_000)).toEqual({ up: 1, down: 3 });
});

describe('what is owed', () => {
  test('is exact to the sample after years of audio in blocks of any size', () => {
    const blockLength = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(ratePair, fc.array(blockLength, { minLength: 1, maxLength: 1_000 }), ([fromHz, toHz], lengths) => {
        const debt = new OutputDebt(rateRatio(fromHz, toHz));
        let taken = 0n;
        let given = 0n;
        for (const length of lengths) {
          debt.took(length);
          taken += BigInt(length);
          // As a resampler does: all but what its delay holds back.
          const ready = Math.max(0, debt.samples - 40);
          debt.gave(ready);
          given += BigInt(ready);
        }
        const doubledExact = 2n * taken * BigInt(toHz);
        const roundedHalfUp = (doubledExact + BigInt(fromHz)) / (2n * BigInt(fromHz));
        expect(given + BigInt(debt.samples)).toBe(roundedHalfUp);
      }),
    );
  });

  test('does not grow with time', () => {
    const debt = new OutputDebt(rateRatio(44_100, 48_000));
    const hour = 3_600 * 44_100;
    for (let i = 0; i < 10_000; i++) {
      debt.took(hour);
      debt.gave(3_600 * 48_000);
    }
    expect(debt.units).toBe(0);
  });
});
