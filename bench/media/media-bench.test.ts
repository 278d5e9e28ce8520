import { expect, test } from '@jest/globals';
import { type MediaPair, resultOf } from './media-bench.js';
import type { MediaRun, Subject } from './media-run.js';

const PATH = { name: '8-8', title: 'slin 8 → 8 kHz' };

function run(subject: Subject, cpu: number, changes: Partial<MediaRun> = {}): MediaRun {
  return {
    subject,
    cost: {
      seconds: 10,
      cpu,
      user: 0.75 * cpu,
      system: 0.25 * cpu,
      gc: 0.1 * cpu,
      rssOctets: 80_000_000,
      loopDelayMs: { p50: 0.1, p99: 10 * cpu, max: 20 * cpu },
    },
    sinkCpu: 0.1,
    senderCpu: 0.1,
    grownOctets: 20_000_000,
    grownHeapOctets: 5_000_000,
    grownInUseOctets: 30_000_000,
    arrivals: {
      delayMs: { count: 9, mean: 1, p50: cpu, p99: 2 * cpu, p999: 3 * cpu, max: 4 * cpu },
      fragments: 9,
      missing: 0,
      impossible: 0,
    },
    packets: { sent: 100, received: 100, kernelDrops: 0 },
    figures: {
      received: 100,
      strangers: 0,
      kernelDrops: 0,
      receiveBufferOctets: 0,
      resent: 0,
      dropped: 0,
      reconnects: 0,
      lostPackets: 0,
    },
    messageOctets: 1827,
    connections: 50,
    connectMs: 0.3,
    cipher: undefined,
    pace: { packets: 100, p50Ms: 0.5, p99Ms: 1, mostMs: 3, refused: 0 },
    invalid: undefined,
    ...changes,
  };
}

const pair = (product: number, floor: number, changes: Partial<MediaRun> = {}): MediaPair => ({
  product: run('product', product, changes),
  floor: run('floor', floor),
});

test('costs are medians, delays the worst, and the ratio is of pairs', () => {
  const result = resultOf(PATH, 100, [pair(0.4, 0.2), pair(0.9, 0.3), pair(0.5, 0.2)]);
  expect(result).toMatchObject({ isValid: true, ratio: { median: 2.5, least: 2, most: 3 }, lostPackets: 0 });
  expect(result.cpu).toBeCloseTo(0.005, 9);
  expect(result.gcShare).toBeCloseTo(0.1, 9);
  expect([result.rssOctets, result.rssInUseOctets]).toEqual([200_000, 300_000]);
  expect([result.delay.p99, result.loopDelayP99]).toEqual([1.8, 9]);
});

test('a pair with a late sender is left out, and losses are added up', () => {
  const late = pair(9, 0.1, { invalid: 'the sender was late' });
  const lossy = pair(0.4, 0.2, { packets: { sent: 100, received: 98, kernelDrops: 2 } });
  expect(resultOf(PATH, 100, [late, lossy, pair(0.4, 0.2)])).toMatchObject({
    isValid: true,
    ratio: { pairs: [2, 2] },
    lostPackets: 2,
  });
});

test('where no pair is good all are told, as invalid', () => {
  const late = pair(0.4, 0.2, { invalid: 'the sender was late' });
  expect(resultOf(PATH, 100, [late])).toMatchObject({ isValid: false, ratio: { median: 2 } });
});

test('what TLS costs is told against the same without it, of one round after the other', () => {
  const plain = { plain: run('product', 0.25, { grownOctets: 5_000_000 }) };
  const overTls = { connectMs: 1.1, cipher: 'TLSv1.3 A' };
  const result = resultOf(PATH, 100, [
    { ...pair(0.5, 0.2, overTls), ...plain },
    { ...pair(1, 0.2, overTls), ...plain },
    { ...pair(0.5, 0.2, overTls), plain: run('product', 0.1, { invalid: 'the sender was late' }) },
  ]);
  expect(result.tls).toMatchObject({
    connectMs: 1.1,
    plainConnectMs: 0.3,
    cipher: 'TLSv1.3 A',
    plainRssOctets: 50_000,
  });
  expect(result.tls?.ratio?.pairs).toEqual([2, 4]);
  expect(resultOf(PATH, 100, [pair(0.3, 0.2)]).tls).toBeUndefined();
});
