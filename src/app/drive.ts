/** Runs a core on the real clock: one input in, every output carried out, a timer for its next wake. No other file does. */

import type { Core, Tick } from '../core/core.js';

/** Milliseconds on a clock that never steps. */
export function monotonicMs(): number {
  return performance.now();
}

/**
 * A timer that comes so late, in ms, says that this program was busy. Then what has arrived meanwhile is read first, so
 * that a core does not take it for missing.
 */
const BUSY_MS = 20;

const TICK: Tick = { kind: 'tick' };

/** What is fed and driven: a core, or what has one. One that wants no waking leaves no timer behind. */
export abstract class Driven<Input, Output> {
  #isDraining = false;
  /** What was fed from within an output; nearly nothing ever has any. */
  #inbox: (Input | Tick)[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;

  /** As a core's. */
  protected abstract handle(input: Input | Tick, now: number): readonly Output[];

  /** As a core's. */
  protected abstract nextWake(): number | undefined;

  protected abstract carryOut(output: Output): void;

  protected feed(input: Input | Tick): void {
    // Fed from within carryOut: it waits until all outputs of the input before it are out.
    if (this.#isDraining) {
      this.#inbox ??= [];
      this.#inbox.push(input);
      return;
    }
    this.#isDraining = true;
    try {
      let next: Input | Tick | undefined = input;
      if (this.#inbox !== undefined && this.#inbox.length > 0) {
        // Left behind by an output that could not be carried out.
        this.#inbox.push(input);
        next = this.#inbox.shift();
      }
      for (; next !== undefined; next = this.#inbox?.shift()) {
        for (const output of this.handle(next, monotonicMs())) this.carryOut(output);
      }
    } finally {
      this.#isDraining = false;
    }
    this.#arm();
  }

  /** Wakes move with each input, mostly to later: a timer that comes too early is cheaper than one set anew each time. */
  #arm(): void {
    const wake = this.nextWake();
    if (wake === undefined && this.#timer === undefined) return;
    if (wake !== undefined && this.#timer !== undefined && this.#timerAt <= wake) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wake === undefined) return;
    this.#timerAt = wake;
    this.#timer = setTimeout(() => this.#onTime(), Math.max(0, Math.ceil(wake - monotonicMs())));
  }

  #onTime(): void {
    this.#timer = undefined;
    const lateMs = monotonicMs() - (this.nextWake() ?? Number.POSITIVE_INFINITY);
    if (lateMs < 0) this.#arm();
    else if (lateMs > BUSY_MS) setImmediate(() => this.feed(TICK));
    else this.feed(TICK);
  }
}

/** What has a core of its own. */
export abstract class DrivenCore<Input, Output, Its extends Core<Input, Output>> extends Driven<Input, Output> {
  protected readonly core: Its;

  constructor(core: Its) {
    super();
    this.core = core;
  }

  protected override handle(input: Input | Tick, now: number): readonly Output[] {
    return this.core.handle(input, now);
  }

  protected override nextWake(): number | undefined {
    return this.core.nextWake();
  }
}
