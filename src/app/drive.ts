/** Runs a core on the real clock: one input in, every output carried out, then one timer armed. No other file does. */

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

/** Returns what feeds the core. A core that wants no waking leaves no timer behind. */
export function drive<Input, Output>(core: Core<Input, Output>, carryOut: (output: Output) => void): Feed<Input> {
  const inbox: (Input | Tick)[] = [];
  let isDraining = false;
  let timer: NodeJS.Timeout | undefined;

  const feed = (input: Input | Tick): void => {
    inbox.push(input);
    // Fed from within carryOut: it waits until all outputs of the input before it are out.
    if (isDraining) return;

    isDraining = true;
    try {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
        for (const output of core.handle(next, monotonicMs())) carryOut(output);
      }
    } finally {
      isDraining = false;
    }

    clearTimeout(timer);
    const wake = core.nextWake();
    if (wake === undefined) return;
    const tick = (): void => feed({ kind: 'tick' });
    const onTime = (): void => void (monotonicMs() - wake > BUSY_MS ? setImmediate(tick) : tick());
    timer = setTimeout(onTime, Math.max(0, Math.ceil(wake - monotonicMs())));
  };
  return feed;
}
