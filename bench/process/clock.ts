/** The clock that all processes of a benchmark share: CLOCK_MONOTONIC, from which Node's own clocks are taken on Linux. */

const NS_PER_MS = 1_000_000;
const TRIES = 20;
/** What the two readings below may be apart, and a little more. */
const TOLERANCE_MS = 0.02;

/** performance.now() begins with each process, process.hrtime() with the machine; the one is quicker to read. */
const offsetMs = offset();

/** Milliseconds, the same in all processes of a machine. */
export function sharedMs(): number {
  return performance.now() + offsetMs;
}

/**
 * Proves it for one process: what it reads lies between our reading before we asked and that after its answer. Gives how
 * long the question took, in ms; the two differ by less than that. Throws where the clocks are not one.
 */
export async function verifySharedClock(ask: () => Promise<number>): Promise<number> {
  const before = sharedMs();
  const theirs = await ask();
  const after = sharedMs();
  if (theirs < before - TOLERANCE_MS || theirs > after + TOLERANCE_MS) {
    throw new Error(`The clocks of two processes differ: ${theirs} ms is not between ${before} and ${after} ms.`);
  }
  return after - before;
}

/** Reads both clocks some times; the reading that took the shortest is the truest. */
function offset(): number {
  let shortest = Number.POSITIVE_INFINITY;
  let best = 0;
  for (let n = 0; n < TRIES; n++) {
    const before = performance.now();
    const absolute = Number(process.hrtime.bigint()) / NS_PER_MS;
    const after = performance.now();
    if (after - before >= shortest) continue;
    shortest = after - before;
    best = absolute - (before + after) / 2;
  }
  return best;
}
