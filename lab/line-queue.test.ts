import { expect, test } from '@jest/globals';
import { LineQueue } from './line-queue.js';

function queue(...due: readonly (readonly [string, number])[]) {
  const passed: string[] = [];
  const line = new LineQueue((packet) => passed.push(packet.toString()));
  for (const [name, dueAt] of due) line.put(Buffer.from(name), dueAt);
  return { line, passed };
}

test('packets pass in the order in which they are due, not in which they came', () => {
  const { line, passed } = queue(['a', 5], ['b', 9], ['c', 2]);
  line.passUntil(9);
  expect(passed).toEqual(['c', 'a', 'b']);
});

test('a timer that rings early lets those pass first that are due before, and theirs then finds nothing', () => {
  const { line, passed } = queue(['a', 5], ['b', 9], ['c', 12]);
  line.passUntil(9);
  line.passUntil(5);
  expect(passed).toEqual(['a', 'b']);
  line.passUntil(12);
  expect(passed).toEqual(['a', 'b', 'c']);
});

test('of those due at the same time the first that came passes first', () => {
  const { line, passed } = queue(['a', 5], ['b', 5], ['c', 4], ['d', 5]);
  line.passUntil(5);
  expect(passed).toEqual(['c', 'a', 'b', 'd']);
});
