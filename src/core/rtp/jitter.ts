/** Interarrival jitter as RFC 3550, 6.4.1 and A.8 define it, of times of arrival in whole ticks of the payload's clock. */
import type { RtpPacket } from './packet.js';
import { ticksFrom } from './sequence.js';

/** A packet that seems this much early or late tells of a restarted clock, not of the network. */
const MAX_PLAUSIBLE_SECONDS = 10;

export class Jitter {
  #ssrc = 0;
  /** 0 before the first packet. */
  #clockRate = 0;
  /** When the last packet came less when it was sent, each on a clock of its own; it wraps as timestamps do. */
  #transit = 0;
  /** The estimate, in ticks. */
  #ticks = 0;

  get ms(): number {
    return this.#clockRate === 0 ? 0 : (this.#ticks * 1000) / this.#clockRate;
  }

  /** Takes every packet in the order of arrival, duplicates too, as the RFC does. */
  observe({ ssrc, timestamp }: RtpPacket, clockRate: number, now: number): void {
    const transit = ticksFrom(timestamp, Math.round((now * clockRate) / 1000));
    if (ssrc === this.#ssrc && clockRate === this.#clockRate) {
      const deviation = Math.abs(ticksFrom(this.#transit, transit));
      if (deviation < MAX_PLAUSIBLE_SECONDS * clockRate) this.#ticks += (deviation - this.#ticks) / 16;
    }
    if (clockRate !== this.#clockRate) this.#ticks = (this.ms * clockRate) / 1000;
    this.#ssrc = ssrc;
    this.#clockRate = clockRate;
    this.#transit = transit;
  }
}
