import { expect, test } from '@jest/globals';
import { Fragmenter } from './audio/fragmenter.js';
import { fragmentMemory, giveBack } from './fragment-memory.js';

test('memory that was given back is used for the next fragment of its length, and for one only', () => {
  const [short, long] = [new Int16Array(3), new Int16Array(5)];
  giveBack(short);
  giveBack(long);
  expect(fragmentMemory(5)).toBe(long);
  expect(fragmentMemory(5)).not.toBe(long);
  expect(fragmentMemory(3)).toBe(short);
  expect(fragmentMemory(4)).toHaveLength(4);
});

test('what stood in used memory is not heard in the silence behind a last fragment', () => {
  giveBack(Int16Array.of(7, 7, 7, 7, 7, 7));
  const fragmenter = new Fragmenter(6);
  fragmenter.push(Int16Array.of(1, 2));
  expect(fragmenter.flush()).toEqual({ fragment: Int16Array.of(1, 2, 0, 0, 0, 0), padding: 4 });
});

test('after an outage not all that it had filled is kept', () => {
  const samples = 11;
  const given = new Set<Int16Array>(Array.from({ length: 5000 }, () => new Int16Array(samples)));
  for (const fragment of given) giveBack(fragment);
  const taken = Array.from({ length: 5000 }, () => fragmentMemory(samples));
  expect(taken.filter((fragment) => given.has(fragment))).toHaveLength(1024);
});
