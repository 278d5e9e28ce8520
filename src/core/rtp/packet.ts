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
const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * One packet. Whoever reads many uses one object again and again, and copies what is to be kept.
 * Numbers of 32 bits are told with a sign: such ones V8 keeps in the field itself, larger ones in memory of their own.
 */
export class RtpPacket {
  marker = false;
  /** 0 to 127. */
  payloadType = 0;
  /** 0 to 65535. */
  sequence = 0;
  /** In ticks of the payload's clock. */
  timestamp = 0;
  ssrc = 0;
  datagram = NOTHING;
  /** Where in the datagram the payload begins and ends. */
  start = 0;
  end = 0;

  /** Reads a datagram; of junk it says what is wrong with it, and takes nothing. Never throws. */
  read(bytes: Uint8Array): MalformedRtp | undefined {
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

    this.marker = (second & 0b1000_0000) !== 0;
    this.payloadType = second & 0b0111_1111;
    this.sequence = uint16(bytes, 2);
    this.timestamp = int32(bytes, 4);
    this.ssrc = int32(bytes, 8);
    this.datagram = bytes;
    this.start = start;
    this.end = end;
    return undefined;
  }

  copy(): RtpPacket {
    return Object.assign(new RtpPacket(), this);
  }

  /** A view of the datagram. */
  get payload(): Uint8Array {
    return this.datagram.subarray(this.start, this.end);
  }
}

/** Reads a datagram into an object of its own; junk comes back as the word for what is wrong with it. Never throws. */
export function parseRtp(bytes: Uint8Array): RtpPacket | MalformedRtp {
  const packet = new RtpPacket();
  return packet.read(bytes) ?? packet;
}

/** RTCP on the RTP port shows by its second byte: types 192 to 223 would be payload types 64 to 95 (RFC 5761, 4). */
function isRtcpType(second: number): boolean {
  return second >= 192 && second <= 223;
}

/** What lies within the datagram, read without a DataView: to make one takes longer than all the reading. */
function uint8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (uint8(bytes, at) << 8) | uint8(bytes, at + 1);
}

function int32(bytes: Uint8Array, at: number): number {
  return (uint16(bytes, at) << 16) | uint16(bytes, at + 2);
}
