/** `npm run lab`: real calls on a real Asterisk, streamed live, recorded, and checked. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { SAMPLE_RATES, type SampleRate } from '../src/core/relay/protocol.js';
import { type LabRunResult, runLab } from './lab-run.js';
import { LabUnavailable } from './unavailable.js';
import type { VoiceKind } from './voices.js';

interface LabFlags {
  readonly seconds?: number;
  readonly calls: number;
  readonly out: string;
  readonly rate: SampleRate;
  readonly voices: VoiceKind;
}

const MAX_CALLS = 40;
const MAX_SECONDS = 3600;
const EXIT_NOT_WHOLE = 1;
const EXIT_UNAVAILABLE = 3;

const command = new Command('npm run lab --')
  .description(
    'Places two-party calls on a real Asterisk, streams them through the add-on to the receiver, shows the levels live,\n' +
      'writes a WAV of each party, and checks that everything said has arrived. What is missing on this machine is\n' +
      'installed, an Asterisk of its own included. Ctrl-C ends it and leaves nothing behind.',
  )
  .option(
    '--seconds <n>',
    'length of each call, then end; without it calls follow one another until Ctrl-C',
    wholeNumber(1, MAX_SECONDS),
  )
  .option('--calls <n>', `two-party calls at once, 1 to ${MAX_CALLS}`, wholeNumber(1, MAX_CALLS), 1)
  .option('--out <dir>', 'folder for WAVs, calls.json and the log of the add-on', 'lab-out')
  .addOption(new Option('--rate <hz>', 'sample rate of the streams').choices(SAMPLE_RATES.map(String)).default('16000'))
  .addOption(new Option('--voices <kind>', 'what the phones play').choices(['speech', 'tones']).default('speech'))
  .addHelpText(
    'after',
    '\nExit code: 0 when every party arrived whole, 1 when not, 3 when no lab can be had on this machine.',
  );

process.exitCode = await run(command.parse().opts<LabFlags>());

async function run(flags: LabFlags): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) say('Ending the calls …');
      stop.abort();
    });
  }
  const options = { ...flags, seconds: flags.seconds, sampleRate: Number(flags.rate) as SampleRate, progress: say };
  try {
    return summary(await runLab(options, stop.signal));
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    process.stderr.write(`The lab cannot run here: ${error.message}\n`);
    return EXIT_UNAVAILABLE;
  }
}

function summary({ parties, problems }: LabRunResult): number {
  say('');
  for (const { callid, number, seconds, wav, fault } of parties) {
    say(
      `call ${callid}  ${number}  ${seconds.toFixed(1)} s  ${fault === undefined ? 'whole' : `NOT WHOLE: ${fault}`}  ${wav}`,
    );
  }
  for (const problem of problems) say(`problem: ${problem}`);
  const whole = parties.filter(({ fault }) => fault === undefined).length;
  const isGood = parties.length > 0 && whole === parties.length && problems.length === 0;
  say(`${whole} of ${parties.length} participants arrived whole${isGood ? '' : '; see add-on.log beside the WAVs'}`);
  return isGood ? 0 : EXIT_NOT_WHOLE;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
