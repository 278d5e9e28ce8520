import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { APART_MS, CALM_MS, ConnectionPace } from './connection-pace.js';

function inTrouble(perSecond?: number): ConnectionPace {
  const pace = new ConnectionPace(perSecond);
  pace.failed(0);
  return pace;
}

test('a destination in trouble: twenty begin at once, the others a second later each twenty', () => {
  const pace = inTrouble();
  const turns = Array.from({ length: 50 }, () => pace.reserve(100));
  expect(turns.slice(0, 20)).toEqual(Array(20).fill(100));
  expect(turns.slice(20, 40)).toEqual(Array(20).fill(1100));
  expect(turns.slice(40)).toEqual(Array(10).fill(2100));
});

test('one that takes connections has them one after the other, and so has one that takes them again', () => {
  const pace = new ConnectionPace();
  const now = (count: number, at: number) => Array.from({ length: count }, () => pace.reserve(at));
  const from = (at: number) => Array.from({ length: 100 }, (_, index) => at + index * APART_MS);
  expect(now(100, 5)).toEqual(from(5));
  pace.failed(6);
  expect(pace.reserve(500)).toBe(5 + 80 * APART_MS + 1000);
  pace.succeeded();
  expect(now(100, 6 + CALM_MS)).toEqual(from(6 + CALM_MS));
});

test('nobody waits for one that has begun long enough ago', () => {
  const pace = new ConnectionPace();
  expect([0, 50, 53, 54].map((at) => pace.reserve(at))).toEqual([0, 50, 50 + APART_MS, 50 + 2 * APART_MS]);
});

test('one that takes connections and drops them at once is dialled no more often than one that refuses them', () => {
  const pace = new ConnectionPace();
  const turns = Array.from({ length: 60 }, () => {
    const turn = pace.reserve(0);
    pace.succeeded();
    pace.failed(turn);
    return turn;
  });
  expect(turns).toEqual([...Array(20).fill(0), ...Array(20).fill(1000), ...Array(20).fill(2000)]);
});

test('in trouble, whenever they are asked for: no second has more than its share, and nobody waits without need', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }),
      (perSecond, pauses) => {
        const pace = inTrouble(perSecond);
        let now = 0;
        const asked = pauses.map((pause) => {
          now += pause;
          return { now, turn: pace.reserve(now) };
        });
        asked.forEach(({ now: at, turn }, index) => {
          expect(turn).toBeGreaterThanOrEqual(at);
          const within = asked.filter((one) => one.turn > turn - 1000 && one.turn <= turn).length;
          expect(within).toBeLessThanOrEqual(perSecond);
          const earlier = asked[index - perSecond];
          if (turn > at) expect(turn).toBe((earlier?.turn ?? Number.NaN) + 1000);
        });
      },
    ),
  );
});
