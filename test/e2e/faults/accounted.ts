/** What of a party's noise never reached the receiver: to be compared with what the add-on has counted. */
import { type Heard, samplesOf } from '../listening-receiver.js';
import { playedBy, RATE } from '../noise-call.js';

/** So many samples of noise are found in one place only. */
const MARK_SAMPLES = 64;
/** So many zeros in a row are no noise. */
const SILENT_SAMPLES = 16;

/** In ms, between the first and the last sound of the stream. */
export interface Account {
  /** What was played and is not in the stream. */
  readonly missingMs: number;
  /** Sound that nobody played, or that stands where it does not belong. */
  readonly foreignMs: number;
  /** Where sound is missing: behind which of the stream's samples, and how much, in ms. */
  readonly holes: readonly string[];
}

export function accountOf(heard: Heard): Account {
  const pcm = samplesOf(heard);
  const played = octetsOf(playedBy(heard.number));
  let [at, due, missing, foreign] = [pcm.findIndex((sample) => sample !== 0), -1, 0, 0];
  const holes: string[] = [];
  const last = pcm.findLastIndex((sample) => sample !== 0);
  while (at >= 0 && at <= last - MARK_SAMPLES) {
    if (due >= 0 && pcm[at] === played.readInt16LE(due * 2)) {
      at += 1;
      due += 1;
      continue;
    }
    const silent = zerosFrom(pcm, at);
    if (silent >= SILENT_SAMPLES) {
      at += silent;
      continue;
    }
    const found = played.indexOf(octetsOf(pcm.subarray(at, at + MARK_SAMPLES))) / 2;
    if (found >= due && found >= 0) {
      if (due >= 0 && found > due) {
        missing += found - due;
        holes.push(`${ms(found - due)} at ${ms(at)}`);
      }
      due = found;
    } else {
      foreign += 1;
      at += 1;
    }
  }
  return { missingMs: ms(missing), foreignMs: ms(foreign), holes };
}

/** How much later than the earliest a fragment came, in ms: the middle one of the first second, and that of the last. */
export function delays({ arrivals }: Heard, fragmentMs: number): { readonly first: number; readonly last: number } {
  const ages = arrivals.map((arrival, index) => arrival - index * fragmentMs);
  const least = Math.min(...ages);
  const inSecond = Math.round(1_000 / fragmentMs);
  const middle = (some: readonly number[]): number => (some.toSorted((a, b) => a - b)[some.length >> 1] ?? 0) - least;
  return { first: middle(ages.slice(0, inSecond)), last: middle(ages.slice(-inSecond)) };
}

function ms(samples: number): number {
  return (samples / RATE) * 1_000;
}

function zerosFrom(pcm: Int16Array, from: number): number {
  let to = from;
  while (pcm[to] === 0) to += 1;
  return to - from;
}

function octetsOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
