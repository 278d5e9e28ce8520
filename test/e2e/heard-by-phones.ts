/** What the two phones of a noise call heard of each other: whatever was broken meanwhile, they must not have noticed. */
import { expect } from '@jest/globals';
import { HEARD_RATE, type Leg } from '../../lab/leg.js';
import { shortfallOf } from '../../lab/shortfall.js';
import { type NoiseCall, playedBy } from './noise-call.js';

/** The longest gap that a telephone call may have, in ms. */
const GAP_LIMIT_MS = 60;

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
  const { longestSilence, longestSkip, foreign } = shortfallOf(heard, played, HEARD_RATE);
  return { longestSilence, longestSkip, foreign };
}
