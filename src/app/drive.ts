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

export type Feed<Input> = (input: Input) => void;

/**
 * Returns what feeds the core. A core that wants no waking leaves no timer behind. `settle` is called whenever all outputs
 * of what was fed are out.
 */
export function drive<Input, Output>(
  core: Core<Input, Output>,
  carryOut: (output: Output) => void,
  settle?: () => void,
): Feed<Input> {
  const inbox: (Input | Tick)[] = [];
  let isDraining = false;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = 0;

  const feed = (input: Input | Tick): void => {
    // Fed from within carryOut: it waits until all outputs of the input before it are out.
    if (isDraining) {
      inbox.push(input);
      return;
    }
    isDraining = true;
    try {
      let next: Input | Tick | undefined = input;
      if (inbox.length > 0) {
        // Left behind by an output that could not be carried out.
        inbox.push(input);
        next = inbox.shift();
      }
      for (; next !== undefined; next = inbox.shift()) {
        for (const output of core.handle(next, monotonicMs())) carryOut(output);
      }
    } finally {
      isDraining = false;
      settle?.();
    }
    arm();
  };

  /** Wakes move with each input, mostly to later: a timer that comes too early is cheaper than one set anew each time. */
  const arm = (): void => {
    const wake = core.nextWake();
    if (wake !== undefined && timer !== undefined && timerAt <= wake) return;
    clearTimeout(timer);
    timer = undefined;
    if (wake === undefined) return;
    timerAt = wake;
    timer = setTimeout(onTime, Math.max(0, Math.ceil(wake - monotonicMs())));
  };

  const tick = (): void => feed({ kind: 'tick' });
  const onTime = (): void => {
    timer = undefined;
    const lateMs = monotonicMs() - (core.nextWake() ?? Number.POSITIVE_INFINITY);
    if (lateMs < 0) arm();
    else if (lateMs > BUSY_MS) setImmediate(tick);
    else tick();
  };
  return feed;
}
