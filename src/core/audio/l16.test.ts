import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hex, l16 } from '../../../test/rtp-packets.js';
import { decodeL16 } from './l16.js';

test('samples are big-endian and signed', () => {
  expect(decodeL16(hex('0001 7fff 8000 ffff 0100'))).toEqual(Int16Array.of(1, 32_767, -32_768, -1, 256));
});

test('half a sample is junk', () => {
  expect(decodeL16(hex('000102'))).toBe('odd-length');
});

test('an empty payload has no samples', () => {
  expect(decodeL16(new Uint8Array(0))).toEqual(new Int16Array(0));
});

test('a payload at an odd place of its buffer is read all the same', () => {
  expect(decodeL16(hex('ff 0102 0304').subarray(1))).toEqual(Int16Array.of(0x0102, 0x0304));
});

test('wherever a payload lies in its buffer, and whatever was decoded before, its samples are those that a DataView reads', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2500 }), { maxLength: 4 }), fc.nat(7), (payloads, at) => {
      for (const payload of payloads) {
        const datagram = new Uint8Array(at + payload.length + at);
        datagram.set(payload, at);
        const view = new DataView(datagram.buffer, at);
        const read = Int16Array.from({ length: payload.length >> 1 }, (_, i) => view.getInt16(2 * i));
        const end = at + payload.length;
        const expected = payload.length % 2 === 0 ? read : 'odd-length';
        expect(decodeL16(datagram.subarray(at, end))).toEqual(expected);
        expect(decodeL16(datagram, at, end)).toEqual(expected);
      }
    }),
  );
});

test('a payload may be as long as UDP lets it be', () => {
  const samples = Int16Array.from({ length: 32_700 }, (_, i) => i);
  expect(decodeL16(l16(samples))).toEqual(samples);
});

test('every sample survives', () => {
  fc.assert(fc.property(fc.int16Array(), (samples) => expect(decodeL16(l16(samples))).toEqual(samples)));
});
