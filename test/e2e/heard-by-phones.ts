/** What the two phones of a noise call heard of each other: whatever was broken meanwhile, they must not have noticed. */
import { expect } from '@jest/globals';
import { HEARD_RATE, type Leg } from '../../lab/leg.js';
import { type NoiseCall, playedBy } from './noise-call.js';

/** The longest gap that a telephone call may have, in ms. */
const GAP_LIMIT_MS = 60;
/** So many samples of noise are found in one place only. */
const MARK_SAMPLES = 64;
/** So many zeros in a row are no noise. */
const SILENT_SAMPLES = 16;

/** All in ms, between the first and the last sound that a phone heard. */
export interface Harm {
  /** The longest silence: the other phone was never silent. */
  readonly longestSilence: number;
  /** The longest piece that the other phone played and this one never heard. */
  readonly longestSkip: number;
  /** Sound that the other phone did not play. */
  readonly foreign: number;
}

/** Waits until these calls are over, and fails when a phone of them heard a gap of more than 60 ms, or anything else. */
export async function expectUnharmed(...calls: readonly NoiseCall[]): Promise<void> {
  for (const { caller, callee } of calls) {
    for (const [ear, mouth] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      const harm = await harmTo(ear, mouth);
      const isUnharmed =
        harm.longestSilence <= GAP_LIMIT_MS && harm.longestSkip <= GAP_LIMIT_MS && harm.foreign <= GAP_LIMIT_MS;
      expect({ ear: ear.number, isUnharmed, ...harm }).toEqual({ ear: ear.number, isUnharmed: true, ...harm });
    }
  }
}

async function harmTo(ear: Leg, mouth: Leg): Promise<Harm> {
  return harmIn(await ear.heard(), playedBy(mouth.number));
}

/** Compares what was heard with what was played, at 16 kHz both. */
export function harmIn(heard: Int16Array, played: Int16Array): Harm {
  const wanted = octetsOf(played);
  const last = heard.findLastIndex((sample) => sample !== 0);
  let at = heard.findIndex((sample) => sample !== 0);
  let due = -1;
  let [silence, skip, foreign] = [0, 0, 0];
  while (at >= 0 && at <= last - MARK_SAMPLES) {
    if (due >= 0 && heard[at] === played[due]) {
      at += 1;
      due += 1;
      continue;
    }
    const silent = zerosFrom(heard, at);
    if (silent >= SILENT_SAMPLES) {
      silence = Math.max(silence, silent);
      at += silent;
      continue;
    }
    const found = wanted.indexOf(octetsOf(heard.subarray(at, at + MARK_SAMPLES))) / 2;
    if (found >= 0) {
      if (due >= 0) skip = Math.max(skip, found - due);
      due = found;
    } else {
      foreign += 1;
      at += 1;
    }
  }
  const ms = (samples: number): number => (samples / HEARD_RATE) * 1_000;
  return { longestSilence: ms(silence), longestSkip: ms(skip), foreign: ms(foreign) };
}

function zerosFrom(pcm: Int16Array, from: number): number {
  let to = from;
  while (pcm[to] === 0) to += 1;
  return to - from;
}

function octetsOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
