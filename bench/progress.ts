/** What benchmarks tell while they run, and how they are told to end. */

export interface Progress {
  /** One line about what happens now. */
  say(line: string): void;
  /** Aborted when the run is to end early. */
  readonly signal: AbortSignal;
}
