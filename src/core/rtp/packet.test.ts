import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hex, rtp } from '../../../test/rtp-packets.js';
import { MALFORMED_RTP, parseRtp, RtpPacket } from './packet.js';

//               V2 PX CC=1 | M PT=0 | seq | timestamp | SSRC | CSRC | extension of one word | payload | padding
const EVERYTHING = 'b1 80 0001 000000a0 0a0b0c0d 11111111 bede0001 50aa0000 7788 000003';

test('reads a plain packet of Asterisk', () => {
  expect(parseRtp(hex('80 76 ffff fffffff0 fa0b0c0d 0102 0304'))).toMatchObject({
    marker: false,
    payloadType: 118,
    sequence: 65535,
    timestamp: -16,
    ssrc: 0xfa0b0c0d - 2 ** 32,
    payload: hex('01020304'),
  });
});

test('skips contributors, an extension and padding', () => {
  expect(parseRtp(hex(EVERYTHING))).toMatchObject({
    marker: true,
    payloadType: 0,
    sequence: 1,
    timestamp: 160,
    payload: hex('7788'),
  });
});

test('the payload is a view of the datagram, wherever that lies in its buffer', () => {
  const shared = hex(`ffff ${EVERYTHING} ffff`);
  const datagram = shared.subarray(2, shared.length - 2);
  const packet = parseRtp(datagram);
  if (typeof packet === 'string') throw new Error(packet);
  expect(packet.payload.buffer).toBe(shared.buffer);
  expect(packet.payload).toEqual(hex('7788'));
});

test('an object that is read into again keeps nothing of the packet before, and junk changes nothing in it', () => {
  const packet = new RtpPacket();
  expect(packet.read(hex(EVERYTHING))).toBeUndefined();
  const kept = packet.copy();
  const plain = hex('80 76 ffff fffffff0 fa0b0c0d 0102 0304');
  expect(packet.read(plain)).toBeUndefined();
  expect(packet).toEqual(parseRtp(plain));
  expect(packet.read(hex('40 76 0001 00000000 0a0b0c0d'))).toBe('not-version-2');
  expect(packet).toEqual(parseRtp(plain));
  expect(kept).toEqual(parseRtp(hex(EVERYTHING)));
});

describe('junk is named', () => {
  test.each([
    ['too-short', ''],
    ['too-short', '80 76 0001 00000000 0a0b0c'],
    ['not-version-2', '40 76 0001 00000000 0a0b0c0d'],
    ['not-version-2', 'c0 76 0001 00000000 0a0b0c0d'],
    ['rtcp', '80 c8 0006 0a0b0c0d 00000000 00000000 00000000 00000000 00000000'],
    ['rtcp', '81 c9 0007 0a0b0c0d 00000000'],
    ['truncated-csrc', '82 76 0001 00000000 0a0b0c0d 11111111 222222'],
    ['truncated-extension', '90 76 0001 00000000 0a0b0c0d bede00'],
    ['truncated-extension', '90 76 0001 00000000 0a0b0c0d bede0002 00000000'],
    ['truncated-extension', '90 76 0001 00000000 0a0b0c0d bedeffff 00000000'],
    ['bad-padding', 'a0 76 0001 00000000 0a0b0c0d 00'],
    ['bad-padding', 'a0 76 0001 00000000 0a0b0c0d 0003'],
    ['bad-padding', 'a0 76 0001 00000000 0a0b0c0d'],
  ])('%s: %s', (word, digits) => {
    expect(parseRtp(hex(digits))).toBe(word);
  });

  test('every word is one that can happen', () => {
    expect(new Set(MALFORMED_RTP).size).toBe(6);
  });
});

test('padding may be the whole payload', () => {
  expect(parseRtp(hex('a0 76 0001 00000000 0a0b0c0d 0002'))).toMatchObject({ payload: new Uint8Array(0) });
});

test('a packet cut anywhere, with any first byte, is a word or a shorter packet, never a crash', () => {
  const whole = hex(EVERYTHING);
  const outcomes = new Set<string>();
  for (let first = 0; first < 256; first++) {
    for (let length = 0; length <= whole.length; length++) {
      const bytes = whole.slice(0, length);
      if (length > 0) bytes[0] = first;
      const result = parseRtp(bytes);
      outcomes.add(typeof result === 'string' ? result : 'packet');
      if (typeof result !== 'string') expect(result.payload.length).toBeLessThanOrEqual(length - 12);
    }
  }
  expect([...outcomes].sort()).toEqual([
    'bad-padding',
    'not-version-2',
    'packet',
    'too-short',
    'truncated-csrc',
    'truncated-extension',
  ]);
});

test('random bytes never throw, and never give a payload from outside the datagram', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f); // Else three of four say 'not-version-2'.
      const result = parseRtp(bytes);
      if (typeof result === 'string') return expect(MALFORMED_RTP).toContain(result);
      expect(result.payload.byteOffset + result.payload.byteLength).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

test('what is built is what is read', () => {
  const uint32 = fc.nat(0xffff_ffff);
  const fields = fc.record({
    marker: fc.boolean(),
    payloadType: fc.nat(63), // With the marker set, 64 to 95 would be RTCP.
    sequence: fc.nat(0xffff),
    timestamp: uint32,
    ssrc: uint32,
    csrcs: fc.array(uint32, { maxLength: 15 }),
    payload: fc.uint8Array({ maxLength: 400 }),
  });
  const words = fc.uint8Array({ maxLength: 40 }).map((data) => data.subarray(0, data.length & ~3));
  const extension = fc.option(fc.record({ profile: fc.nat(0xffff), data: words }), { nil: null });
  fc.assert(
    fc.property(fields, extension, fc.nat(255), (expected, extra, padding) => {
      const bytes = rtp(extra === null ? { ...expected, padding } : { ...expected, padding, extension: extra });
      const { csrcs: _, timestamp, ssrc, ...others } = expected;
      expect(parseRtp(bytes)).toMatchObject({ ...others, timestamp: timestamp | 0, ssrc: ssrc | 0 });
    }),
  );
});
