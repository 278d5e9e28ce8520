/** `npm run bench`: measures this program against the least that could do, against others, and against its targets. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { SETTINGS } from '../src/core/settings/settings-table.js';
import { PATHS, PATHS_WITHOUT_TLS, pathNamed } from './media/path.js';
import { textReport } from './report/text-report.js';
import { writeResults } from './report/write-results.js';
import { BENCHMARKS, type BenchmarkName, type BenchOptions, runBench } from './run.js';

interface BenchFlags {
  readonly only: readonly BenchmarkName[];
  readonly paths: readonly string[];
  readonly participants: readonly number[];
  readonly workers: number;
  readonly calls: readonly number[];
  readonly newCalls: number;
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly rounds: number;
  readonly profile: boolean;
  readonly out: string;
}

const PATH_NAMES = PATHS.map(({ name }) => name);
/** Those with TLS are measured when they are asked for: each of their rounds is three runs instead of two. */
const STANDARD_PATHS = PATHS_WITHOUT_TLS.map(({ name }) => name);
const PARTICIPANTS = [50, 200, 500, 1000, 2000];
const MOST_PARTICIPANTS = 5_000;
const MOST_CALLS = 200;
const MOST_WORKERS = SETTINGS['media.workers'].max;
const MOST_SECONDS = 3_600;
const MOST_ROUNDS = 100;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

const command = new Command('npm run bench --')
  .description(
    'Measures the media path against the least that Node could do for the same packets and messages, its kernels against ' +
      'packages of npm, the whole system with a real Asterisk against chan_websocket, the set-up of calls, and whether ' +
      'other work holds the audio up. All ratios are taken within one run, by turns. See docs/performance.md.',
  )
  .addOption(list('--only <names>', `some of ${BENCHMARKS.join(', ')}`, benchmark, [...BENCHMARKS], 'all'))
  .addOption(
    list('--paths <names>', `media: some of ${PATH_NAMES.join(', ')}`, pathName, STANDARD_PATHS, 'all without wss'),
  )
  .addOption(
    list('--participants <list>', 'media: simulated participants', wholeNumber(2, MOST_PARTICIPANTS), PARTICIPANTS),
  )
  .option('--workers <n>', 'media, control: media.workers of the program', wholeNumber(0, MOST_WORKERS), 1)
  .addOption(list('--calls <list>', 'system: two-party calls', wholeNumber(1, MOST_CALLS), [25, 50]))
  .option('--new-calls <n>', 'control: calls that are set up at once', wholeNumber(1, MOST_CALLS), 100)
  .option('--rate <n>', 'set-up: new calls a second', wholeNumber(1, MOST_CALLS), 20)
  .option('--seconds <n>', 'how long each measurement lasts', wholeNumber(1, MOST_SECONDS), 10)
  .option('--warm-up <n>', 'seconds before it that are not measured', wholeNumber(0, MOST_SECONDS), 5)
  .option('--rounds <n>', 'how often each pair is measured', wholeNumber(1, MOST_ROUNDS), 3)
  .option('--profile', 'media: also store a CPU profile of each path and number, and print its top functions', false)
  .option('--out <dir>', 'folder for results.json, results.txt, chart.svg and profiles', 'bench/results/latest')
  .addHelpText(
    'after',
    '\nAll of it takes about an hour and a half. Close everything else: figures of a busy machine are worth nothing, and runs\n' +
      'whose sender could not keep its pace are marked INVALID. Ctrl-C ends it and leaves nothing behind.\n' +
      '\nExit code: 0 when all was measured, 1 when something could not be, 130 after Ctrl-C.',
  );

process.exitCode = await main(command.parse().opts<BenchFlags>());

async function main(flags: BenchFlags): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // Whoever asks twice does not want to wait for an end in order; the children are killed with us.
      if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
      say('Ending …');
      stop.abort();
    });
  }
  try {
    const results = await runBench(optionsFrom(flags), { say, signal: stop.signal });
    const files = await writeResults(flags.out, results);
    process.stdout.write(`\n${textReport(results)}\n`);
    say(`Written: ${files.join(', ')}`);
    return results.failures.length === 0 ? 0 : EXIT_FAILED;
  } catch (error) {
    if (stop.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  }
}

function optionsFrom(flags: BenchFlags): BenchOptions {
  const { paths, profile, out, ...others } = flags;
  return { ...others, paths: paths.map(pathNamed), profiles: profile ? out : undefined };
}

function list<Value>(
  flag: string,
  what: string,
  read: (text: string) => Value,
  standard: readonly Value[],
  shownAs = standard.join(','),
): Option {
  return new Option(flag, what)
    .argParser((text: string) => text.split(',').map((part) => read(part.trim())))
    .default(standard, shownAs);
}

function benchmark(text: string): BenchmarkName {
  const found = BENCHMARKS.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`"${text}" is none of ${BENCHMARKS.join(', ')}.`);
  return found;
}

function pathName(text: string): string {
  if (PATH_NAMES.includes(text)) return text;
  throw new InvalidArgumentError(`"${text}" is none of ${PATH_NAMES.join(', ')}.`);
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
  };
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}
