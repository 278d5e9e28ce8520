/** Whether the add-on keeps what it should have given back: memory, or open files. */
import { type Slope, slopeOf } from './slope.js';
import type { Sample } from './watch.js';

export interface LeakFigures {
  /** Bytes really held, and bytes resident, in a simulated hour. Undefined when there was too little to judge. */
  readonly live: Slope | undefined;
  readonly rss: Slope | undefined;
  /** Open files, in a simulated hour. */
  readonly handles: Slope | undefined;
}

export interface IdleFigures {
  /** Bytes really held. */
  readonly live: number;
  readonly handles: number;
}

const MB = 1_000_000;
/** A life fills its caches and has its code compiled first; in s of the machine's time. */
const WARM_UP_S = 20;
/** Audio that waits for the receiver is held on purpose: such moments say nothing. In messages. */
const FEW_WAITING = 100;

/**
 * Growth above this in a simulated hour, and in all, is a leak. The last thousand calls are remembered on purpose, and a life
 * grows by 4 MB in its first 250 calls, which few lives of a soak reach, before it levels off (docs/reliability.md). Its resident
 * memory rises by 40 to 60 MB in the first four minutes of the machine's time, with what waits in outages, and slowly after that: by
 * 12 to 34 MB in a simulated hour over 100 simulated minutes, at most 193 MB in all.
 */
const LIMITS = {
  live: { what: 'what the add-on really holds', perHour: 8 * MB, inAll: 8 * MB, unit: 'MB', per: MB },
  rss: { what: 'its resident memory', perHour: 25 * MB, inAll: 80 * MB, unit: 'MB', per: MB },
  handles: { what: 'the number of its open files', perHour: 10, inAll: 10, unit: '', per: 1 },
} as const;
const IDLE_LIVE_LIMIT = 6 * MB;
const IDLE_LIVE_LIMIT_PER_CALL = 20_000;
/** ARI's connections to Asterisk, at most 16, stay open for some seconds after the last request; and a few others. */
const IDLE_HANDLES_LIMIT = 16 + 4;

/** `compression` is how much faster than the simulated time the machine's time goes. */
export function leakFigures(samples: readonly Sample[], compression: number): LeakFigures {
  const steady = samples.filter(
    ({ age, waiting }) => age >= WARM_UP_S && waiting !== undefined && waiting < FEW_WAITING,
  );
  const slope = (figureIn: (sample: Sample) => number | undefined): Slope | undefined =>
    slopeOf(
      steady.flatMap((sample) => {
        const value = figureIn(sample);
        return value === undefined ? [] : { life: sample.life, hours: (sample.at * compression) / 3600, value };
      }),
    );
  return { live: slope(({ live }) => live), rss: slope(({ rss }) => rss), handles: slope(({ handles }) => handles) };
}

/** In words; nothing when nothing grows for sure. */
export function leaksIn(figures: LeakFigures): string[] {
  return (['live', 'rss', 'handles'] as const).flatMap((name) => {
    const slope = figures[name];
    const { what, perHour: limit, inAll, unit, per } = LIMITS[name];
    if (slope === undefined || slope.perHour - slope.uncertainty <= limit) return [];
    if (slope.perHour * slope.hours <= inAll) return [];
    const [growth, doubt] = [slope.perHour / per, slope.uncertainty / per];
    return [`${what} grows by ${growth.toFixed(1)} ± ${doubt.toFixed(1)} ${unit} in a simulated hour`];
  });
}

/** Compares a life without calls with a fresh one; `calls` is how many it has streamed. */
export function leftInIdle(fresh: IdleFigures, idle: IdleFigures, calls: number): string[] {
  const problems: string[] = [];
  const grown = idle.live - fresh.live;
  if (grown > IDLE_LIVE_LIMIT + calls * IDLE_LIVE_LIMIT_PER_CALL) {
    problems.push(
      `after ${calls} calls and without any the add-on holds ${(grown / MB).toFixed(1)} MB more than fresh`,
    );
  }
  const files = idle.handles - fresh.handles;
  if (files > IDLE_HANDLES_LIMIT) problems.push(`without any call the add-on has ${files} more open files than fresh`);
  return problems;
}
