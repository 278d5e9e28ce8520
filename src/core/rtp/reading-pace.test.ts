/** Packets that come one by one are read in heaps; where they come thick and fast nothing rests. */
import { expect, test } from '@jest/globals';
import { MOST_IN_A_REST, MOST_IN_A_TURN, REST_MS, ReadingPace } from './reading-pace.js';

/**
 * Reads packets that come at an even rate for a second; gives how many turns there were, and the most that waited at once after
 * the first tenth.
 */
function second(packetsPerMs: number): { turns: number; waiting: number } {
  const perPacketMs = 0.01;
  const pace = new ReadingPace();
  let now = 1000;
  let read = 0;
  let turns = 0;
  let waiting = 0;
  while (now < 2000) {
    const there = Math.floor((now - 1000) * packetsPerMs) - read;
    if (now > 1100) waiting = Math.max(waiting, there);
    const packets = Math.min(there, MOST_IN_A_TURN);
    if (packets === 0) {
      // Nothing there: the thread sleeps until the next packet wakes it.
      now = 1000 + (read + 1) / packetsPerMs + 1e-6;
      continue;
    }
    read += packets;
    turns += 1;
    now += packets * perPacketMs;
    now += pace.restAfter(packets, now);
  }
  return { turns, waiting };
}

test('a few packets a millisecond wake the thread only once in each rest', () => {
  const { turns, waiting } = second(5);
  expect(turns).toBeLessThanOrEqual(1000 / REST_MS);
  expect(waiting).toBeLessThan(2 * 5 * REST_MS);
});

test('one packet in a long while is read at once, and then there is a rest', () => {
  expect(second(0.01)).toEqual({ turns: 9, waiting: 1 });
  expect(new ReadingPace().restAfter(1, 5000)).toBe(REST_MS);
});

test('as long as there may be more nothing rests', () => {
  expect(new ReadingPace().restAfter(MOST_IN_A_TURN, 5000)).toBe(0);
});

test('where many come nothing rests, so that hardly more wait than are read in one turn', () => {
  const most = MOST_IN_A_REST / REST_MS;
  expect(second(most * 0.9).waiting).toBeGreaterThan(MOST_IN_A_TURN);
  expect(second(most * 1.2).waiting).toBeLessThan(MOST_IN_A_TURN);
});

test('where many come, a pause of the thread is no reason to rest: what came meanwhile is yet to be read', () => {
  const packetsPerMs = 2 * (MOST_IN_A_REST / REST_MS);
  const inATurn = MOST_IN_A_TURN / 2;
  const pauseMs = 8;
  const pace = new ReadingPace();
  const rests: number[] = [];
  let now = 1000;
  for (let turn = 0; now < 2000; turn++) {
    now += inATurn / packetsPerMs;
    if (turn % 150 === 149) now += pauseMs;
    const ms = pace.restAfter(inATurn, now);
    if (now > 1100) rests.push(ms);
  }
  expect(rests.length).toBeGreaterThan(1000);
  expect(Math.max(...rests)).toBe(0);
});
