/** Interarrival jitter as RFC 3550, 6.4.1 and A.8 define it, in milliseconds. */
import type { RtpPacket } from './packet.js';
import { extendTimestamp } from './sequence.js';

/** A packet that seems this much early or late tells of a restarted clock, not of the network. */
const MAX_PLAUSIBLE_MS = 10_000;

export class Jitter {
  #ms = 0;
  #ssrc: number | undefined;
  #clockRate = 0;
  #timestamp = 0;
  #arrivedAt = 0;

  get ms(): number {
    return this.#ms;
  }

  /** Takes every packet in the order of arrival, duplicates too, as the RFC does. */
  observe({ ssrc, timestamp }: RtpPacket, clockRate: number, now: number): void {
    if (ssrc === this.#ssrc && clockRate === this.#clockRate) {
      const sentMs = ((extendTimestamp(timestamp, this.#timestamp) - this.#timestamp) * 1000) / clockRate;
      const deviation = Math.abs(now - this.#arrivedAt - sentMs);
      if (deviation < MAX_PLAUSIBLE_MS) this.#ms += (deviation - this.#ms) / 16;
    }
    this.#ssrc = ssrc;
    this.#clockRate = clockRate;
    this.#timestamp = timestamp;
    this.#arrivedAt = now;
  }
}
