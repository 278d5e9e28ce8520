/** When a tap that failed while its channel lives is made anew: soon at first, seldom in the end, and never given up. */

/** The first pauses are for what passes at once, such as a channel in the middle of a masquerade. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/**
 * Their pauses together, 11.3 s, outlast an Asterisk that hangs for five seconds or whose web server is being reloaded. What
 * fails for longer than that is for an administrator to see.
 */
export const TRIES_BEFORE_REPORT = 8;
/** For what he may mend while the call is still up: a password, a module that is not loaded. */
export const SELDOM_PAUSE_MS = 30_000;
/** A tap that was live for so long was a good one: its failure is a new trouble. */
const GOOD_AFTER_MS = 60_000;

export interface NextTry {
  readonly pauseMs: number;
  /** It has failed so often now that it must be said. True once in each trouble. */
  readonly isToBeSaid: boolean;
}

export class TapTries {
  #failures = 0;

  /** A tap has failed; `liveMs` is how long it was live, 0 if it never was. */
  failed(liveMs: number): NextTry {
    if (liveMs >= GOOD_AFTER_MS) this.#failures = 0;
    this.#failures += 1;
    const isSeldom = this.#failures >= TRIES_BEFORE_REPORT;
    return {
      pauseMs: isSeldom ? SELDOM_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1)),
      isToBeSaid: this.#failures === TRIES_BEFORE_REPORT,
    };
  }
}
