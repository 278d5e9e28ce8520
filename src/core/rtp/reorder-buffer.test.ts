import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rtp } from '../../../test/rtp-packets.js';
import { parseRtp, RtpPacket } from './packet.js';
import { DEFAULT_WAIT_MS, MAX_HELD, MAX_TICKS_BEHIND, type OrderedPacket, ReorderBuffer } from './reorder-buffer.js';

const numbers = (ordered: readonly OrderedPacket[]): number[] => ordered.map(({ packet }) => packet.sequence);

function packet(sequence: number, ssrc = 1, timestamp = 0): RtpPacket {
  const parsed = parseRtp(rtp({ sequence, ssrc, timestamp }));
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** A buffer that has already let a packet of this number go. */
function startedAt(sequence: number, waitMs?: number): ReorderBuffer {
  const buffer = new ReorderBuffer(waitMs);
  expect(numbers(buffer.push(packet(sequence), 0))).toEqual([sequence & 0xffff]);
  return buffer;
}

test('packets in order leave at once and never ask to be woken, across wraps', () => {
  const buffer = new ReorderBuffer();
  const wrong: number[] = [];
  for (let i = 0; i < 200_000; i++) {
    const [only, ...more] = buffer.push(packet(i + 65_000), i * 20);
    const atOnce = only?.packet.sequence === ((i + 65_000) & 0xffff) && more.length === 0;
    if (!atOnce || buffer.nextWake() !== undefined) wrong.push(i);
  }
  expect(wrong).toEqual([]);
  expect(buffer.counts).toEqual({ lost: 0, late: 0, duplicate: 0, reordered: 0, stray: 0, restarts: 0 });
});

test('a swapped pair leaves in order, as soon as it is whole', () => {
  const buffer = startedAt(10);
  expect(buffer.push(packet(12), 40)).toEqual([]);
  expect(buffer.nextWake()).toBe(40 + DEFAULT_WAIT_MS);
  const ordered = buffer.push(packet(11), 41);
  expect(numbers(ordered)).toEqual([11, 12]);
  expect(ordered.map(({ after, arrivedAt }) => [after, arrivedAt])).toEqual([
    ['nothing', 41],
    ['nothing', 40],
  ]);
  expect(buffer.counts.reordered).toBe(1);
  expect(buffer.nextWake()).toBeUndefined();
});

test('a missing packet is given up when the wait is over, not before', () => {
  const buffer = startedAt(10, 100);
  buffer.push(packet(12), 40);
  buffer.push(packet(13), 60);
  expect(buffer.tick(139)).toEqual([]);
  const ordered = buffer.tick(140);
  expect(numbers(ordered)).toEqual([12, 13]);
  expect(ordered.map(({ after }) => after)).toEqual(['loss', 'nothing']);
  expect(buffer.counts.lost).toBe(1);
  expect(buffer.nextWake()).toBeUndefined();
});

test('a packet that is read overdue but before anybody gave it up is still in time, be others read before it', () => {
  const buffer = startedAt(10, 100);
  buffer.push(packet(12), 40);
  for (const other of [12, 9, 13]) expect(buffer.push(packet(other), 500)).toEqual([]);
  expect(numbers(buffer.push(packet(11), 500))).toEqual([11, 12, 13]);
  expect(buffer.counts).toMatchObject({ lost: 0, reordered: 1 });
});

test('no packet waits longer than the limit for several gaps before it', () => {
  const buffer = startedAt(10, 100);
  buffer.push(packet(15), 0);
  buffer.push(packet(13), 90);
  expect(numbers(buffer.tick(100))).toEqual([13, 15]);
  expect(buffer.counts.lost).toBe(3);
});

test('late and duplicate packets are told apart and dropped', () => {
  const buffer = startedAt(10, 100);
  buffer.push(packet(12), 20);
  expect(buffer.push(packet(12), 21)).toEqual([]);
  buffer.tick(120);
  expect(buffer.counts).toMatchObject({ duplicate: 1, lost: 1, late: 0 });
  expect(buffer.push(packet(11), 130)).toEqual([]);
  expect(buffer.counts.late).toBe(1);
  buffer.push(packet(11), 131);
  buffer.push(packet(12), 132);
  expect(buffer.counts).toMatchObject({ duplicate: 3, late: 1, lost: 1 });
});

test('packets from before the first one are late', () => {
  const buffer = startedAt(10);
  expect(buffer.push(packet(9), 1)).toEqual([]);
  expect(buffer.counts).toMatchObject({ late: 1, duplicate: 0 });
});

test('a flood behind a gap is bounded', () => {
  const buffer = startedAt(0);
  for (let i = 0; i < MAX_HELD; i++) expect(buffer.push(packet(2 + i), 1)).toEqual([]);
  expect(buffer.push(packet(2 + MAX_HELD), 1)).toHaveLength(MAX_HELD + 1);
  expect(buffer.counts.lost).toBe(1);
});

describe('a sender that restarts', () => {
  test.each([
    ['another SSRC', 700, 2],
    ['a jump ahead', 3011, 1],
    ['a jump back', 65_000, 1],
  ])('%s is believed with the second packet, and the first is not lost', (_, sequence, ssrc) => {
    const buffer = startedAt(10);
    expect(buffer.push(packet(sequence, ssrc), 20)).toEqual([]);
    const ordered = buffer.push(packet(sequence + 1, ssrc), 40);
    expect(ordered.map(({ packet, after, arrivedAt }) => [packet.sequence, after, arrivedAt])).toEqual([
      [sequence, 'restart', 20],
      [sequence + 1, 'nothing', 40],
    ]);
    expect(numbers(buffer.push(packet(sequence + 2, ssrc), 60))).toEqual([sequence + 2]);
    expect(buffer.counts).toEqual({ lost: 0, late: 0, duplicate: 0, reordered: 0, stray: 0, restarts: 1 });
  });

  test('may restart just before its numbers wrap', () => {
    const buffer = startedAt(30_000);
    buffer.push(packet(65_535), 20);
    expect(numbers(buffer.push(packet(0), 40))).toEqual([65_535, 0]);
    expect(numbers(buffer.push(packet(1), 60))).toEqual([1]);
  });

  test('is measured from its newest packet on', () => {
    const buffer = startedAt(10);
    for (const sequence of [700, 701]) buffer.push(packet(sequence, 2), 20);
    buffer.push(packet(3701, 2), 40);
    expect(buffer.nextWake()).toBe(40 + DEFAULT_WAIT_MS);
    expect(buffer.counts.stray).toBe(0);
  });

  test('lets go first of what was held', () => {
    const buffer = startedAt(10);
    buffer.push(packet(12), 20);
    buffer.push(packet(700, 2), 30);
    expect(numbers(buffer.push(packet(701, 2), 50))).toEqual([12, 700, 701]);
  });

  test('a single stray packet changes nothing', () => {
    const buffer = startedAt(10);
    expect(buffer.push(packet(40_000), 20)).toEqual([]);
    expect(numbers(buffer.push(packet(11), 21))).toEqual([11]);
    expect(buffer.push(packet(40_001), 22)).toEqual([]);
    expect(numbers(buffer.push(packet(12), 23))).toEqual([12]);
    expect(buffer.counts).toMatchObject({ stray: 2, restarts: 0 });
  });

  test('3000 ahead and 100 behind are still the same numbering', () => {
    const buffer = startedAt(10);
    expect(buffer.push(packet(3010), 20)).toEqual([]);
    expect(numbers(buffer.tick(20 + DEFAULT_WAIT_MS))).toEqual([3010]);
    expect(buffer.push(packet(2910), 300)).toEqual([]);
    expect(buffer.counts).toMatchObject({ lost: 2999, late: 1, stray: 0 });
  });
});

describe('numbers that begin again a little lower', () => {
  /** Has let go of packets 0 to 89, each 160 ticks later than the one before. */
  function running(): ReorderBuffer {
    const buffer = new ReorderBuffer();
    for (let i = 0; i < 90; i++) buffer.push(packet(i, 1, i * 160), i * 20);
    return buffer;
  }

  test.each([
    ['whose timestamps go on', 90 * 160],
    ['with timestamps that begin anew, too', 2 ** 31],
    ['with timestamps from long ago', 2 ** 32 - MAX_TICKS_BEHIND],
  ])('%s are a restart', (_, timestamp) => {
    const buffer = running();
    expect(buffer.push(packet(30, 1, timestamp), 1800)).toEqual([]);
    expect(numbers(buffer.push(packet(31, 1, timestamp + 160), 1820))).toEqual([30, 31]);
    expect(numbers(buffer.push(packet(32, 1, timestamp + 320), 1840))).toEqual([32]);
    expect(buffer.counts).toEqual({ lost: 0, late: 0, duplicate: 0, reordered: 0, stray: 0, restarts: 1 });
  });

  test('duplicates of their own are none', () => {
    const buffer = running();
    for (const old of [30, 31, 32, 89]) expect(buffer.push(packet(old, 1, old * 160), 1800)).toEqual([]);
    expect(numbers(buffer.push(packet(90, 1, 90 * 160), 1810))).toEqual([90]);
    expect(buffer.counts).toMatchObject({ duplicate: 4, restarts: 0, stray: 0 });
  });
});

test('the object of a packet may be read into again as soon as it was pushed', () => {
  const buffer = startedAt(10);
  const again = new RtpPacket();
  for (const sequence of [13, 12, 11]) {
    again.read(rtp({ sequence, ssrc: 1, payload: Uint8Array.of(sequence) }));
    const left = buffer.push(again, sequence).map(({ packet }) => [packet.sequence, ...packet.payload]);
    expect(left).toEqual(
      sequence === 11
        ? [
            [11, 11],
            [12, 12],
            [13, 13],
          ]
        : [],
    );
  }
  again.read(rtp({ sequence: 5000, ssrc: 2, payload: Uint8Array.of(1) }));
  expect(buffer.push(again, 20)).toEqual([]);
  again.read(rtp({ sequence: 5001, ssrc: 2, payload: Uint8Array.of(2) }));
  expect(buffer.push(again, 40).map(({ packet }) => [packet.sequence, ...packet.payload])).toEqual([
    [5000, 1],
    [5001, 2],
  ]);
});

test('flush lets everything go, and a second one nothing', () => {
  const buffer = startedAt(10);
  buffer.push(packet(12), 20);
  buffer.push(packet(14), 20);
  expect(numbers(buffer.flush())).toEqual([12, 14]);
  expect(buffer.flush()).toEqual([]);
  expect(buffer.counts.lost).toBe(2);
});

test('to let a packet pass that is next gives what to push it gives, whatever arrives', () => {
  const numbering = fc.record({
    sequence: fc.oneof(fc.integer({ min: 65_530, max: 65_550 }), fc.nat(65_535)),
    ssrc: fc.constantFrom(1, 1, 1, 2),
    timestamp: fc.constantFrom(0, 0, 2 ** 31),
  });
  // Nearly all packets are next: without some of those no gap would ever close.
  const step = fc.record({ isNext: fc.boolean(), other: numbering, pause: fc.nat(150), isTick: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [pushing, passing] = [new ReorderBuffer(), new ReorderBuffer()];
      let now = 0;
      let last = { sequence: 65_535, ssrc: 1, timestamp: 0 };
      for (const { isNext, other, pause, isTick } of steps) {
        now += pause;
        if (isTick) expect(passing.tick(now)).toEqual(pushing.tick(now));
        last = isNext ? { ...last, sequence: last.sequence + 1 } : other;
        const next = packet(last.sequence, last.ssrc, last.timestamp);
        const pushed = pushing.push(next, now);
        const passed = passing.passes(next);
        expect(passed ? [{ packet: next, arrivedAt: now, after: 'nothing' }] : passing.push(next, now)).toEqual(pushed);
        expect(passing.nextWake()).toBe(pushing.nextWake());
        expect(passing.counts).toEqual(pushing.counts);
      }
      expect(passing.flush()).toEqual(pushing.flush());
      expect(passing.counts).toEqual(pushing.counts);
    }),
    { numRuns: 500 },
  );
});

test('packets in order pass, and one that comes before its turn does not', () => {
  const buffer = startedAt(65_534);
  expect(buffer.passes(packet(65_535))).toBe(true);
  expect(buffer.passes(packet(65_536))).toBe(true);
  expect(buffer.passes(packet(65_538))).toBe(false);
  buffer.push(packet(65_538), 20);
  // One is held, and must leave right behind it.
  expect(buffer.passes(packet(65_537))).toBe(false);
  expect(numbers(buffer.push(packet(65_537), 20))).toEqual([1, 2]);
  expect(buffer.passes(packet(65_539))).toBe(true);
});

test('whatever arrives, what leaves is in order, never twice, and never later than the limit', () => {
  const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 })));
  fc.assert(
    fc.property(arrivals, (steps) => {
      const buffer = startedAt(65_520);
      let now = 0;
      let last = -1;
      const check = (ordered: readonly OrderedPacket[], late: number): void => {
        for (const { packet, arrivedAt } of ordered) {
          const place = (packet.sequence - 65_521) & 0xffff;
          expect(place).toBeGreaterThan(last);
          expect(now - arrivedAt).toBeLessThanOrEqual(late);
          last = place;
        }
      };
      for (const [place, pause] of steps) {
        const until = now + pause;
        for (let wake = buffer.nextWake(); wake !== undefined && wake <= until; wake = buffer.nextWake()) {
          now = wake;
          check(buffer.tick(now), DEFAULT_WAIT_MS);
        }
        now = until;
        check(buffer.push(packet(65_521 + place), now), DEFAULT_WAIT_MS);
      }
    }),
    { numRuns: 500 },
  );
});
