import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Fragmenter } from './fragmenter.js';

test('samples leave in fragments of equal length', () => {
  const fragmenter = new Fragmenter(4);
  expect(fragmenter.push(Int16Array.of(1, 2, 3))).toEqual([]);
  expect(fragmenter.push(Int16Array.of(4, 5, 6, 7, 8, 9))).toEqual([
    Int16Array.of(1, 2, 3, 4),
    Int16Array.of(5, 6, 7, 8),
  ]);
  expect(fragmenter.flush()).toEqual({ fragment: Int16Array.of(9, 0, 0, 0), padding: 3 });
  expect(fragmenter.flush()).toBeUndefined();
});

test('a full last fragment needs no padding', () => {
  const fragmenter = new Fragmenter(2);
  expect(fragmenter.push(Int16Array.of(1, 2))).toHaveLength(1);
  expect(fragmenter.flush()).toBeUndefined();
});

test('however the samples come, they leave unchanged, and the fragments belong to the caller', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.int16Array({ maxLength: 200 })), (length, blocks) => {
      const fragmenter = new Fragmenter(length);
      const copies = blocks.map((samples) => samples.slice());
      const fragments = copies.flatMap((samples) => {
        const full = fragmenter.push(samples);
        samples.fill(-1); // What the caller does with its block afterwards must not show.
        return full;
      });
      const last = fragmenter.flush();
      if (last !== undefined) fragments.push(last.fragment);
      const out = fragments.flatMap((fragment) => [...fragment]);
      const given = blocks.flatMap((samples) => [...samples]);
      expect(out.slice(0, given.length)).toEqual(given);
      expect(out.length - given.length).toBe(last?.padding ?? 0);
      for (const fragment of fragments) expect(fragment).toHaveLength(length);
    }),
  );
});
