/** Threads give way when they are told to, and only they do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { expect, test } from '@jest/globals';
import { giveWay, helperThreads } from './thread-priority.js';

test('V8 and libuv have threads beside the one that runs JavaScript', () => {
  const threads = helperThreads(process.pid);
  expect(threads.length).toBeGreaterThan(1);
  expect(threads).not.toContain(process.pid);
});

test('who gives way stands back once for each time, and down to the last place', async () => {
  const before = getPriority();
  // Not a thread of ours: who has given way needs a right to take it back.
  const other = spawn('sleep', ['60']);
  const ended = once(other, 'exit');
  const { pid = 0 } = other;
  giveWay([pid]);
  expect([getPriority(pid), getPriority()]).toEqual([before + 5, before]);
  for (let time = 0; time < 5; time++) giveWay([pid]);
  expect(getPriority(pid)).toBe(19);
  other.kill();
  await ended;
  expect(() => giveWay([pid])).not.toThrow();
});
