/** How many cases each fuzz test tries: a few in every test run, and as many as FUZZ_RUNS says in `npm run fuzz`. */
import { appendFileSync } from 'node:fs';
import { expect, jest } from '@jest/globals';

const RUNS_IN_TESTS = 500;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

// For the whole file that imports this.
jest.setTimeout(process.env.FUZZ_RUNS === undefined ? MINUTE_MS : DAY_MS);

/** `share` makes fewer of what takes longer. FUZZ_SEED repeats a run; FUZZ_REPORT is a file that is told how many cases. */
export function runs(share = 1): { numRuns: number; seed?: number } {
  const { FUZZ_RUNS = RUNS_IN_TESTS, FUZZ_SEED, FUZZ_REPORT } = process.env;
  const numRuns = Math.max(10, Math.round(Number(FUZZ_RUNS) * share));
  const { testPath, currentTestName } = expect.getState();
  if (FUZZ_REPORT !== undefined)
    appendFileSync(FUZZ_REPORT, `${JSON.stringify({ testPath, currentTestName, numRuns })}\n`);
  return FUZZ_SEED === undefined ? { numRuns } : { numRuns, seed: Number(FUZZ_SEED) };
}
