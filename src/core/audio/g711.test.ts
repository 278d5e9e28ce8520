import { describe, expect, test } from '@jest/globals';
import { decodeALaw, decodeMuLaw, G711_SILENCE_LEVEL } from './g711.js';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Adler-32 over the little-endian samples: one number that stands for a whole table. */
function adler32(samples: Int16Array): number {
  let a = 1;
  let b = 0;
  for (const sample of samples) {
    for (const byte of [sample & 0xff, (sample >> 8) & 0xff]) {
      a = (a + byte) % 65_521;
      b = (b + a) % 65_521;
    }
  }
  return b * 65_536 + a;
}

describe('mu-law', () => {
  test.each([
    [0x00, -32_124],
    [0x80, 32_124],
    [0x7f, 0],
    [0xff, 0],
    [0xfe, 8],
    [0x7e, -8],
    [0x8f, 16_764],
  ])('byte 0x%s', (byte, sample) => {
    expect([...decodeMuLaw(Uint8Array.of(byte))]).toEqual([sample]);
  });

  test('the whole table is that of an independent decoder (zlib.adler32 over audioop.ulaw2lin of Python)', () => {
    expect(adler32(decodeMuLaw(ALL_BYTES))).toBe(1641151874);
  });
});

describe('A-law', () => {
  test.each([
    [0xd5, 8],
    [0x55, -8],
    [0xaa, 32_256],
    [0x2a, -32_256],
    [0x80, 5504],
    [0x00, -5504],
  ])('byte 0x%s', (byte, sample) => {
    expect([...decodeALaw(Uint8Array.of(byte))]).toEqual([sample]);
  });

  test('the whole table is that of an independent decoder (zlib.adler32 over audioop.alaw2lin of Python)', () => {
    expect(adler32(decodeALaw(ALL_BYTES))).toBe(636542881);
  });
});

test.each([
  ['mu-law', decodeMuLaw, [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e]],
  ['A-law', decodeALaw, [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4]],
])(
  '%s: the digital milliwatt of G.711 (tables 5 and 6) is a sine of 1 kHz, some 3.1 dB below the loudest',
  (_, decode, bytes) => {
    const samples = [...decode(Uint8Array.from(bytes))];
    // Eight samples a period: any two that stand a quarter of it apart are sine and cosine of one angle.
    const peaks = samples.map((sample, i) => Math.hypot(sample, samples[(i + 2) % 8] ?? 0));
    for (const peak of peaks) expect(20 * Math.log10(peak / 32_256)).toBeCloseTo(-3.1, 0);
    expect(samples.reduce((sum, sample) => sum + sample, 0)).toBe(0);
  },
);

test('a payload is read where it lies in its datagram', () => {
  const datagram = ALL_BYTES.slice();
  expect(decodeMuLaw(datagram, 12, 172).slice()).toEqual(decodeMuLaw(datagram.slice(12, 172)));
  expect(decodeALaw(datagram, 12, 172).slice()).toEqual(decodeALaw(datagram.slice(12, 172)));
});

test('silence stays within its level', () => {
  const silence = [...decodeALaw(Uint8Array.of(0x55, 0xd5)), ...decodeMuLaw(Uint8Array.of(0x7f, 0xff))];
  expect(Math.max(...silence.map(Math.abs))).toBe(G711_SILENCE_LEVEL);
});
