/**
 * Decodes G.711 (ITU-T G.711, 1988): mu-law and A-law, one byte per sample, to 16-bit linear samples.
 *
 *      mu-law, after inverting all bits        A-law, after inverting the even bits (xor 0x55)
 *      7   6 5 4     3 2 1 0                   7   6 5 4     3 2 1 0
 *     +---+---------+-----------+             +---+---------+-----------+
 *     |S=-| segment | quantum   |             |S=+| segment | quantum   |
 *     +---+---------+-----------+             +---+---------+-----------+
 *
 * The results are scaled to 16 bits as every softphone and Asterisk do: mu-law to +-32124, A-law to +-32256.
 */
import { roomFor } from './sample-room.js';

/** The largest sample that a decoded G.711 silence may have: A-law has no zero, its smallest step is 8. */
export const G711_SILENCE_LEVEL = 8;

/** Mu-law segments begin 33 quarter-quanta up, which makes them join without a gap: 33 << 2. */
const MU_LAW_BIAS = 0x84;

const MU_LAW = Int16Array.from({ length: 256 }, (_, byte) => muLawSample(byte));
const A_LAW = Int16Array.from({ length: 256 }, (_, byte) => aLawSample(byte));

/** The samples of a payload, there until the next one is decoded. It may be a part of a datagram, from `start` to `end`. */
export function decodeMuLaw(datagram: Uint8Array, start = 0, end = datagram.length): Int16Array {
  return decode(datagram, start, end, MU_LAW);
}

/** The same for A-law. */
export function decodeALaw(datagram: Uint8Array, start = 0, end = datagram.length): Int16Array {
  return decode(datagram, start, end, A_LAW);
}

function muLawSample(byte: number): number {
  const bits = ~byte & 0xff;
  const segment = (bits >> 4) & 0b111;
  const magnitude = (((bits & 0b1111) << 3) + MU_LAW_BIAS) << segment;
  return (bits & 0x80) !== 0 ? MU_LAW_BIAS - magnitude : magnitude - MU_LAW_BIAS;
}

function aLawSample(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 0b111;
  const middle = ((bits & 0b1111) << 4) + 8;
  const magnitude = segment === 0 ? middle : (middle + 0x100) << (segment - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

function decode(datagram: Uint8Array, start: number, end: number, table: Int16Array): Int16Array {
  const samples = roomFor(end - start);
  for (let i = 0, at = start; at < end; i++, at++) samples[i] = table[datagram[at] ?? 0] ?? 0;
  return samples;
}
