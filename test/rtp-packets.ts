/** Builds RTP packets for tests (RFC 3550, 5.1), so that a test reads as what a sender did. */

export interface RtpFields {
  /** Taken modulo 2^16, so that a test may simply count. */
  readonly sequence?: number;
  /** Taken modulo 2^32. */
  readonly timestamp?: number;
  readonly payloadType?: number;
  readonly ssrc?: number;
  readonly marker?: boolean;
  readonly csrcs?: readonly number[];
  /** Header extension: the profile's 16 bits, and whole 32-bit words of data. */
  readonly extension?: { readonly profile: number; readonly data: Uint8Array };
  /** Bytes of padding, its own count byte included; 0 for none. */
  readonly padding?: number;
  readonly payload?: Uint8Array;
}

export function rtp(fields: RtpFields = {}): Uint8Array {
  const { sequence = 0, timestamp = 0, payloadType = 118, ssrc = 0x0a0b0c0d, marker = false } = fields;
  const { csrcs = [], extension, padding = 0, payload = new Uint8Array(0) } = fields;

  const extensionBytes = extension === undefined ? 0 : 4 + extension.data.length;
  const start = 12 + csrcs.length * 4 + extensionBytes;
  const bytes = new Uint8Array(start + payload.length + padding);
  const view = new DataView(bytes.buffer);

  view.setUint8(0, 0b1000_0000 | (padding > 0 ? 0b10_0000 : 0) | (extension ? 0b1_0000 : 0) | csrcs.length);
  view.setUint8(1, (marker ? 0b1000_0000 : 0) | payloadType);
  view.setUint16(2, sequence);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  for (const [i, csrc] of csrcs.entries()) view.setUint32(12 + i * 4, csrc);
  if (extension !== undefined) {
    view.setUint16(12 + csrcs.length * 4, extension.profile);
    view.setUint16(14 + csrcs.length * 4, extension.data.length / 4);
    bytes.set(extension.data, 16 + csrcs.length * 4);
  }
  bytes.set(payload, start);
  if (padding > 0) view.setUint8(bytes.length - 1, padding);
  return bytes;
}

/** Samples as L16 payload: big-endian, as RFC 3551 and Asterisk's slin formats have it. */
export function l16(samples: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  for (let i = 0; i < samples.length; i++) view.setInt16(i * 2, samples[i] ?? 0);
  return new Uint8Array(view.buffer);
}

/** Bytes from hexadecimal digits; blanks are for the reader. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.replace(/\s/g, '').match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
