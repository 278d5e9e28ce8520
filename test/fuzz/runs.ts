/** How many cases each fuzz test tries: a few in every test run, and as many as FUZZ_RUNS says in `npm run fuzz`. */

const RUNS_IN_TESTS = 500;

/** `share` makes fewer of what takes longer. */
export function runs(share = 1): { numRuns: number } {
  const wanted = Number(process.env.FUZZ_RUNS ?? RUNS_IN_TESTS);
  return { numRuns: Math.max(10, Math.round(wanted * share)) };
}
