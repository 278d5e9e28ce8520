import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { until } from '../../lab/until.js';
import { threadProbe } from './thread-probe.js';

const GARBAGE_OBJECTS = 1_000_000;
/** Less than so many objects take. */
const GARBAGE_OCTETS = 15_000_000;
const HELD_UP_MS = 50;

test('a collection leaves no garbage', async () => {
  await threadProbe.collect();
  const before = threadProbe.look().heapOctets;
  const grown = litter();
  await threadProbe.collect();
  expect(grown - before).toBeGreaterThan(GARBAGE_OCTETS);
  expect(threadProbe.look().heapOctets - before).toBeLessThan(GARBAGE_OCTETS / 10);
});

test("the loop's delay is told from when it is watched", async () => {
  await holdUp();
  expect(threadProbe.look().loopDelay).toEqual({ p50: 0, p99: 0, max: 0 });
  threadProbe.watchLoop();
  await until(
    'a delay is told',
    async () => {
      await holdUp();
      return threadProbe.look().loopDelay.max >= HELD_UP_MS / 2;
    },
    5_000,
  );
});

/** The size of the heap with objects that nobody holds any more. */
function litter(): number {
  const objects = Array.from({ length: GARBAGE_OBJECTS }, (_, number) => ({ number }));
  return objects.length === GARBAGE_OBJECTS ? threadProbe.look().heapOctets : 0;
}

async function holdUp(): Promise<void> {
  const end = performance.now() + HELD_UP_MS;
  while (performance.now() < end);
  // The probe's timer was due before this one.
  await pause(1);
}
