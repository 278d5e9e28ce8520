/** What every deciding part looks like: an input and the time in, all its outputs out, and when to call again. */

export interface Tick {
  readonly kind: 'tick';
}

export interface Core<Input, Output> {
  /** `now` is a monotonic clock in milliseconds. */
  handle(input: Input | Tick, now: number): readonly Output[];
  /** When to feed the next tick, or undefined while nothing is awaited. */
  nextWake(): number | undefined;
}
