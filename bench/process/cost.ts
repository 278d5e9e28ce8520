/** What a process has cost between two readings. */
import type { ProbeReading } from './probe.js';

export interface Cost {
  readonly seconds: number;
  /** Shares of one core: 0.5 is half of it, 2 are two whole ones. */
  readonly cpu: number;
  readonly user: number;
  readonly system: number;
  /** Share of one core that garbage collection held the main thread up for. */
  readonly gc: number;
  readonly rssOctets: number;
  /** How late the event loop was, in ms. */
  readonly loopDelayMs: ProbeReading['loopDelay'];
}

export function costBetween(from: ProbeReading, to: ProbeReading): Cost {
  const ms = to.atMs - from.atMs;
  const user = (to.userMs - from.userMs) / ms;
  const system = (to.systemMs - from.systemMs) / ms;
  return {
    seconds: ms / 1000,
    cpu: user + system,
    user,
    system,
    gc: (to.gcMs - from.gcMs) / ms,
    rssOctets: to.rssOctets,
    loopDelayMs: to.loopDelay,
  };
}
