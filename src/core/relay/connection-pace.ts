/**
 * When the next connection to a destination may be tried. While it takes connections, one after the other: each call needs
 * one, and the audio of the others is not to wait until a hundred are set up. Once one has failed, not more than so many
 * are begun within any second, however many calls are up, so that a receiver that comes back, or a proxy before it, is not
 * run over by all of them at once.
 */

import { LONGEST_PAUSE_MS } from './backoff.js';

const SECOND_MS = 1000;
export const CONNECTIONS_PER_SECOND = 20;
/** To set one up takes us 0.3 ms, with TLS 1.5 ms. */
export const APART_MS = 4;
/** One that takes connections and drops them again is still in trouble: it must have been at peace this long. */
export const CALM_MS = LONGEST_PAUSE_MS;

export class ConnectionPace {
  readonly #perSecond: number;
  /** When the last of them may begin, the oldest first; no more than may begin within a second. */
  readonly #turns: number[] = [];
  /** While all is well, the next one begins no sooner. */
  #freeFrom = Number.NEGATIVE_INFINITY;
  #isDown = false;
  #calmFrom = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number = CONNECTIONS_PER_SECOND) {
    this.#perSecond = perSecond;
  }

  /** A connection came about. */
  succeeded(): void {
    this.#isDown = false;
  }

  /** A connection did not come about, or was lost, at `now` in ms. */
  failed(now: number): void {
    this.#isDown = true;
    this.#calmFrom = now + CALM_MS;
  }

  /** Takes the next turn, and says when it is, in ms: `now` or later. */
  reserve(now: number): number {
    const isInTrouble = this.#isDown || now < this.#calmFrom;
    const before = this.#turns.length < this.#perSecond ? undefined : this.#turns.shift();
    const soonest = isInTrouble ? (before ?? Number.NEGATIVE_INFINITY) + SECOND_MS : this.#freeFrom;
    const turn = Math.max(now, soonest);
    if (!isInTrouble) this.#freeFrom = turn + APART_MS;
    this.#turns.push(turn);
    return turn;
  }
}
