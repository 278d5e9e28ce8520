/** Times small pieces of work against one another, round by round in turn, in one process. */
import { median, type PairedRatio, pairedRatio } from '../statistics.js';

export interface Candidate {
  readonly name: string;
  /** Does the work once and gives something of its result, so that no compiler can leave it out. */
  readonly work: () => number;
}

export interface Timed {
  readonly name: string;
  /** Microseconds for once; the median of the rounds. */
  readonly us: number;
  /** Against the first candidate, which is what the program uses; below 1 it is quicker than that. */
  readonly ratio: PairedRatio | undefined;
}

const WARM_UP_MS = 60;
const US_PER_MS = 1000;

/** Keeps what the work gave out. */
let kept = 0;

/** The first of the candidates is what the others are compared with. `roundMs` is for each candidate in each round. */
export function stopwatch(candidates: readonly Candidate[], rounds: number, roundMs: number): Timed[] {
  for (const { work } of candidates) timesWithin(work, WARM_UP_MS);
  const us = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { work }] of candidates.entries()) us[index]?.push(timesWithin(work, roundMs));
  }
  const [first = []] = us;
  return candidates.map(({ name }, index) => {
    const own = us[index] ?? [];
    return { name, us: median(own), ratio: pairedRatio(own.map((value, round) => [value, first[round] ?? 0])) };
  });
}

/** Microseconds that the work takes once. */
function timesWithin(work: () => number, ms: number): number {
  const begun = performance.now();
  let times = 0;
  for (let batch = 1; ; batch = Math.min(1024, batch * 2)) {
    for (let n = 0; n < batch; n++) kept = (kept + work()) | 0;
    times += batch;
    const passed = performance.now() - begun;
    if (passed >= ms) return (US_PER_MS * passed) / times;
  }
}
