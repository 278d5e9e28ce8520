/** The compose lab's day: what comes in it, and that it can be had again. */
import { expect, test } from '@jest/globals';
import { kindsOfCalls } from './all-day.js';
import { ALL_DAY_CALLS, ALL_DAY_NUMBERS } from './all-day-calls.js';
import { seededRandom } from './seeded-random.js';

function firstKinds(seed: number, count: number): string[] {
  const kinds = kindsOfCalls(seededRandom(seed));
  return Array.from({ length: count }, () => kinds.next().value.name);
}

test('each kind of call comes in the first round already', () => {
  expect(new Set(firstKinds(1, 8))).toEqual(new Set(ALL_DAY_CALLS.map(({ name }) => name)));
});

test('the same seed gives the same day, another one another', () => {
  expect(firstKinds(7, 100)).toEqual(firstKinds(7, 100));
  expect(firstKinds(7, 100)).not.toEqual(firstKinds(8, 100));
});

test('chance lies between 0 and 1, and evenly', () => {
  const random = seededRandom(3);
  const numbers = Array.from({ length: 10_000 }, random);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(numbers.reduce((sum, number) => sum + number) / numbers.length).toBeCloseTo(0.5, 1);
});

test('nobody is in two calls at once: a call takes free numbers only, or is left out', () => {
  const random = seededRandom(5);
  for (const call of ALL_DAY_CALLS) {
    const taken = new Set<string>();
    for (let numbers: readonly string[] | undefined = []; numbers !== undefined; ) {
      for (const number of numbers) {
        expect(taken.has(number)).toBe(false);
        expect(ALL_DAY_NUMBERS).toContain(number);
        taken.add(number);
      }
      numbers = call.reserve((number) => !taken.has(number), random);
    }
    expect(taken.size).toBeGreaterThan(0);
  }
});
