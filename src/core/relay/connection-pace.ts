/**
 * When the next connection to a destination may be tried: however many calls are up, not more than so many are begun within
 * any second. A receiver that comes back, or a proxy before it, is not run over by all calls at once.
 */

const SECOND_MS = 1000;
export const CONNECTIONS_PER_SECOND = 20;

export class ConnectionPace {
  readonly #perSecond: number;
  /** When the last of them may begin, the oldest first; no more than may begin within a second. */
  readonly #turns: number[] = [];

  constructor(perSecond: number = CONNECTIONS_PER_SECOND) {
    this.#perSecond = perSecond;
  }

  /** Takes the next turn, and says when it is, in ms: `now` or later. */
  reserve(now: number): number {
    const before = this.#turns.length < this.#perSecond ? undefined : this.#turns.shift();
    const turn = before === undefined ? now : Math.max(now, before + SECOND_MS);
    this.#turns.push(turn);
    return turn;
  }
}
