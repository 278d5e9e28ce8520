/** A binary frame of the audio WebSocket: one octet with the participant's index, then 16-bit little-endian samples. */

export interface AudioFrame {
  readonly index: number;
  readonly samples: Int16Array<ArrayBuffer>;
}

export function audioFrameOf(octets: ArrayBuffer): AudioFrame | undefined {
  const view = new DataView(octets);
  // An odd rest would be half a sample.
  if (octets.byteLength < 3 || octets.byteLength % 2 === 0) return undefined;
  const samples = new Int16Array((octets.byteLength - 1) / 2);
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(1 + at * 2, true);
  return { index: view.getUint8(0), samples };
}
