/** Runs the benchmarks that are wanted, one after the other, and gathers what they find. */
import { LabUnavailable } from '../lab/unavailable.js';
import { controlBench } from './control/control-bench.js';
import { kernelBench } from './kernels/kernels.js';
import { describeMachine } from './machine.js';
import { mediaBench } from './media/media-bench.js';
import type { MediaPath } from './media/path.js';
import type { Progress } from './progress.js';
import type { BenchResults } from './report/results.js';
import { setUpBench } from './setup/setup-bench.js';
import { systemBench } from './system/system-bench.js';

export const BENCHMARKS = ['media', 'kernels', 'system', 'set-up', 'control'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

export interface BenchOptions {
  readonly only: readonly BenchmarkName[];
  readonly paths: readonly MediaPath[];
  /** Of the media path. */
  readonly participants: readonly number[];
  /** The program's `media.workers`, in media and control. */
  readonly workers: number;
  /** Of the whole system, two-party calls. */
  readonly calls: readonly number[];
  /** Calls that are set up at once, and those that stand meanwhile half as many. */
  readonly newCalls: number;
  /** New calls a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly rounds: number;
  /** A folder for CPU profiles. */
  readonly profiles: string | undefined;
}

type Found = { -readonly [Name in keyof BenchResults]: BenchResults[Name] };

/** At once, the hardest case, and as phones do it. */
const RINGING_MS = [0, 1_000];
/** Of each candidate in each round; a kernel takes microseconds. */
const KERNEL_ROUND_MS = 200;
const LEAST_KERNEL_ROUNDS = 5;

/** What cannot be measured is told among the failures; rejects only when the signal aborts. */
export async function runBench(options: BenchOptions, progress: Progress): Promise<BenchResults> {
  const { paths, profiles, ...others } = options;
  const found: Found = {
    when: new Date().toISOString(),
    machine: { ...describeMachine(), asterisk: undefined },
    options: { ...others, paths: paths.map(({ name }) => name) },
    media: [],
    kernels: [],
    system: [],
    setUp: [],
    control: undefined,
    failures: [],
  };
  for (const name of BENCHMARKS.filter((one) => options.only.includes(one))) {
    try {
      await MEASURE[name](options, found, progress);
    } catch (error) {
      progress.signal.throwIfAborted();
      const words = error instanceof LabUnavailable || !(error instanceof Error) ? String(error) : error.stack;
      progress.say(`${name}: ${words}`);
      found.failures = [...found.failures, `${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  }
  return found;
}

const MEASURE: Readonly<
  Record<BenchmarkName, (options: BenchOptions, found: Found, progress: Progress) => Promise<void>>
> = {
  media: async (options, found, progress) => {
    found.media = await mediaBench({ ...options, warmUpSeconds: options.warmUp }, progress);
  },
  kernels: async ({ rounds, seconds }, found, progress) => {
    const isShort = seconds * rounds < LEAST_KERNEL_ROUNDS;
    found.kernels = await kernelBench(
      isShort ? 1 : Math.max(LEAST_KERNEL_ROUNDS, rounds),
      isShort ? 5 : KERNEL_ROUND_MS,
      progress,
    );
  },
  system: async ({ calls, rounds, seconds, warmUp }, found, progress) => {
    const { asterisk, results } = await systemBench({ calls, rounds, seconds, settleSeconds: warmUp }, progress);
    found.machine = { ...found.machine, asterisk };
    found.system = results;
  },
  'set-up': async ({ rate, seconds, warmUp }, found, progress) => {
    const { asterisk, results } = await setUpBench(
      { callsPerSecond: rate, warmUpSeconds: warmUp, seconds, ringMs: RINGING_MS },
      progress,
    );
    found.machine = { ...found.machine, asterisk };
    found.setUp = results;
  },
  control: async ({ newCalls, workers, seconds, rounds, warmUp }, found, progress) => {
    const standingCalls = Math.ceil(newCalls / 2);
    found.control = await controlBench(
      { standingCalls, newCalls, workers, seconds, rounds, warmUpSeconds: warmUp },
      progress,
    );
  },
};
