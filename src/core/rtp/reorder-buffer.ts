/**
 * Puts late packets back in order, without delaying those that come in order: such a packet leaves at once. A packet
 * ahead of the expected one is held until the missing ones have come, or until waiting has lasted long enough.
 * What is a jump and not a loss, and when it is believed, is RFC 3550, A.1.
 *
 * Held packets are views of their datagrams, so the caller must not reuse a datagram's memory.
 */
import type { RtpPacket } from './packet.js';
import { extendSequence } from './sequence.js';

export interface OrderedPacket {
  readonly packet: RtpPacket;
  /** When it arrived, in ms. */
  readonly arrivedAt: number;
  /** What lies between this packet and the one before it: `loss` given up, or a `restart` of the numbering. */
  readonly after: 'nothing' | 'loss' | 'restart';
}

export interface OrderCounts {
  /** Packets never seen in time, later seen or not. */
  lost: number;
  /** Packets that came after their place had been given up. */
  late: number;
  duplicate: number;
  /** Packets that came behind a later one, still in time. */
  reordered: number;
  /** Single packets of another SSRC or numbering that no second one confirmed. */
  stray: number;
  /** Changes of SSRC, or of numbering, that a second packet confirmed. */
  restarts: number;
}

/** Longer than a line's jitter of 200 ms can make a packet late. Only what follows a missing packet ever waits. */
export const DEFAULT_WAIT_MS = 250;

/** More packets than any wait in reach holds; bounds the memory a flood can take. */
export const MAX_HELD = 64;

/** RFC 3550, A.1: further ahead than this is a restarted sender, not a loss (a minute at 50 packets a second). */
export const MAX_DROPOUT = 3000;

/** RFC 3550, A.1: further behind than this is a restarted sender, not a late packet. */
export const MAX_MISORDER = 100;

/** An old packet's timestamp lies at most so many ticks behind the newest one's: ten seconds of the fastest clock. */
export const MAX_TICKS_BEHIND = 480_000;

interface Arrival {
  readonly packet: RtpPacket;
  readonly arrivedAt: number;
}

export class ReorderBuffer {
  #ssrc: number | undefined;
  #next = 0;
  #highest = 0;
  /** Of the packet with the highest number. */
  #timestamp = 0;
  /** A packet that may be the first of a restarted sender. */
  #candidate: Arrival | undefined;
  #first = 0;
  readonly #waitMs: number;
  readonly #held = new Map<number, Arrival>();
  /** Numbers given up lately: one that still comes is late, any other old one is a duplicate. */
  readonly #givenUp = new Set<number>();
  readonly counts: OrderCounts = { lost: 0, late: 0, duplicate: 0, reordered: 0, stray: 0, restarts: 0 };

  constructor(waitMs: number = DEFAULT_WAIT_MS) {
    this.#waitMs = waitMs;
  }

  /**
   * Takes a packet that is next in order while none is held, as nearly all are: it goes on as it is. To any other it says
   * false and leaves it to `push`.
   */
  passes(packet: RtpPacket): boolean {
    const isNext = packet.ssrc === this.#ssrc && packet.sequence === (this.#next & 0xffff);
    if (!isNext || this.#next <= this.#highest) return false;
    this.#dropCandidate();
    this.#raiseTo(this.#next, packet);
    this.#next += 1;
    return true;
  }

  /**
   * Takes a packet; returns those that may go on, in order. It gives up nothing for the time it is: when this program was
   * busy, what is missing may be the very next packet to be read.
   */
  push(packet: RtpPacket, now: number): OrderedPacket[] {
    const arrival = { packet: packet.copy(), arrivedAt: now };
    if (this.#ssrc === undefined) {
      this.#startAt(packet);
      return this.#leave(arrival, 'nothing', []);
    }

    const sequence = extendSequence(packet.sequence, this.#highest);
    const ahead = sequence - this.#highest;
    const isOld = sequence < this.#next;
    if (packet.ssrc !== this.#ssrc || ahead > MAX_DROPOUT || ahead < -MAX_MISORDER) return this.#suspect(arrival);
    // A number that was there before, with a time that was not: the numbers have begun again a little lower.
    if (isOld && !this.#isPast(packet)) return this.#suspect(arrival);
    this.#dropCandidate();

    if (isOld) {
      this.#countOld(sequence);
      return [];
    }
    if (this.#held.has(sequence)) {
      this.counts.duplicate += 1;
      return [];
    }

    if (ahead < 0) this.counts.reordered += 1;
    else this.#raiseTo(sequence, packet);
    if (sequence === this.#next) return this.#release(this.#leave(arrival, 'nothing', []));
    this.#held.set(sequence, arrival);
    return this.#makeRoom();
  }

  /** Gives up the gaps that have been waited for long enough. */
  tick(now: number): OrderedPacket[] {
    const out: OrderedPacket[] = [];
    for (let wake = this.nextWake(); wake !== undefined && now >= wake; wake = this.nextWake()) this.#giveUpGap(out);
    return out;
  }

  /** When `tick` is next wanted; undefined while nothing is held. */
  nextWake(): number | undefined {
    // Nothing has come that is ahead of what is next, so nothing is held.
    if (this.#next > this.#highest || this.#held.size === 0) return undefined;
    let oldest = Number.POSITIVE_INFINITY;
    for (const { arrivedAt } of this.#held.values()) oldest = Math.min(oldest, arrivedAt);
    return oldest + this.#waitMs;
  }

  /** Lets go of everything that is held, for the end of the stream. */
  flush(): OrderedPacket[] {
    this.#dropCandidate();
    return this.#giveUpAll([]);
  }

  #startAt(packet: RtpPacket): void {
    const { ssrc, sequence } = packet;
    this.#ssrc = ssrc;
    this.#first = sequence;
    this.#next = sequence;
    this.#raiseTo(sequence, packet);
    this.#givenUp.clear();
  }

  #raiseTo(sequence: number, { timestamp }: RtpPacket): void {
    this.#highest = sequence;
    this.#timestamp = timestamp;
  }

  #isPast({ timestamp }: RtpPacket): boolean {
    return (this.#timestamp - timestamp) >>> 0 <= MAX_TICKS_BEHIND;
  }

  #leave(arrival: Arrival, after: OrderedPacket['after'], out: OrderedPacket[]): OrderedPacket[] {
    out.push({ packet: arrival.packet, arrivedAt: arrival.arrivedAt, after });
    this.#next += 1;
    return out;
  }

  /** A packet that does not fit: believed when the one that follows it in number also follows it in time. */
  #suspect(arrival: Arrival): OrderedPacket[] {
    const before = this.#candidate?.packet;
    const confirmed =
      before !== undefined &&
      before.ssrc === arrival.packet.ssrc &&
      arrival.packet.sequence === ((before.sequence + 1) & 0xffff);
    if (this.#candidate === undefined || !confirmed) {
      this.#dropCandidate();
      this.#candidate = arrival;
      return [];
    }

    const out = this.#giveUpAll([]);
    this.counts.restarts += 1;
    this.#startAt(this.#candidate.packet);
    this.#leave(this.#candidate, 'restart', out);
    this.#candidate = undefined;
    this.#raiseTo(this.#next, arrival.packet);
    return this.#leave(arrival, 'nothing', out);
  }

  #dropCandidate(): void {
    if (this.#candidate === undefined) return;
    this.counts.stray += 1;
    this.#candidate = undefined;
  }

  #countOld(sequence: number): void {
    if (this.#givenUp.delete(sequence) || sequence < this.#first) this.counts.late += 1;
    else this.counts.duplicate += 1;
  }

  #release(out: OrderedPacket[]): OrderedPacket[] {
    for (let arrival = this.#held.get(this.#next); arrival !== undefined; arrival = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#leave(arrival, 'nothing', out);
    }
    return out;
  }

  #makeRoom(): OrderedPacket[] {
    const out: OrderedPacket[] = [];
    while (this.#held.size > MAX_HELD) this.#giveUpGap(out);
    return out;
  }

  #giveUpAll(out: OrderedPacket[]): OrderedPacket[] {
    while (this.#held.size > 0) this.#giveUpGap(out);
    return out;
  }

  /** Counts what is missing before the lowest held packet as lost, and lets that one and its followers go. */
  #giveUpGap(out: OrderedPacket[]): void {
    const lowest = Math.min(...this.#held.keys());
    const arrival = this.#held.get(lowest);
    if (arrival === undefined) return;

    this.counts.lost += lowest - this.#next;
    this.#forgetGivenUpBefore(lowest - MAX_MISORDER);
    for (let n = Math.max(this.#next, lowest - MAX_MISORDER); n < lowest; n++) this.#givenUp.add(n);
    this.#held.delete(lowest);
    this.#next = lowest;
    this.#leave(arrival, 'loss', out);
    this.#release(out);
  }

  #forgetGivenUpBefore(sequence: number): void {
    for (const n of this.#givenUp) if (n < sequence) this.#givenUp.delete(n);
  }
}
