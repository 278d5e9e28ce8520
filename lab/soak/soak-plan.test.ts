import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FAULT_KINDS, type FaultKind, faultTraits } from './fault-kinds.js';
import { planSoak, type SoakPlanOptions } from './soak-plan.js';

const TWO_HOURS: SoakPlanOptions = { seed: 1, minutes: 120, compression: 6, calls: 8, faultEverySeconds: 8 };

test('the same seed plans the same, another one something else', () => {
  expect(planSoak(TWO_HOURS)).toEqual(planSoak(TWO_HOURS));
  expect(planSoak({ ...TWO_HOURS, seed: 2 })).not.toEqual(planSoak(TWO_HOURS));
});

test('more calls do not change the faults', () => {
  expect(planSoak({ ...TWO_HOURS, calls: 20 }).faults).toEqual(planSoak(TWO_HOURS).faults);
});

test('as many calls are up at once as are wanted, on average', () => {
  const { calls, blocked, lengthMs } = planSoak({ ...TWO_HOURS, minutes: 1200 });
  const talked = calls.reduce((sum, { talkMs }) => sum + talkMs, 0);
  expect(talked / lengthMs).toBeGreaterThan(7);
  expect(talked / lengthMs).toBeLessThan(9);
  expect(blocked / calls.length).toBeLessThan(0.15);
});

test('two hours have every kind of fault, the rare one too', () => {
  const kinds = new Set(planSoak(TWO_HOURS).faults.map(({ kind }) => kind));
  expect([...kinds].toSorted()).toEqual(Object.keys(FAULT_KINDS).toSorted());
});

test('no party is in two calls at once, and no part has two faults at once, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 30 }), (seed, calls) => {
      const plan = planSoak({ seed, minutes: 30, compression: 6, calls, faultEverySeconds: 2 });
      const busyUntil = new Map<string, number>();
      for (const { atMs, parties, ringMs, talkMs } of plan.calls) {
        expect(new Set(parties).size).toBe(parties.length);
        for (const party of parties) {
          expect(busyUntil.get(party) ?? 0).toBeLessThanOrEqual(atMs);
          busyUntil.set(party, atMs + ringMs + talkMs);
        }
      }
      const brokenUntil = new Map<string, number>();
      for (const { atMs, forMs, kind } of plan.faults) {
        const { part, shortestMs, longestMs } = faultTraits(kind satisfies FaultKind);
        expect(brokenUntil.get(part) ?? 0).toBeLessThanOrEqual(atMs);
        expect(forMs >= shortestMs && forMs <= longestMs && atMs + forMs < plan.lengthMs).toBe(true);
        brokenUntil.set(part, atMs + forMs);
      }
    }),
    { numRuns: 20 },
  );
});
