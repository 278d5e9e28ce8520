import { expect, test } from '@jest/globals';
import { excusesFor, type StruckFault } from './excuses.js';

const stopped: StruckFault = { kind: 'asterisk-stopped', begunAt: 100_000, endedAt: 102_000 };
const reset: StruckFault = { kind: 'receiver-resets', begunAt: 100_000, endedAt: 100_001 };
const killed: StruckFault = { kind: 'add-on-killed', begunAt: 100_000, endedAt: undefined };

test('a call that a fault struck is excused, one before or long after it is not', () => {
  expect(excusesFor('phones', [stopped], 90_000, 101_000)).toEqual(['asterisk-stopped']);
  expect(excusesFor('phones', [stopped], 105_000, 120_000)).toEqual(['asterisk-stopped']);
  expect(excusesFor('phones', [stopped], 107_000, 120_000)).toEqual([]);
  expect(excusesFor('phones', [stopped], 80_000, 99_000)).toEqual([]);
});

test('what happens to the receiver excuses nothing, and what happens to the add-on no harm to the phones', () => {
  expect(excusesFor('streams', [reset], 90_000, 110_000)).toEqual([]);
  expect(excusesFor('streams', [killed], 200_000, 210_000)).toEqual(['add-on-killed']);
  expect(excusesFor('phones', [killed], 90_000, 210_000)).toEqual([]);
});
