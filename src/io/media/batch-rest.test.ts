import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { BATCH_EVERY_MS, BatchRest, LARGEST_BATCH } from './batch-rest.js';

function batches() {
  const rests: number[] = [];
  const batchRest = new BatchRest((ms) => rests.push(ms));
  const read = async (datagrams: number): Promise<void> => {
    for (let n = 0; n < datagrams; n++) batchRest.note();
    await nextRound();
  };
  return { rests, read };
}

test('each batch is followed by what is left of the time', async () => {
  const { rests, read } = batches();
  await read(1);
  await read(LARGEST_BATCH - 1);
  expect(rests).toHaveLength(2);
  for (const ms of rests) {
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(BATCH_EVERY_MS);
  }
});

test('there is no rest while more datagrams may be waiting', async () => {
  const { rests, read } = batches();
  await read(LARGEST_BATCH);
  expect(rests).toEqual([]);
  await read(3);
  expect(rests).toHaveLength(1);
});

test('a batch that took longer than the time has no rest after it', async () => {
  const { rests, read } = batches();
  const reading = read(1);
  const from = performance.now();
  while (performance.now() - from < BATCH_EVERY_MS);
  await reading;
  expect(rests).toEqual([]);
});
