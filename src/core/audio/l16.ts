/** Decodes L16 (RFC 3551, 4.5.11), Asterisk's slin on the wire: signed 16-bit samples, big-endian. */
import { roomFor } from './sample-room.js';

/**
 * The samples of a payload, there until the next one is decoded; a payload that ends in half a sample is junk as a whole,
 * since its start may be wrong too.
 */
export function decodeL16(payload: Uint8Array): Int16Array | 'odd-length' {
  if (payload.length % 2 !== 0) return 'odd-length';
  const samples = roomFor(payload.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = ((payload[2 * i] ?? 0) << 8) | (payload[2 * i + 1] ?? 0);
  return samples;
}
