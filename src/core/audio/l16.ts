/** Decodes L16 (RFC 3551, 4.5.11), Asterisk's slin on the wire: signed 16-bit samples, big-endian. */

/** The samples of a payload; a payload that ends in half a sample is junk as a whole, since its start may be wrong too. */
export function decodeL16(payload: Uint8Array): Int16Array | 'odd-length' {
  if (payload.length % 2 !== 0) return 'odd-length';
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const samples = new Int16Array(payload.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(i * 2);
  return samples;
}
