import { expect, test } from '@jest/globals';
import { rtp } from '../../../test/rtp-packets.js';
import { Jitter } from './jitter.js';
import { parseRtp, type RtpPacket } from './packet.js';

function packet(timestamp: number, ssrc = 1): RtpPacket {
  const parsed = parseRtp(rtp({ timestamp, ssrc }));
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

test('a steady stream has none, across the wrap of its timestamps and whatever its pauses', () => {
  const jitter = new Jitter();
  for (let i = 0; i < 50; i++) jitter.observe(packet(2 ** 32 - 1600 + i * 160), 8000, i * 20);
  jitter.observe(packet(2 ** 32 - 1600 + 250 * 160), 8000, 250 * 20);
  expect(jitter.ms).toBe(0);
});

test('moves by a sixteenth of each deviation', () => {
  const jitter = new Jitter();
  jitter.observe(packet(0), 8000, 0);
  jitter.observe(packet(160), 8000, 36);
  expect(jitter.ms).toBeCloseTo(1, 10);
  jitter.observe(packet(320), 8000, 40);
  expect(jitter.ms).toBeCloseTo(1 + (16 - 1) / 16, 10);
});

test('a stream that swings by 10 ms each packet settles at 10 ms, whatever its clock', () => {
  for (const clockRate of [8000, 48_000]) {
    const jitter = new Jitter();
    for (let i = 0; i < 500; i++) jitter.observe(packet((i * clockRate) / 50), clockRate, i * 20 + (i % 2) * 10);
    expect(jitter.ms).toBeCloseTo(10, 6);
  }
});

test('another clock changes nothing in what was measured, and is measured in its turn', () => {
  const jitter = new Jitter();
  jitter.observe(packet(0), 8000, 0);
  jitter.observe(packet(160), 8000, 36);
  jitter.observe(packet(123_456), 48_000, 56);
  expect(jitter.ms).toBeCloseTo(1, 10);
  jitter.observe(packet(123_456 + 960), 48_000, 92);
  expect(jitter.ms).toBeCloseTo(1 + (16 - 1) / 16, 10);
});

test('a restarted sender is not jitter', () => {
  const jitter = new Jitter();
  jitter.observe(packet(0), 8000, 0);
  jitter.observe(packet(1_000_000, 2), 8000, 20);
  jitter.observe(packet(900_000_000, 2), 8000, 40);
  expect(jitter.ms).toBe(0);
});
