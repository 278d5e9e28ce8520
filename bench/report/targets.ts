/** What this program is to reach, and how far it is from that. */
import type { MediaResult } from '../media/media-bench.js';
import type { BenchResults } from './results.js';

export interface Target {
  readonly name: string;
  /** The most it may be, or, where more is better, the least. */
  readonly target: number;
  readonly unit: string;
  readonly isLeast: boolean;
  /** Undefined where this run did not measure it. */
  readonly measured: number | undefined;
  /** Why the measured value is not to be believed. */
  readonly doubt: string | undefined;
}

const KB = 1000;
/** The number of participants that most targets are for. */
const MANY = 1000;
const MOST_DELAY_MS = 10;
const [FEW, MOST] = [200, 2000];

type Results = Pick<BenchResults, 'media' | 'system' | 'setUp' | 'control'>;

export function targetsOf(results: Results): Target[] {
  const { media, system, setUp, control } = results;
  const at = (path: string, participants: number) =>
    media.find((one) => one.path === path && one.participants === participants);
  const largest = system.toSorted((one, other) => other.calls - one.calls)[0];
  return [
    ofMedia('processor time against the floor, 8 → 8 kHz, 1000 participants', 1.4, '×', at('8-8', MANY), ratioOf),
    ofMedia('processor time against the floor, 8 → 16 kHz, 1000 participants', 1.8, '×', at('8-16', MANY), ratioOf),
    target('processor time against what the same taps cost Asterisk', 0.2, '×', largest?.addOnToAsterisk?.median),
    target(
      'Asterisk, program and receiver against chan_websocket straight to a receiver',
      0.85,
      '×',
      largest?.toWebsocket?.median,
    ),
    atLeast('participants without loss and with p99 of added delay ≤ 10 ms, on one core', MANY, media, 1),
    atLeast('participants without loss and with p99 of added delay ≤ 10 ms, on two cores', MOST, media, 2),
    growth(at('8-8', FEW), at('8-8', MOST)),
    ofMemory('memory for each further participant, 8 → 8 kHz', 60, media, '8-8'),
    ofMemory('memory for each further participant, 8 → 16 kHz', 100, media, '8-16'),
    target(
      'audio missing after the answer, at 20 calls a second',
      20,
      'ms',
      mostOf(setUp.map((one) => one.missingMs.max)),
      unheardIn(setUp),
    ),
    target(
      'longest stall of the audio by control work',
      10,
      'ms',
      mostOf(control?.phases.filter(({ isQuiet }) => !isQuiet).map(({ delayMs }) => delayMs.max) ?? []),
      control?.isValid === false ? 'the sender did not keep its pace' : undefined,
    ),
  ];
}

export function isMet({ target: wanted, measured, doubt, isLeast }: Target): boolean | undefined {
  if (measured === undefined || doubt !== undefined) return undefined;
  return isLeast ? measured >= wanted : measured <= wanted;
}

/** How the measured value stands to the target: 1.5 is half as much again as it may be, or two thirds of what it should. */
export function distance({ target: wanted, measured, isLeast }: Target): number | undefined {
  if (measured === undefined) return undefined;
  if (!isLeast) return measured / wanted;
  return measured === 0 ? Number.POSITIVE_INFINITY : wanted / measured;
}

function target(name: string, wanted: number, unit: string, measured: number | undefined, doubt?: string): Target {
  return { name, target: wanted, unit, isLeast: false, measured, doubt };
}

function ofMedia(
  name: string,
  wanted: number,
  unit: string,
  result: MediaResult | undefined,
  value: (result: MediaResult) => number | undefined,
): Target {
  return target(name, wanted, unit, result === undefined ? undefined : value(result), doubtOf(result));
}

/** Of what something cost: who could not keep up did less than its work. */
function doubtOf(...results: (MediaResult | undefined)[]): string | undefined {
  const isLossy = results.some((result) => (result?.lostPackets ?? 0) + (result?.missingFragments ?? 0) > 0);
  return paceDoubtOf(...results) ?? (isLossy ? 'packets or fragments were lost, which cost nothing' : undefined);
}

function paceDoubtOf(...results: (MediaResult | undefined)[]): string | undefined {
  return results.some((result) => result?.isValid === false) ? 'the sender did not keep its pace' : undefined;
}

/** What was said by those who are not found in any stream is missing as well, nobody knows how much of it. */
function unheardIn(setUp: Results['setUp']): string | undefined {
  const unheard = setUp.reduce((sum, { participants, heard }) => sum + participants - heard, 0);
  return unheard > 0 ? `of ${unheard} participants no piece was found` : undefined;
}

function ratioOf({ ratio }: MediaResult): number | undefined {
  return ratio?.median;
}

/**
 * What each participant more has taken, from the smallest number tried to the largest up to MANY that is to be believed: what the
 * program takes with the first of them, such as compiled code and a thread, is not theirs.
 */
function ofMemory(name: string, wanted: number, media: readonly MediaResult[], path: string): Target {
  const tried = media
    .filter((one) => one.path === path && one.participants <= MANY)
    .toSorted((one, other) => one.participants - other.participants);
  const [few] = tried;
  const many = tried.findLast((one) => doubtOf(one) === undefined) ?? tried.at(-1);
  if (few === undefined || many === undefined || few === many) return target(name, wanted, 'KB', undefined);
  const grown = many.rssOctets * many.participants - few.rssOctets * few.participants;
  const each = grown / (many.participants - few.participants) / KB;
  return target(`${name} (${few.participants} to ${many.participants})`, wanted, 'KB', each, doubtOf(few, many));
}

function growth(few: MediaResult | undefined, many: MediaResult | undefined): Target {
  const measured = few === undefined || many === undefined ? undefined : many.cpu / few.cpu;
  return target(
    'processor time for each participant, 2000 against 200, 8 → 8 kHz',
    1.1,
    '×',
    measured,
    doubtOf(few, many),
  );
}

/** The largest number of participants that passed; nothing where no number so large was tried and a smaller one is no limit. */
function atLeast(name: string, wanted: number, media: readonly MediaResult[], cores: number): Target {
  const tried = media.filter(({ path }) => path === '8-8');
  const passed = tried.filter(
    (one) =>
      one.lostPackets === 0 &&
      one.missingFragments === 0 &&
      one.delay.p99 <= MOST_DELAY_MS &&
      one.cpu * one.participants <= cores,
  );
  const isTried = tried.some(({ participants }) => participants >= wanted);
  const measured = isTried ? Math.max(0, ...passed.map(({ participants }) => participants)) : undefined;
  const doubt = paceDoubtOf(...tried.filter(({ participants }) => participants >= wanted));
  return { name, target: wanted, unit: '', isLeast: true, measured, doubt };
}

function mostOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
