/**
 * What a bad line does to the RTP that passes it, as pure functions: each is told of one packet and gives what comes out
 * at the other end. A packet is an IPv4 datagram with its headers (RFC 791, RFC 768, RFC 3550, 5.1).
 */

/** What leaves the line, and how much later than it came, in ms. */
export interface Passing {
  readonly packet: Buffer;
  readonly afterMs: number;
}

/** `nth` counts a stream's packets from 0, from the moment at which the fault began; `now` is in ms. */
export type LineFault = (packet: Buffer, nth: number, now: number) => readonly Passing[];

/** What may be written anew in an RTP packet. */
export interface RtpChange {
  readonly payloadType?: number;
  /** Taken modulo 2^16. */
  readonly sequence?: number;
  /** Taken modulo 2^32. */
  readonly timestamp?: number;
  /** Taken modulo 2^32. */
  readonly ssrc?: number;
  readonly payload?: Uint8Array;
}

export interface RtpView {
  readonly sourcePort: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

const UDP = 17;
const PROTOCOL_OFFSET = 9;
const IP_CHECKSUM_OFFSET = 10;
const IP_SOURCE_OFFSET = 12;
const UDP_OCTETS = 8;
const RTP_OCTETS = 12;
const VERSION_2 = 2;
/** Apart by so much, two packets are due in order, whatever rounding makes of their times. */
const IN_ORDER_MS = 3;

/** Reads a packet of the line; undefined for anything but RTP with a plain header, such as Asterisk sends. */
export function rtpOnLine(packet: Buffer): RtpView | undefined {
  if (packet[PROTOCOL_OFFSET] !== UDP) return undefined;
  const udp = udpOffset(packet);
  const rtp = udp + UDP_OCTETS;
  if (packet.length < rtp + RTP_OCTETS || packet.readUInt8(rtp) !== VERSION_2 << 6) return undefined;
  return {
    sourcePort: packet.readUInt16BE(udp),
    sequence: packet.readUInt16BE(rtp + 2),
    timestamp: packet.readUInt32BE(rtp + 4),
    ssrc: packet.readUInt32BE(rtp + 8),
    payload: packet.subarray(rtp + RTP_OCTETS),
  };
}

/** The packet with other words in its RTP header, or another payload; the sums and lengths of all headers fit it. */
export function withRtp(packet: Buffer, change: RtpChange): Buffer {
  const rtp = udpOffset(packet) + UDP_OCTETS;
  const end = rtp + RTP_OCTETS;
  const changed = Buffer.concat([packet.subarray(0, end), change.payload ?? packet.subarray(end)]);
  const { payloadType, sequence, timestamp, ssrc } = change;
  if (payloadType !== undefined) changed.writeUInt8((changed.readUInt8(rtp + 1) & 0x80) | payloadType, rtp + 1);
  if (sequence !== undefined) changed.writeUInt16BE(sequence & 0xffff, rtp + 2);
  if (timestamp !== undefined) changed.writeUInt32BE(timestamp >>> 0, rtp + 4);
  if (ssrc !== undefined) changed.writeUInt32BE(ssrc >>> 0, rtp + 8);
  return summed(changed);
}

/** The packet as if it came from elsewhere. */
export function withSource(packet: Buffer, { address, port }: { address?: string; port?: number }): Buffer {
  const changed = Buffer.from(packet);
  if (address !== undefined) changed.set(address.split('.').map(Number), IP_SOURCE_OFFSET);
  if (port !== undefined) changed.writeUInt16BE(port, udpOffset(packet));
  return summed(changed);
}

/** Loses the packets of which this says so. */
export function losing(isLost: (nth: number) => boolean): LineFault {
  return (packet, nth) => (isLost(nth) ? [] : [{ packet, afterMs: 0 }]);
}

/** Lets some pass again, so many ms after the first time. */
export function doubling(isDoubled: (nth: number) => boolean, againAfterMs: number): LineFault {
  const once = (packet: Buffer): Passing => ({ packet, afterMs: 0 });
  return (packet, nth) => (isDoubled(nth) ? [once(packet), { packet, afterMs: againAfterMs }] : [once(packet)]);
}

/** Lets some pass only behind the packet that follows. */
export function overtaking(isOvertaken: (nth: number) => boolean): LineFault {
  let held: Buffer | undefined;
  return (packet, nth) => {
    const before = held;
    held = undefined;
    if (before === undefined && isOvertaken(nth)) {
      held = packet;
      return [];
    }
    return [packet, ...(before === undefined ? [] : [before])].map((each) => ({ packet: each, afterMs: 0 }));
  };
}

/** Delays each packet by a time of its own. `inOrder`: as a queue does that fills and empties, so that none overtakes. */
export function delaying(delayOf: (nth: number) => number, { inOrder }: { readonly inOrder: boolean }): LineFault {
  let last = Number.NEGATIVE_INFINITY;
  return (packet, nth, now) => {
    const at = now + delayOf(nth);
    last = inOrder ? Math.max(last + IN_ORDER_MS, at) : at;
    return [{ packet, afterMs: last - now }];
  };
}

/** Writes anew what this says of each packet; undefined leaves it as it is. */
export function changing(changeOf: (packet: RtpView, nth: number) => RtpChange | undefined): LineFault {
  return (packet, nth) => {
    const rtp = rtpOnLine(packet);
    const change = rtp === undefined ? undefined : changeOf(rtp, nth);
    return [{ packet: change === undefined ? packet : withRtp(packet, change), afterMs: 0 }];
  };
}

/** Adds what others send beside each packet. */
export function joinedBy(othersBeside: (packet: Buffer, nth: number) => readonly Buffer[]): LineFault {
  return (packet, nth) => [packet, ...othersBeside(packet, nth)].map((each) => ({ packet: each, afterMs: 0 }));
}

function udpOffset(packet: Buffer): number {
  return (packet.readUInt8(0) & 0x0f) * 4;
}

/** Sets lengths and sums; a UDP checksum of zero says that there is none, which IPv4 allows. */
function summed(packet: Buffer): Buffer {
  const udp = udpOffset(packet);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(packet.length - udp, udp + 4);
  packet.writeUInt16BE(0, udp + 6);
  packet.writeUInt16BE(0, IP_CHECKSUM_OFFSET);
  packet.writeUInt16BE(internetChecksum(packet.subarray(0, udp)), IP_CHECKSUM_OFFSET);
  return packet;
}

/** RFC 1071: the complement of the sum of all 16-bit words, carries added in. */
export function internetChecksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
