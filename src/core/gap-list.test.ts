import { expect, test } from '@jest/globals';
import { GAPS_KEPT, GapList } from './gap-list.js';

test('gaps of a kind that are near to each other are one', () => {
  const list = new GapList();
  list.add({ at: 1000, ms: 20, why: 'lost' });
  list.add({ at: 1100, ms: 20, why: 'paused' });
  list.add({ at: 1400, ms: 20, why: 'lost' });
  list.add({ at: 2000, ms: 20, why: 'lost' });
  expect(list.gaps).toEqual([
    { at: 1000, ms: 420, why: 'lost' },
    { at: 1100, ms: 20, why: 'paused' },
    { at: 2000, ms: 20, why: 'lost' },
  ]);
});

test('a line without end of them takes no memory without end, and its end is still told', () => {
  const list = new GapList();
  for (let i = 0; i < GAPS_KEPT + 50; i++) list.add({ at: i * 1000, ms: 20, why: 'lost' });
  expect(list.gaps).toHaveLength(GAPS_KEPT);
  const last = list.gaps.at(-1);
  expect((last?.at ?? 0) + (last?.ms ?? 0)).toBe((GAPS_KEPT + 49) * 1000 + 20);
});

test('a kind that comes for the first time when the list is full is left out, not an error', () => {
  const list = new GapList();
  for (let i = 0; i < GAPS_KEPT; i++) list.add({ at: i * 1000, ms: 20, why: 'lost' });
  list.add({ at: GAPS_KEPT * 1000, ms: 20, why: 'paused' });
  expect(list.gaps.filter(({ why }) => why === 'paused')).toEqual([]);
});
