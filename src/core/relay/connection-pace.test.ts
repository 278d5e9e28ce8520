import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConnectionPace } from './connection-pace.js';

test('twenty begin at once, the others a second later each twenty', () => {
  const pace = new ConnectionPace();
  const turns = Array.from({ length: 50 }, () => pace.reserve(100));
  expect(turns.slice(0, 20)).toEqual(Array(20).fill(100));
  expect(turns.slice(20, 40)).toEqual(Array(20).fill(1100));
  expect(turns.slice(40)).toEqual(Array(10).fill(2100));
});

test('whenever they are asked for: no second has more than its share, and nobody waits without need', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }),
      (perSecond, pauses) => {
        const pace = new ConnectionPace(perSecond);
        let now = 0;
        const asked = pauses.map((pause) => {
          now += pause;
          return { now, turn: pace.reserve(now) };
        });
        asked.forEach(({ now: at, turn }, index) => {
          expect(turn).toBeGreaterThanOrEqual(at);
          const within = asked.filter((one) => one.turn > turn - 1000 && one.turn <= turn).length;
          const earlier = asked[index - perSecond];
          // Those that begin at the very same time as this one, and after it in the row, have their turn by the same rule.
          expect(asked.slice(0, index + 1).filter((one) => one.turn > turn - 1000).length).toBeLessThanOrEqual(
            perSecond,
          );
          expect(within).toBeLessThanOrEqual(perSecond);
          if (turn > at) expect(turn).toBe((earlier?.turn ?? Number.NaN) + 1000);
        });
      },
    ),
  );
});
