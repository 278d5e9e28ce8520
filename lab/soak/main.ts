/** `npm run soak`: a busy hour on a real Asterisk in which everything breaks by turns, and an account of all that was streamed. */
import { setMaxListeners } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { LabUnavailable } from '../unavailable.js';
import { Soak, type SoakNow } from './soak.js';
import { buildWorld } from './soak-world.js';
import { commandFor, summaryTable, summaryText } from './summary.js';

interface SoakFlags {
  readonly minutes: number;
  readonly compression: number;
  readonly calls: number;
  readonly faultEvery: number;
  readonly seed?: number;
  readonly out: string;
}

const MAX_SEED = 2 ** 32 - 1;
const EXIT_DOES_NOT_ADD_UP = 1;
const EXIT_UNAVAILABLE = 3;
const EXIT_INTERRUPTED = 130;
const PROGRESS_EVERY_MS = 10_000;

const command = new Command('npm run soak --')
  .description(
    'Simulates a busy hour on a real Asterisk: calls of all kinds arrive by chance, and receiver, Asterisk, add-on and\n' +
      'network break by chance. At the end every stream must be accounted for, nothing may have leaked, and no phone may\n' +
      'have heard a gap. Two simulated hours take 20 minutes. Ctrl-C ends it early, with the account so far.',
  )
  .option('--minutes <n>', 'length of what is simulated, 1 to 1440', number(1, 1440), 120)
  .option(
    '--compression <n>',
    'how much faster than that it goes, 1 to 20: calls are shorter by as much',
    number(1, 20),
    6,
  )
  .option('--calls <n>', 'calls up at once on average, 1 to 20', number(1, 20), 8)
  .option('--fault-every <s>', 'seconds from fault to fault on average, 0 to 3600; 0 for none', number(0, 3600), 8)
  .option(
    '--seed <n>',
    `what is left to chance, 0 to ${MAX_SEED}: the same seed plans the same; by default a new one`,
    number(0, MAX_SEED),
  )
  .option('--out <dir>', 'folder for the summary and the logs of the add-on', 'soak-out')
  .addHelpText(
    'after',
    '\nExit code: 0 when everything adds up, 1 when not, 3 when no lab can be had on this machine, 130 after Ctrl-C.',
  );

const {
  minutes,
  compression,
  calls,
  faultEvery: faultEverySeconds,
  seed: wanted,
  out,
} = command.parse().opts<SoakFlags>();
const seed = wanted ?? Math.floor(Math.random() * MAX_SEED);
const options = { seed, minutes, compression, calls, faultEverySeconds };

process.exitCode = await run();

async function run(): Promise<number> {
  say(`Seed ${seed}; to repeat it: ${commandFor(options)}`);
  const stop = new AbortController();
  // Every conversation and every fault waits for it.
  setMaxListeners(0, stop.signal);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // What we have started ends with us; whoever asks twice does not want to wait for the account.
      if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
      say('Ending the calls; once more ends it at once …');
      stop.abort();
    });
  }
  mkdirSync(out, { recursive: true });
  const logs = new Map<string, WriteStream>();
  const onLine = (life: string, line: string): void => {
    const log = logs.get(life) ?? createWriteStream(join(out, `${life}.log`));
    logs.set(life, log);
    log.write(`${line}\n`);
  };
  try {
    const world = await buildWorld({ calls, progress: say, onLine });
    try {
      say(
        `${minutes} minutes are simulated in ${(minutes / compression).toFixed(1)}; the logs of the add-on go to ${out}/`,
      );
      const result = await new Soak(world, options, stop.signal, progress()).run();
      writeFileSync(
        join(out, 'summary.json'),
        `${JSON.stringify({ options, ...result, plan: undefined }, undefined, 2)}\n`,
      );
      writeFileSync(join(out, 'summary.md'), summaryTable(options, result));
      say(`\n${summaryText(options, result)}\n\nTo repeat it: ${commandFor(options)}`);
      if (result.problems.length > 0) return EXIT_DOES_NOT_ADD_UP;
      return stop.signal.aborted ? EXIT_INTERRUPTED : 0;
    } finally {
      await world.stop();
      for (const log of logs.values()) log.end();
    }
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    process.stderr.write(`The soak cannot run here: ${error.message}\n`);
    return EXIT_UNAVAILABLE;
  }
}

/** A line every now and then. */
function progress(): (now: SoakNow) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  const told = new Set<string>();
  return ({ atMs, callsUp, callsPlaced, faults, problems, sample }) => {
    for (const problem of problems) {
      if (!told.has(problem)) say(`${simulatedTime(atMs)}  PROBLEM: ${problem}`);
      told.add(problem);
    }
    if (atMs - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = atMs;
    const held = sample?.live === undefined ? '' : ` (${megabytes(sample.live)} really held)`;
    const memory = sample === undefined ? 'the add-on is away' : `memory ${megabytes(sample.rss)}${held}`;
    say(
      `${simulatedTime(atMs)}  calls up ${callsUp}, placed ${callsPlaced}  faults ${faults}  ${memory}  problems ${problems.length}`,
    );
  };
}

function simulatedTime(atMs: number): string {
  return new Date(atMs * compression).toISOString().slice(11, 19);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
