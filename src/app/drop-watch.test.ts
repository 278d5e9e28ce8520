import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Log } from '../core/log.js';
import { DropWatch } from './drop-watch.js';

let said: string[];
let drops: number | undefined;
let watch: DropWatch;
beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  drops = 0;
});
afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

function open(grantedOctets: number): void {
  const add = (message: string): void => void said.push(message);
  const log: Log = { error: add, warn: add, info: add, debug: () => {}, isDebugEnabled: () => false };
  watch = new DropWatch({ drops: async () => drops, askedOctets: 4096, grantedOctets, log });
}

test('says nothing while nothing is dropped, or where it cannot be learnt', async () => {
  open(1024);
  await jest.advanceTimersByTimeAsync(20_000);
  drops = undefined;
  await jest.advanceTimersByTimeAsync(20_000);
  expect(said).toEqual([]);
});

test('drops are said once in ten minutes, with how many they were and what to change', async () => {
  open(1024);
  drops = 7;
  await jest.advanceTimersByTimeAsync(5_000);
  drops = 12;
  await jest.advanceTimersByTimeAsync(599_000);
  expect(said).toEqual([expect.stringMatching(/: 7; give it more room: sysctl -w net.core.rmem_max=4096/)]);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(said[1]).toContain(': 5; ');
});

test('with all the room that was asked for it is the CPU that is missing', async () => {
  open(8192);
  drops = 1;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(said).toEqual([expect.stringContaining('takes the CPU')]);
});
