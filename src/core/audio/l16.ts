/** Decodes L16 (RFC 3551, 4.5.11), Asterisk's slin on the wire: signed 16-bit samples, big-endian. */
import { roomFor } from './sample-room.js';

/**
 * The samples of a payload, there until the next one is decoded; a payload that ends in half a sample is junk as a whole,
 * since its start may be wrong too. It may be a part of a datagram, from `start` to `end`.
 */
export function decodeL16(datagram: Uint8Array, start = 0, end = datagram.length): Int16Array | 'odd-length' {
  if ((end - start) % 2 !== 0) return 'odd-length';
  const samples = roomFor((end - start) / 2);
  for (let i = 0, at = start; at < end; i++, at += 2) samples[i] = ((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0);
  return samples;
}
