/**
 * How many messages may be under way to the receiver that it has not confirmed: about as many as it confirms in two
 * seconds. On a slow link more of them would only wait in buffers on the way, where they can't be dropped for newer ones,
 * and would hold up the ping behind them until the receiver passes for dead.
 */

export const FIRST_WINDOW = 16;
/** With less, the line would idle for as long as a confirmation takes. */
export const SMALLEST_WINDOW = 2;
export const LARGEST_WINDOW = 1024;
/** A satellite's round trip is 600 ms, and is no reason to send less. */
const BRISK_MS = 2000;
const SLOW_MS = 3000;

export class FlowWindow {
  #size = FIRST_WINDOW;

  /** In messages. */
  get size(): number {
    return this.#size;
  }

  /** A ping was answered after `roundTripMs`; `wasFull` when it was this window that held messages back. */
  answered(roundTripMs: number, wasFull: boolean): void {
    if (roundTripMs > SLOW_MS) this.#size = Math.max(SMALLEST_WINDOW, Math.floor(this.#size / 2));
    else if (roundTripMs <= BRISK_MS && wasFull) this.#size = Math.min(LARGEST_WINDOW, this.#size * 2);
  }

  /** Another connection, perhaps by another way. */
  reset(): void {
    this.#size = FIRST_WINDOW;
  }
}
