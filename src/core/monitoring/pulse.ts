/**
 * Whether the program still keeps time. A beat is expected every second; one that comes late says how long everything
 * else, audio too, has had to wait.
 */

export const BEAT_EVERY_MS = 1000;
/** A beat later than this is beyond what a busy machine does: no audio has passed meanwhile. */
export const STUCK_AFTER_MS = 5000;
/** How long a late beat is remembered, so that whoever asks now and then hears of it. */
const REMEMBERED_MS = 10_000;

interface Lateness {
  readonly at: number;
  readonly ms: number;
}

export class Pulse {
  #expectedAt: number;
  #worst: Lateness | undefined;

  /** Times are those of a clock that never steps, in ms. */
  constructor(now: number) {
    this.#expectedAt = now + BEAT_EVERY_MS;
  }

  /** To be called every BEAT_EVERY_MS. */
  beat(now: number): void {
    const ms = Math.max(0, now - this.#expectedAt);
    const isForgotten = this.#worst === undefined || now - this.#worst.at > REMEMBERED_MS;
    if (isForgotten || ms >= (this.#worst?.ms ?? 0)) this.#worst = { at: now, ms };
    this.#expectedAt = now + BEAT_EVERY_MS;
  }

  /** How late the latest beat of the last ten seconds was, in ms; one that is overdue now counts. */
  latenessMs(now: number): number {
    const overdue = Math.max(0, now - this.#expectedAt);
    const remembered = this.#worst !== undefined && now - this.#worst.at <= REMEMBERED_MS ? this.#worst.ms : 0;
    return Math.max(overdue, remembered);
  }

  isStuck(now: number): boolean {
    return this.latenessMs(now) > STUCK_AFTER_MS;
  }
}
