/**
 * How long to rest after packets were read. A thread that packets wake one by one spends more time on waking, and on fetching
 * its code and data into the processor's caches anew, than on the packets, and whoever sends them spends some on waking it.
 * Read in heaps they take two thirds of the time. `docs/performance.md` has the figures.
 */

/** So much later a packet is read at most; what waits for 20 ms of audio does not notice. */
export const REST_MS = 3;
/** A UDP socket hands over so many packets at most before others have their turn (libuv): after so many there may be more. */
export const MOST_IN_A_TURN = 32;
/** Where more than so many come during a rest they come in heaps anyway, and the kernel's buffer is better left alone. */
export const MOST_IN_A_REST = 64;
/** Each participant sends once in this time. Counted for shorter, a pause for collecting garbage would look like few packets. */
const COUNTED_MS = 20;

export class ReadingPace {
  /** Packets of the present stretch of time, and when that began, in ms. */
  #packets = 0;
  #since = 0;
  #isDense = false;

  /** So many packets were read in one turn of the event loop, 1 or more. Returns for how many ms to rest; 0 for not at all. */
  restAfter(packets: number, now: number): number {
    this.#packets += packets;
    if (now - this.#since >= COUNTED_MS) {
      this.#isDense = this.#packets * REST_MS > MOST_IN_A_REST * (now - this.#since);
      this.#packets = 0;
      this.#since = now;
    }
    return this.#isDense || packets >= MOST_IN_A_TURN ? 0 : REST_MS;
  }
}
