/**
 * Reads one RTP packet (RFC 3550, 5.1).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                           timestamp                           |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |           synchronization source (SSRC) identifier            |
 *     +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 *     |      contributing source (CSRC) identifiers, CC of them       |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |   if X: defined by profile    |   length, in 32-bit words     |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                 header extension, then payload                |
 *     +               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |               | if P: padding ..., its length in the last byte|
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */

export interface RtpPacket {
  readonly marker: boolean;
  /** 0 to 127. */
  readonly payloadType: number;
  /** 0 to 65535. */
  readonly sequence: number;
  /** 0 to 2^32 - 1, in ticks of the payload's clock. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly csrcs: readonly number[];
  /** A view of the datagram, not a copy. */
  readonly payload: Uint8Array;
}

export const MALFORMED_RTP = [
  'too-short',
  'not-version-2',
  'rtcp',
  'truncated-csrc',
  'truncated-extension',
  'bad-padding',
] as const;
export type MalformedRtp = (typeof MALFORMED_RTP)[number];

const FIXED_HEADER_BYTES = 12;
const CSRC_BYTES = 4;
const EXTENSION_HEADER_BYTES = 4;
const WORD_BYTES = 4;
const NO_CSRCS: readonly number[] = [];

/** Reads a datagram; junk comes back as the word for what is wrong with it. Never throws. */
export function parseRtp(bytes: Uint8Array): RtpPacket | MalformedRtp {
  if (bytes.length < FIXED_HEADER_BYTES) return 'too-short';

  const first = uint8(bytes, 0);
  if (first >> 6 !== 2) return 'not-version-2';
  const hasPadding = (first & 0b0010_0000) !== 0;
  const hasExtension = (first & 0b0001_0000) !== 0;
  const csrcCount = first & 0b0000_1111;

  const second = uint8(bytes, 1);
  if (isRtcpType(second)) return 'rtcp';

  let start = FIXED_HEADER_BYTES + csrcCount * CSRC_BYTES;
  if (start > bytes.length) return 'truncated-csrc';

  if (hasExtension) {
    if (start + EXTENSION_HEADER_BYTES > bytes.length) return 'truncated-extension';
    start += EXTENSION_HEADER_BYTES + uint16(bytes, start + 2) * WORD_BYTES;
    if (start > bytes.length) return 'truncated-extension';
  }

  let end = bytes.length;
  if (hasPadding) {
    const paddingBytes = uint8(bytes, end - 1);
    if (paddingBytes === 0 || paddingBytes > end - start) return 'bad-padding';
    end -= paddingBytes;
  }

  return {
    marker: (second & 0b1000_0000) !== 0,
    payloadType: second & 0b0111_1111,
    sequence: uint16(bytes, 2),
    timestamp: uint32(bytes, 4),
    ssrc: uint32(bytes, 8),
    csrcs: csrcCount === 0 ? NO_CSRCS : readCsrcs(bytes, csrcCount),
    // Not `subarray`: where the datagram is a Buffer, that makes another Buffer, which takes twice as long.
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start),
  };
}

/** RTCP on the RTP port shows by its second byte: types 192 to 223 would be payload types 64 to 95 (RFC 5761, 4). */
function isRtcpType(second: number): boolean {
  return second >= 192 && second <= 223;
}

function readCsrcs(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => uint32(bytes, FIXED_HEADER_BYTES + i * CSRC_BYTES));
}

/** What lies within the datagram, read without a DataView: to make one takes longer than all the reading. */
function uint8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (uint8(bytes, at) << 8) | uint8(bytes, at + 1);
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;
}
