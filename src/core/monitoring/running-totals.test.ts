import { expect, test } from '@jest/globals';
import { RunningTotals } from './running-totals.js';

const totals = () => new RunningTotals({ a: 0, b: 0 }, (source: { a: number; b: number }) => source);

test('what is there and what has gone is summed, each once', () => {
  const sums = totals();
  const [first, second] = [
    { a: 1, b: 10 },
    { a: 2, b: 20 },
  ];
  sums.add(first);
  sums.add(second);
  sums.add(second);
  expect(sums.sums).toEqual({ a: 3, b: 30 });
  first.a = 5;
  sums.delete(first);
  sums.delete(first);
  first.a = 500;
  expect(sums.sums).toEqual({ a: 7, b: 30 });
  expect([sums.present.size, sums.total]).toEqual([1, 2]);
});

test('a sum never falls while sources come and go', () => {
  const sums = totals();
  let before = 0;
  for (let round = 0; round < 50; round++) {
    const source = { a: 0, b: 0 };
    sums.add(source);
    for (let count = 0; count < 5; count++) {
      source.a += 1;
      expect(sums.sums.a).toBe(before + 1);
      before += 1;
    }
    sums.delete(source);
    expect(sums.sums.a).toBe(before);
  }
});
