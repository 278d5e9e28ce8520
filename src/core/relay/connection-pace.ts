/**
 * When the next connection to a destination may be tried. While it takes connections, at once: each call needs one. Once
 * one has failed, not more than so many are begun within any second, however many calls are up, so that a receiver that
 * comes back, or a proxy before it, is not run over by all of them at once.
 */

const SECOND_MS = 1000;
export const CONNECTIONS_PER_SECOND = 20;

export class ConnectionPace {
  readonly #perSecond: number;
  /** When the last of them may begin, the oldest first; no more than may begin within a second. */
  readonly #turns: number[] = [];
  #isInTrouble = false;

  constructor(perSecond: number = CONNECTIONS_PER_SECOND) {
    this.#perSecond = perSecond;
  }

  /** A connection came about. */
  succeeded(): void {
    this.#isInTrouble = false;
  }

  /** A connection did not come about, or was lost. */
  failed(): void {
    this.#isInTrouble = true;
  }

  /** Takes the next turn, and says when it is, in ms: `now` or later. */
  reserve(now: number): number {
    const before = this.#turns.length < this.#perSecond ? undefined : this.#turns.shift();
    const turn = before === undefined || !this.#isInTrouble ? now : Math.max(now, before + SECOND_MS);
    this.#turns.push(turn);
    return turn;
  }
}
